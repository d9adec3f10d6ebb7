"""Cells of labels, read onto scales."""

import pytest

import syndisco_nb as snb
from syndisco_nb.formats.labels.label_cells import (
    ReadCell,
    are_scores,
    distribution_in,
    implied_scale,
    probabilities_of,
    read_cell,
)

TOXICITY, RUDE, TONE = snb.Likert("toxicity", 1, 5), snb.Flag("rude"), snb.Choice("tone", ["Kind", "cool"])


@pytest.mark.parametrize(
    ("scale", "cell", "value"),
    [
        (TOXICITY, 3, 3),
        (TOXICITY, "3.0", 3),
        (TOXICITY, "3/5", 3),
        (TOXICITY, "0.4", None),
        (TOXICITY, "n/a", None),
        (RUDE, "1", True),
        (RUDE, 0, False),
        (RUDE, True, True),
        (RUDE, "No", False),
        (RUDE, "maybe", None),
        (TONE, "kind", "Kind"),
        (TONE, "Kind", "Kind"),
        (snb.FreeText("note"), 5, "5"),
    ],
)
def test_a_cell_is_a_label_or_none(scale, cell, value):
    assert read_cell(scale, cell) == ReadCell(value)


def test_a_score_is_the_probability_of_yes():
    assert read_cell(RUDE, "0,75", score=True) == ReadCell(value=True, probabilities={"yes": 0.75, "no": 0.25})
    assert read_cell(RUDE, 0.5, score=True).value is True
    assert read_cell(TOXICITY, 0.5, score=True) == ReadCell(None)


def test_scores_are_told_from_labels():
    assert are_scores([0.1, "0.2", 1])
    assert not are_scores([0, 1, "1"])
    assert not are_scores([0.5, 1.5])
    assert not are_scores([0.5, "a"])
    assert not are_scores([])
    assert implied_scale("x", [0.1, 1]) == implied_scale("x", ["yes", "0"]) == snb.Flag("x")
    assert implied_scale("x", [1, 2]) is None
    assert implied_scale("x", []) is None


def test_distributions_are_read_from_json_and_python():
    half = {"yes": 0.5, "no": 0.5}
    assert distribution_in('{"yes": 0.5, "no": 0.5, "more": 1}', RUDE) == half
    assert distribution_in("{'yes': 0.5, 'no': 0.5}", RUDE) == half
    for broken in (None, "", "{", "{'yes': print()}", '{"yes": 1}', "0.5", "{" * 5000):
        assert distribution_in(broken, RUDE) is None
    assert probabilities_of({"yes": "0,5", "no": 0.5}, RUDE) == half
    assert probabilities_of({"yes": None, "no": 0.5}, RUDE) is None
    assert probabilities_of({}, snb.FreeText("note")) is None
