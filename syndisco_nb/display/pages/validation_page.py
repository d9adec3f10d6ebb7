"""Pages of a validation of labels, and of one of its rows."""

import math

from syndisco_nb.analysis.contrasts.level_comparison import interval_text
from syndisco_nb.analysis.validation.validation import ScaleValidation, Validation, figures
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Note, Page, Share, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import count, decimal, listed

_NOTE = (
    "Intervals are by bootstrap over discussions. Krippendorff (2019) asks for an alpha of .800, or .667 for "
    "tentative conclusions; alpha is low where one label dominates, Gwet's AC1 is not."
)
_ALTERNATIVE = (
    "A model may take a person's place where the winning rate is .5 or more (Calderon, Reichart & Dror 2025); the "
    "advantage is the probability that it is as near to the other people as a person is."
)
_CORRECTED = (
    "Corrected means: the annotator's labels of all comments, plus its mean error on the random sample that people "
    "labelled (prediction-powered inference, Angelopoulos et al. 2023)."
)
_WORDS = {
    "accuracy": "equal labels",
    "macro_f1": "macro F1",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
    "ac2": "Gwet's AC2",
    "bias": "bias (annotator − people)",
    "polarisation": "polarisation (nDFU) of the annotator",
    "people_polarisation": "polarisation (nDFU) of people",
    "winning_rate": "winning rate",
    "advantage": "advantage",
}


@make_page.register
def validation_page(thing: Validation, limits: Limits) -> Page:
    """Return the page of a validation: a table of figures, of labels and of confusions for each scale and annotator."""
    parts = {"all": "", "test": "discussions held out", "tuning": "discussions to tune on"}
    shown = thing.rows[: limits.max_items]
    facts = {"part": parts[thing.part], "left out": str(thing.left_out)}
    verdicts = limited_table(
        "Verdicts",
        ("scale", "annotator", "comments", "discussions", "alpha", "verdict"),
        list(thing.rows),
        lambda row: (row.scale, row.annotator, row.comments, row.discussions, decimal(row.alpha), row.trust),
        limits,
        ".rows",
    )
    notes = [Note(warning, warning=True) for warning in thing.warnings[: limits.max_items]]
    tables = [block for row in shown for block in _blocks(row, limits, f"{row.scale} by {row.annotator}")]
    return Page(
        "Validation",
        f"{count(len({row.annotator for row in thing.rows}), 'annotator')} against {listed(thing.people)}",
        tuple((name, value) for name, value in facts.items() if value),
        (verdicts, *notes, *tables, *_explanations(thing)),
    )


@make_page.register
def scale_validation_page(row: ScaleValidation, limits: Limits) -> Page:
    """Return the page of one annotator's labels on one scale."""
    facts = (
        ("against", listed(row.people)),
        ("comments", f"{row.comments:,}"),
        ("discussions", f"{row.discussions:,}"),
        ("verdict", row.trust),
    )
    notes = [Note(warning, warning=True) for warning in row.warnings]
    return Page("Validation", f"{row.scale} by {row.annotator}", facts, (*notes, *_blocks(row, limits, "Figures")))


def _blocks(row: ScaleValidation, limits: Limits, title: str) -> list[Block]:
    cells = [one for one in figures(row) if one["figure"] in _WORDS]
    blocks: list[Block] = [
        Table(title, ("figure", "value", "95% CI"), tuple(_figure_cells(one, _WORDS[one["figure"]]) for one in cells))
    ]
    if row.corrected:
        estimates = [
            (name or "mean", decimal(one.estimate), _ends(*one.interval), decimal(one.model))
            for name, one in row.corrected.items()
        ]
        columns = ("corrected mean", "value", "95% CI", "annotator's labels alone")
        blocks.append(limited_table("Corrected means", columns, estimates, lambda cells: cells, limits, ".corrected"))
    if row.classes:
        blocks.append(
            limited_table(
                "Labels",
                ("label", "by people", "by the annotator", "precision", "recall", "F1"),
                [one for one in row.classes if one.gold or one.given],
                lambda one: (
                    one.label,
                    _number(one.gold),
                    _number(one.given),
                    *(_share(getattr(one, name)) for name in ("precision", "recall", "f1")),
                ),
                limits,
                ".classes",
            )
        )
        labels = tuple(one.label for one in row.classes)
        lines = list(zip(labels, row.confusion, strict=True))
        head: tuple[str, ...] = ("people ↓ annotator →", *labels)
        blocks.append(
            limited_table(
                "Confusion", head, lines, lambda line: (line[0], *map(_number, line[1])), limits, ".confusion"
            )
        )
    return blocks


def _explanations(thing: Validation) -> list[Note]:
    texts = [_NOTE]
    texts += [_ALTERNATIVE] if any(row.alternative for row in thing.rows) else []
    texts += [_CORRECTED] if any(row.corrected for row in thing.rows) else []
    return [Note(text) for text in texts]


def _figure_cells(figure: dict[str, float], name: str) -> tuple[str, str, str]:
    return name, decimal(figure["value"]), _ends(figure["low"], figure["high"])


def _ends(low: float, high: float) -> str:
    return "" if math.isnan(low) else interval_text((low, high))


def _share(value: float) -> str | Share:
    return "" if math.isnan(value) else Share(value, f"{100 * value:.0f}%")


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
