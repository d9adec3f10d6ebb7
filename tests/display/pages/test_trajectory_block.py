import itertools
from dataclasses import replace

import pytest

from examples import SCALES, labels_of, talk
from syndisco_nb.display.pages.trajectory_block import make_trajectory

LIKERT, _ = SCALES
STANCE = {"type": "Choice", "name": "toxicity", "labels": ["for", "against", "unclear"], "instruction": "Which?"}


def sets_of(transcript, *values):
    """The labels of as many annotators, each with values in turn, not scored."""
    sets = []
    for number, given in enumerate(values):
        one = labels_of(transcript, f"judge {number}", [None])
        about = [label for label in one.labels if label.scale == "toxicity"]
        pairs = zip(about, itertools.cycle(given), strict=False)
        sets.append(replace(one, labels=tuple(replace(label, value=value) for label, value in pairs)))
    return sets


def test_each_message_has_a_column_silences_and_comments_without_labels_an_empty_one():
    transcript = talk(6)
    found = make_trajectory(LIKERT, transcript, sets_of(transcript, [1, None, 5], [1, None, 2]), 120, 3)
    assert [point and point.text for point in found.columns] == ["1", None, "3.5 (2 to 5)", "1", None, None]
    assert [point.number for point in found.points] == [0, 2, 3]
    assert found.columns[5] is None


def test_the_share_of_each_category_is_drawn_in_the_order_of_the_scale():
    transcript = talk(4)
    sets = sets_of(transcript, ["for", "against"], ["for", "unclear"], ["against", "elsewhere"])
    found = make_trajectory(STANCE, transcript, sets, 120, 99)
    assert found.categories == ("for", "against", "unclear")
    assert found.legend == "share of 3 annotators"
    assert found.columns[0].shares == pytest.approx((2 / 3, 1 / 3, 0))
    assert [point.text for point in found.points[:2]] == ["for 2, against 1", "against 1, unclear 1"]


def test_where_there_are_more_messages_than_columns_each_is_the_mean_of_some():
    transcript = talk(12)
    (one,) = sets_of(transcript, [1, 5, 3, 3])
    columns = make_trajectory(LIKERT, transcript, [one], 3, 99).columns
    assert {(point.height, point.low, point.high) for point in columns} == {(0.5, 0.0, 1.0)}
    assert columns[0].text == "1 … 3"
    (stances,) = sets_of(transcript, ["for", "against"])
    assert make_trajectory(STANCE, transcript, [stances], 3, 99).columns[0].shares == (0.5, 0.5, 0.0)


@pytest.mark.parametrize(
    ("instruction", "axis"),
    [
        ("How toxic?", ("5", "3", "1")),
        ("How toxic, from 1 (least) to 5 (most)?", ("5 (most)", "3", "1 (least)")),
    ],
)
def test_the_axis_has_the_words_of_the_question(instruction, axis):
    transcript = talk(3)
    scale = {**LIKERT, "instruction": instruction}
    assert make_trajectory(scale, transcript, sets_of(transcript, [2]), 120, 99).axis == axis


@pytest.mark.parametrize("labels", [[], [str(number) + "x" for number in range(13)], ["3"]])
def test_texts_and_scales_of_very_many_labels_are_not_drawn(labels):
    transcript = talk(3)
    assert make_trajectory({**STANCE, "labels": labels}, transcript, sets_of(transcript, [None]), 120, 99) is None
