"""Power by simulation from a pilot: the number of discussions that find a difference of some size."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syndisco_nb.analysis.statistics.arrays import Floats, numbers
from syndisco_nb.errors import require, require_int, require_number
from syndisco_nb.seeds import Purpose, derive

LEVEL = 0.05
_FEWEST, _MOST = 3, 20_000  # discussions of a plan
_CHUNK = 2_000_000  # numbers held at once
_FLAT = 1e-20  # a variance this much smaller than others is rounding: a study of equal values has no t-test


@dataclass(frozen=True, slots=True)
class Power:
    """Power of a study of a certain size.

    Attributes
    ----------
    discussions : int
        Number of discussions of each condition.
    power : float
        Share of simulated studies that find the difference at .05.
    error : float
        Its Monte Carlo standard error.
    """

    discussions: int
    power: float
    error: float


def paired_power(
    differences: ArrayLike, difference: float, discussions: int, draws: int = 2000, seed: int = 0
) -> Power:
    """Return the power of the paired t-test with so many pairs, if the true difference were this.

    The pilot's differences, shifted to this mean and stretched by √(n/(n − 1)) since a small sample varies too little,
    are drawn with replacement.

    Parameters
    ----------
    differences : array-like, shape (pairs,)
        Differences of a pilot's pairs of discussions.
    difference : float
        The mean difference to be found.
    discussions : int
        Number of pairs.
    draws : int
        Number of simulated studies.
    seed : int

    Examples
    --------
    >>> pilot = [0.4, 0.1, -0.2, 0.5, 0.3, 0.0]
    >>> paired_power(pilot, 0.2, 20).power
    0.884
    """
    deviations = _deviations("differences", differences)

    def found(rng: np.random.Generator, rows: int) -> NDArray[np.bool_]:
        values = rng.choice(deviations, (rows, discussions)) + difference
        return _rejected(values.mean(axis=1), values.var(axis=1, ddof=1) / discussions, discussions - 1)

    return _power(found, discussions, draws, seed)


def unpaired_power(
    first: ArrayLike, second: ArrayLike, difference: float, discussions: int, draws: int = 2000, seed: int = 0
) -> Power:
    """Return the power of Welch's t-test with so many discussions a condition, if the true difference were this.

    Parameters
    ----------
    first, second : array-like, shape (discussions,)
        Values of a pilot's discussions, of each condition.
    difference, discussions, draws, seed
        As for `paired_power`.

    Examples
    --------
    >>> unpaired_power([1.7, 2.7, 1.3], [1.0, 1.7, 1.3], 0.5, 20).power > 0.6
    True
    """
    one, other = _deviations("first", first), _deviations("second", second)

    def found(rng: np.random.Generator, rows: int) -> NDArray[np.bool_]:
        control, treated = (rng.choice(values, (rows, discussions)) for values in (one, other))
        spread = np.stack([group.var(axis=1, ddof=1) / discussions for group in (control, treated)])
        with np.errstate(invalid="ignore"):  # both groups may be constant by chance: then nothing is found
            freedom = spread.sum(axis=0) ** 2 / (spread**2).sum(axis=0) * (discussions - 1)
        return _rejected(treated.mean(axis=1) + difference - control.mean(axis=1), spread.sum(axis=0), freedom)

    return _power(found, discussions, draws, seed)


def discussions_needed(power_at: Callable[[int], Power], wanted: float = 0.8) -> tuple[int | None, tuple[Power, ...]]:
    """Return the smallest number of discussions with the wanted power, and all sizes that were tried.

    Parameters
    ----------
    power_at : function
        Power by number of discussions.
    wanted : float
        Between 0 and 1.

    Returns
    -------
    int or None, and tuple of Power
        None where 20,000 are not enough; by size.

    Examples
    --------
    >>> pilot = [0.4, 0.1, -0.2, 0.5, 0.3, 0.0]
    >>> discussions_needed(lambda number: paired_power(pilot, 0.2, number))[0]
    17
    """
    require_number("wanted", wanted, "between 0 and 1", lambda value: 0 < value < 1)
    tried: dict[int, Power] = {}

    def enough(number: int) -> bool:
        tried[number] = power_at(number)
        return tried[number].power >= wanted

    low, high = _FEWEST - 1, _FEWEST
    while not enough(high) and high < _MOST:
        low, high = high, min(2 * high, _MOST)
    reached = tried[high].power >= wanted
    while reached and high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if reached else None, tuple(tried[number] for number in sorted(tried))


def _deviations(name: str, pilot: ArrayLike) -> Floats:
    """Return deviations from the mean, as widely spread as those of all discussions are likely to be."""
    values = numbers(name, pilot)
    require(
        len(values) > 1 and np.ptp(values) > 0,
        f"All values of the pilot ({name}) are the same. A plan needs two discussions or more that differ.",
        name,
    )
    deviations: Floats = (values - values.mean()) * math.sqrt(len(values) / (len(values) - 1))
    return deviations


def _rejected(difference: Floats, variance: Floats, freedom: float | Floats) -> NDArray[np.bool_]:
    from scipy import stats

    varies = variance > _FLAT * variance.max(initial=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(varies & (np.abs(difference) / np.sqrt(variance) >= stats.t.ppf(1 - LEVEL / 2, freedom)))


def _power(
    found: Callable[[np.random.Generator, int], NDArray[np.bool_]], discussions: int, draws: int, seed: int
) -> Power:
    require_int("discussions", discussions, 2)
    require_int("draws", draws, 1)
    rng = np.random.default_rng(derive(seed, Purpose.POWER, discussions))
    step = max(1, _CHUNK // discussions)
    share = float(np.concatenate([found(rng, min(step, draws - at)) for at in range(0, draws, step)]).mean())
    return Power(discussions, share, math.sqrt(share * (1 - share) / draws))
