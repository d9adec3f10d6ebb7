"""The head of the live view as plain data: what each state says."""

from pathlib import Path

import pytest
from support.watched import run_state, snapshot

from syndisco_nb.runs.failures import Failure
from syndisco_nb.widgets.live.live_head import condition_row, failure_row, head_state, skipped_rows


def head(status="running", message="", **changes):
    return head_state(Path("runs/pilot"), snapshot(**changes), status, message)


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
        ["turns", "21 of 42"],
        ["speed", "30 turns/min, 31 tokens/s"],
        ["tokens", "12,345, still counting"],
        ["in progress", "2"],
    ]


@pytest.mark.parametrize(("seconds", "text"), [(5, "a few seconds"), (40, "less than a minute")])
def test_the_time_left_is_no_more_exact_than_can_be_known(seconds, text):
    assert ["time left", text] in head(left_s=seconds)["facts"]


def test_only_a_running_run_has_time_left():
    assert head("paused", left_s=100.0)["facts"] == [["turns", "21 of 42"], ["in progress", "2"]]


def test_an_end_that_was_not_planned_is_a_warning_with_its_reason():
    assert (head("killed")["warning"], head("killed")["going"]) == (True, False)
    assert "process was killed" in head("killed")["note"]
    assert "Some discussions failed." in head("partial")["note"]
    assert head("failed", "The model is <gone>\x1b.")["note"] == "The model is <gone>␛."
    assert head("finished")["warning"] is False


def test_a_run_of_another_process_can_only_be_watched():
    assert "another process" in head(in_this_process=False)["note"]
    assert head(in_this_process=True)["note"] == ""


def test_a_run_in_which_nothing_was_said_yet_says_why_that_may_be():
    assert "Models may still be loading" in head(share=0.0)["note"]


def test_a_run_that_waits_for_batches_says_so():
    state = head(run=run_state(batches="waiting for a batch: 3 of 9 done, since 14:02"))
    assert state["note"] == "None: waiting for a batch: 3 of 9 done, since 14:02."


def test_a_condition_has_its_share_of_turns_or_of_units():
    assert condition_row(run_state()) == {
        "condition": "none",
        "status": "running",
        "word": "in progress",
        "share": 0.5,
        "finished": "1 of 3",
        "failed": 0,
    }
    assert condition_row(run_state(turns_total=0.0, turns_done=0.0))["share"] == pytest.approx(1 / 3, abs=1e-4)
    assert condition_row(run_state(status="waiting", total=0, turns_total=0.0))["word"] == "not started"


def test_what_is_skipped_is_listed_and_counted():
    state = snapshot(run_state(skipped=("discussion-00003",)))
    assert skipped_rows(state) == [{"condition": "none", "unit": "discussion-00003", "title": "Discussion 3 · none"}]
    assert ["skipped", "1"] in head_state(Path("runs/pilot"), state, "running", "")["facts"]


def test_the_only_discussion_of_a_run_is_told():
    assert (head(total=1)["single"], head()["single"]) == (True, False)
    assert "in progress" not in dict(head(total=1)["facts"])


def test_a_failure_names_the_unit_as_a_person_would():
    failure = Failure("discussion-00003", "ModelError", "no <b>answer</b>", done=7, attempt=2)
    assert failure_row("none", failure) == ["Discussion 3 · none", "ModelError: no <b>answer</b>", "attempt 2"]
