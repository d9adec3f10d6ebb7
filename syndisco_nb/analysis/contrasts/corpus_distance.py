"""Distance of each level from a human corpus: Jensen–Shannon divergence of a measure's distribution."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.contrasts.level_comparison import Interval, interval_text
from syndisco_nb.analysis.contrasts.level_table import LevelTable
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.measuring import MeasureLike, Roles, measured_values
from syndisco_nb.runs.sources import gather
from syndisco_nb.shown import Shown
from syndisco_nb.wording import decimal

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.analysis.statistics.arrays import Floats

BINS = 10
"""Number of equal bins, from the lowest to the highest value of both corpora, where there are no labels."""


@dataclass(frozen=True, slots=True)
class CorpusDistance(Shown):
    """Distance of the values at one level from those of a human corpus.

    Attributes
    ----------
    level : str
    divergence : float
        Jensen–Shannon divergence in bits, from 0 (equal distributions) to 1 (nothing in common).
    interval : tuple of float
        Percentiles of resamples of the discussions of both. A sample of few discussions is never at 0, and neither is
        its interval.
    discussions : int
        Number of discussions of the level.
    mean : float
        Of the level's values.
    human_mean : float
        Of the human corpus's values.
    """

    level: str
    divergence: float
    interval: Interval
    discussions: int
    mean: float
    human_mean: float

    def __repr__(self) -> str:
        return f"<CorpusDistance of {self.level}: {decimal(self.divergence)} bits {interval_text(self.interval)}>"


def corpus_distances(
    values: MeasuredValues,
    table: LevelTable,
    human: Any,
    measure: MeasureLike,
    label: Any,
    roles: Roles,
    bootstrap: Mapping[str, Any],
) -> tuple[CorpusDistance, ...]:
    """Return the distance of each level from a human corpus.

    The values of comments (of discussions, where a measure has no others) are counted in common bins: the labels of a
    Likert scale, to the nearest of which an expected value goes, or equal bins.

    Parameters
    ----------
    values : MeasuredValues
    table : LevelTable
    human : whatever `gather` takes
    measure, label, roles
        As for `measured_values`.
    bootstrap : mapping
        Its level, draws and seed.
    """
    import numpy as np

    from syndisco_nb.analysis.statistics.bootstrap import percentiles, resample_weights
    from syndisco_nb.analysis.statistics.divergence import jensen_shannon
    from syndisco_nb.seeds import derive

    corpus = measured_values(gather(human), measure, label, roles).units
    edges = _edges(values, corpus)
    theirs = _counts(corpus, edges)
    draws, seed = bootstrap["draws"], bootstrap["seed"]
    theirs_drawn = resample_weights(len(theirs), draws, derive(seed, "human")) @ theirs
    found = []
    for level in table.levels:
        units = values.units[table.levels_of(values.units) == level]
        ours = _counts(units, edges)
        ours_drawn = resample_weights(len(ours), draws, seed) @ ours
        drawn = [jensen_shannon(p, q) for p, q in zip(ours_drawn, theirs_drawn, strict=True)]
        found.append(
            CorpusDistance(
                level=level,
                divergence=jensen_shannon(ours.sum(axis=0), theirs.sum(axis=0)),
                interval=percentiles(np.array(drawn), (1 - bootstrap["level"]) / 2),
                discussions=len(ours),
                mean=float(units.value.mean()),
                human_mean=float(corpus.value.mean()),
            )
        )
    return tuple(found)


def _edges(values: MeasuredValues, corpus: "pd.DataFrame") -> "Floats":
    """Return the edges between bins, shape (bins − 1,)."""
    import numpy as np

    if values.labels:
        marks = np.array(values.labels)
        return np.asarray((marks[1:] + marks[:-1]) / 2)
    both = np.concatenate([values.units.value, corpus.value])
    low, high = values.limits or (both.min(), both.max())
    return np.linspace(low, high, BINS + 1)[1:-1]


def _counts(units: "pd.DataFrame", edges: "Floats") -> "Floats":
    """Return the number of values in each bin by discussion, shape (discussions, bins)."""
    import numpy as np

    bins = np.searchsorted(edges, units.value, side="right")
    groups = units.groupby(["condition", "discussion_index"], sort=False).ngroup().to_numpy()
    counts = np.zeros((groups.max() + 1, len(edges) + 1))
    np.add.at(counts, (groups, bins), 1.0)
    return counts
