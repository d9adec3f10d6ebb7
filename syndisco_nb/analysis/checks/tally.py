"""`Tally`: how often each outcome was drawn, beside what the law of the draws expects."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from syndisco_nb.analysis.checks.finding import RANGE_LEVEL, Finding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DRAWS = 1_999  # Monte Carlo draws where counts are small: the least p is .0005
_SMALL = 5.0  # expected counts below this are too few for chi-square
_MOST_OUTCOMES = 60  # with more of them, chi-square is near normal, whatever the counts
_HALF = 0.5
_POWER = 0.8


class Tally:
    """Counts of draws whose chances are known, each from its own options.

    A draw takes one of several options (a speaker), or `size` of equally probable ones without replacement (a cast).
    The statistic is the quadratic form of observed minus expected counts in the inverse covariance of the draws: with
    equal chances, Pearson's chi-square. Where expected counts are below 5, it is compared with simulated draws.

    Parameters
    ----------
    seed : int
        Seed of the simulated draws.

    Examples
    --------
    >>> tally = Tally(seed=1)
    >>> for name in ["Ana"] * 30 + ["Ben"] * 10:
    ...     tally.add(("Ana", "Ben"), (0.5, 0.5), name)
    >>> round(tally.p, 4)
    0.0016
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._observed: Counter[Hashable] = Counter()
        self._choices: Counter[tuple[tuple[Hashable, ...], tuple[float, ...]]] = Counter()
        self._samples: Counter[tuple[tuple[Hashable, ...], int]] = Counter()

    def add(self, options: Sequence[Hashable], chances: Sequence[float], drawn: Hashable) -> None:
        """Count a draw of one option; draws without an alternative tell nothing, and are left out.

        Parameters
        ----------
        options : sequence
        chances : sequence of float
            Of the options, adding up to 1.
        drawn : object
            One of the options.
        """
        if sum(chance > 0 for chance in chances) > 1:
            self._choices[(tuple(options), tuple(chances))] += 1
            self._observed[drawn] += 1

    def add_sample(self, options: Sequence[Hashable], drawn: Sequence[Hashable]) -> None:
        """Count a draw of several options, without replacement and all equally probable.

        Parameters
        ----------
        options, drawn : sequence
        """
        if 0 < len(drawn) < len(options):
            self._samples[(tuple(options), len(drawn))] += 1
            self._observed.update(drawn)

    @property
    def n(self) -> int:
        """The number of draws."""
        return self._choices.total() + self._samples.total()

    @property
    def enough(self) -> bool:
        """True if a fault in which one option takes half of the others' part would be noticed with power .8."""
        from scipy.stats import chi2, ncx2

        if not self.n:
            return False
        kinds = [(len(options), 1, count) for (options, _), count in self._choices.items()]
        kinds += [(len(options), size, count) for (options, size), count in self._samples.items()]
        effect = sum(_HALF**2 * (options / size - 1) * count for options, size, count in kinds)
        degrees = max(1, round(sum(options * count for options, _, count in kinds) / self.n) - 1)
        return bool(ncx2.sf(chi2.isf(RANGE_LEVEL, degrees), degrees, effect) >= _POWER)

    @property
    def p(self) -> float:
        """The probability of counts at least as far from the expected ones by chance."""
        import numpy as np
        from scipy.stats import chi2

        names, observed, expected, covariance = self._moments()
        if not names:
            return 1.0
        inverse = np.asarray(np.linalg.pinv(covariance, hermitian=True), dtype=np.float64)
        statistic = _quadratic(observed - expected, inverse)
        if expected.min() >= _SMALL or len(names) > _MOST_OUTCOMES:
            return float(chi2.sf(statistic, np.linalg.matrix_rank(covariance, hermitian=True)))
        simulated = _quadratic(self._simulated(names) - expected, inverse)
        return float((1 + np.sum(simulated >= statistic - 1e-9)) / (_DRAWS + 1))

    def finding(self, words: Callable[[Hashable, float, float], str], large: float | None = None) -> Finding:
        """Return the test of all outcomes as a finding, in which the farthest outcome is named.

        Parameters
        ----------
        words : callable
            The explanation, from the name, share and expected share of the farthest outcome.
        large : float, optional
            Difference of the two shares up to which a test that rejects warns instead of failing.
        """
        name, share, expected, low, high = self.farthest
        return Finding(
            figure=share,
            expected=f"{expected:.3g} ({low:.3g} to {high:.3g})",
            n=self.n,
            explanation=words(name, share, expected),
            p=self.p,
            worst="fail" if large is None or abs(share - expected) > large else "warn",
            enough=self.enough,
        )

    @property
    def farthest(self) -> tuple[Hashable, float, float, float, float]:
        """The outcome farthest from its expected count: its name, share, expected share, and the range by chance.

        Shares are of all draws; the range is normal, and leaves out 1 case of 200.
        """
        import numpy as np
        from scipy.stats import norm

        names, observed, expected, covariance = self._moments()
        sd = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
        place = int(np.argmax(np.abs(observed - expected) / sd))
        width = float(norm.isf(RANGE_LEVEL / 2)) * sd[place]
        low, high = max(0.0, expected[place] - width), expected[place] + width
        return (
            names[place],
            float(observed[place]) / self.n,
            float(expected[place]) / self.n,
            float(low) / self.n,
            min(1.0, float(high) / self.n),
        )

    def _moments(
        self,
    ) -> tuple[list[Hashable], "NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]:
        """Return the outcomes, their observed and expected counts, and the covariance of the counts."""
        import numpy as np

        pools = [options for options, _ in (*self._choices, *self._samples)]
        names = list(dict.fromkeys(name for options in pools for name in options))
        place = {name: number for number, name in enumerate(names)}
        expected, covariance = np.zeros(len(names)), np.zeros((len(names), len(names)))
        for (options, chances), count in self._choices.items():
            at, chance = [place[name] for name in options], np.array(chances)
            expected[at] += count * chance
            covariance[np.ix_(at, at)] += count * (np.diag(chance) - np.outer(chance, chance))
        for (options, size), count in self._samples.items():
            at, whole = [place[name] for name in options], len(options)
            share = size / whole
            expected[at] += count * share
            spread = count * share * (1 - share) / (whole - 1)
            covariance[np.ix_(at, at)] += spread * (whole * np.eye(whole) - 1)
        observed = np.array([self._observed[name] for name in names], dtype=float)
        return names, observed, expected, covariance

    def _simulated(self, names: list[Hashable]) -> "NDArray[np.float64]":
        """Return simulated counts: draws × outcomes."""
        import numpy as np

        rng = np.random.default_rng(self._seed)
        place = {name: number for number, name in enumerate(names)}
        counts = np.zeros((_DRAWS, len(names)))
        for (options, chances), count in self._choices.items():
            counts[:, [place[name] for name in options]] += rng.multinomial(count, chances, size=_DRAWS)
        for (options, size), count in self._samples.items():
            at = [place[name] for name in options]
            for _ in range(count):
                ranks = rng.random((_DRAWS, len(options))).argsort(axis=1)
                counts[:, at] += ranks < size
        return counts


def _quadratic(deviations: "NDArray[np.float64]", inverse: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return dᵀ A d for each row d."""
    import numpy as np

    return np.asarray(np.sum((deviations @ inverse) * deviations, axis=-1), dtype=np.float64)
