"""The state of a run as plain data: what each state says, and texts that are cut and made harmless."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from syndisco_nb.display.colours import looks
from syndisco_nb.runs.failures import Failure
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.watching.unit_watcher import UnitState, WatchedLine
from syndisco_nb.widgets.live.live_state import (
    card_state,
    condition_row,
    failure_row,
    head_state,
    said_lines,
    unit_title,
    writing_line,
)


def run_state(**changes):
    given = {
        "condition": "none",
        "status": "running",
        "noun": "discussion",
        "finished": 1,
        "total": 3,
        "failed": 0,
        "turns_lost": 0.0,
        "turns": 14,
        "turns_done": 21.0,
        "turns_total": 42.0,
        "tokens": 0,
        "is_counted": True,
        "new_turns": 0,
        "new_tokens": 0,
        "unfinished": (),
        "just_finished": (),
        "failures": (),
        "skipped": (),
        "under_way": 2,
        "in_this_process": True,
        "problem": "",
    }
    return RunState(**{**given, **changes})


def snapshot(run=None, **changes):
    given = {
        "status": "running",
        "runs": (run or run_state(),),
        "finished": 1,
        "total": 3,
        "share": 0.5,
        "turns_per_s": None,
        "tokens_per_s": None,
        "left_s": None,
        "tokens": 0,
        "is_counted": True,
        "failures": (),
        "under_way": 2,
        "in_this_process": True,
        "problem": "",
    }
    return Snapshot(**{**given, **changes})


def head(status="running", message="", **changes):
    return head_state(Path("runs/pilot"), snapshot(**changes), status, message)


def said(text="Yes.", name="Ana", role="participant", **changes):
    given = {"index": 1, "turn": 1, "name": name, "text": text, "role": role, "silent": False, **changes}
    return WatchedLine(**given)


def test_the_head_of_a_run_under_way():
    state = head(turns_per_s=0.5, tokens_per_s=31.4, left_s=150.0, tokens=12_345, is_counted=False)
    assert (state["title"], state["share"], state["going"], state["here"], state["warning"]) == (
        "1 of 3 discussions",
        0.5,
        True,
        True,
        False,
    )
    assert state["facts"] == [
        ["time left", "about 2 min"],
        ["turns a minute", "30"],
        ["tokens a second", "31"],
        ["tokens", "12,345 and counting"],
        ["under way", "2"],
    ]


@pytest.mark.parametrize(("seconds", "text"), [(5, "a few seconds"), (40, "less than a minute")])
def test_the_time_left_is_no_more_exact_than_can_be_known(seconds, text):
    assert ["time left", text] in head(left_s=seconds)["facts"]


def test_only_a_running_run_has_time_left():
    assert head("paused", left_s=100.0)["facts"] == [["under way", "2"]]


def test_an_end_that_was_not_planned_is_a_warning_with_its_reason():
    assert (head("killed")["warning"], head("killed")["going"]) == (True, False)
    assert "ended without a word" in head("killed")["note"]
    assert head("failed", "The model is <gone>\x1b.")["note"] == "The model is <gone>␛."
    assert head("finished")["warning"] is False


def test_a_run_of_another_process_can_only_be_watched():
    assert "another process" in head(in_this_process=False)["note"]
    assert head(in_this_process=True)["note"] == ""


def test_a_run_in_which_nothing_was_said_yet_says_why_that_may_be():
    assert "models may still be loading" in head(share=0.0)["note"]


def test_a_condition_has_its_share_of_turns_or_of_units():
    assert condition_row(run_state()) == {
        "condition": "none",
        "status": "running",
        "share": 0.5,
        "finished": "1 of 3",
        "failed": 0,
    }
    assert condition_row(run_state(turns_total=0.0, turns_done=0.0))["share"] == pytest.approx(1 / 3, abs=1e-4)
    assert condition_row(run_state(status="waiting", total=0, turns_total=0.0))["status"] == "not begun"


def card(*comments, turn=1, run=None):
    talk = UnitState("none", "discussion-00003", "Tax?", turn, comments, (), ("Ana", "Ben"), 0.0, "under way")
    return card_state(talk, snapshot(run), None)


def test_a_card_leaves_out_the_opening_once_there_is_more():
    opening = said("Tax?", "Ben", "opening", index=0)
    assert [line["text"] for line in card(opening)["said"]] == ["Tax?"]
    assert [line["text"] for line in card(opening, said())["said"]] == ["Yes."]


@pytest.mark.parametrize(
    ("turn", "run", "text"),
    [
        (0, {}, "begun"),
        (4, {}, "turn 4 of 14"),
        (4, {"turns": 0}, "turn 4"),
        (1, {"noun": "annotation"}, "1 label"),
    ],
)
def test_a_card_says_how_far_it_is(turn, run, text):
    assert card(said(), turn=turn, run=run_state(**run))["turn"] == text


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


def test_a_failure_names_the_unit_as_a_person_would():
    failure = Failure("discussion-00003", "ModelError", "no <b>answer</b>", done=7, attempt=2)
    assert failure_row("none", failure) == ["none · discussion 3", "ModelError: no <b>answer</b>", "attempt 2"]


@pytest.mark.parametrize(
    ("condition", "unit", "title"),
    [
        ("", "discussion-00003", "Discussion 3"),
        ("none", "discussion-00003", "none · discussion 3"),
        ("", "discussion-00003.annotator-00", "Discussion 3, annotator 0"),
    ],
)
def test_titles(condition, unit, title):
    assert unit_title(condition, unit) == title
