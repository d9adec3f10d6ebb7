import math

import pytest

from syndisco_nb.analysis.figures.dot_plot import draw_dots


def test_each_discussion_has_a_dot_and_each_condition_a_mean():
    values = {"none": [1.0, 1.0, 4.0, math.nan], "facilitator": [2.0]}
    ax = draw_dots(values, {"none": (1.5, 2.5)}, "toxicity")
    first, second = ax.collections
    assert sorted(first.get_offsets()[:, 0]) == [1.0, 1.0, 4.0]
    assert len(second.get_offsets()) == 1
    assert [text.get_text() for text in ax.texts] == ["2.00 [1.50, 2.50]", "2.00"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["none (3 discussions)", "facilitator (1 discussion)"]
    assert "none (3 discussions): mean 2.00 [1.50, 2.50]." in ax.alt


def test_equal_values_stand_above_each_other_within_their_row():
    ax = draw_dots({"": [2.0] * 40 + [3.0]}, {}, "toxicity")
    heights = ax.collections[0].get_offsets()[:40, 1]
    assert len(set(heights)) == 40
    assert max(heights) - min(heights) == pytest.approx(0.56)
    assert ax.get_yticklabels()[0].get_text() == "41 discussions"


def test_a_condition_without_values_says_so():
    ax = draw_dots({"none": [math.nan], "host": []}, {}, "toxicity")
    assert [text.get_text() for text in ax.texts] == ["not defined"] * 2
    assert ax.png()
