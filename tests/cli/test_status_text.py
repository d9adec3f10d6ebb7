from pathlib import Path

import pytest

from syndisco_nb.cli.status_text import next_step, status_lines
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.folder_status import ConditionStatus, FolderStatus


def of_study(*statuses, labels=(), annotators=0):
    discussions = tuple(ConditionStatus(f"c{n}", "discussions", one, 0, 2) for n, one in enumerate(statuses))
    labelled = tuple(ConditionStatus(f"c{n}", "annotations", one, 0, 2) for n, one in enumerate(labels))
    return FolderStatus(Path("a study"), is_study=True, discussions=discussions, labels=labelled, annotators=annotators)


def of_run(run):
    return FolderStatus(Path("run"), is_study=False, discussions=(run,), labels=())


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        (of_study("finished"), "report"),
        (of_study("finished", annotators=1), "annotate"),
        (of_study("finished", labels=["finished"], annotators=1), "report"),
        (of_study("finished", labels=["interrupted"], annotators=1), "annotate"),
        (of_study("finished", "waiting"), "run"),
        (of_study("finished", "running"), "watch"),
        (of_study("partial", "finished"), "retry"),
        (of_study("partial", "killed"), "run"),
        (of_study("failed"), "run"),
        (of_study("broken", "finished"), "run"),
    ],
)
def test_the_next_step_of_a_study_is_a_command(status, verb):
    assert next_step(status) == f"syndisco-nb {verb} 'a study'"


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("finished", "syndisco-nb report run"),
        ("running", "syndisco-nb watch run"),
        ("partial", "Some discussions failed. Re-run the cell to retry only those."),
        ("killed", "The process was killed. All finished turns are saved; re-run the cell to continue."),
        ("broken", ""),
    ],
)
def test_a_run_without_a_design_goes_on_where_it_was_begun(status, step):
    assert next_step(of_run(ConditionStatus("", "discussions", status, 0, 2))) == step


def test_failures_are_listed_by_cause_in_80_columns_and_the_rest_is_counted():
    messages = ["No answer. " * 20 + "Ask later."] * 2 + [f"Cause {n}." for n in range(6)]
    failures = tuple(Failure(f"discussion-0000{n}", "ModelError", text, 0, 1) for n, text in enumerate(messages))
    run = ConditionStatus("", "discussions", "partial", 1, 9, kept=3, failures=failures)
    lines = status_lines(of_run(run))
    assert lines[:2] == [
        "run: some failed",
        "  1 of 9 discussions and 3 turns of unfinished ones, some failed",
    ]
    assert lines[2] == "  2 failed, such as discussion-00000:"
    assert lines[3].startswith("    ModelError: No answer. ")
    assert lines[3].endswith(" Ask later.")
    assert lines[4:6] == ["  discussion-00002 failed:", "    ModelError: Cause 0."]
    assert lines[12] == "  2 more failed."
    assert max(len(line) for text in lines for line in text.split("\n")) <= 80
