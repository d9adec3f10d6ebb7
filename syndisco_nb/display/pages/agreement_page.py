"""Pages of an agreement between annotators, and of one of its rows."""

from itertools import groupby

from syndisco_nb.analysis.agreement import Agreement, AgreementRow, alpha_text
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page, Share
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import count, listed

_HEAD = ("annotators", "comments", "labelled by each", "agreement", "Krippendorff's alpha")
_NOTE = (
    "Agreement is the share of equal labels among all pairs of labels of one comment. Alpha is 1 where all agree and 0 "
    "where they do as chance would have it; Krippendorff (2019) asks for .800, or .667 for tentative conclusions."
)
_UNDEFINED = "Alpha is not defined where all labels are the same: nothing tells agreement from a habit."


@make_page.register
def agreement_page(thing: Agreement, limits: Limits) -> Page:
    """Return the page of an agreement, with a table for each scale."""
    missing = {name: number for name, number in thing.missing.items() if number}
    tables = []
    for (scale, level), group in groupby(thing.rows, key=lambda row: (row.scale, row.level)):
        title = f"{scale} ({'as an ordinal scale' if level == 'ordinal' else 'equal or not'})"
        tables.append(limited_table(title, _HEAD, list(group), lambda row: _cells(row, thing), limits, ".rows"))
    facts = {
        "missing labels": ", ".join(f"{name} {number:,}" for name, number in list(missing.items())[:6]),
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
    facts = (("of", row.annotators), ("comments", f"{row.comments:,}"), ("agreement", f"{row.percent:.1f}%"))
    return Page("Agreement", row.scale, (*facts, ("Krippendorff's alpha", alpha_text(row.alpha))))


def _cells(row: AgreementRow, thing: Agreement) -> tuple[str | int | Share, ...]:
    pair = row.annotators == "all" and len(thing.annotators) == 2
    annotators = " – ".join(thing.annotators) if pair else row.annotators
    share = Share(row.percent / 100, f"{row.percent:.1f}%")
    return (annotators, row.comments, row.complete, share, alpha_text(row.alpha))
