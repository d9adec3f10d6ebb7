from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.verification_pages import cost_page, replay_page, verification_page
from syndisco_nb.running.verification import Replay, Verification


def test_a_cost_has_its_gpu_only_where_there_was_one():
    page = cost_page(snb.Cost(1200, 30_000, 4_000, 61.5, 900), Limits())
    assert page.title == "1,200 calls, 1 min"
    assert page.blocks[0].pairs[-1] == ("memory", "900 MB")
    page = cost_page(snb.Cost(1, 2, 3, 4.0, 5, 6_000), Limits())
    assert page.blocks[0].pairs[-1] == ("GPU memory", "6,000 MB")


def test_problems_are_counted_and_listed():
    page = verification_page(Verification(Path("run"), 7, ("a", "b", "c")), Limits(max_items=2))
    assert page.title == "3 problems"
    assert page.blocks[0].rows == (("a",), ("b",))
    assert page.blocks[0].more == "1 more in .problems"
    assert dict(page.facts) == {"folder": "run", "files checked": "7"}


def test_without_problems_there_is_no_table():
    page = verification_page(Verification(Path("run"), 7, ()), Limits())
    assert (page.title, page.blocks) == ("No problems found", ())


def test_a_replay_shows_its_difference():
    assert replay_page(Replay("discussion-00001", ""), Limits()).title == "Reproduced exactly"
    page = replay_page(Replay("discussion-00001", "turn 1 differs"), Limits())
    assert page.title == "Not reproduced"
    assert page.blocks[0].warning
