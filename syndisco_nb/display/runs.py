"""Pages of a run: how far it is, what failed, and every transcript to open."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from syndisco_nb.display.annotations import annotation_set_page, annotator_name, summaries
from syndisco_nb.display.options import Limits
from syndisco_nb.display.sections import Fold, Note, Page, Share, Table
from syndisco_nb.display.transcripts import manager_text, transcript_page
from syndisco_nb.display.words import count, listed, pairs, shortened, value_text
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.run_files import Failure, Skipped
from syndisco_nb.runs import Run

_OPEN = 10
"""How many transcripts a notebook can open; files hold all."""
_SHARE = 0.85
"""How much of what may be shown these may take together."""
_TROUBLES = {
    "interrupted": "It was interrupted. Run the same cell again to go on from here.",
    "partial": "Some of it failed. Run the same cell again to try only those again.",
    "failed": "It could not start, or not write. Mend what the error said, and run the same cell again.",
    "paused": "It is paused, or its process was killed; then, run the same cell again to go on from here.",
    "running": "It is running, or its process was killed; then, run the same cell again to go on from here.",
}


def run_page(run: Run[Any], limits: Limits) -> Page:
    """Return the page of a run folder."""
    noun = "discussion" if run.spec.get("annotators") is None else "annotation set"
    failed, skipped = failures(run), run.skipped
    facts = {
        "folder": str(run.folder),
        "status": run.status,
        "failed": f"{len(failed):,}" if failed else "",
        **_asked(run),
    }
    trouble = [Note(_TROUBLES[run.status], warning=True)] if run.status in _TROUBLES else []
    tables = [
        *(_table("Failures", ("unit", "turn", "error", "message", "attempts"), failed, limits) if failed else []),
        *(
            _table("Skipped files", ("file", "reason"), [(one.file, one.reason) for one in skipped], limits)
            if skipped
            else []
        ),
    ]
    return Page(
        "Run",
        f"{len(run):,} of {count(run.total, noun)}",
        tuple((name, value) for name, value in facts.items() if value),
        (*trouble, *tables, *_openable(run, limits, "run")),
        Share(len(run) / run.total, f"{len(run) / run.total:.0%} finished") if len(run) < run.total else None,
    )


def records_page(records: Records[Any], limits: Limits) -> Page:
    """Return the page of a part of a run."""
    noun = "discussion" if all(isinstance(one, Transcript) for one in records) else "annotation set"
    return Page("Part of a run", count(len(records), noun), (), tuple(_openable(records, limits, "this")))


def failure_page(failure: Failure, limits: Limits) -> Page:
    """Return the page of a failure."""
    return Page("Failure", failure.unit, pairs(asdict(failure)))


def skipped_page(skipped: Skipped, limits: Limits) -> Page:
    """Return the page of a file that was stepped around."""
    return Page("Skipped", skipped.file, (("because", skipped.reason),))


def failures(run: Run[Any]) -> list[tuple[str, ...]]:
    """Return unit, turn, error, message and attempts of what failed."""
    found: Any = run.failures
    rows = found.to_dict("records") if hasattr(found, "to_dict") else [asdict(one) for one in found]
    return [tuple(str(row.get(name, row.get(older, ""))) for name, older in _NAMES) for row in rows]


_NAMES = (("unit", ""), ("turn", "done"), ("error", ""), ("message", ""), ("attempts", "attempt"))


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
    asked["scales"] = [str(one.get("name")) for one in spec.get("scales") or []]
    asked["model"] = [str(one.get("name")) for one in spec.get("models") or []]
    return {name: shortened(value_text(value), 120) for name, value in asked.items() if value not in (None, [], "")}


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], limits: Limits) -> list[Table]:
    shown = tuple(tuple(shortened(cell, 400) for cell in row) for row in rows[: limits.max_items])
    left = len(rows) - len(shown)
    return [Table(title, head, shown, f"{left:,} more" if left > 0 else "")]


def _openable(records: Sequence[Any], limits: Limits, what: str) -> list[Fold | Note | Table]:
    """Return a fold for each record, as many as may be shown."""
    most = min(len(records), limits.max_items if limits.max_items > 10**9 else min(_OPEN, limits.max_items))
    each = replace(limits, max_bytes=int(limits.max_bytes * _SHARE / max(1, most)))
    blocks: list[Fold | Note | Table] = []
    read: list[AnnotationSet] = []
    for place in range(most):
        try:
            record = records[place]
        except (RecordError, OSError) as error:
            blocks.append(Note(f"{what}[{place}] cannot be read: {error}", warning=True))
            continue
        if isinstance(record, Transcript):
            blocks.append(Fold(_summary(record), transcript_page(record, each)))
        else:
            read.append(record)
            labels = f"{record.discussion} by {annotator_name(record)}: {count(len(record.labels), 'label')}"
            blocks.append(Fold(labels, annotation_set_page(record, each)))
    left = len(records) - most
    if left:
        blocks.append(Note(f"{left:,} more: {what}[{most}] to {what}[{len(records) - 1}]."))
    return [*(summaries(read) if len(read) == len(records) else []), *blocks]


def _summary(transcript: Transcript) -> str:
    names = listed([user.name for user in transcript.users], 4)
    topic = shortened(transcript.topic, 80) or "no topic"
    return f"{transcript.index} · {topic} · {count(len(transcript.comments), 'comment')} by {names}"
