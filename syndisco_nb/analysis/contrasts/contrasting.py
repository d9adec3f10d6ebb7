"""`contrast`: compare the conditions of a study by a measure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from syndisco_nb.analysis.contrasts.contrast import Contrast
from syndisco_nb.analysis.contrasts.contrast_assumptions import check_assumptions
from syndisco_nb.analysis.contrasts.contrast_method import method_text
from syndisco_nb.analysis.contrasts.corpus_distance import corpus_distances
from syndisco_nb.analysis.contrasts.level_comparison import EffectSize, LevelComparison, LevelMean
from syndisco_nb.analysis.contrasts.level_table import LevelTable, level_table
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.measuring import MeasureLike, Roles, measured_values
from syndisco_nb.analysis.contrasts.pairing import Pairing, find_pairing
from syndisco_nb.errors import require, require_int, require_number, suggestion
from syndisco_nb.runs.sources import gather


def contrast(
    source: Any,
    measure: MeasureLike,
    by: str | None = None,
    label: bool | int | str | None = None,
    roles: Roles = None,
    baseline: str | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
    human: Any = None,
) -> Contrast:
    """Compare the conditions of a study by a measure; see `Analysed.contrast`.

    Parameters
    ----------
    source : Study, its labels, or whatever else `gather` takes
    measure, by, label, roles, baseline, level, draws, seed, human
        As in `Analysed.contrast`.
    """
    require_int("draws", draws, 100)
    require_int("seed", seed, 0)
    require_number("level", level, "between 0 and 1", lambda value: 0 < value < 1)
    values = measured_values(gather(source), measure, label, roles)
    table = level_table(values.discussions, by)
    first = _baseline(baseline, table)
    bootstrap = {"level": level, "draws": draws, "seed": seed}
    others = [one for one in table.levels if one != first]
    pairings = {one: find_pairing(table, one, first, values.material) for one in others}
    comparisons = _corrected([_compare(table, one, first, pairings[one], bootstrap) for one in others])
    return Contrast(
        measure=values.name,
        quantity=values.quantity,
        by=table.by,
        levels=tuple(_level_mean(values, table, one, bootstrap) for one in table.levels),
        comparisons=comparisons,
        left_out=values.left_out,
        assumptions=check_assumptions(values, table, comparisons, pairings),
        method=method_text(values, table, comparisons, pairings, bootstrap, human=human is not None),
        values=values,
        human=() if human is None else corpus_distances(values, table, human, measure, label, roles, bootstrap),
    )


def _baseline(given: str | None, table: LevelTable) -> str:
    if given is None:
        return table.levels[0]
    require(
        given in table.levels,
        f"baseline is {given!r}, but must be a level of {table.by}.{suggestion(str(given), table.levels)} There are: "
        f"{', '.join(map(repr, table.levels))}.",
        "baseline",
    )
    return given


def _compare(
    table: LevelTable, level: str, baseline: str, pairing: Pairing, bootstrap: dict[str, Any]
) -> LevelComparison:
    """Return the comparison of two levels, by pair where there are pairs."""
    import numpy as np

    from syndisco_nb.analysis.statistics.bootstrap import difference_interval, mean_interval
    from syndisco_nb.analysis.statistics.effect_size import cliffs_delta, hedges_g, hedges_gz
    from syndisco_nb.analysis.statistics.sign_flips import sign_flip_p
    from syndisco_nb.analysis.statistics.t_test import paired_t, welch_t

    if pairing.paired:
        differences = table.differences(level, baseline)
        first, second = table.pairs(level, baseline)
        test = paired_t(differences, bootstrap["level"])
        flips = sign_flip_p(differences, seed=bootstrap["seed"])
        interval = mean_interval(differences, **bootstrap)
        size, n = ("g_z", hedges_gz(differences)), len(differences)
    else:
        first, second = table.values(baseline), table.values(level)
        test, flips = welch_t(first, second, bootstrap["level"]), float("nan")
        interval = difference_interval(first, second, **bootstrap)
        size, n = ("g", hedges_g(first, second)), len(first) + len(second)
    p = flips if np.isnan(test.p) else test.p
    return LevelComparison(
        level=level,
        baseline=baseline,
        difference=test.difference,
        interval=interval,
        p=p,
        p_alone=p,
        t=test.statistic,
        df=test.freedom,
        p_sign_flips=flips,
        n=n,
        effect_size=EffectSize(*size, cliffs_delta(first, second)),
        paired=pairing.paired,
    )


def _corrected(comparisons: Sequence[LevelComparison]) -> tuple[LevelComparison, ...]:
    """Return the comparisons with p-values by Holm's method."""
    from syndisco_nb.analysis.statistics.multiple_comparisons import holm

    together = holm([one.p_alone for one in comparisons]).tolist()
    return tuple(replace(one, p=p) for one, p in zip(comparisons, together, strict=True))


def _level_mean(values: MeasuredValues, table: LevelTable, level: str, bootstrap: dict[str, Any]) -> LevelMean:
    from syndisco_nb.analysis.statistics.bootstrap import mean_interval

    means = table.values(level)
    units = values.units[table.levels_of(values.units) == level].value
    return LevelMean(
        level=level,
        mean=float(means.mean()),
        interval=mean_interval(means, **bootstrap),
        sd=float(means.std(ddof=1)) if len(means) > 1 else float("nan"),
        discussions=table.discussions(level),
        comments=len(units),
        mean_of_comments=float(units.mean()),
    )
