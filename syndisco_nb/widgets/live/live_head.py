"""The head of the live view as plain data: progress, facts and notes, conditions, failures and skipped units."""

from pathlib import Path
from typing import Any

from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.run_status import ADVICE, WORDS
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.widgets.live.live_state import unit_title
from syndisco_nb.wording import count, duration, shortened

_NOTES = {
    "paused": "Paused. Replies already requested will still arrive and are saved.",
    "stopping": "Stopping. All finished turns are saved.",
    **ADVICE,
}
"""The note for each state that needs one; to be formatted with the noun of the run's units."""


def head_state(folder: Path | None, snapshot: Snapshot, status: str, message: str) -> dict[str, Any]:
    """Return the state of the whole run.

    Parameters
    ----------
    folder : Path or None
        The folder of the run, if it has one.
    snapshot : Snapshot
    status : str
        One of the states of `Live.state`.
    message : str
        The error that the run ended in, if it did.
    """
    going = status in ("running", "paused", "stopping")
    elsewhere = going and not snapshot.in_this_process and status != "stopping"
    if status == "running" and snapshot.total and not (snapshot.share or snapshot.unfinished):
        message = message or "No replies yet. Models may still be loading."
    if status == "running" and snapshot.batches:
        message = snapshot.batches[:1].upper() + snapshot.batches[1:] + "."
    where = "Runs in another process: it can be watched here, but not paused or stopped." if elsewhere else ""
    return {
        "folder": clean(str(folder)) if folder else "",
        "status": status,
        "word": WORDS.get(status, status),
        "title": _title(snapshot),
        "share": round(snapshot.share, 4),
        "facts": _facts(snapshot, status),
        "note": clean(message) or _NOTES.get(status, "").format(noun=snapshot.noun) or where,
        "warning": status in ADVICE,
        "trouble": clean(snapshot.problem),
        "here": snapshot.in_this_process,
        "talks": snapshot.noun == "discussion",
        "single": snapshot.total == 1,
        "under_way": snapshot.under_way,
        "going": going,
    }


def condition_row(run: RunState) -> dict[str, Any]:
    """Return the state of one condition of a study."""
    return {
        "condition": clean(run.condition),
        "status": run.status,
        "word": WORDS[run.status],
        "share": round(run.share, 4),
        "finished": f"{run.finished:,} of {run.total:,}",
        "failed": run.failed,
    }


def failure_row(condition: str, failure: Failure) -> list[str]:
    """Return the unit that failed, the error, and the number of the attempt.

    Parameters
    ----------
    condition : str
        The condition of a study, or "".
    failure : Failure
    """
    return [
        clean(unit_title(condition, failure.unit)),
        clean(f"{failure.error}: {shortened(failure.message, 400)}"),
        f"attempt {failure.attempt:,}",
    ]


def skipped_rows(snapshot: Snapshot) -> list[dict[str, str]]:
    """Return the units that are skipped, each with its title."""
    return [
        {"condition": condition, "unit": unit, "title": unit_title(condition, unit)}
        for condition, unit in snapshot.skipped
    ]


def _title(snapshot: Snapshot) -> str:
    """Return the progress of the run in units, or in turns if it has only one discussion."""
    held, planned = snapshot.turn_counts
    if snapshot.total == 1 and planned and not snapshot.finished:
        return f"Turn {held:,} of {planned:,}"
    return f"{snapshot.finished:,} of {count(snapshot.total, snapshot.noun)}" if snapshot.total else ""


def _facts(snapshot: Snapshot, status: str) -> list[list[str]]:
    facts = []
    if snapshot.left_s is not None and status == "running":
        facts.append(["time left", _time_left(snapshot.left_s)])
    held, planned = snapshot.turn_counts
    if planned and snapshot.total > 1:
        facts.append(["turns", f"{held:,} of {planned:,}"])
    speed = []
    if snapshot.turns_per_s:
        unit = "labels" if snapshot.noun == "annotation" else "turns"
        speed.append(f"{_number(60 * snapshot.turns_per_s)} {unit}/min")
    if snapshot.tokens_per_s:
        speed.append(f"{_number(snapshot.tokens_per_s)} tokens/s")
    if speed:
        facts.append(["speed", ", ".join(speed)])
    if snapshot.tokens:
        facts.append(["tokens", f"{snapshot.tokens:,}" + ("" if snapshot.is_counted else ", still counting")])
    if snapshot.under_way and snapshot.total > 1 and not snapshot.over:
        facts.append(["in progress", f"{snapshot.under_way:,}"])
    if snapshot.skipped:
        facts.append(["skipped", f"{len(snapshot.skipped):,}"])
    if snapshot.failures:
        facts.append(["failed", f"{len(snapshot.failures):,}"])
    return facts


def _time_left(seconds: float) -> str:
    """Return the time left in words, no more exactly than it can be known."""
    if seconds < 60:
        return "less than a minute" if seconds > 10 else "a few seconds"
    return f"about {duration(60 * round(seconds / 60))}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
