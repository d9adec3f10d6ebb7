"""Cards and comments as plain data: progress, and texts that are cut and made harmless."""

from types import SimpleNamespace

import pytest
from support.watched import run_state, snapshot

from syndisco_nb.display.colours import looks
from syndisco_nb.watching.unit_lines import UnitState, WatchedLine
from syndisco_nb.widgets.live.live_state import (
    card_state,
    said_lines,
    unit_title,
    writing_line,
)


def said(text="Yes.", name="Ana", role="participant", **changes):
    given = {"index": 1, "turn": 1, "name": name, "text": text, "role": role, "silent": False, **changes}
    return WatchedLine(**given)


def card(*comments, turn=1, run=None):
    talk = UnitState("none", "discussion-00003", "Tax?", turn, comments, (), ("Ana", "Ben"), 0.0, "in progress")
    return card_state(talk, snapshot(run), None)


def test_a_card_leaves_out_the_opening_once_there_is_more():
    opening = said("Tax?", "Ben", "opening", index=0)
    assert [line["text"] for line in card(opening)["said"]] == ["Tax?"]
    assert [line["text"] for line in card(opening, said())["said"]] == ["Yes."]


@pytest.mark.parametrize(
    ("turn", "run", "text"),
    [
        (0, {}, "turn 0 of 14"),
        (4, {}, "turn 4 of 14"),
        (4, {"turns": 0}, "turn 4"),
        (1, {"noun": "annotation"}, "1 label"),
    ],
)
def test_a_card_says_how_far_it_is(turn, run, text):
    assert card(said(), turn=turn, run=run_state(**run))["turn"] == text


def test_a_card_has_the_share_of_its_turns_where_their_number_is_known():
    assert (card(said(), turn=7)["share"], card(said(), run=run_state(turns=0))["share"]) == (0.5, None)


def test_a_long_comment_is_cut_at_its_end():
    assert card(said("x" * 500))["said"][0]["text"] == "x" * 219 + "…"
    (line,) = said_lines([said("x" * 500)], ["Ana"])
    assert len(line["text"]) == 500


def test_a_line_is_harmless_and_has_the_look_of_its_speaker():
    lines = said_lines([said("a\x1bb", "Ben"), said("Calm.", "Mo", "moderator")], ["Ana", "Ben"])
    assert (lines[0]["text"], lines[0]["classes"]) == ("a␛b", looks(["Ana", "Ben"])["Ben"].classes)
    assert [line["badge"] for line in lines] == ["", "moderator"]


def test_who_is_being_asked_is_shown_with_the_end_of_their_text():
    actor = SimpleNamespace(name="Mo")
    speaking = SimpleNamespace(actor=actor, moderator="Mo", turn=4, draft=SimpleNamespace(read=lambda: "abc" * 50))
    line = writing_line(speaking, ["Ana"], 100)
    assert (line["role"], line["index"], len(line["text"]), line["text"][:4]) == ("moderator", -1, 100, "…abc")
    assert writing_line(None, ["Ana"]) is None


@pytest.mark.parametrize(
    ("condition", "unit", "title"),
    [
        ("", "discussion-00003", "Discussion 3"),
        ("none", "discussion-00003", "Discussion 3 · none"),
        ("", "discussion-00003.annotator-00", "Discussion 3, annotator 0"),
    ],
)
def test_titles(condition, unit, title):
    assert unit_title(condition, unit) == title
