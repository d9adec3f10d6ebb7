import re

from syndisco_nb.display.page import Point, Trajectory
from syndisco_nb.display.writers.html_trajectory import trajectory_columns


def columns(*points):
    return trajectory_columns(Trajectory("", tuple(points)))


def test_a_column_is_as_high_as_its_highest_answer():
    markup = columns(Point(3, "<Ana>", 0.5, 0.25, 1.0, "3 (2 to 5)"))
    assert sum(map(int, re.findall(r"block;height:(\d+)px", markup))) == 56
    assert 'title="3 &lt;Ana&gt;: 3 (2 to 5)"' in markup


def test_the_lowest_answer_is_still_a_mark():
    assert re.findall(r"block;height:(\d+)px", columns(Point(0, "Ana", 0.0, 0.0, 0.0, "1"))) == ["3"]


def test_the_same_stands_as_numbers_to_open():
    markup = columns(Point(0, "Ana", 0.5, 0.5, 0.5, "3"), Point(1, "Ben", 0, 0, 0, "1"))
    assert "<summary>as numbers</summary>" in markup
    assert re.findall(r"<li>(.*?)</li>", markup) == ["0 <bdi>Ana</bdi>: 3", "1 <bdi>Ben</bdi>: 1"]
