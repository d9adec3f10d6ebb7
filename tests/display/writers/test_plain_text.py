from dataclasses import replace

import pytest

from examples import a_page
from syndisco_nb.display.page import Conversation, Trajectory
from syndisco_nb.display.writers.plain_text import flat, headline, rating_lines, sparkline, trajectory_lines

(TALK,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
OPENING, REPLY = TALK.entries[:2]


def test_a_headline_names_role_turn_and_marks():
    assert headline(OPENING) == "Ana (opening)"
    assert headline(REPLY) == "Ben (turn 1, cut off)"
    assert headline(replace(REPLY, role="moderator", name="A\nB", cut="")) == "A B (moderator, turn 1)"


def test_answers_stand_in_one_line_for_each_scale():
    (rating,) = REPLY.ratings
    assert list(rating_lines((rating, replace(rating, scale="")))) == [
        "toxicity: Dana 1 (25%), judge unparsed: “none of it”",
        "label: Dana 1 (25%), judge unparsed: “none of it”",
    ]
    two = replace(rating, answers=(rating.answers[0], replace(rating.answers[0], value="2")))
    assert next(rating_lines((two,))).endswith("Dana 2 (25%) ≠ disagreement")


def test_a_trajectory_is_one_strip_of_means_or_one_for_each_category():
    means, stances = [block for block in a_page().blocks if isinstance(block, Trajectory)]
    assert list(trajectory_lines(means)) == [("1 (least) – 3 – 5 (most)", "▄·")]
    assert list(trajectory_lines(stances)) == [("for", "·▃"), ("against", "·▅")]


@pytest.mark.parametrize(("heights", "line"), [((), ""), ((0.0, 1.0, None), " █·"), ((0.5, 1.4), "▄█")])
def test_heights_are_blocks(heights, line):
    assert sparkline(heights) == line


def test_all_white_space_is_one_space():
    assert flat(" a\n\tb\u2028c ") == "a b c"
