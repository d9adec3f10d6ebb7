"""Parts of a contrast: the mean of a level, and the comparison of a level with the baseline."""

from dataclasses import dataclass

from syndisco_nb.shown import Shown
from syndisco_nb.wording import count, decimal, p_text

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LevelMean(Shown):
    """The mean of a measure at one level.

    Attributes
    ----------
    level : str
    mean : float
        Mean over discussions, each of which counts once, however long it is.
    interval : tuple of float
        Its interval, from discussions.
    sd : float
        Standard deviation between discussions.
    discussions, comments : int
        Number of discussions, and of counted comments (participants, or discussions, where these were labelled).
    mean_of_comments : float
        Mean over all comments, in which long discussions count more.
    """

    level: str
    mean: float
    interval: Interval
    sd: float
    discussions: int
    comments: int
    mean_of_comments: float

    def __repr__(self) -> str:
        return f"<LevelMean {self.level}: {decimal(self.mean)} {interval_text(self.interval)}, n {self.discussions:,}>"


@dataclass(frozen=True, slots=True)
class EffectSize(Shown):
    """A standardized difference.

    Attributes
    ----------
    name : {"g_z", "g"}
        Hedges' g_z, of paired differences: their mean over their standard deviation; or Hedges' g, of two groups: the
        difference over the pooled standard deviation. Both with the correction for small samples.
    value : float
        NaN where all values are the same.
    cliffs_delta : float
        P(level > baseline) − P(level < baseline) over discussions, from −1 to 1; needs no equal distances.
    """

    name: str
    value: float
    cliffs_delta: float

    def __repr__(self) -> str:
        return f"<EffectSize {self.name} {decimal(self.value)}, Cliff's delta {decimal(self.cliffs_delta)}>"


@dataclass(frozen=True, slots=True)
class LevelComparison(Shown):
    """The difference between a level and the baseline.

    Attributes
    ----------
    level, baseline : str
    difference : float
        Level − baseline: of pairs, the mean of their differences.
    interval : tuple of float
    p : float
        Two-sided, of the paired t-test, or Welch's for unpaired discussions; corrected by Holm's method where several
        levels are compared.
    p_alone : float
        Without that correction.
    t, df : float
        The test's statistic and degrees of freedom.
    p_sign_flips : float
        Of the permutation test that flips the signs of the differences of pairs; NaN where unpaired.
    n : int
        Number of pairs, or of discussions of both levels where unpaired.
    effect_size : EffectSize
    paired : bool
    """

    level: str
    baseline: str
    difference: float
    interval: Interval
    p: float
    p_alone: float
    t: float
    df: float
    p_sign_flips: float
    n: int
    effect_size: EffectSize
    paired: bool

    @property
    def name(self) -> str:
        """The comparison in words, as in "facilitator − none"."""
        return f"{self.level} − {self.baseline}"

    @property
    def text(self) -> str:
        """The result in words, without the name."""
        size = f"{self.effect_size.name} {decimal(self.effect_size.value)}"
        return f"{decimal(self.difference)} {interval_text(self.interval)}, {size}, {p_text(self.p)}, {self.size_text}"

    @property
    def size_text(self) -> str:
        """The number of pairs, or of discussions, in words."""
        return count(self.n, "pair" if self.paired else "discussion")

    def __repr__(self) -> str:
        return f"<LevelComparison {self.name}: {self.text}>"


def interval_text(interval: Interval) -> str:
    """Return an interval in brackets."""
    return f"[{', '.join(map(decimal, interval))}]"
