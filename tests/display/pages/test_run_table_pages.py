from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note
from syndisco_nb.display.pages.run_table_pages import costs_page, failures_page, order_page, skipped_files_page
from syndisco_nb.runs.cost import Cost, side_by_side
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.order_of_work import WorkSpan
from syndisco_nb.runs.run_frames import CostFrame, FailureFrame, OrderFrame
from syndisco_nb.runs.shown_tables import SkippedFiles

SPENT = Cost(1_200, 30_000, 0, 61.54, 900)


def costs_of(truth, estimate=None):
    return CostFrame(pd.DataFrame.from_dict(side_by_side(estimate, truth), orient="index", dtype=float))


def failure(number, **others):
    row = {"unit": f"discussion-{number:05d}", "error": "ModelError", "message": "Out of memory.", "done": 2}
    return {**row, "attempt": 1, "turn": 3, "prompt": "[user]\nWrite.", **others}


def rows(page):
    return page.blocks[0].rows


def test_costs_have_units_and_say_what_was_not_measured():
    page = costs_page(costs_of(SPENT), Limits())
    assert page.title == "1,200 calls to models"
    assert rows(page) == (
        ("calls", "1,200"),
        ("prompt tokens", "30,000"),
        ("completion tokens", "not measured"),
        ("time (s)", "61.5"),
        ("memory (MB)", "900"),
    )
    assert page.blocks[1].text.startswith("There is no estimate")


def test_costs_stand_beside_their_estimate():
    page = costs_page(costs_of(SPENT, Cost(600, 30_000, 10, 100.0, 900, 40)), Limits())
    assert rows(page)[0] == ("calls", "600", "1,200", "2.00")
    assert rows(page)[3] == ("time (s)", "100.0", "61.5", "0.62")


@pytest.mark.parametrize("estimate", [None, Cost(600, 30_000, 10, 100.0, 900)])
def test_costs_of_a_study_have_a_row_for_each_condition_and_a_total(estimate):
    tables = {"none": costs_of(SPENT, estimate), "facilitator": costs_of(Cost(10, 100, 5, 1.0, 2_000, 70), estimate)}
    frame = CostFrame(pd.concat(tables, names=["condition", "part"]).reset_index())
    page = costs_page(frame, Limits())
    head = page.blocks[0].head
    assert head[-2:] == ("memory (MB)", "GPU memory (MB)")
    assert rows(page)[-1] == ("all", "1,210", "30,100", "not measured", "62.5", "2,000", "70")
    assert [block.title for block in page.blocks] == ["Actual", *(["Estimate", "Actual ÷ estimate"] * bool(estimate))]
    if estimate:
        assert page.blocks[2].rows[0][:3] == ("none", "2.00", "1.00")
        assert page.blocks[2].rows[-1][:2] == ("all", "1.01")


def test_the_price_of_a_run_is_shown_where_it_is_known():
    paid = replace(SPENT, price_usd=1.234)
    table = costs_of(paid, replace(paid, price_usd=1.0))
    table.attrs = {"unpriced": ("qwen3",), "price_source": "genai-prices 9 for 2026-11-26"}
    page = costs_page(table, Limits())
    assert rows(page)[-1] == ("price (US$)", "1.00", "1.23", "1.23")
    assert [block.text for block in page.blocks[1:]] == [
        "List prices, from genai-prices 9 for 2026-11-26, without discounts for prompts that a server had cached.",
        "No price is known for 'qwen3'.",
    ]
    frame = CostFrame(pd.concat({"a": table, "b": costs_of(SPENT)}, names=["condition", "part"]).reset_index())
    assert [row[-1] for row in rows(costs_page(frame, Limits()))] == ["1.23", "no price", "1.23"]


def test_failures_are_named_as_people_name_them_with_the_prompt_folded():
    page = failures_page(FailureFrame([failure(4), failure(12, turn=None, prompt="")]), Limits())
    assert page.title == "2 failed"
    assert rows(page) == (
        ("discussion 4", "3", "ModelError", "Out of memory.", 1),
        ("discussion 12", "", "ModelError", "Out of memory.", 1),
    )
    (prompt,) = [block for block in page.blocks if isinstance(block, Fold)]
    assert (prompt.summary, prompt.page.blocks[0].text) == ("Prompt of discussion 4", "[user]\nWrite.")


def test_failures_of_a_study_name_their_condition_and_few_prompts_are_shown():
    frame = FailureFrame([failure(number, condition="none") for number in range(8)])
    page = failures_page(frame, Limits(max_items=3))
    assert (page.blocks[0].head[0], rows(page)[0][:2], page.blocks[0].more) == (
        "condition",
        ("none", "discussion 0"),
        "5 more",
    )
    assert [block.text for block in page.blocks if isinstance(block, Note)] == ["Prompts: 3 more in its column prompt."]


def test_the_order_of_work_names_units_as_people_name_them():
    began = datetime(2026, 11, 26, 19, 31, 1, 500_000, UTC)
    order = OrderFrame.of(
        [
            WorkSpan("discussion-00004", began, began + timedelta(seconds=70), "finished"),
            WorkSpan("discussion-00003", began),
        ]
    )
    page = order_page(order, Limits())
    assert rows(page) == (
        ("discussion 3", "2026-11-26 19:31:01", "", ""),
        ("discussion 4", "2026-11-26 19:31:01", "2026-11-26 19:32:11", "finished"),
    )
    assert page.title == "2026-11-26 19:31:01 to 2026-11-26 19:32:11 UTC"
    assert order_page(OrderFrame.of([]), Limits()).title == "Nothing is on record."


def test_the_order_of_work_of_a_study_says_when_each_condition_was_worked_on():
    began = datetime(2026, 11, 26, 19, 31, 1, 500_000, UTC)
    spans = [WorkSpan("discussion-00000", began, began + timedelta(seconds=one), "finished") for one in (70, 50)]
    order = OrderFrame.of([*spans, WorkSpan("discussion-00000", began)])
    study = OrderFrame(order.assign(condition=["none", "none", "host"])[["condition", *order.columns]])
    conditions, units = order_page(study, Limits()).blocks
    assert conditions.rows == (
        ("none", 1, "2026-11-26 19:31:01", "2026-11-26 19:32:11"),
        ("host", 1, "2026-11-26 19:31:01", ""),
    )
    assert [row[:2] for row in units.rows] == [("none", "discussion 0")] * 2 + [("host", "discussion 0")]


def test_where_nothing_failed_or_was_skipped_the_page_says_so():
    assert failures_page(FailureFrame(columns=["unit"]), Limits()).title == "Nothing failed."
    assert skipped_files_page(SkippedFiles(), Limits()).title == "Nothing was skipped."
    page = skipped_files_page(SkippedFiles([Skipped("a.txt", "a.txt is empty.")]), Limits())
    assert (page.title, rows(page)) == ("1 file skipped", (("a.txt", "is empty."),))
