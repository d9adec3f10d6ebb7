"""Labels of one scale as a table of numbers, units × annotators."""

from collections.abc import Sequence
from dataclasses import dataclass

from syndisco_nb.analysis.comparable_labels import LabelsByAnnotator, Subject
from syndisco_nb.backend.scale import Scale
from syndisco_nb.records import Value


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Labels of several annotators on one scale.

    Attributes
    ----------
    scale : Scale
    annotators : tuple of str
        One for each column.
    subjects : tuple of Subject
        One for each row: those that two annotators or more labelled.
    rows : tuple of tuple of float or None
        Numbers of the scale, or places among its labels; None where a label is missing.
    """

    scale: Scale
    annotators: tuple[str, ...]
    subjects: tuple[Subject, ...]
    rows: tuple[tuple[float | None, ...], ...]

    @property
    def discussions(self) -> tuple[str, ...]:
        """Id of the discussion of each row."""
        return tuple(subject[0] for subject in self.subjects)

    @property
    def labels(self) -> tuple[float, ...]:
        """Numbers of all labels of the scale."""
        return tuple(number_of(self.scale, self.scale.value(label)) for label in self.scale.labels)


def number_of(scale: Scale, value: Value) -> float:
    """Return the number that stands for a label: itself, or its place among the labels of the scale.

    Parameters
    ----------
    scale : Scale
    value : bool, int or str

    Examples
    --------
    >>> from syndisco_nb import Choice, Flag, Likert
    >>> number_of(Likert("a"), 4), number_of(Flag("b"), True), number_of(Choice("c", ["x", "y"]), "y")
    (4.0, 1.0, 1.0)
    """
    return float(value) if isinstance(value, int) else float(scale.labels.index(value))


def label_table(scale: Scale, given: LabelsByAnnotator, annotators: Sequence[str]) -> LabelTable:
    """Return the table of some annotators' labels, with the rows that two or more of them labelled.

    Parameters
    ----------
    scale : Scale
    given : mapping
        As `ComparableLabels.by_scale` holds them.
    annotators : sequence of str
    """
    columns = [given.get(annotator, {}) for annotator in annotators]
    subjects = dict.fromkeys(subject for column in columns for subject in column)
    rows = {}
    for subject in subjects:
        labels = [column[subject].label.value if subject in column else None for column in columns]
        if sum(label is not None for label in labels) > 1:
            rows[subject] = tuple(None if label is None else number_of(scale, label) for label in labels)
    return LabelTable(scale, tuple(annotators), tuple(rows), tuple(rows.values()))
