import re

from syndisco_nb.display.page import Point, Trajectory
from syndisco_nb.display.writers.html_trajectory import trajectory_columns

LOW, MIDDLE = Point(1, "Ben", "1"), Point(0, "Ana", "3 (2 to 5)", 0.5, 0.25, 1.0)


def written(*columns, **others):
    points = tuple(point for point in columns if point)
    return trajectory_columns(Trajectory("", points, columns, "mean of 2", **others))


def bands(markup):
    """Return the shade and the upper edge of each band."""
    return [re.findall(r"#\w{6}(\w*) (?:0 )?(\d+)%", one) for one in re.findall(r"gradient\((.*?)\)", markup)]


def test_a_column_shows_the_range_and_a_mark_at_the_mean():
    assert bands(written(MIDDLE)) == [
        [("22", "24"), ("66", "48"), ("", "53"), ("66", "100")],
    ]


def test_the_lowest_answer_is_still_a_mark():
    assert bands(written(LOW)) == [[("", "5"), ("00", "100")]]


def test_each_message_has_its_place_with_or_without_labels():
    assert re.findall(r"width:([\d.]+)%", written(MIDDLE, None, LOW)) == ["33.333"] * 3


def test_categories_lie_on_each_other_in_shades_that_the_legend_names():
    chosen = Point(0, "Ana", "for 1, against 3", shares=(0.25, 0.0, 0.75))
    markup = written(chosen, categories=("for", "unclear", "<against>"))
    assert bands(markup) == [[("ff", "25"), ("41", "100")]]
    assert re.findall(r"background:#\w{6}(\w\w)\"></span> (.*?) </div>", markup) == [
        ("41", "&lt;against&gt;"),
        ("a0", "unclear"),
        ("ff", "for"),
    ]


def test_axis_and_legend_are_said_and_the_same_stands_as_numbers_to_open():
    markup = written(MIDDLE, LOW, axis=("5 (most)", "3", "1 (least)"))
    assert [re.search(text, markup) is not None for text in (r"5 \(most\)", r"1 \(least\)", "mean of 2")] == [True] * 3
    assert "<summary>as numbers</summary>" in markup
    assert re.findall(r"<li>(.*?)</li>", markup) == ["0 <bdi>Ana</bdi>: 3 (2 to 5)", "1 <bdi>Ben</bdi>: 1"]
