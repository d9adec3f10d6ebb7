"""Krippendorff's alpha, from how often each label was given to each unit."""

from collections.abc import Sequence
from typing import Literal

Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(
    counts: Sequence[Sequence[int]], level: Level, values: Sequence[float] | None = None
) -> float | None:
    """Return alpha; None where it is not defined, since all labels that can be paired are the same.

    Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*: the observed disagreement within units, by that
    expected of all labels mixed.

    Parameters
    ----------
    counts : sequence of sequence of int, shape (units, labels)
        How often each label was given to each unit; units with less than two labels do not count.
    level : {"nominal", "ordinal", "interval"}
        Whether labels differ or not; by their ranks, in the order of the columns; or by the squares of the
        differences of their values.
    values : sequence of float, shape (labels,), optional
        What the labels stand for, at the interval level; by default 0, 1, 2 and so on.

    Examples
    --------
    >>> krippendorff_alpha([[2, 0], [0, 2], [1, 1]], "nominal")
    0.4444444444444444
    """
    import numpy as np

    given = np.array([unit for unit in counts if sum(unit) > 1], dtype=float)
    if not given.size:
        return None
    pairs = given[:, :, None] * given[:, None, :] - given[:, :, None] * np.eye(given.shape[1])
    observed = (pairs / (given.sum(axis=1) - 1)[:, None, None]).sum(axis=0)
    number = observed.sum(axis=0)
    expected = (np.outer(number, number) - np.diag(number)) / (number.sum() - 1)
    if level == "nominal":
        distance = 1 - np.eye(len(number))
    else:
        ranks = number.cumsum() - number / 2
        place = ranks if level == "ordinal" else np.arange(len(number)) if values is None else np.asarray(values)
        distance = np.subtract.outer(place, place) ** 2
    by_chance = float((expected * distance).sum())
    return 1 - float((observed * distance).sum()) / by_chance if by_chance else None
