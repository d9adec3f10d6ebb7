"""Pages of the tables of a run: costs, failures, order of work, skipped files."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.prices import price_notes
from syndisco_nb.runs.shown_tables import CostFigures, FailureRows, OrderRows, SkippedFiles
from syndisco_nb.wording import count, more, shortened

_PARTS = {
    "calls": "calls",
    "prompt_tokens": "prompt tokens",
    "completion_tokens": "completion tokens",
    "seconds": "time (s)",
    "memory_mb": "memory (MB)",
    "gpu_memory_mb": "GPU memory (MB)",
    "price_usd": "price (US$)",
}
_PEAKS = ("memory_mb", "gpu_memory_mb")
"""Parts of a cost of which the total is the highest."""
_COUNTED = ("prompt_tokens", "completion_tokens", *_PEAKS)
"""Parts of a cost that are 0 where nothing was measured."""
_UNMEASURED, _UNESTIMATED, _UNPRICED = "not measured", "no estimate", "no price"
_DECIMALS = {"seconds": 1, "price_usd": 2}
_CELL, _PROMPTS = 400, 5
"""The most characters in a cell, and the most prompts."""

Part = dict[str, float | None]
"""Figures by part of the cost; None where they are not known."""
Figures = dict[str, Part]
"""The same by condition; "" for a single run."""


@make_page.register
def costs_page(costs: CostFigures, limits: Limits) -> Page:
    """Return the page of a table of costs: of one run, its parts; of several, a row for each run."""
    table: Any = costs
    if table.empty:
        return Page("Costs", "No run yet.")
    of_several = "condition" in table
    estimate, truth = (_figures(table, column, of_several) for column in ("estimate", "truth"))
    parts = [part for part in _PARTS if any(part in of_run and _shows(part, of_run) for of_run in truth.values())]
    paid = any(of_run.get("price_usd") is not None for of_run in (*truth.values(), *estimate.values()))
    notes = [
        Note(text)
        for text in price_notes(table.attrs.get("unpriced", ()), table.attrs.get("price_source"), priced=paid)
    ]
    if of_several:
        blocks = (*_of_several(truth, estimate, parts, limits), *notes)
        return Page("Costs", count(len(truth), "condition"), (), blocks)
    return Page("Costs", _title(truth[""]), (), (*_of_one(truth[""], estimate[""], parts), *notes))


@make_page.register
def failures_page(failures: FailureRows, limits: Limits) -> Page:
    """Return the page of a table of failures, with the first prompts that failed."""
    table: Any = failures
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    if not rows:
        return Page("Failures", "Nothing failed.")
    condition = ("condition",) if "condition" in rows[0] else ()
    head = (*condition, "discussion", "turn", "error", "message", "attempts")

    def cells(row: dict[str, Any]) -> tuple[str | int, ...]:
        turn = "" if row["turn"] is None else f"{int(row['turn']):,}"
        message = shortened(row["message"], _CELL)
        place = (*(row[name] for name in condition), unit_text(row["unit"]))
        return (*place, turn, row["error"], message, int(row["attempt"]))

    asked = [row for row in rows if row["prompt"]]
    prompts = [Fold(f"Prompt of {_named(row)}", _sent(row)) for row in asked[:_PROMPTS]]
    left = more(len(asked) - len(prompts), "its column prompt")
    notes = [Note(f"Prompts: {left}.")] if left else []
    table_of = limited_table("", head, rows, cells, limits)
    return Page("Failures", f"{len(rows):,} failed", (), (table_of, *prompts, *notes))


@make_page.register
def order_page(order: OrderRows, limits: Limits) -> Page:
    """Return the page of an order of work: of each condition, when it was worked on; of each unit, how it ended."""
    table: Any = order
    if table.empty:
        return Page("Order of work", "Nothing is on record.")
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    condition = ("condition",) if "condition" in table else ()
    head = (*condition, "unit", "began (UTC)", "ended (UTC)", "outcome")

    def cells(row: dict[str, Any]) -> tuple[str, ...]:
        times = (_moment(row["began"]), _moment(row["ended"]))
        return (*(row[name] for name in condition), unit_text(row["unit"]), *times, row["outcome"] or "")

    units = limited_table("Units" if condition else "", head, rows, cells, limits)
    title = f"{_moment(table['began'].min())} to {_moment(table[['began', 'ended']].max().max())} UTC"
    if not condition:
        return Page("Order of work", title, (), (units,))
    hours = tuple(
        (
            str(name),
            part["unit"].nunique(),
            _moment(min(part["began"])),
            _moment(max(part["ended"].dropna(), default=None)),
        )
        for name, part in table.groupby("condition", sort=False)
    )
    conditions = Table("Conditions", ("condition", "units", "first began (UTC)", "last ended (UTC)"), hours)
    return Page("Order of work", title, (), (conditions, units))


@make_page.register
def skipped_files_page(files: SkippedFiles, limits: Limits) -> Page:
    """Return the page of a list of skipped files."""
    if not files:
        return Page("Skipped files", "Nothing was skipped.")
    rows = limited_table("", ("file", "reason"), files, lambda one: (one.file, shortened(one.because, _CELL)), limits)
    return Page("Skipped files", f"{count(len(files), 'file')} skipped", (), (rows,))


def _named(row: dict[str, Any]) -> str:
    return ", ".join([*([row["condition"]] if "condition" in row else []), unit_text(row["unit"])])


def _moment(time: datetime | None) -> str:
    """Return a time to the second, "" for none; the data frame has it to the millisecond."""
    return f"{time:%Y-%m-%d %H:%M:%S}" if time else ""


def _sent(row: dict[str, Any]) -> Page:
    return Page("Prompt", _named(row), (), (Note(row["prompt"], body=True),))


def _figures(table: Any, column: str, of_several: bool) -> Figures:
    figures: Figures = {}
    conditions = table["condition"] if of_several else [""] * len(table)
    parts = table["part"] if of_several else table.index
    for condition, part, value in zip(conditions, parts, table[column], strict=True):
        known = value is not None and math.isfinite(value) and (value or part not in _COUNTED)
        figures.setdefault(str(condition), {})[str(part)] = float(value) if known else None
    return figures


def _of_one(truth: Part, estimate: Part, parts: Sequence[str]) -> Iterable[Block]:
    """Yield the table of a single cost, beside its estimate if there is one."""
    actual = [(_PARTS[part], _text(part, truth[part])) for part in parts]
    if not _is_known(estimate):
        yield Table("", ("", "actual"), tuple(actual))
        yield Note("There is no estimate: estimate() before the run sets one beside it.")
        return
    compared = [(_text(part, estimate[part], _UNESTIMATED), _ratio(truth[part], estimate[part])) for part in parts]
    rows = tuple((name, guess, text, ratio) for (name, text), (guess, ratio) in zip(actual, compared, strict=True))
    yield Table("", ("", "estimate", "actual", "actual ÷ estimate"), rows)


def _of_several(truth: Figures, estimate: Figures, parts: Sequence[str], limits: Limits) -> Iterable[Block]:
    """Yield a table of the actual costs and, where there are estimates, one of these and one of the ratios."""
    head = ("condition", *(_PARTS[part] for part in parts))
    totals = {"truth": _total(truth, parts), "estimate": _total(estimate, parts)}

    def table(title: str, figures: Figures, total: Part, missing: str) -> Table:
        rows = [*figures.items(), *([("all", total)] if len(figures) > 1 else [])]
        return limited_table(
            title,
            head,
            rows,
            lambda row: (row[0], *(_text(part, row[1].get(part), missing) for part in parts)),
            limits,
        )

    yield table("Actual", truth, totals["truth"], _UNMEASURED)
    if any(map(_is_known, estimate.values())):
        yield table("Estimate", estimate, totals["estimate"], _UNESTIMATED)
        both = [(name, truth[name], estimate[name]) for name in truth]
        both += [("all", totals["truth"], totals["estimate"])] if len(truth) > 1 else []
        ratios = tuple(
            (name, *(_ratio(actual.get(part), guess.get(part)) for part in parts)) for name, actual, guess in both
        )
        yield Table("Actual ÷ estimate", ("condition", *(_PARTS[part].partition(" (")[0] for part in parts)), ratios)


def _total(figures: Figures, parts: Sequence[str]) -> Part:
    total: Part = {}
    for part in parts:
        values = [of_run.get(part) for of_run in figures.values()]
        known = [value for value in values if value is not None]
        if part in _PEAKS:
            total[part] = max(known, default=None)
        else:  # models without a price are named below the table
            total[part] = sum(known) if (known and part == "price_usd") or len(known) == len(values) else None
    return total


def _shows(part: str, figures: Part) -> bool:
    """Return whether a part is shown: memory of a GPU only where there is one, a price only where it is known."""
    return part not in ("gpu_memory_mb", "price_usd") or bool(figures[part])


def _title(truth: Part) -> str:
    return f"{count(int(truth.get('calls') or 0), 'call')} to models"


def _text(part: str, value: float | None, missing: str = _UNMEASURED) -> str:
    if value is None:
        return _UNPRICED if part == "price_usd" and missing == _UNMEASURED else missing
    return f"{value:,.{_DECIMALS.get(part, 0)}f}"


def _is_known(figures: Part) -> bool:
    return any(value is not None for value in figures.values())


def _ratio(actual: float | None, guess: float | None) -> str:
    return f"{actual / guess:.2f}" if actual and guess else ""
