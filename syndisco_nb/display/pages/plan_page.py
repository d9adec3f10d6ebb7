"""Page of a plan."""

from syndisco_nb.analysis.contrasts.power_plan import Plan
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page, Share
from syndisco_nb.display.pages.figure_page import figure_block
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import decimal, percent

_HEAD = ("discussions per condition", "power", "simulation error")


@make_page.register
def plan_page(thing: Plan, limits: Limits) -> Page:
    """Return the page of a plan: the number needed, then the power at each size."""
    rows = [(f"{row.discussions:,}", row.power, f"±{1.96 * row.error:.1%}") for row in thing.rows]
    table = limited_table(
        "Power", _HEAD, rows, lambda row: (row[0], Share(row[1], percent(row[1])), row[2]), limits, ".rows"
    )
    facts = {
        "measure": thing.measure,
        "difference": decimal(thing.difference),
        "target power": percent(thing.power),
        "pilot": thing.pilot,
        "80% range": f"{thing.likely[0]:,} to {thing.likely[1]:,}, since the pilot's standard deviation is uncertain"
        if thing.likely
        else "",
        "left out": str(thing.left_out),
    }
    warnings = [Note(text, warning=True) for text in thing.warnings]
    return Page(
        "Plan",
        thing.title,
        tuple((name, text) for name, text in facts.items() if text),
        (figure_block(thing.plot(), ""), table, *warnings, Note(f"Method. {thing.method}")),
    )
