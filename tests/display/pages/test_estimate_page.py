"""The page of an estimate, while it is measured and after."""

from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.estimate_page import estimate_page
from syndisco_nb.running.estimation import Estimate


def page_of(*figures, **more):
    return estimate_page(Estimate(*figures, **more), Limits())


def test_a_measured_one_has_time_and_loading_apart():
    page = page_of(1200, 30_000, 4_000, 61.5, 900, 0, 4, 1100, 3.0, 16, 32, over=True)
    assert (page.title, page.progress) == ("1,200 calls, 1 min", None)
    assert page.blocks[0].pairs == (
        ("conditions", "4"),
        ("comments", "1,100"),
        ("calls", "1,200"),
        ("prompt tokens", "30,000"),
        ("completion tokens", "4,000"),
        ("time", "1 min"),
        ("loading the model", "3 s"),
        ("memory", "900 MB"),
    )
    assert page.blocks[1].text == "Measured on 16 answers."


def test_until_then_it_shows_what_is_known_and_how_far_it_is():
    page = page_of(1200, 30_412, 4_000, 0.0, 0, wanted=8)
    assert (page.title, page.progress.text) == ("1,200 calls", "Estimating … waiting for the model")
    assert ("prompt tokens", "about 30,000") in page.blocks[0].pairs
    assert "4 characters" in page.blocks[1].text
    page = page_of(1200, 30_000, 4_000, 0.0, 0, answers=3, wanted=8)
    assert (page.progress.text, page.progress.value) == ("Estimating … 3 of 8 answers", 3 / 8)


def test_one_that_was_stopped_says_so():
    page = page_of(1200, 30_000, 4_000, 0.0, 0, over=True)
    assert (page.progress, page.blocks[1].text[:22]) == (None, "Time was not measured.")


def test_tokens_that_a_model_does_not_count_are_no_zero():
    page = page_of(5, 0, 0, 1.0, 10, answers=2, over=True)
    assert ("prompt tokens", "not counted by the model") in page.blocks[0].pairs


def test_a_price_is_about_and_says_where_it_is_from():
    page = page_of(5, 9, 9, 1.0, 10, answers=2, over=True, price_usd=0.5, unpriced=("qwen3",), price_source="a list")
    assert ("price", "about $0.50") in page.blocks[0].pairs
    assert [block.text[:26] for block in page.blocks[1:]] == [
        "Measured on 2 answers.",
        "List prices, from a list, ",
        "No price is known for 'qwe",
    ]


def test_batches_take_days_and_are_not_measured():
    page = page_of(70, 30_000, 4_000, 0.0, 0, over=True, batches=14)
    assert (page.title, page.progress) == ("70 calls, up to 14 days", None)
    assert "14 batches, one after the other, take up to 14 days. 4 characters" in page.blocks[1].text
