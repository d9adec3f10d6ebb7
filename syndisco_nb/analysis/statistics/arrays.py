"""Arrays of numbers as statistics take them, checked at the door."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syndisco_nb.errors import InvalidInputError, require, short_repr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Table = ArrayLike | Sequence[Sequence[float | None]]
"""Labels, units × annotators; NaN or None where one is missing."""


def numbers(name: str, values: Table, dimensions: int = 1, missing: bool = False) -> Floats:
    """Return values as an array of floats.

    Parameters
    ----------
    name : str
        The argument's name, for the error.
    values : array-like
    dimensions : int
        The number of dimensions that it must have.
    missing : bool
        Whether NaN (and None) may stand in it.

    Raises
    ------
    InvalidInputError
        If it holds anything but finite numbers, or has another number of dimensions.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInputError(f"{name} is {short_repr(values)}, but must hold numbers.", field=name) from None
    require(
        array.ndim == dimensions,
        f"{name} has {array.ndim} dimensions, but must have {dimensions}{' (units × annotators)' * (dimensions == 2)}.",
        name,
    )
    finite = np.isfinite(array) | np.isnan(array) if missing else np.isfinite(array)
    require(finite.all(), f"{name} holds a value that is {'infinite' if missing else 'missing or infinite'}.", name)
    return array


def variance(values: Floats) -> float:
    """Return the variance, with n − 1: exactly 0 of equal values, whose mean may be off by a rounding error.

    Parameters
    ----------
    values : array, shape (values,)
        Two or more.

    Examples
    --------
    >>> variance(np.full(6, 0.1)), float(np.full(6, 0.1).var(ddof=1)) > 0
    (0.0, True)
    """
    return float(values.var(ddof=1)) if np.ptp(values) else 0.0


def numbered(clusters: Any) -> Integers:
    """Return the number, from 0, of each value's cluster, in the order of their names."""
    return np.unique(np.asarray(clusters), return_inverse=True)[1].reshape(-1).astype(np.int64)


def sum_by_cluster(parts: Floats, clusters: Any = None) -> Floats:
    """Return the sums of parts within each cluster.

    Parameters
    ----------
    parts : array, shape (units, parts)
    clusters : array-like, shape (units,), optional
        The cluster of each unit, such as its discussion; by default, each unit is one of its own.

    Returns
    -------
    array, shape (clusters, parts)

    Examples
    --------
    >>> sum_by_cluster(np.array([[1.0], [2.0], [5.0]]), ["a", "b", "a"]).tolist()
    [[6.0], [2.0]]
    """
    if clusters is None:
        return parts
    number = numbered(clusters)
    require(
        len(number) == len(parts), f"clusters has {len(number)} values, but there are {len(parts)} units.", "clusters"
    )
    order = np.argsort(number, kind="stable")
    begins = np.flatnonzero(np.diff(number[order], prepend=-1))
    return np.add.reduceat(parts[order], begins, axis=0) if len(parts) else parts
