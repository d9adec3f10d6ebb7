"""Pages of a study and of its runs: progress and failures by condition, and every run to open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from syndisco_nb.builder import Study
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Share, Table
from syndisco_nb.display.pages.design_pages import design_page
from syndisco_nb.display.pages.labels_by_condition import labels_by_condition
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.run_pages import FAILURE_HEAD, failure_rows, run_page, text_table
from syndisco_nb.display.pages.run_progress import Progress, run_progress, total_progress
from syndisco_nb.display.registry import make_page
from syndisco_nb.field_labels import field_label
from syndisco_nb.records import AnnotationSet
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.run_status import ADVICE, WORDS, status_in_words, true_status
from syndisco_nb.wording import count, more, percent

_WORST_FIRST = ("failed", "killed", "interrupted", "partial")
_APART = 20_000
"""Bytes of an output that are kept for the design and the tables."""


class WaitingCondition(NamedTuple):
    """Number of discussions of a condition that has not started, and of turns in each."""

    total: int
    turns: int


@make_page.register
def study_page(study: Study, limits: Limits) -> Page:
    """Return the page of a study; as a file, it is the report of all runs."""
    waiting = [settings.turns for name, settings in study.design.conditions().items() if name not in study]
    page = runs_page(study, limits, "Study", [WaitingCondition(study.design.discussions, turns) for turns in waiting])
    design = design_page(study.design, limits)
    fold = Fold(f"The design: {design.title}", design)
    return replace(page, facts=(*page.facts, ("seed", str(study.seed))), blocks=(*page.blocks, fold))


@make_page.register(ConditionRuns)
def runs_page(
    runs: ConditionRuns[Any], limits: Limits, kind: str = "", waiting: Sequence[WaitingCondition] = ()
) -> Page:
    """Return the page of one run per condition; `waiting` are those that have not started, as far as they are known."""
    labels = runs.labels  # read from the folder, so once
    done, total = (
        sum(map(len, runs.values())),
        sum(run.total for run in runs.values()) + sum(one.total for one in waiting),
    )
    are_labels = any(run.holds is AnnotationSet for run in runs.values())
    noun, unit = ("annotation set", "label") if are_labels else ("discussion", "turn")
    is_whole = len(runs) + len(waiting) == len(runs.levels)
    varied = " × ".join(map(field_label, next(iter(runs.levels.values()), {})))
    facts = (("folder", str(runs.folder)), *([("conditions", f"{len(runs.levels):,} ({varied})")] if varied else []))
    started = "" if is_whole else " in the conditions that have started"
    progress = {condition: run_progress(run) for condition, run in runs.items()}
    planned = [Progress(0, one.total * one.turns) for one in waiting]
    return Page(
        kind or f"{'Labels' if are_labels else 'Runs'} of a study",
        f"{done:,} of {count(total, noun)}{'' if done == total else ' finished'}{started}",
        facts,
        (
            *_advice(runs, noun),
            _conditions(runs, progress, unit, limits),
            *_failures(runs, limits),
            *labels_by_condition(runs if labels is None else labels, limits),
            *_folds(runs, labels, limits),
        ),
        None if done == total else total_progress([*progress.values(), *planned]).bar(unit),
    )


def _advice(runs: ConditionRuns[Any], noun: str) -> list[Note]:
    """Return how to go on, if something is missing."""
    statuses = [true_status(run.folder, run.status) for run in runs.values()]
    if runs.finished or "running" in statuses:
        return []
    worst = next(
        (status for status in ("failed", "killed", "interrupted", "partial") if status in statuses), "interrupted"
    )
    reasons = dict.fromkeys(run.reason for run in runs.values() if run.reason)  # of runs with one model, the same
    return [Note(" ".join([ADVICE[worst].format(noun=noun), *reasons]), warning=True)]


def _conditions(runs: ConditionRuns[Any], progress: Mapping[str, Progress], unit: str, limits: Limits) -> Table:
    """Return a table of the progress of each condition."""

    def row(condition: str) -> tuple[str | Share, ...]:
        if condition not in runs:
            return (condition, "", Share(0, "0%"), WORDS["waiting"])
        run = runs[condition]
        failed = len(failure_rows(run))
        share = 1.0 if len(run) == run.total else progress[condition].share or len(run) / max(1, run.total)
        words = status_in_words(run.folder, true_status(run.folder, run.status))
        return (
            condition,
            f"{len(run):,} of {run.total:,}",
            Share(share, percent(share)),
            f"{failed:,} failed" if failed else words,
        )

    head = ("condition", "finished", f"{unit}s kept", "status")
    return limited_table("Conditions", head, list(runs.levels), row, limits)


def _failures(runs: ConditionRuns[Any], limits: Limits) -> list[Table]:
    rows = [(condition, unit_text(unit), *row) for condition, run in runs.items() for unit, *row in failure_rows(run)]
    return text_table("Failures", ("condition", *FAILURE_HEAD), rows, limits)


def _folds(runs: ConditionRuns[Any], labels: ConditionRuns[AnnotationSet] | None, limits: Limits) -> Iterator[Block]:
    """Return a fold for each condition, with its run inside."""
    shown = list(runs.items())[: limits.max_items]
    each = replace(limits, max_bytes=(limits.max_bytes - _APART) // max(1, len(shown)))
    for condition, run in shown:
        page = run_page(run, each, labels[condition] if labels and condition in labels else None)
        kept = f" · {page.progress.text}" if page.progress else ""
        yield Fold(f"{condition}: {page.title}{kept}", page)
    if len(runs) > len(shown):
        yield Note(f"{more(len(runs) - len(shown))}: this[condition].")
