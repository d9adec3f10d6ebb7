"""Agreement between annotators: percent agreement, and Krippendorff's alpha."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.comparable_labels import LabelsByAnnotator, Subject, comparable_labels
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.run import Run
from syndisco_nb.shown import Exported

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.analysis.statistics.alpha import Level

ALL = "all"
"""`AgreementRow.annotators` of a row about all annotators together."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """Agreement of annotators on one scale.

    Attributes
    ----------
    scale : str
        The name of the scale.
    level : {"nominal", "ordinal"}
        The level of measurement: of a Likert scale, the order of the labels counts; of others, only whether they are
        equal.
    annotators : str
        Two of them, as in "Dana – judge", or "all".
    comments : int
        Number of comments with labels of two of these annotators or more.
    complete : int
        Number of comments with labels of each of them.
    percent : float
        The share of equal labels among all pairs of labels of one comment, from 0 to 100.
    alpha : float or None
        Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give, below 0 is less. None where it is
        not defined, since all labels are the same.
    """

    scale: str
    level: "Level"
    annotators: str
    comments: int
    complete: int
    percent: float
    alpha: float | None


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
    """

    annotators: tuple[str, ...]
    rows: tuple[AgreementRow, ...]
    notes: tuple[str, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, scale: str) -> AgreementRow:
        """Return the agreement of all annotators on a scale."""
        rows = self._rows_of_all()
        if scale not in rows:
            raise InvalidInputError(f"There is no scale {scale!r}. There are: {', '.join(rows)}.", field="scale")
        return rows[scale]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per scale and group of annotators; the columns are the fields of `AgreementRow`."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def __repr__(self) -> str:
        rows = self._rows_of_all().values()
        texts = [f"{row.scale} {row.percent:.0f} %, alpha {alpha_text(row.alpha)}" for row in rows]
        return f"<Agreement of {', '.join(self.annotators)}: {'; '.join(texts)}>"

    def _rows_of_all(self) -> dict[str, AgreementRow]:
        return {row.scale: row for row in self.rows if row.annotators == ALL}


def agreement(*labels: Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet]) -> Agreement:
    """Measure the agreement of annotators, people or models, on the comments that several of them labelled.

    Percent agreement is the share of equal labels among all pairs of labels of one comment. It ignores how often
    labels would be equal by chance; Krippendorff's alpha [1]_ corrects for that, and allows any number of annotators,
    missing labels, and the order of a Likert scale's labels (ordinal; of other scales, nominal). Krippendorff asks
    for an alpha of .800, or of .667 where conclusions are tentative.

    Comments are matched by discussion and place. Where annotators saw different texts in one place, their labels are
    left out, with a warning. An answer without a label counts as missing. Comments of one discussion may resemble each
    other, which alpha does not take into account.

    Parameters
    ----------
    *labels : Run, AnnotationSet or iterable of AnnotationSet
        The labels of two annotators or more, for example a person's run and a model's.

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
    <Agreement of strict, mild: toxicity 33 %, alpha .583>
    """
    comparable = comparable_labels(labels)
    annotators, notes = comparable.annotators, list(comparable.notes)
    require(
        len(annotators) > 1,
        f"There is one annotator alone, {annotators[0]!r}. Give the labels of another too, as in "
        "agreement(person, model).",
        "labels",
    )
    rows: list[AgreementRow] = []
    for name, scale in comparable.scales.items():
        given = comparable.by_scale[name]
        of_all = _row(scale, {annotator: given.get(annotator, {}) for annotator in annotators}, ALL)
        if of_all is None:
            notes.append(f"{name}: no comment has labels of two annotators.")
            continue
        rows.append(of_all)
        pairs = combinations(annotators, 2) if len(annotators) > 2 else ()
        for pair in pairs:
            of_pair = _row(scale, {annotator: given.get(annotator, {}) for annotator in pair}, " – ".join(pair))
            rows += [] if of_pair is None else [of_pair]
    reasons = " ".join(notes)
    require(
        rows,
        f"No comment has labels of two of the annotators {', '.join(annotators)}. {reasons} Give labels of the same "
        "discussions, on the same scale.",
        "labels",
    )
    return Agreement(annotators, tuple(rows), tuple(notes), comparable.missing)


def alpha_text(alpha: float | None) -> str:
    """Return alpha with three digits and without the zero before the point."""
    return "not defined" if alpha is None else f"{alpha:.3f}".replace("0.", ".", 1)


def _row(scale: Mapping[str, Any], given: LabelsByAnnotator, annotators: str) -> AgreementRow | None:
    """Return the agreement on a scale; None where no comment has two labels."""
    from syndisco_nb.analysis.statistics.alpha import krippendorff_alpha

    by_subject: dict[Subject, list[str]] = {}
    for labels in given.values():
        for subject, label in labels.items():
            by_subject.setdefault(subject, []).append(label)
    pairable = [labels for labels in by_subject.values() if len(labels) > 1]
    level = Scale.recorded_kind(scale).level
    if not pairable or not level:
        return None
    pairs = sum(len(labels) * (len(labels) - 1) // 2 for labels in pairable)
    equal = sum(count * (count - 1) // 2 for labels in pairable for count in Counter(labels).values())
    place = {str(label): number for number, label in enumerate(scale["labels"])}
    comments = [comment for comment, labels in by_subject.items() if len(labels) > 1]
    table = [[place.get(labels.get(comment, "")) for labels in given.values()] for comment in comments]
    alpha = krippendorff_alpha(table, level)
    return AgreementRow(
        scale=str(scale["name"]),
        level=level,
        annotators=annotators,
        comments=len(pairable),
        complete=sum(len(labels) == len(given) for labels in pairable),
        percent=100 * equal / pairs,
        alpha=None if math.isnan(alpha) else alpha,
    )
