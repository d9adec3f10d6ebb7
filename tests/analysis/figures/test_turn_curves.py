import numpy as np
import pandas as pd
import pytest

from syndisco_nb.analysis.figures.turn_curves import draw_turn_curves


@pytest.fixture
def curves():
    rows = [
        (level, turn, 2 + turn * slope, 1.5, 3.0)
        for level, slope in {"none": 0.1, "facilitator": 0.0}.items()
        for turn in (1, 2, 3)
    ]
    return pd.DataFrame(rows[::-1], columns=["level", "turn", "mean", "low", "high"])


def test_each_condition_has_a_line_with_a_band_in_the_order_given(curves):
    ax = draw_turn_curves(curves, {"none": 20, "facilitator": 1}, "toxicity (1–5)")
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3]] * 2
    assert list(ax.lines[0].get_ydata()) == pytest.approx([2.1, 2.2, 2.3])
    assert len(ax.collections) == 2
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["none (n = 20 discussions)", "facilitator (n = 1 discussion)"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("turn", "toxicity (1–5)")
    assert ax.heading == "toxicity (1–5) by turn"
    assert "none (n = 20 discussions): from 2.1 at turn 1 to 2.3 at turn 3." in ax.alt
    assert ax.caption in ax.alt


def test_data_without_conditions_and_without_intervals(curves):
    bare = curves[curves["level"] == "none"].assign(level="", low=np.nan, high=np.nan)
    ax = draw_turn_curves(bare, {"": 3}, "toxicity")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["n = 3 discussions"]
    assert "All discussions (n = 3 discussions): from" in ax.alt
    assert ax.png()


def test_a_condition_without_labels_has_no_line(curves):
    ax = draw_turn_curves(curves, {"none": 2, "host": 0}, "toxicity")
    assert len(ax.lines) == 1


def test_a_long_discussion_has_no_markers():
    long = pd.DataFrame({"level": "", "turn": range(1, 100), "mean": 1.0, "low": 0.0, "high": 2.0})
    assert draw_turn_curves(long, {"": 2}, "a").lines[0].get_marker() in ("None", None)
