import pytest
from support.hand_made_studies import labelled, labels_of, talks

from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.display import bundle
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note, Table
from syndisco_nb.display.pages.contrast_page import comparison_of_levels_page, contrast_page, part_page

ROWS = {"none": [[1, 2], [2, 4], [3, 3]], "host": [[2, 2], [3, 5], [3, 4]], "bot": [[2, 1], [3, 2], [3, 1]]}


@pytest.fixture(scope="module")
def effect():
    human = [labels_of(i, [1, 2], "people", name="Dana") for i in range(3)]
    return contrast(labelled(ROWS), "toxicity", human=human, draws=200)


def blocks(page, kind):
    return [block for block in page.blocks if isinstance(block, kind)]


def test_differences_come_first_then_levels_and_the_human_corpus(effect):
    differences, levels, distance = blocks(contrast_page(effect, Limits()), Table)
    assert [row[0] for row in differences.rows] == ["host − none", "bot − none"]
    assert differences.rows[0][1] == "0.67"
    assert [row[:2] for row in levels.rows] == [("none", "2.50"), ("host", "3.17"), ("bot", "2.00")]
    assert [row[0] for row in distance.rows] == ["none", "host", "bot"]


def test_discussions_are_counted_once_where_they_are_what_is_measured():
    effect = contrast(talks({"none": 3, "host": 3}), lambda talk: float(talk.index), draws=200)
    levels = blocks(contrast_page(effect, Limits()), Table)[1]
    assert levels.head == ("moderator", "mean", "95% CI", "SD", "discussions")
    assert levels.rows[0][4:] == (3,)


def test_broken_assumptions_stand_out_and_all_are_in_a_fold(effect):
    page = contrast_page(effect, Limits())
    warnings = [note.text for note in blocks(page, Note) if note.warning]
    assert warnings == list(effect.warnings)
    assumptions, models = blocks(page, Fold)
    assert assumptions.summary == "Assumptions: 2 of 5 hold"
    (table,) = [block for block in models.page.blocks if isinstance(block, Table)]
    assert table.rows[0][:2] == ("mixed model", "host − none")


def test_the_figure_stands_below_the_differences(effect):
    page = contrast_page(effect, Limits())
    assert page.blocks[1].alt == effect.plot().alt
    assert page.title == "2 levels of moderator compared with none"


def test_one_comparison_is_the_title():
    effect = contrast(labelled({name: ROWS[name] for name in ("none", "host")}), "toxicity", draws=200)
    assert contrast_page(effect, Limits()).title == f"host − none: {effect['host'].text}"


def test_the_method_is_at_the_end(effect):
    assert blocks(contrast_page(effect, Limits()), Note)[-1].text == f"Method. {effect.method}"
    assert dict(contrast_page(effect, Limits()).facts)["measure"] == "toxicity (label)"


def test_every_format_has_the_figures(effect):
    for text in bundle(effect).values():
        assert "0.67" in text
        assert "2.50" in text


def test_each_part_has_a_page(effect):
    facts = dict(comparison_of_levels_page(effect["host"], Limits()).facts)
    assert facts["n"] == "3 pairs"
    assert facts["test"].startswith("paired t(2) ")
    assert part_page(effect.levels[0], Limits()).title == repr(effect.levels[0])[1:-1]
