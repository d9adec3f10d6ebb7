"""Pages of a run, of a part of it, of a failure and of a skipped file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from syndisco_nb.backend.setting_words import setting_words
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Note, Page, Prompt, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.listed_sources import finished_sources, unfinished_sources
from syndisco_nb.display.pages.listings import record_lists
from syndisco_nb.display.pages.phrases import Pairs, setting_pairs, window_text
from syndisco_nb.display.pages.run_progress import run_progress
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.run_status import ADVICE, status_in_words, true_status
from syndisco_nb.wording import count, listed, shortened, value_text

FAILURE_HEAD = ("discussion", "turn", "error", "message", "attempts")

_LEAST_SHARE = 1 / 3
"""The smallest share of the room for a list, where a run has finished and unfinished records."""
_CELL, _FACT = 400, 120
"""The most characters in a cell of a table, and in a fact at the top of a page."""


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
    noun, unit = ("discussion", "turn") if run.holds is Transcript else ("annotation set", "label")
    failed, skipped = failure_rows(run), [(entry.file, entry.because) for entry in run.skipped]
    status = true_status(run.folder, run.status)
    facts = (
        ("folder", str(run.folder)),
        ("status", f"{len(failed):,} failed" if status == "partial" else status_in_words(run.folder, status)),
    )
    words = f"{ADVICE[status].format(noun=noun)} {run.reason}".rstrip() if status in ADVICE else ""
    advice = [Note(words, warning=True)] if words else []
    tables = [
        *text_table("Failures", FAILURE_HEAD, [(unit_text(name), *rest) for name, *rest in failed], limits),
        *text_table("Skipped files", ("file", "reason"), skipped, limits),
    ]
    is_over = len(run) == run.total
    return Page(
        "Run",
        f"{len(run):,} of {count(run.total, noun)}" + ("" if is_over else " finished"),
        facts,
        (*advice, *tables, *_lists(run, limits, labels, {unit: error for unit, _, error, *_ in failed}, status)),
        None if is_over else run_progress(run).bar(unit),
        _settings(run),
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
            *record_lists("Discussions", finished_sources(corpus, limits, "corpus", corpus.annotations), limits),
        ),
    )


@make_page.register(Records)
def records_page(records: Records[Any], limits: Limits) -> Page:
    """Return the page of several discussions, or of labels."""
    talks = all(isinstance(record, Transcript) for record in records)
    kind, noun = ("Discussions", "discussion") if talks else ("Labels", "annotation set")
    return Page(
        kind,
        count(len(records), noun),
        (),
        tuple(record_lists("", finished_sources(records, limits, "this"), limits)),
    )


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


def _lists(
    run: Run[Any], limits: Limits, labels: Run[AnnotationSet] | None, failed: Mapping[str, str], status: str
) -> Iterator[Block]:
    """Yield the list of the finished records of a run, and that of the unfinished ones."""
    noun = "discussions" if run.holds is Transcript else "labels"
    begun = unfinished_sources(run, failed, "in progress" if status in ("running", "paused") else "stopped")
    number = len(run) + len(begun)
    share = min(1 - _LEAST_SHARE, max(_LEAST_SHARE, len(run) / max(1, number))) if len(run) and begun else 1.0
    if len(run):
        room = replace(limits, max_bytes=int(limits.max_bytes * share))
        title = f"Finished {noun}" if begun else noun.capitalize()
        yield from record_lists(title, finished_sources(run, limits, "run", labels), room)
    if begun:
        room = replace(limits, max_bytes=int(limits.max_bytes * (1 - share if len(run) else share)))
        yield from record_lists(f"Unfinished {noun}", begun, room)
        yield Note(f"Read them with {begun[0].where}; no analysis counts them.")


def _settings(run: Run[Any]) -> Pairs:
    """Return the main settings of the experiment, shortened."""
    spec, settings = run.spec, dict[str, Any]()
    for name in ("users", "annotators"):
        people = spec.get(name)
        if isinstance(people, Sequence):
            names = [str(person.get("name") or f"{name[:-1]} {number}") for number, person in enumerate(people)]
            settings["participants" if name == "users" else name] = listed(names)
    moderator, manager, window = spec.get("moderator"), spec.get("turn_manager"), spec.get("window")
    settings["moderator"] = moderator.get("name") if isinstance(moderator, Mapping) else None
    settings["scales"] = [str(scale.get("name")) for scale in spec.get("scales") or []]
    settings["turns"] = spec.get("num_turns")
    settings["turn-taking"] = setting_words(manager) if isinstance(manager, Mapping) else None
    stops = [setting_words(stop) for stop in spec.get("stop") or [] if isinstance(stop, Mapping)]
    settings["ends after"] = " or ".join(stops)
    remembered = "remembered" if run.holds is Transcript else "context"
    settings[remembered] = window_text(window, spec.get("window_counts", "")) if isinstance(window, int) else None
    settings["model"] = list(dict.fromkeys(str(model.get("name")) for model in spec.get("models") or []))
    settings["seed"] = run.seed
    texts = {name: shortened(value_text(value), _FACT) for name, value in settings.items()}
    return tuple((name, text) for name, text in texts.items() if text not in ("", "None"))
