"""States of a run as its watcher gives them, with only the fields given that a test is about."""

from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.run_state import RunState


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
