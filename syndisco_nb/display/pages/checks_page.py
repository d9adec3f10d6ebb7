"""Pages of checks, and of one of them."""

from syndisco_nb.analysis.checks.check_table import Check, Checks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import count, listed, p_text

_HEAD = ("check", "result", "figure", "expected", "checked", "p", "finding")
_NOTE = (
    "In a run without faults, 199 of 200 figures are in their expected range. Tests are corrected together (Holm), "
    "so that a false alarm anywhere has a probability of .05 at most."
)
_NOTHING = "Checks compare records with the settings of a run, and look at models' comments. Neither is here."


@make_page.register
def checks_page(thing: Checks, limits: Limits) -> Page:
    """Return the page of checks: a table, failures first."""
    if not thing:
        return Page("Checks", "Nothing to check", (), (Note(_NOTHING),))
    undecided = len(thing) - sum(map(len, (thing.failed, thing.warned, thing.passed)))
    facts = {
        "failed": listed([row.name for row in thing.failed]),
        "warnings": listed([row.name for row in thing.warned]),
        "passed": f"{len(thing.passed):,}",
        "undecided": f"{undecided:,}" if undecided else "",
    }
    bad = [*thing.failed, *thing.warned]
    counts = [f"{len(thing.failed)} failed"] if thing.failed else []
    counts += [count(len(thing.warned), "warning")] if thing.warned else []
    title = f"{count(len(thing), 'check')}: {', '.join(counts) or 'no problems found'}"
    warnings = tuple(Note(f"{_place(row)}: {row.explanation}", warning=True) for row in bad[: limits.max_items])
    table = limited_table("", _HEAD, thing.rows, _cells, limits, ".rows")
    return Page(
        "Checks",
        title,
        tuple((name, value) for name, value in facts.items() if value),
        (*warnings, table, Note(_NOTE)),
    )


@make_page.register
def check_page(row: Check, limits: Limits) -> Page:
    """Return the page of one check."""
    cells = dict(zip(_HEAD, _cells(row), strict=True))
    facts = tuple((name, cells[name]) for name in _HEAD[1:-1] if cells[name])
    note = (Note(row.explanation, warning=row.status in ("fail", "warn")),) if row.explanation else ()
    return Page("Check", _place(row), facts, note)


def _cells(row: Check) -> tuple[str, ...]:
    finding = "" if row.status in ("fail", "warn") else row.explanation
    return (
        _place(row),
        {"pass": "passed", "fail": "failed", "warn": "warning", "cannot tell": "undecided"}.get(row.status, row.status),
        _number(row.figure),
        row.expected,
        f"{row.n:,}",
        "" if row.p is None else p_text(row.p).removeprefix("p "),
        finding,
    )


def _place(row: Check) -> str:
    return f"{row.name} ({row.condition})" if row.condition else row.name


def _number(figure: float | None) -> str:
    """Return counts whole, and shares with three digits."""
    if figure is None:
        return ""
    return f"{figure:,.0f}" if figure == round(figure) else f"{figure:.3g}".replace("-", "−")
