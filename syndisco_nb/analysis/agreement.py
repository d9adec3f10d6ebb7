"""How far annotators agree: percent agreement, and Krippendorff's alpha."""

import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.alpha import Level, krippendorff_alpha
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.run import Run
from syndisco_nb.shown import Exported
from syndisco_nb.wording import label_text

if TYPE_CHECKING:
    import pandas as pd

Comment = tuple[str, int]
"""A comment: the id of its discussion, and its index."""

ALL = "all"
"""What a row is called that is about all annotators together."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far annotators agree on one scale.

    Attributes
    ----------
    scale : str
        The name of the scale.
    level : {"nominal", "ordinal"}
        What is taken of its labels: their order too, of a Likert scale; else only whether they are equal.
    annotators : str
        Two of them, as in "Dana – judge", or "all".
    comments : int
        How many comments have labels of two of these annotators or more.
    complete : int
        How many have labels of each of them.
    percent : float
        The share of equal labels among all pairs of labels of one comment, from 0 to 100.
    alpha : float or None
        Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give, below 0 is less. None where it is
        not defined, since all labels are the same.
    """

    scale: str
    level: Level
    annotators: str
    comments: int
    complete: int
    percent: float
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Agreement(Exported):
    """How far annotators agree, scale by scale; see `agreement`.

    Attributes
    ----------
    annotators : tuple of str
        Who was compared.
    rows : tuple of AgreementRow
        Of each scale: all annotators together, then each two of them, where there are more than two.
    notes : tuple of str
        What was left out, in words.
    missing : mapping of str to int
        How many labels each annotator has not given: answers without a label, and comments not labelled.
    """

    annotators: tuple[str, ...]
    rows: tuple[AgreementRow, ...]
    notes: tuple[str, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, scale: str) -> AgreementRow:
        """Return the agreement of all annotators on a scale."""
        found = {row.scale: row for row in self.rows if row.annotators == ALL}
        if scale not in found:
            raise InvalidInputError(f"There is no scale {scale!r}. There are: {', '.join(found)}.")
        return found[scale]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per scale and group of annotators; the columns are the fields of `AgreementRow`."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def __repr__(self) -> str:
        found = [row for row in self.rows if row.annotators == ALL]
        texts = [f"{row.scale} {row.percent:.0f} %, alpha {alpha_text(row.alpha)}" for row in found]
        return f"<Agreement of {', '.join(self.annotators)}: {'; '.join(texts)}>"


def agreement(*labels: Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet]) -> Agreement:
    """Measure how far annotators, people or models, agree on the comments that several of them labelled.

    Percent agreement is the share of equal labels among all pairs of labels of one comment. It does not know how
    often chance alone would make labels equal; Krippendorff's alpha [1]_ does, and takes any number of annotators,
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
    """
    sets = _sets(labels)
    names = _names(sets)
    changed = _changed(sets)
    given, scales, notes = _labels(sets, names, changed)
    annotators = tuple(dict.fromkeys(names))
    require(
        len(annotators) > 1,
        f"There is one annotator alone, {annotators[0]!r}. Give the labels of another too, as in "
        "agreement(person, model).",
    )
    rows = []
    for name, scale in scales.items():
        of = {one: given[name].get(one, {}) for one in annotators}
        measured = [_row(name, scale, of, ALL)]
        if len(annotators) > 2:
            pairs = combinations(annotators, 2)
            measured += [_row(name, scale, {one: of[one] for one in pair}, " – ".join(pair)) for pair in pairs]
        if measured[0] is None:
            notes.append(f"{name}: no comment has labels of two annotators.")
        rows += [row for row in measured if row]
    reasons = " ".join(notes)
    require(
        rows,
        f"No comment has labels of two of the annotators {', '.join(annotators)}. {reasons} Give labels of the same "
        "discussions, on the same scale.",
    )
    known = {comment for one in sets for comment in _comments(one)} - changed
    missing = {
        one: sum(comment not in given[scale].get(one, {}) for scale in scales for comment in known)
        for one in annotators
    }
    return Agreement(annotators, tuple(rows), tuple(notes), missing)


def alpha_text(alpha: float | None) -> str:
    """Return alpha as it is written, with three digits and without the zero before the point."""
    return "not defined" if alpha is None else f"{alpha:.3f}".replace("0.", ".", 1)


def _sets(labels: Sequence[Any]) -> list[AnnotationSet]:
    sets: list[AnnotationSet] = []
    for one in labels:
        if isinstance(one, Run) and one.holds is not AnnotationSet:
            raise InvalidInputError(f"{one!r} holds no labels. Give what an AnnotationExperiment or a Labelling wrote.")
        sets += [one] if isinstance(one, AnnotationSet) else list(one)
    for found in sets:
        require(
            isinstance(found, AnnotationSet), f"{found!r} was given, but must be an AnnotationSet, or a run of them."
        )
    require(sets, "There are no labels. Give the runs of two annotators, as in agreement(person, model).")
    return sets


def _names(sets: Sequence[AnnotationSet]) -> list[str]:
    """Return what to call the annotator of each set; those of one name are told apart."""
    who = [(one.annotator, one.index) for one in sets]
    plain = {key: key[0].name or f"annotator {key[1]}" for key in who}
    model = {key: f"{plain[key]} ({key[0].model})" for key in plain}
    number = {key: f"{model[key]} {place}" for place, key in enumerate(plain, start=1)}
    for key, name in plain.items():
        if list(plain.values()).count(name) > 1:
            number[key] = model[key] if list(model.values()).count(model[key]) == 1 else number[key]
        else:
            number[key] = name
    return [number[key] for key in who]


def _changed(sets: Sequence[AnnotationSet]) -> set[Comment]:
    """Return the comments of which not all annotators saw the same text."""
    texts: dict[Comment, str] = {}
    labels = ((one.discussion_id, label) for one in sets for label in one.labels)
    return {
        (discussion, label.comment)
        for discussion, label in labels
        if texts.setdefault((discussion, label.comment), label.text) != label.text
    }


def _labels(
    sets: Sequence[AnnotationSet], names: Sequence[str], changed: Collection[Comment]
) -> tuple[dict[str, dict[str, dict[Comment, str]]], dict[str, Mapping[str, Any]], list[str]]:
    """Return the labels by scale, annotator and comment; the scales; and what was left out."""
    given: dict[str, dict[str, dict[Comment, str]]] = {}
    scales: dict[str, Mapping[str, Any]] = {}
    notes: dict[str, None] = {}
    if changed:
        many = len(changed) > 1
        note = (
            f"{len(changed)} {'comments are' if many else 'comment is'} left out: the annotators saw different texts. "
            "Give labels of the same discussions."
        )
        notes[note] = None
        warnings.warn(note, stacklevel=3)
    for one, annotator in zip(sets, names, strict=True):
        for scale in one.settings.get("scales", ()):
            name = str(scale["name"])
            if not Scale.recorded_kind(scale).level:
                notes[f"{name} is left out: its labels are any text, so they are hardly ever equal."] = None
                continue
            other = scales.setdefault(name, scale)
            require(
                (other["type"], other["labels"]) == (scale["type"], scale["labels"]),
                f"The scale {name!r} of {annotator} has the labels {', '.join(map(str, scale['labels']))}, but that of "
                f"another annotator {', '.join(map(str, other['labels']))}. Compare those who had the same.",
            )
        if not one.settings.get("scales"):
            notes[f"{annotator} labelled without a scale, which is left out: any text is hardly ever equal."] = None
        for label in one.labels:
            if label.scale in scales:
                found = given.setdefault(label.scale, {}).setdefault(annotator, {})
                place = (one.discussion_id, label.comment)
                require(
                    place not in found,
                    f"{annotator} labelled comment {label.comment} of {one.discussion} twice. Give each annotator "
                    "once, or each a name of their own.",
                )
                if label.value is not None and place not in changed:
                    found[place] = label_text(label.value)
    return given, scales, list(notes)


def _comments(labels: AnnotationSet) -> set[Comment]:
    return {(labels.discussion_id, label.comment) for label in labels.labels}


def _row(
    name: str, scale: Mapping[str, Any], given: Mapping[str, Mapping[Comment, str]], who: str
) -> AgreementRow | None:
    """Return the agreement on a scale; None where no comment has two labels."""
    by_comment: dict[Comment, list[str]] = {}
    for labels in given.values():
        for comment, label in labels.items():
            by_comment.setdefault(comment, []).append(label)
    pairable = [labels for labels in by_comment.values() if len(labels) > 1]
    level = Scale.recorded_kind(scale).level
    if not pairable or not level:
        return None
    pairs = sum(len(labels) * (len(labels) - 1) // 2 for labels in pairable)
    equal = sum(count * (count - 1) // 2 for labels in pairable for count in Counter(labels).values())
    return AgreementRow(
        scale=name,
        level=level,
        annotators=who,
        comments=len(pairable),
        complete=sum(len(labels) == len(given) for labels in pairable),
        percent=100 * equal / pairs,
        alpha=_alpha(pairable, [str(label) for label in scale["labels"]], level),
    )


def _alpha(pairable: Sequence[Sequence[str]], allowed: Sequence[str], level: Level) -> float | None:
    return krippendorff_alpha([[labels.count(label) for label in allowed] for labels in pairable], level)
