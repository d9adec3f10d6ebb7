"""Pages of a study and of its runs: progress and failures by condition, and every run to open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from syndisco_nb.builder import Study
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Share, Table
from syndisco_nb.display.pages.design_pages import design_page
from syndisco_nb.display.pages.labels_by_condition import labels_by_condition
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.run_pages import FAILURE_HEAD, failure_rows, run_page, text_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.wording import count, more

_APART = 20_000
"""Bytes of an output that are kept for the design and the tables."""


@make_page.register
def study_page(study: Study, limits: Limits) -> Page:
    """Return the page of a study; as a file, it is the report of all runs."""
    page = runs_page(study, limits, "Study")
    design = design_page(study.design, limits)
    fold = Fold(f"The design: {design.title}", design)
    return Page(page.kind, page.title, (*page.facts, ("seed", str(study.seed))), (*page.blocks, fold), page.progress)


@make_page.register(ConditionRuns)
def runs_page(runs: ConditionRuns[Any], limits: Limits, kind: str = "Runs of a study") -> Page:
    """Return the page of one run per condition."""
    labels = runs.labels  # read from the folder, so once
    done, total = sum(map(len, runs.values())), sum(run.total for run in runs.values())
    noun = "annotation set" if any(run.holds is AnnotationSet for run in runs.values()) else "discussion"
    begun = len(runs) == len(runs.levels)
    varied = " × ".join(next(iter(runs.levels.values()), {}))
    facts = (("folder", str(runs.folder)), *([("conditions", f"{len(runs.levels):,} ({varied})")] if varied else []))
    return Page(
        kind,
        f"{done:,} of {count(total, noun)}" + ("" if begun else " in the conditions begun"),
        facts,
        (
            *_advice(runs),
            _conditions(runs, limits),
            *_failures(runs, limits),
            *labels_by_condition(runs if labels is None else labels, limits),
            *_folds(runs, labels, limits),
        ),
        None if done == total else Share(done / total, f"{done / total:.0%} finished"),
    )


def _advice(runs: ConditionRuns[Any]) -> list[Note]:
    """Return how to go on, if something is missing."""
    if runs.finished:
        return []
    status = {run.status for run in runs.values()}
    if "running" in status:
        return [Note("It is running, or its process was killed; then, run the same cell again to go on.", warning=True)]
    return [Note("Not all of it is there. Run the same cell again to go on from here.", warning=True)]


def _conditions(runs: ConditionRuns[Any], limits: Limits) -> Table:
    """Return a table of the progress of each condition."""

    def row(condition: str) -> tuple[str | Share, ...]:
        if condition not in runs:
            return (condition, Share(0, "none"), "not begun")
        run = runs[condition]
        share = Share(len(run) / max(1, run.total), f"{len(run):,} of {run.total:,}")
        failed = len(failure_rows(run))
        return (condition, share, run.status + (f", {failed:,} failed" if failed else ""))

    return limited_table("Conditions", ("condition", "finished", "status"), list(runs.levels), row, limits)


def _failures(runs: ConditionRuns[Any], limits: Limits) -> list[Table]:
    rows = [(condition, *row) for condition, run in runs.items() for row in failure_rows(run)]
    return text_table("Failures", ("condition", *FAILURE_HEAD), rows, limits)


def _folds(runs: ConditionRuns[Any], labels: ConditionRuns[AnnotationSet] | None, limits: Limits) -> Iterator[Block]:
    """Return a fold for each condition, with its run inside."""
    shown = list(runs.items())[: limits.max_items]
    each = replace(limits, max_bytes=(limits.max_bytes - _APART) // max(1, len(shown)))
    for condition, run in shown:
        page = run_page(run, each, labels[condition] if labels and condition in labels else None)
        yield Fold(f"{condition}: {page.title}", page)
    if len(runs) > len(shown):
        yield Note(f"{more(len(runs) - len(shown))}: this[condition].")
