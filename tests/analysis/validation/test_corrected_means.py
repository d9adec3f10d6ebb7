from dataclasses import replace

import pytest
from support.validated import TALKS, judged

from syndisco_nb.analysis import ppi_difference, ppi_mean
from syndisco_nb.analysis.comparable_labels import comparable_labels
from syndisco_nb.analysis.validation.corrected_means import corrected_means


def third(talk, comment):
    return comment % 3 == 1


def given(conditions=("",), **changes):
    comparable = comparable_labels([judged(bias=1), judged("Dana", 0, index=1, only=third, **changes)])
    labels = comparable.by_scale["toxicity"]
    placed = {
        annotator: {
            subject: replace(one, held=replace(one.held, condition=conditions[int(subject[0][1:]) % len(conditions)]))
            for subject, one in named.items()
        }
        for annotator, named in labels.items()
    }
    return comparable.scales["toxicity"], placed


def parts(placed, condition=""):
    judge, people = placed["judge"], placed["Dana"]
    own = {subject: one for subject, one in judge.items() if one.held.condition == condition}
    by_hand = [subject for subject in own if subject in people]
    rest = [subject for subject in own if subject not in people]
    return {
        "predicted": [own[subject].label.value for subject in rest],
        "predicted_labelled": [own[subject].label.value for subject in by_hand],
        "human": [people[subject].label.value for subject in by_hand],
        "clusters": [own[subject].held.name for subject in rest],
        "clusters_labelled": [own[subject].held.name for subject in by_hand],
    }


def test_a_mean_is_corrected_by_discussions():
    scale, placed = given()
    found = corrected_means(scale, placed, "judge", ["Dana"])
    assert found == {"": ppi_mean(**parts(placed))}
    assert found[""].model > found[""].estimate + 0.5


def test_conditions_are_compared_with_the_first():
    scale, placed = given(("none", "facilitator"))
    found = corrected_means(scale, placed, "judge", ["Dana"])
    assert list(found) == ["none", "facilitator", "facilitator − none"]
    assert found["facilitator − none"] == ppi_difference(parts(placed, "none"), parts(placed, "facilitator"))


def test_expected_values_count_where_they_are_known():
    scale, placed = given()
    scored = {
        subject: replace(
            one, label=replace(one.label, probabilities={"1": 0.5, "2": 0.0, "3": 0.0, "4": 0.0, "5": 0.5})
        )
        for subject, one in placed["judge"].items()
    }
    assert corrected_means(scale, {**placed, "judge": scored}, "judge", ["Dana"])[""].model == pytest.approx(3.0)


def test_too_few_discussions_have_none():
    scale, placed = given(talks=TALKS[:1])
    assert corrected_means(scale, placed, "judge", ["Dana"]) == {}
