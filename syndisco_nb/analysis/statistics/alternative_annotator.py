"""The alternative-annotator test of whether a model may take the place of a human annotator."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, Table, numbers
from syndisco_nb.errors import require, require_number

Score = Literal["accuracy", "neg_rmse"]
ENOUGH = 30
"""Items of a human below which the test is Wilcoxon's."""
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class AlternativeAnnotatorTest:
    """Result of the alternative-annotator test.

    Attributes
    ----------
    winning_rate : float
        ω: the share of humans against whom the model holds its own; the model may replace a human where it is .5 or
        more.
    advantage : float
        ρ: the probability that the model is as near to the other humans as a human is, mean over humans.
    p : tuple of float
        Of each human, one-sided, not corrected; ω rests on Benjamini–Yekutieli over them, at .05.
    advantages : tuple of float
        ρ against each human.
    items : tuple of int
        Number of items of each human that another human labelled too.
    epsilon : float
        The advantage granted to humans, since they cost more.
    """

    winning_rate: float
    advantage: float
    p: tuple[float, ...]
    advantages: tuple[float, ...]
    items: tuple[int, ...]
    epsilon: float

    def __repr__(self) -> str:
        rates = f"winning rate {self.winning_rate:.2f}, advantage probability {self.advantage:.2f}"
        return f"<AlternativeAnnotatorTest of {len(self.p)} humans, ε {self.epsilon:g}: {rates}>"


def alternative_annotator_test(
    model: ArrayLike, humans: Table, score: Score = "accuracy", epsilon: float = 0.2
) -> AlternativeAnnotatorTest:
    """Test whether a model may take the place of human annotators (Calderon, Reichart & Dror 2025, arXiv 2501.10970).

    Each human in turn is left out, and the model and this human compared by their agreement with the other humans, item
    by item. A human is beaten where the model is as good or better in all but a share ε of items more than the human
    is, by a one-sided paired t-test; by Wilcoxon's signed ranks below 30 items, where it shows little.

    Parameters
    ----------
    model : array-like of numbers, shape (items,)
    humans : array-like of numbers, shape (items, annotators)
        NaN (or None) where a human gave no label. Items with fewer than two of them do not count.
    score : {"accuracy", "neg_rmse"}
        Agreement with others on an item: share of equal labels, or minus the root mean squared difference.
    epsilon : float
        .2 for experts, .15 for skilled annotators, .1 for crowd workers.

    Returns
    -------
    AlternativeAnnotatorTest

    Raises
    ------
    InvalidInputError
        If a human shares no item with another, or there are not two.

    Examples
    --------
    >>> a = [i % 3 for i in range(40)]
    >>> b, c, model = ([(i + step) % 3 if i % every == 0 else i % 3 for i in range(40)]
    ...     for step, every in ((1, 5), (2, 4), (1, 6)))
    >>> alternative_annotator_test(model, list(zip(a, b, c)))
    <AlternativeAnnotatorTest of 3 humans, ε 0.2: winning rate 0.67, advantage probability 0.90>
    """
    from scipy import stats

    machine, people = numbers("model", model), numbers("humans", humans, 2, missing=True)
    require(len(machine) == len(people), f"model has {len(machine)} labels, but humans {len(people)} rows.", "humans")
    require(people.shape[1] > 1, "humans has one annotator alone, but two or more are needed.", "humans")
    require(score in get_args(Score), f"score is {score!r}, but must be one of {', '.join(get_args(Score))}.", "score")
    require_number("epsilon", epsilon, "from 0 to 1", lambda value: 0 <= value <= 1)
    found = [_against(machine, people, left_out, score, epsilon) for left_out in range(people.shape[1])]
    p, advantages, items = zip(*found, strict=True)
    beaten = stats.false_discovery_control(p, method="by") <= _LEVEL
    return AlternativeAnnotatorTest(
        float(beaten.mean()), float(np.mean(advantages)), p, advantages, items, float(epsilon)
    )


def _against(machine: Floats, people: Floats, left_out: int, score: Score, epsilon: float) -> tuple[float, float, int]:
    """Return p, the model's advantage probability and the number of items, against one human."""
    human, others = people[:, left_out], np.delete(people, left_out, axis=1)
    shared = ~np.isnan(human) & ~np.isnan(others).all(axis=1)
    require(shared.any(), f"Annotator {left_out} of humans shares no item with another.", "humans")
    of_model, of_human = (_score(one[shared], others[shared], score) for one in (machine, human))
    wins, losses = of_model >= of_human, of_human >= of_model
    p = _p(losses.astype(float) - wins, epsilon)
    return p, float(wins.mean()), int(shared.sum())


def _score(labels: Floats, others: Floats, score: Score) -> Floats:
    if score == "accuracy":
        return np.asarray(np.nanmean(np.where(np.isnan(others), np.nan, labels[:, None] == others), axis=1))
    return np.asarray(-np.sqrt(np.nanmean((labels[:, None] - others) ** 2, axis=1)))


def _p(differences: Floats, epsilon: float) -> float:
    """Return the p-value of the hypothesis that the human's lead is epsilon or more."""
    from scipy import stats

    if np.ptp(differences) == 0:  # no spread, so no test is needed
        return 0.0 if differences[0] < epsilon else 1.0
    if len(differences) < ENOUGH:
        return float(stats.wilcoxon(differences - epsilon, alternative="less").pvalue)
    return float(stats.ttest_1samp(differences, epsilon, alternative="less").pvalue)
