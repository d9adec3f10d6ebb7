"""Krippendorff's alpha, from the number of times that each label was given to each unit."""

from collections.abc import Sequence
from typing import Literal

Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(
    counts: Sequence[Sequence[int]], level: Level, values: Sequence[float] | None = None
) -> float | None:
    """Return Krippendorff's alpha; None where it is not defined, since all labels that can be paired are the same.

    Alpha is 1 minus the observed disagreement within units divided by the disagreement expected by chance, of all
    labels mixed (Krippendorff, 2011, *Computing Krippendorff's Alpha-Reliability*).

    Parameters
    ----------
    counts : sequence of sequence of int, shape (units, labels)
        Number of times that each label was given to each unit; units with fewer than two labels do not count.
    level : {"nominal", "ordinal", "interval"}
        The distance of two labels: 0 or 1; by their ranks, in the order of the columns; or the squared difference of
        their values.
    values : sequence of float, shape (labels,), optional
        Values of the labels at the interval level; by default 0, 1, 2 and so on.

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
    expected = np.outer(number, number) / (number.sum() - 1)  # but for the diagonal, where the distance is 0
    if level == "nominal":
        distance = 1 - np.eye(len(number))
    else:
        ranks = number.cumsum() - number / 2
        place = ranks if level == "ordinal" else np.arange(len(number)) if values is None else np.asarray(values)
        distance = np.subtract.outer(place, place) ** 2
    by_chance = float((expected * distance).sum())
    return 1 - float((observed * distance).sum()) / by_chance if by_chance else None
