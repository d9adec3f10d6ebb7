import itertools
import math

import pytest

from syndisco_nb.analysis.figures.forest import draw_forest, estimate_text

NAN = math.nan


def forest(**changes):
    given = {
        "names": ["facilitator − none", "host − none"],
        "estimates": [-0.3, NAN],
        "intervals": [(-0.5, -0.1), (NAN, NAN)],
        "title": "Effect on toxicity",
        "label": "difference in toxicity",
        "caption": "40 pairs.",
    }
    return draw_forest(**(given | changes))


def test_estimates_stand_from_top_to_bottom_with_their_numbers():
    ax = forest()
    bottom, top = ax.get_ylim()
    assert bottom > top
    assert [text.get_text() for text in ax.get_yticklabels()] == ["facilitator − none", "host − none"]
    assert [text.get_text() for text in ax.texts] == ["−0.30 [−0.50, −0.10]", "not defined"]
    assert list(ax.lines[1].get_xdata()) == [-0.5, -0.1]
    assert (ax.heading, ax.caption, ax.get_xlabel()) == ("Effect on toxicity", "40 pairs.", "difference in toxicity")
    assert ax.png()


def test_long_numbers_at_the_ticks_keep_apart():
    ax = forest(names=["host − none"], estimates=[-0.069], intervals=[(-0.15, 0.014)])
    ax.png()
    boxes = [text.get_window_extent() for text in ax.get_xticklabels() if text.get_text()]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_the_line_of_no_effect_can_be_left_out():
    assert len(forest(reference=None).lines) == len(forest().lines) - 1


@pytest.mark.parametrize(
    ("given", "text"),
    [((1, NAN, 2), "1.00"), ((1, 0, NAN), "1.00"), ((-1, -2, 0), "−1.00 [−2.00, 0.00]"), ((NAN, 0, 1), "not defined")],
)
def test_an_estimate_in_words(given, text):
    assert estimate_text(*given) == text
