"""Agreement between annotators: percent agreement, Krippendorff's alpha, Gwet's AC1 and AC2."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

from syndisco_nb.analysis.comparable_labels import comparable_labels
from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.analysis.label_table import LabelTable, label_table
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.run import Run
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count, listed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes
    from syndisco_nb.analysis.statistics.arrays import Floats
    from syndisco_nb.analysis.statistics.bootstrap import Interval

Level = Literal["nominal", "ordinal", "interval"]
ALL = "all"
"""`AgreementRow.annotators` of a row about all annotators together."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Agreement of annotators on one scale.

    Attributes
    ----------
    scale : str
        The name of the scale.
    level : {"nominal", "ordinal", "interval"}
        The level of measurement: of a Likert scale, the order of the labels counts, or their distance ("interval"); of
        others, only whether they are equal.
    annotators : str
        Two of them, as in "Dana – judge", or "all".
    comments : int
        Number of comments with labels of two of these annotators or more; of participants or discussions, where the
        scale is asked of them.
    complete : int
        Number of comments with labels of each of them.
    percent : float
        The share of equal labels among all pairs of labels of one comment, from 0 to 100.
    alpha : float or None
        Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give, below 0 is less. None where it is
        not defined, since all labels are the same.
    ac1, ac2 : float or None
        Gwet's coefficients, which do not collapse where one label dominates. AC2 counts near labels as partly equal;
        None where labels have no order.
    alpha_interval, ac1_interval, ac2_interval : tuple of float, or None
        At 95%, by bootstrap over discussions; None where there are not two discussions, or no value.
    """

    scale: str
    level: Level
    annotators: str
    comments: int
    complete: int
    percent: float
    alpha: float | None
    ac1: float | None
    ac2: float | None
    alpha_interval: "Interval | None" = None
    ac1_interval: "Interval | None" = None
    ac2_interval: "Interval | None" = None


@dataclass(frozen=True, slots=True)
class Agreement(Exported):
    """Agreement of annotators on all their scales; see `agreement`.

    Attributes
    ----------
    annotators : tuple of str
        Their names.
    rows : tuple of AgreementRow
        For each scale: all annotators together, then, if there are more than two, each pair of them.
    notes : tuple of str
        What was left out, in words.
    missing : mapping of str to int
        Number of labels that each annotator did not give: answers without a label, and comments not labelled.
    left_out : LeftOut
        Comments that do not count.
    """

    annotators: tuple[str, ...]
    rows: tuple[AgreementRow, ...]
    notes: tuple[str, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)

    def __getitem__(self, scale: str) -> AgreementRow:
        """Return the agreement of all annotators on a scale."""
        rows = self._rows_of_all()
        if scale not in rows:
            raise InvalidInputError(f"There is no scale {scale!r}. There are: {', '.join(rows)}.", field="scale")
        return rows[scale]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per scale and group of annotators.

        Columns are the fields of `AgreementRow`, and for an interval two: ``alpha_low`` and ``alpha_high``.
        """
        import pandas as pd

        return pd.DataFrame([_flat(row) for row in self.rows])

    def plot(self, ax: "Axes | None" = None) -> "FigureAxes":
        """Draw Krippendorff's alpha of all annotators, and of each pair, with its interval, scale by scale.

        Parameters
        ----------
        ax : Axes, optional
            Axes to draw on, instead of a new figure.
        """
        from syndisco_nb.analysis.figures.forest import draw_forest

        several = len(self._rows_of_all()) > 1
        none = (math.nan, math.nan)
        return draw_forest(
            [f"{row.scale}: {row.annotators}" if several else row.annotators for row in self.rows],
            [math.nan if row.alpha is None else row.alpha for row in self.rows],
            [row.alpha_interval or none for row in self.rows],
            f"Agreement of {listed(self.annotators)}",
            "Krippendorff's alpha",
            "Krippendorff's alpha with its 95% bootstrap interval over discussions; the dashed line, .667, is the "
            f"least for tentative conclusions ({count(max(row.comments for row in self.rows), 'comment')}).",
            reference=0.667,
            ax=ax,
        )

    def __repr__(self) -> str:
        rows = self._rows_of_all().values()
        texts = [f"{row.scale} {row.percent:.0f}%, alpha {alpha_text(row.alpha)}" for row in rows]
        return f"<Agreement of {', '.join(self.annotators)}: {'; '.join(texts)}>"

    def _rows_of_all(self) -> dict[str, AgreementRow]:
        return {row.scale: row for row in self.rows if row.annotators == ALL}


def agreement(
    *labels: Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet],
    level: Level | None = None,
    roles: Any = None,
    seed: int = 0,
) -> Agreement:
    """Measure the agreement of annotators, people or models, on the comments that several of them labelled.

    Percent agreement is the share of equal labels among all pairs of labels of one comment. It ignores how often
    labels would be equal by chance; Krippendorff's alpha [1]_ corrects for that, and allows any number of annotators,
    missing labels, and the order of a Likert scale's labels (ordinal; of other scales, nominal). Krippendorff asks
    for an alpha of .800, or of .667 where conclusions are tentative.

    Comments are matched by discussion and place. Where annotators saw different texts in one place, their labels are
    left out, with a warning. An answer without a label counts as missing. Where one label dominates, alpha is low even
    if annotators hardly ever differ; Gwet's AC1 [2]_, or AC2 where labels have an order, is not. Intervals resample
    discussions, since comments of one discussion resemble each other.

    Parameters
    ----------
    *labels : Study, Run, AnnotationSet, iterable of AnnotationSet, str or path-like
        The labels of two annotators or more, for example a person's run and a model's; unfinished ones count.
    level : {"nominal", "ordinal", "interval"}, optional
        The level of measurement of scales of numbers; "interval" suits those from 0 to 100. By default ordinal.
    roles : str or collection of str, optional
        Whose comments count: by default participants'. "all" for all.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Agreement

    Raises
    ------
    InvalidInputError
        If there are not two annotators, no comment has labels of two, or a scale is not the same to all.

    References
    ----------
    .. [1] K. Krippendorff (2019). *Content Analysis: An Introduction to Its Methodology*, 4th edition, chapter 12.
    .. [2] K. L. Gwet (2008). Computing inter-rater reliability in the presence of high agreement. *BJMSP* 61.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana, ben = (snb.LLMActor(snb.ScriptedModel("Well."), name) for name in ("Ana", "Ben"))
    >>> talk = snb.Discussion([ana, ben], topic="Bikes?", num_turns=2, seed=1).run()
    >>> judges = [
    ...     snb.LLMActor(snb.ScriptedModel(answers), name, actor_type=snb.ActorType.ANNOTATOR)
    ...     for name, answers in {"strict": ["1", "4"], "mild": ["1", "2"]}.items()
    ... ]
    >>> labels = [snb.Annotation(judge, talk, snb.Likert("toxicity"), seed=1).run() for judge in judges]
    >>> snb.agreement(*labels)
    <Agreement of strict, mild: toxicity 50%, alpha .833>
    """
    comparable = comparable_labels(labels, roles)
    annotators, notes = comparable.annotators, list(comparable.notes)
    require(
        len(annotators) > 1,
        f"There is one annotator alone, {annotators[0]!r}. Give the labels of another too, as in "
        "agreement(person, model)."
        if annotators
        else f"No comment counts: {comparable.left_out} left out. Say whose comments count by roles.",
        "labels",
    )
    rows: list[AgreementRow] = []
    for name, scale in comparable.scales.items():
        measured = measured_level(scale, level)
        groups = [annotators, *(combinations(annotators, 2) if len(annotators) > 2 else ())]
        tables = [label_table(scale, comparable.by_scale[name], group) for group in groups]
        if not tables[0].rows:
            notes.append(f"{name}: no {scale.unit} has labels of two annotators.")
            continue
        titles = [ALL, *(" – ".join(group) for group in groups[1:])]
        rows += [_row(table, measured, title, seed) for table, title in zip(tables, titles, strict=True) if table.rows]
    reasons = " ".join(notes)
    require(
        rows,
        f"No comment has labels of two of the annotators {', '.join(annotators)}. {reasons} Give labels of the same "
        "discussions, on the same scale.",
        "labels",
    )
    return Agreement(annotators, tuple(rows), tuple(notes), comparable.missing, comparable.left_out)


def alpha_text(alpha: float | None, interval: "Interval | None" = None) -> str:
    """Return a coefficient with three digits and without the zero before the point, and its interval with two.

    Parameters
    ----------
    alpha : float or None
    interval : tuple of float, optional

    Examples
    --------
    >>> alpha_text(0.8154, (0.5, 1.0)), alpha_text(-0.25), alpha_text(None)
    ('.815 (.50 to 1.00)', '−.250', 'not defined')
    """
    if alpha is None:
        return "not defined"
    ends = "" if interval is None else f" ({' to '.join(_short(end, 2) for end in interval)})"
    return f"{_short(alpha, 3)}{ends}"


def _short(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−").replace("0.", ".", 1)


def measured_level(scale: Scale, wanted: Level | None) -> Level:
    """Return the level of measurement of a scale: the wanted one if its labels are numbers.

    Parameters
    ----------
    scale : Scale
    wanted : {"nominal", "ordinal", "interval"} or None
    """
    allowed = get_args(Level)
    require(
        wanted is None or wanted in allowed, f"level is {wanted!r}, but must be one of {', '.join(allowed)}.", "level"
    )
    return wanted if wanted and scale.value_type is int else scale.level or "nominal"


def _row(table: LabelTable, level: Level, annotators: str, seed: int) -> AgreementRow:
    from syndisco_nb.analysis.statistics.bootstrap import estimates

    labels = [[label for label in row if label is not None] for row in table.rows]
    pairs = sum(len(given) * (len(given) - 1) // 2 for given in labels)
    equal = sum(number * (number - 1) // 2 for given in labels for number in Counter(given).values())
    found = estimates(chance_corrected(table, level), seed=seed)
    values = {name: None if math.isnan(value) else value for name, (value, _) in found.items()}
    intervals = {name: None if math.isnan(interval[0]) else interval for name, (_, interval) in found.items()}
    return AgreementRow(
        scale=table.scale.name,
        level=level,
        annotators=annotators,
        comments=len(labels),
        complete=sum(len(given) == len(table.annotators) for given in labels),
        percent=100 * equal / pairs,
        alpha=values["alpha"],
        ac1=values["ac1"],
        ac2=values.get("ac2"),
        alpha_interval=intervals["alpha"],
        ac1_interval=intervals["ac1"],
        ac2_interval=intervals.get("ac2"),
    )


def chance_corrected(table: LabelTable, level: Level) -> "dict[str, tuple[Floats, Callable[[Floats], Floats]]]":
    """Return alpha, AC1 and, unless labels are nominal, AC2 of a table, for `estimates`.

    Parameters
    ----------
    table : LabelTable
    level : {"nominal", "ordinal", "interval"}
    """
    from syndisco_nb.analysis.statistics.alpha import alpha_parts
    from syndisco_nb.analysis.statistics.arrays import numbered
    from syndisco_nb.analysis.statistics.gwet import gwet_parts

    clusters = numbered(table.discussions)
    found = {
        "alpha": alpha_parts(table.rows, level, clusters),
        "ac1": gwet_parts(table.rows, "identity", table.labels, clusters),
    }
    if level != "nominal":
        near: Literal["quadratic", "ordinal"] = "quadratic" if level == "interval" else "ordinal"
        found["ac2"] = gwet_parts(table.rows, near, table.labels, clusters)
    return found


def _flat(row: AgreementRow) -> dict[str, Any]:
    cells = asdict(row)
    for name in ("alpha", "ac1", "ac2"):
        cells[f"{name}_low"], cells[f"{name}_high"] = cells.pop(f"{name}_interval") or (math.nan, math.nan)
    return cells
