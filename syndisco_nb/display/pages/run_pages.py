"""Pages of a run: how far it is, what failed, and every transcript to open."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import accumulate
from typing import Any

from syndisco_nb.display.colours import pool_of
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note, Page, Prompt, Share, Table
from syndisco_nb.display.pages.annotation_pages import annotation_set_page, annotator_name, low_mass, summaries
from syndisco_nb.display.pages.phrases import pairs, value_text
from syndisco_nb.display.pages.transcript_pages import manager_text, transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.runs.layout import Failure, Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.wording import count, listed, shortened

_OPEN = 10
"""How many transcripts a notebook can open; files hold all."""
_SHARE = 0.85
"""How much of what may be shown these may take together."""
_READ = 10
"""How many times as much may be read for it: 3 MB by default, which takes a twentieth of a second."""
FAILURES = ("unit", "turn", "error", "message", "attempts")
_TROUBLES = {
    "interrupted": "It was interrupted. Run the same cell again to go on from here.",
    "partial": "Some of it failed. Run the same cell again to try only those again.",
    "failed": "It could not start, or not write. Mend what the error said, and run the same cell again.",
    "paused": "It is paused, or its process was killed; then, run the same cell again to go on from here.",
    "running": "It is running, or its process was killed; then, run the same cell again to go on from here.",
}


@make_page.register(Run)
def run_page(run: Run[Any], limits: Limits) -> Page:
    """Return the page of a run folder."""
    noun = "discussion" if run.spec.get("annotators") is None else "annotation set"
    failed, skipped = failures(run), [(one.file, one.reason) for one in run.skipped]
    facts = {
        "folder": str(run.folder),
        "status": run.status,
        "failed": f"{len(failed):,}" if failed else "",
        **_asked(run),
    }
    trouble = [Note(_TROUBLES[run.status], warning=True)] if run.status in _TROUBLES else []
    tables = [
        *table("Failures", FAILURES, failed, limits),
        *table("Skipped files", ("file", "reason"), skipped, limits),
    ]
    return Page(
        "Run",
        f"{len(run):,} of {count(run.total, noun)}",
        tuple((name, value) for name, value in facts.items() if value),
        (*trouble, *tables, *_openable(run, limits, "run")),
        Share(len(run) / run.total, f"{len(run) / run.total:.0%} finished") if len(run) < run.total else None,
    )


@make_page.register(Records)
def records_page(records: Records[Any], limits: Limits) -> Page:
    """Return the page of a part of a run."""
    noun = "discussion" if all(isinstance(one, Transcript) for one in records) else "annotation set"
    return Page("Part of a run", count(len(records), noun), (), tuple(_openable(records, limits, "this")))


@make_page.register
def failure_page(failure: Failure, limits: Limits) -> Page:
    """Return the page of a failure."""
    prompt = [Prompt("What the model was sent", failure.prompt)] if failure.prompt else []
    return Page("Failure", failure.unit, pairs({**asdict(failure), "prompt": None}), tuple(prompt))


@make_page.register
def skipped_page(skipped: Skipped, limits: Limits) -> Page:
    """Return the page of a file that was stepped around."""
    return Page("Skipped", skipped.file, (("because", skipped.reason),))


def failures(run: Run[Any]) -> list[tuple[str, ...]]:
    """Return what failed, in the order of `FAILURES`."""
    if len(run) == run.total:
        return []  # and no need for a table, which takes pandas
    found = run.failures.astype({"turn": "string", "attempt": "string"}).fillna({"turn": ""})
    return list(found[["unit", "turn", "error", "message", "attempt"]].itertuples(index=False, name=None))


def table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], limits: Limits) -> list[Table]:
    """Return a table of as many rows as may be shown; none without rows."""
    shown = tuple(tuple(shortened(cell, 400) for cell in row) for row in rows[: limits.max_items])
    left = len(rows) - len(shown)
    return [Table(title, head, shown, f"{left:,} more" if left > 0 else "")] if rows else []


def _asked(run: Run[Any]) -> dict[str, str]:
    """Return what was asked, in short."""
    spec = run.spec
    asked: dict[str, Any] = {"seed": run.seed}
    for name, key in (("turns", "num_turns"), ("window", "window")):
        asked[name] = spec.get(key)
    for name in ("users", "annotators"):
        people = spec.get(name)
        if isinstance(people, Sequence):
            asked[name] = listed([str(one.get("name") or f"{name[:-1]} {n}") for n, one in enumerate(people)])
    moderator, manager = spec.get("moderator"), spec.get("turn_manager")
    asked["moderator"] = moderator.get("name") if isinstance(moderator, Mapping) else None
    asked["next speaker"] = manager_text(manager) if isinstance(manager, Mapping) else None
    asked["ends after"] = [manager_text(one) for one in spec.get("stop") or [] if isinstance(one, Mapping)]
    asked["scales"] = [str(one.get("name")) for one in spec.get("scales") or []]
    asked["model"] = [str(one.get("name")) for one in spec.get("models") or []]
    return {name: shortened(value_text(value), 120) for name, value in asked.items() if value not in (None, [], "")}


def _openable(records: Sequence[Any], limits: Limits, what: str) -> list[Fold | Note | Table]:
    """Return a fold for each record, as many as may be shown."""
    most = len(records) if limits.whole else _how_many(records, limits)
    each = replace(limits, max_bytes=int(limits.max_bytes * _SHARE / max(1, most)))
    blocks: list[Fold | Note | Table] = []
    read: list[AnnotationSet] = []
    pool = pool_of(records.spec) if isinstance(records, Run) else ()
    for place in range(most):
        try:
            record = records[place]
        except (RecordError, OSError) as error:
            blocks.append(Note(f"{what}[{place}] cannot be read: {error}", warning=True))
            continue
        if isinstance(record, Transcript):
            blocks.append(Fold(_summary(record), transcript_page(record, each, pool=pool)))
        else:
            read.append(record)
            labels = f"{record.discussion} by {annotator_name(record)}: {count(len(record.labels), 'label')}"
            blocks.append(Fold(labels, annotation_set_page(record, each)))
    if most < len(records):
        left, last = len(records) - most, len(records) - 1
        places = f"{what}[{most}]" + (f" to {what}[{last}]" if most < last else "")
        blocks.append(Note(f"{left:,} more: {places}." if most else f"Open them one by one: {places}."))
    return [*low_mass(read), *(summaries(read) if len(read) == len(records) else []), *blocks]


def _how_many(records: Sequence[Any], limits: Limits) -> int:
    """Return how many records a notebook can open: they must be few, and read in no time."""
    most = min(len(records), _OPEN, limits.max_items)
    if isinstance(records, Run):
        files = [records.folder / f"{name}.json" for name in records.names[:most]]
        sizes = [file.stat().st_size if file.exists() else 0 for file in files]
        most = sum(size <= limits.max_bytes * _READ for size in accumulate(sizes))
    return most


def _summary(transcript: Transcript) -> str:
    names = listed([user.name for user in transcript.users], 4)
    topic = shortened(transcript.topic, 80) or "no topic"
    return f"{transcript.index} · {topic} · {count(len(transcript.comments), 'comment')} by {names}"
