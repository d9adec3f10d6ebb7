"""The status of a run in words, and the advice that goes with it: one voice in pages, tables and the live view."""

from pathlib import Path

from syndisco_nb.runs.batch_job import batches_in_words
from syndisco_nb.runs.lock import being_written

WORDS = {
    "waiting": "not started",
    "running": "in progress",
    "paused": "paused",
    "finished": "finished",
    "partial": "some failed",
    "interrupted": "stopped",
    "failed": "failed",
    "killed": "killed",
}
"""Each `Run.status`, "waiting" for a run that has not begun, and "killed"; see `true_status`."""

ADVICE = {
    "partial": "Some {noun}s failed. Re-run the cell to retry only those.",
    "interrupted": "Stopped before the end. All finished turns are saved; re-run the cell to continue.",
    "failed": "The run failed. Fix the error, then re-run the cell to continue.",
    "killed": "The process was killed. All finished turns are saved; re-run the cell to continue.",
}
"""Advice for a run that is over, but not finished; to be formatted with the noun of its units."""


def true_status(folder: Path, status: str) -> str:
    """Return the status of a run; "killed" if it is on record as going on, but no process writes to its folder.

    Parameters
    ----------
    folder : Path
    status : str
        As `Run.status`.
    """
    return "killed" if status in ("running", "paused") and not being_written(folder) else status


def status_in_words(folder: Path, status: str) -> str:
    """Return the status of a run in words, with the batches that it waits for.

    Parameters
    ----------
    folder : Path
    status : str
        As `true_status` returns it.
    """
    waiting = "" if status in ("finished", "partial") else batches_in_words(folder)
    return ", ".join(filter(None, (WORDS[status], waiting)))
