"""Pages of a study's runs: how far each condition is, what failed, and every transcript to open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from syndisco_nb.builder import Study
from syndisco_nb.builder.conditions import ConditionRuns
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Share, Table
from syndisco_nb.display.pages.design_pages import design_page
from syndisco_nb.display.pages.run_pages import FAILURES, failures, run_page, table
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import AnnotationSet
from syndisco_nb.wording import count

_APART = 20_000
"""Bytes of a notebook's page that are kept for the design and the tables."""


@make_page.register
def study_page(study: Study, limits: Limits) -> Page:
    """Return the page of a study: as a file, the report of all that it made."""
    page = runs_page(study, limits, "Study")
    design = design_page(study.design, limits)
    fold = Fold(f"The design: {design.title}", design)
    return Page(page.kind, page.title, (*page.facts, ("seed", str(study.seed))), (*page.blocks, fold), page.progress)


@make_page.register(ConditionRuns)
def runs_page(runs: ConditionRuns[Any], limits: Limits, kind: str = "Runs of a study") -> Page:
    """Return the page of one run per condition."""
    done, total = sum(map(len, runs.values())), sum(run.total for run in runs.values())
    noun = "annotation set" if any(run.holds is AnnotationSet for run in runs.values()) else "discussion"
    begun = len(runs) == len(runs.levels)
    varied = " × ".join(next(iter(runs.levels.values()), {}))
    facts = (("folder", str(runs.folder)), *([("conditions", f"{len(runs.levels):,} ({varied})")] if varied else []))
    return Page(
        kind,
        f"{done:,} of {count(total, noun)}" + ("" if begun else " in the conditions begun"),
        facts,
        (*_trouble(runs), _conditions(runs, limits), *_failures(runs, limits), *_folds(runs, limits)),
        None if done == total else Share(done / total, f"{done / total:.0%} finished"),
    )


def _trouble(runs: ConditionRuns[Any]) -> list[Note]:
    """Return what to do where it is not all there."""
    if runs.finished:
        return []
    status = {run.status for run in runs.values()}
    if "running" in status:
        return [Note("It is running, or its process was killed; then, run the same cell again to go on.", warning=True)]
    return [Note("Not all of it is there. Run the same cell again to go on from here.", warning=True)]


def _conditions(runs: ConditionRuns[Any], limits: Limits) -> Table:
    """Return how far each condition is."""
    rows: list[tuple[str | Share, ...]] = []
    for condition in list(runs.levels)[: limits.max_items]:
        if condition in runs:
            run = runs[condition]
            share = Share(len(run) / max(1, run.total), f"{len(run):,} of {run.total:,}")
            failed = len(failures(run))
            rows.append((condition, share, run.status + (f", {failed:,} failed" if failed else "")))
        else:
            rows.append((condition, Share(0, "none"), "not begun"))
    left = len(runs.levels) - len(rows)
    return Table("Conditions", ("condition", "finished", "status"), tuple(rows), f"{left:,} more" if left else "")


def _failures(runs: ConditionRuns[Any], limits: Limits) -> list[Table]:
    rows = [(condition, *row) for condition, run in runs.items() for row in failures(run)]
    return table("Failures", ("condition", *FAILURES), rows, limits)


def _folds(runs: ConditionRuns[Any], limits: Limits) -> Iterator[Block]:
    """Return a fold for each condition, with its run inside."""
    shown = list(runs.items())[: limits.max_items]
    each = replace(limits, max_bytes=(limits.max_bytes - _APART) // max(1, len(shown)))
    for condition, run in shown:
        page = run_page(run, each)
        yield Fold(f"{condition}: {page.title}", page)
    if len(runs) > len(shown):
        yield Note(f"{len(runs) - len(shown):,} more: this[condition].")
