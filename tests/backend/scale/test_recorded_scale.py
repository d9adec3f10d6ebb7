"""Scales from the settings on record."""

import pytest

from syndisco_nb import Choice, Flag, Likert
from syndisco_nb.backend.scale.recorded_scale import RecordedScale, recorded_scale

OWN = {"type": "Mine", "name": "heat", "labels": ["0", "1", "2"], "instruction": "How hot?", "unit": "discussion"}


@pytest.mark.parametrize(
    "scale", [Likert("x", 0, 3), Flag("x", unit="discussion"), Choice("x", ["a", "b"], shuffle=True)]
)
def test_a_scale_of_the_package_is_made_again(scale):
    made = recorded_scale(scale.settings())
    assert type(made) is type(scale)
    assert made.settings() == scale.settings()


def test_a_scale_of_the_users_own_keeps_its_labels_question_and_unit():
    made = recorded_scale(OWN)
    assert isinstance(made, RecordedScale)
    assert (made.name, made.labels, made.unit) == ("heat", ("0", "1", "2"), "discussion")
    assert made.asks == made.instruction() == "How hot?"
    assert made.expected({"0": 0.5, "2": 0.5}) == 1
    words = recorded_scale({**OWN, "labels": ["low", "high"]})
    assert (words.expected({"low": 1.0}), words.value("low")) == (None, "low")


def test_a_scale_whose_record_was_edited_is_still_known_by_its_labels():
    edited = {"type": "Likert", "name": "x", "labels": ["low", "high"], "instruction": "?"}
    assert recorded_scale(edited).labels == ("low", "high")
