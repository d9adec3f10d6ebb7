from dataclasses import replace

import pytest
from support.reported import reported_study

import syndisco_nb as snb
from syndisco_nb.analysis.report import report
from syndisco_nb.display import export
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Chapter, Fold, Image, Prompt, Table
from syndisco_nb.display.pages.report_page import report_page


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return report(reported_study(tmp_path_factory.mktemp("study")), question="Does it help?", draws=200)


@pytest.fixture(scope="module")
def page(made):
    return report_page(made, Limits())


def chapter(page, title):
    (found,) = [block for block in page.blocks if block.title == title]
    return found.blocks


def of(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def test_chapters_go_from_the_claim_to_what_is_behind_it(page):
    assert all(isinstance(block, Chapter) for block in page.blocks)
    assert [block.title for block in page.blocks] == [
        "Summary",
        "Design",
        "Checks",
        "Agreement",
        "Validation",
        "Effect on toxicity by moderator",
        "Measures of talk",
        "Examples",
        "Methods",
        "Deviations",
    ]
    assert page.title == "Does it help?"
    assert dict(page.facts)["annotators"] == "strict, mild"


def test_claim_and_doubts_come_first(page, made):
    claim, doubts = of(chapter(page, "Summary"), Table)
    assert claim.rows[0][:2] == ("toxicity", "facilitator − none")
    assert claim.rows[0][5] == "3 pairs"
    assert doubts.title == "Reasons for doubt"
    assert [text for (text,) in doubts.rows] == list(made.doubts)


def test_conditions_are_counted_by_role(page):
    (conditions,) = of(chapter(page, "Design"), Table)
    assert [row[:2] for row in conditions.rows] == [("none", 3), ("facilitator", 3)]
    none, facilitator = (row[3] for row in conditions.rows)
    assert none == 0 < facilitator


def test_effects_have_a_forest_and_the_course_over_turns(page):
    forest, turns = of(chapter(page, "Effect on toxicity by moderator"), Image)
    assert "facilitator − none" in forest.alt
    assert "by turn" in turns.title


def test_measures_are_means_by_condition(page):
    (means,) = of(chapter(page, "Measures of talk"), Table)
    assert means.head == ("", "none", "facilitator", "measure")
    length = {row[0]: row for row in means.rows}["length"]
    assert float(length[1]) > 1


def test_examples_are_the_first_discussion_of_each_condition_with_its_labels(page):
    first, second = chapter(page, "Examples")
    assert (type(first), first.summary[:20]) == (Fold, "none, discussion 0: ")
    assert second.summary.startswith("facilitator, discussion 0: ")
    assert "annotated" in first.page.kind


def test_methods_quote_the_prompts(page):
    titles = [prompt.title for prompt in of(chapter(page, "Methods"), Prompt)]
    assert "Prompt of a participant, none" in titles
    assert "Prompt of a moderator, facilitator" in titles
    assert "Prompt of the annotator strict" in titles


def test_a_file_stands_alone_and_runs_nothing(made):
    text = export(made, "html")
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "<b>you</b>" not in text
    assert text.count("<img ") == 3


def test_a_run_without_labels_and_conditions_has_a_report(tmp_path, users):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=2, seed=1).begin(tmp_path)
    page = report_page(report(run), Limits())
    assert page.title == "Results of the discussions"
    (example,) = chapter(page, "Examples")
    assert example.summary == "discussion 0: Tax"
    (conditions,) = of(chapter(page, "Design"), Table)
    assert conditions.rows[0][:2] == ("all", 2)


def test_a_notebook_shows_the_claim_and_names_the_file_of_the_rest(made, tmp_path):
    written = replace(made, file=tmp_path / "a.html")
    page = report_page(written, Limits())
    assert [block.title for block in page.blocks] == ["Summary", "Full report"]
    assert str(tmp_path / "a.html") in page.blocks[1].blocks[0].text
