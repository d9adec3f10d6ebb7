"""Pages of an agreement between annotators, and of one of its rows."""

from itertools import groupby

from syndisco_nb.analysis.agreement import Agreement, AgreementRow, alpha_text
from syndisco_nb.analysis.statistics.bootstrap import Interval
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page, Share
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import count, listed

_HEAD = ("annotators", "comments", "labels per annotator", "agreement", "Krippendorff's alpha", "95% CI")
_NOTE = (
    "Agreement is the share of equal labels among all pairs of labels of one comment. Of alpha and Gwet's coefficient, "
    "1 is perfect agreement and 0 is chance level; Krippendorff (2019) asks for .800, or .667 for tentative "
    "conclusions. Alpha is low where one label dominates, Gwet's is not. Intervals are by bootstrap over discussions."
)
_LEVELS = {"nominal": "equal or not", "ordinal": "as an ordinal scale", "interval": "by distance"}
_UNDEFINED = "Alpha is not defined where all labels are the same: nothing tells agreement from a habit."


@make_page.register
def agreement_page(thing: Agreement, limits: Limits) -> Page:
    """Return the page of an agreement, with a table for each scale."""
    missing = {name: number for name, number in thing.missing.items() if number}
    tables = []
    for (scale, level), group in groupby(thing.rows, key=lambda row: (row.scale, row.level)):
        title = f"{scale} ({_LEVELS[level]})"
        head = (*_HEAD, f"Gwet's {'AC1' if level == 'nominal' else 'AC2'}", "95% CI")
        tables.append(limited_table(title, head, list(group), lambda row: _cells(row, thing), limits, ".rows"))
    facts = {
        "missing labels": ", ".join(f"{number:,} by {name}" for name, number in list(missing.items())[:6]),
        "left out": str(thing.left_out),
    }
    undefined = [Note(_UNDEFINED)] if any(row.alpha is None for row in thing.rows) else []
    return Page(
        "Agreement",
        f"{count(len(thing.annotators), 'annotator')}: {listed(thing.annotators)}",
        tuple((name, value) for name, value in facts.items() if value),
        (*tables, *(Note(note, warning=True) for note in thing.notes[: limits.max_items]), *undefined, Note(_NOTE)),
    )


@make_page.register
def row_page(row: AgreementRow, limits: Limits) -> Page:
    """Return the page of one measurement."""
    facts = (("annotators", row.annotators), ("comments", f"{row.comments:,}"), ("agreement", f"{row.percent:.1f}%"))
    name = "AC1" if row.level == "nominal" else "AC2"
    alpha, gwet = alpha_text(row.alpha, row.alpha_interval), alpha_text(*_gwet(row))
    coefficients = (("Krippendorff's alpha", alpha), (f"Gwet's {name}", gwet))
    return Page("Agreement", row.scale, (*facts, *coefficients))


def _gwet(row: AgreementRow) -> tuple[float | None, Interval | None]:
    """Return AC2, or AC1 where labels have no order, and its interval."""
    return (row.ac1, row.ac1_interval) if row.level == "nominal" else (row.ac2, row.ac2_interval)


def _cells(row: AgreementRow, thing: Agreement) -> tuple[str | int | Share, ...]:
    pair = row.annotators == "all" and len(thing.annotators) == 2
    annotators = " – ".join(thing.annotators) if pair else row.annotators
    share = Share(row.percent / 100, f"{row.percent:.1f}%")
    alpha, gwet = _coefficient(row.alpha, row.alpha_interval), _coefficient(*_gwet(row))
    return (annotators, row.comments, row.complete, share, *alpha, *gwet)


def _coefficient(value: float | None, interval: Interval | None) -> tuple[str, str]:
    """Return a coefficient and its interval, each for a column of its own."""
    text = alpha_text(value, interval)
    number, _, ends = text.partition(" (")
    return number, f"[{ends.removesuffix(')').replace(' to ', ', ')}]" if ends else ""
