"""Scores of one annotator's labels against people's, with intervals over discussions."""

from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.agreement import Level, chance_corrected
from syndisco_nb.analysis.label_table import LabelTable
from syndisco_nb.analysis.validation.validation import ClassScores

if TYPE_CHECKING:
    from syndisco_nb.analysis.statistics.alternative_annotator import AlternativeAnnotatorTest
    from syndisco_nb.analysis.statistics.arrays import Floats
    from syndisco_nb.analysis.statistics.bootstrap import Interval

MOST_LABELS = 25
"""Scales of more labels have no confusion matrix: its cells would be empty."""
_SCORES = ("precision", "recall", "f1")


class LabelScores:
    """Scores of the first annotator of a table against the others.

    Parameters
    ----------
    table : LabelTable
        With rows that the first annotator and another labelled.
    level : {"nominal", "ordinal", "interval"}
    seed : int
        Of the bootstrap.
    """

    def __init__(self, table: LabelTable, level: Level, seed: int) -> None:
        import numpy as np

        from syndisco_nb.analysis.statistics.arrays import numbered, sum_by_cluster

        self._table, self._level, self._seed = table, level, seed
        self._values = np.array(table.rows, dtype=np.float64)
        self._clusters = numbered(table.discussions)
        self._parts = sum_by_cluster(self._pairs(), self._clusters)

    def figures(self) -> "dict[str, tuple[float, Interval]]":
        """Return accuracy, macro F1, coefficients of agreement and, of numbers, the bias; each with its interval."""
        import numpy as np

        from syndisco_nb.analysis.statistics import confusion
        from syndisco_nb.analysis.statistics.arrays import sum_by_cluster
        from syndisco_nb.analysis.statistics.bootstrap import estimates, ratio

        measures = chance_corrected(self._with_each_person(), self._level)
        accurate = np.column_stack([self._equal(), np.ones(len(self._values))])
        measures["accuracy"] = (sum_by_cluster(accurate, self._clusters), ratio)
        if self._has_confusion:
            measures["macro_f1"] = (self._parts, lambda sums: confusion.macro_f1(confusion.matrices(sums)))
        if self._table.scale.value_type in (int, bool):
            bias = np.column_stack([self._values[:, 0] - np.nanmean(self._values[:, 1:], axis=1), accurate[:, 1]])
            measures["bias"] = (sum_by_cluster(bias, self._clusters), ratio)
        return estimates(measures, seed=self._seed)

    def confusion(self) -> tuple[tuple[float, ...], ...]:
        """Return the number of comments by people's label and the annotator's; empty for too many labels."""
        from syndisco_nb.analysis.statistics.confusion import matrices

        return tuple(map(tuple, matrices(self._parts.sum(axis=0)).tolist())) if self._has_confusion else ()

    def classes(self) -> tuple[ClassScores, ...]:
        """Return the scores of each label; none for too many labels."""
        from syndisco_nb.analysis.statistics import confusion
        from syndisco_nb.analysis.statistics.bootstrap import LEVEL, interval_of, resampled_sums

        if not self._has_confusion:
            return ()
        whole = confusion.matrices(self._parts.sum(axis=0))
        many = confusion.matrices(resampled_sums(self._parts, seed=self._seed))
        scores = {name: getattr(confusion, name) for name in _SCORES}
        values = {name: score(whole) for name, score in scores.items()}
        draws = {name: score(many) for name, score in scores.items()}
        return tuple(
            ClassScores(
                label,
                float(whole[place].sum()),
                float(whole[:, place].sum()),
                **{name: float(one[place]) for name, one in values.items()},
                intervals={name: interval_of(one[:, place], len(self._parts), LEVEL) for name, one in draws.items()},
            )
            for place, label in enumerate(self._table.scale.labels)
        )

    def polarisation(self) -> tuple[float, float]:
        """Return nDFU of the annotator's labels, and of people's."""
        import numpy as np

        from syndisco_nb.analysis.statistics.polarisation import ndfu

        order = sorted(self._table.labels)
        counts = [[np.sum(values == label) for label in order] for values in (self._values[:, 0], self._values[:, 1:])]
        return ndfu(counts[0]), ndfu(counts[1])

    def alternative(self, epsilon: float) -> "AlternativeAnnotatorTest | None":
        """Return the alternative-annotator test; None where no two people share a comment."""
        import numpy as np

        from syndisco_nb.analysis.statistics.alternative_annotator import alternative_annotator_test

        people = self._values[:, 1:]
        shared = (~np.isnan(people)).sum(axis=1) > 1
        present = ~np.isnan(people[shared]).all(axis=0)
        if present.sum() < 2:
            return None
        score: Any = "accuracy" if self._level == "nominal" else "neg_rmse"
        return alternative_annotator_test(self._values[shared, 0], people[shared][:, present], score, epsilon)

    def _with_each_person(self) -> LabelTable:
        """Return pairs of the annotator's label and one person's; that people agree says nothing of the annotator."""
        pairs = [
            (subject, (own, label))
            for subject, (own, *people) in zip(self._table.subjects, self._table.rows, strict=True)
            for label in people
            if label is not None
        ]
        subjects, rows = zip(*pairs, strict=True)
        return LabelTable(self._table.scale, (self._table.annotators[0], "people"), subjects, rows)

    @property
    def _has_confusion(self) -> bool:
        return len(self._table.labels) <= MOST_LABELS

    def _equal(self) -> "Floats":
        """Return, of each row, the share of people whose label the annotator gave."""
        import numpy as np

        people = self._values[:, 1:]
        equal = (people == self._values[:, :1]).sum(axis=1)
        return np.asarray(equal / (~np.isnan(people)).sum(axis=1))

    def _pairs(self) -> "Floats":
        """Return, of each row, its shares of the cells of the confusion matrix."""
        import numpy as np

        if not self._has_confusion:
            return np.zeros((len(self._values), 1))
        place = {label: number for number, label in enumerate(self._table.labels)}
        pairs = np.zeros((len(self._values), len(place) ** 2))
        for row, (own, *people) in enumerate(self._table.rows):
            given = [label for label in people if label is not None]
            for label in given:
                if own is not None:
                    pairs[row, place[label] * len(place) + place[own]] += 1 / len(given)
        return pairs


def warnings_of(table: LabelTable, few: int) -> tuple[str, ...]:
    """Return reasons to be careful with the scores of a table, in words.

    Parameters
    ----------
    table : LabelTable
    few : int
        Number of discussions below which intervals are too short.
    """
    found = []
    discussions = len(set(table.discussions))
    given = [label for row in table.rows for label in row if label is not None]
    own = {row[0] for row in table.rows}
    if len(set(given)) == 1:
        only = dict(zip(table.labels, table.scale.labels, strict=True))[given[0]]
        found.append(f"{table.scale.name}: Alpha is not defined: all {len(given):,} labels are {only}.")
    elif len(own) == 1:
        found.append(
            f"{table.scale.name}: {table.annotators[0]} gave all {len(table.rows):,} comments the same label, so its "
            "labels tell nothing."
        )
    if discussions < few:
        found.append(
            f"{table.scale.name}: labels of {discussions} discussion{'s' * (discussions != 1)} alone; "
            f"intervals are too short below {few}. Spread the labels over more."
        )
    return tuple(found)
