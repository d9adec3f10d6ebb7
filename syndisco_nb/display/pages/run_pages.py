"""Pages of a run, of a part of it, of a failure and of a skipped file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import accumulate
from typing import Any

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Fold, Note, Page, Prompt, Share, Table
from syndisco_nb.display.pages.annotated_page import Annotated, about_texts, annotated_page
from syndisco_nb.display.pages.annotation_pages import annotation_set_page
from syndisco_nb.display.pages.label_blocks import distributions, low_mass_warning
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.phrases import setting_pairs
from syndisco_nb.display.pages.transcript_page import transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import RecordError
from syndisco_nb.experiments.labelling_sources import labels_about
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.wording import call_text, count, listed, more, shortened, value_text

FAILURE_HEAD = ("unit", "turn", "error", "message", "attempts")

_OPENABLE = 10
"""The most records that one notebook output unfolds; a page written to a file holds all."""
_SHARE = 0.85
"""The share of `Limits.max_bytes` for these records."""
_READ = 10
"""The most bytes to read for a page, as a multiple of `Limits.max_bytes`: 3 MB by default, which takes 50 ms."""
_CELL, _FACT = 400, 120
"""The most characters in a cell of a table, and in a fact at the top of a page."""
_ADVICE = {
    "interrupted": "It was interrupted. Run the same cell again to go on from here.",
    "partial": "Some of it failed. Run the same cell again to try only those again.",
    "failed": "It could not start, or not write. Mend what the error said, and run the same cell again.",
    "paused": "It is paused, or its process was killed; then, run the same cell again to go on from here.",
    "running": "It is running, or its process was killed; then, run the same cell again to go on from here.",
}


@make_page.register(Run)
def run_page(run: Run[Any], limits: Limits, labels: Run[AnnotationSet] | None = None) -> Page:
    """Return the page of a run: its progress, its failures, and its records, folded.

    Parameters
    ----------
    run : Run
    limits : Limits
    labels : Run of AnnotationSet, optional
        Labels of its discussions, to show on their comments.
    """
    noun = "discussion" if run.spec.get("annotators") is None else "annotation set"
    failed, skipped = failure_rows(run), [(entry.file, entry.because) for entry in run.skipped]
    facts = {
        "folder": str(run.folder),
        "status": run.status,
        "failed": f"{len(failed):,}" if failed else "",
        **_settings(run),
    }
    advice = [Note(_ADVICE[run.status], warning=True)] if run.status in _ADVICE else []
    tables = [
        *text_table("Failures", FAILURE_HEAD, failed, limits),
        *text_table("Skipped files", ("file", "reason"), skipped, limits),
    ]
    return Page(
        "Run",
        f"{len(run):,} of {count(run.total, noun)}",
        tuple((name, value) for name, value in facts.items() if value),
        (*advice, *tables, *_record_blocks(run, limits, "run", labels)),
        Share(len(run) / run.total, f"{len(run) / run.total:.0%} finished") if len(run) < run.total else None,
    )


@make_page.register
def corpus_page(corpus: Corpus, limits: Limits) -> Page:
    """Return the page of a corpus: its discussions, folded, with their labels, and the files that were skipped."""
    facts = {
        "source": str(corpus.source) if corpus.source else "",
        "comments": f"{sum(map(len, corpus)):,}",
        "annotators": f"{len({one.index for one in corpus.annotations}):,}" if corpus.annotations else "",
    }
    skipped = [(entry.file, entry.because) for entry in corpus.skipped]
    return Page(
        "Corpus",
        count(len(corpus), "discussion"),
        tuple((name, value) for name, value in facts.items() if value),
        (
            *text_table("Skipped files", ("file", "reason"), skipped, limits),
            *_record_blocks(corpus, limits, "corpus", corpus.annotations or None),
        ),
    )


@make_page.register(Records)
def records_page(records: Records[Any], limits: Limits) -> Page:
    """Return the page of several discussions, or of labels."""
    talks = all(isinstance(record, Transcript) for record in records)
    kind, noun = ("Discussions", "discussion") if talks else ("Labels", "annotation set")
    return Page(kind, count(len(records), noun), (), tuple(_record_blocks(records, limits, "this")))


@make_page.register
def failure_page(failure: Failure, limits: Limits) -> Page:
    """Return the page of a failure, with the prompt that failed."""
    prompt = [Prompt("Prompt", failure.prompt)] if failure.prompt else []
    return Page("Failure", failure.unit, setting_pairs({**asdict(failure), "prompt": None}), tuple(prompt))


@make_page.register
def skipped_page(skipped: Skipped, limits: Limits) -> Page:
    """Return the page of a skipped file."""
    return Page("Skipped", skipped.file, (("because", skipped.because),))


def failure_rows(run: Run[Any]) -> list[tuple[str, ...]]:
    """Return the failures of a run as rows under `FAILURE_HEAD`."""
    if len(run) == run.total:
        return []  # not from `run.failures`, a table, which would import pandas
    table = run.failures.astype({"turn": "string", "attempt": "string"}).fillna({"turn": ""})
    return list(table[["unit", "turn", "error", "message", "attempt"]].itertuples(index=False, name=None))


def text_table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], limits: Limits) -> list[Table]:
    """Return a list with a table of shortened texts; an empty one without rows.

    Parameters
    ----------
    title : str
    head : tuple of str
    rows : sequence of tuple of str
    limits : Limits
    """
    cells = lambda row: tuple(shortened(cell, _CELL) for cell in row)  # noqa: E731
    return [limited_table(title, head, rows, cells, limits)] if rows else []


def _settings(run: Run[Any]) -> dict[str, str]:
    """Return the main settings of the experiment, shortened."""
    spec = run.spec
    settings: dict[str, Any] = {"seed": run.seed}
    for name, key in (("turns", "num_turns"), ("window", "window")):
        settings[name] = spec.get(key)
    for name in ("users", "annotators"):
        people = spec.get(name)
        if isinstance(people, Sequence):
            names = [str(person.get("name") or f"{name[:-1]} {number}") for number, person in enumerate(people)]
            settings[name] = listed(names)
    moderator, manager = spec.get("moderator"), spec.get("turn_manager")
    settings["moderator"] = moderator.get("name") if isinstance(moderator, Mapping) else None
    settings["next speaker"] = call_text(manager) if isinstance(manager, Mapping) else None
    settings["ends after"] = [call_text(stop) for stop in spec.get("stop") or [] if isinstance(stop, Mapping)]
    settings["scales"] = [str(scale.get("name")) for scale in spec.get("scales") or []]
    settings["model"] = [str(model.get("name")) for model in spec.get("models") or []]
    return {
        name: shortened(value_text(value), _FACT) for name, value in settings.items() if value not in (None, [], "")
    }


def _record_blocks(
    records: Sequence[Any],
    limits: Limits,
    name: str,
    labels: Run[AnnotationSet] | Records[AnnotationSet] | None = None,
) -> list[Fold | Note | Table]:
    """Return a folded page for each record that an output has room for, and the distributions of all labels.

    Parameters
    ----------
    records : Run, Corpus or Records
    limits : Limits
    name : str
        The name of the records in Python expressions such as "run[3]".
    labels : Run or Records of AnnotationSet, optional
        Labels of the discussions of a run or corpus.
    """
    openable = len(records) if limits.whole else _openable(records, limits)
    limits_of_each = replace(limits, max_bytes=int(limits.max_bytes * _SHARE / max(1, openable)))
    blocks: list[Fold | Note | Table] = []
    sets: list[AnnotationSet] = []
    for place in range(openable):
        try:
            record = records[place]
        except (RecordError, OSError) as error:
            blocks.append(Note(f"{name}[{place}] cannot be read: {error}", warning=True))
            continue
        if isinstance(record, Transcript):
            given = (
                labels_about(records.names[place], record, labels)
                if isinstance(records, Run | Corpus) and labels is not None
                else []
            )
            page = (
                annotated_page(Annotated(record, *about_texts(record, given)), limits_of_each)
                if given
                else transcript_page(record, limits_of_each)
            )
            blocks.append(Fold(_summary(record), page))
        else:
            sets.append(record)
            summary = f"{record.discussion} by {record.annotator_name}: {count(len(record.labels), 'label')}"
            blocks.append(Fold(summary, annotation_set_page(record, limits_of_each)))
    if openable < len(records):
        left, last = len(records) - openable, len(records) - 1
        places = f"{name}[{openable}]" + (f" to {name}[{last}]" if openable < last else "")
        blocks.append(Note(f"{more(left)}: {places}." if openable else f"Open them one by one: {places}."))
    return [*low_mass_warning(sets), *(distributions(sets) if len(sets) == len(records) else []), *blocks]


def _openable(records: Sequence[Any], limits: Limits) -> int:
    """Return the number of records that a notebook output has room for, and that can be read fast enough."""
    number = min(len(records), _OPENABLE, limits.max_items)
    if isinstance(records, Run):
        files = [records.folder / f"{name}.json" for name in records.names[:number]]
        sizes = [file.stat().st_size if file.exists() else 0 for file in files]
        number = sum(size <= limits.max_bytes * _READ for size in accumulate(sizes))
    return number


def _summary(transcript: Transcript) -> str:
    names = listed([user.name for user in transcript.users], 4)
    known = [shortened(text, 80) for text in (transcript.known_as, transcript.topic) if text]
    comments = count(len(transcript.comments), "comment")
    return f"{transcript.index} · {' · '.join(known) or 'no topic'} · {comments} by {names}"
