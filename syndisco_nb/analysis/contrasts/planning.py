"""`plan`: the size of a study, from its pilot by simulation."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.contrasts.level_table import LevelTable, level_table
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.measuring import MeasureLike, Roles, measured_values
from syndisco_nb.analysis.contrasts.pairing import find_pairing
from syndisco_nb.analysis.contrasts.power_plan import Plan
from syndisco_nb.errors import require, require_int, require_number
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import count, decimal, percent

if TYPE_CHECKING:
    from syndisco_nb.analysis.statistics.power import Power

SMALL = 10
"""Number of discussions, or pairs, of a pilot below which its standard deviation is too uncertain to rely on."""

SIZES = (0.5, 0.75, 1, 1.25, 1.5, 2)
"""The sizes whose power is shown, as multiples of the one that is needed."""

Simulation = Callable[[int], "Power"]


def plan(
    source: Any,
    measure: MeasureLike,
    difference: float,
    by: str | None = None,
    power: float = 0.8,
    label: bool | int | str | None = None,
    roles: Roles = None,
    draws: int = 2000,
    seed: int = 0,
) -> Plan:
    """Find the number of discussions that a difference needs; see `Analysed.plan`.

    Parameters
    ----------
    source : Study, its labels, or whatever else `gather` takes
    measure, difference, by, power, label, roles, draws, seed
        As in `Analysed.plan`.
    """
    from syndisco_nb.analysis.statistics.power import discussions_needed

    require_number("difference", difference, "other than 0", lambda value: value != 0)
    require_number("power", power, "between 0 and 1", lambda value: 0 < value < 1)
    require_int("draws", draws, 100)
    require_int("seed", seed, 0)
    values = measured_values(gather(source), measure, label, roles)
    table = level_table(values.discussions, by)
    baseline, *levels = table.levels
    found = []
    for level in levels:
        simulate, freedom, pilot = _simulation(values, table, level, baseline, float(difference), draws, seed)
        found.append((discussions_needed(simulate, power), simulate, freedom, pilot))
    (needed, tried), simulate, freedom, pilot = max(found, key=lambda one: math.inf if one[0][0] is None else one[0][0])
    sizes = sorted({max(3, round(needed * size)) for size in SIZES}) if needed else []
    return Plan(
        measure=values.name,
        by=table.by,
        difference=float(difference),
        power=power,
        discussions=needed,
        rows=tuple(map(simulate, sizes)) if needed else tried,
        pilot=pilot,
        likely=_likely(needed, freedom) if needed else None,
        warnings=_warnings(pilot, freedom, len(levels)),
        method=_method(pilot, float(difference), power, draws, seed),
        left_out=values.left_out,
    )


def _simulation(
    values: MeasuredValues, table: LevelTable, level: str, baseline: str, difference: float, draws: int, seed: int
) -> tuple[Simulation, int, str]:
    """Return the power by number of discussions, the pilot's degrees of freedom, and the pilot in words."""
    from syndisco_nb.analysis.statistics.power import paired_power, unpaired_power

    if find_pairing(table, level, baseline, values.material).paired:
        differences = table.differences(level, baseline)
        _check_pilot(len(differences), "pair")
        words = f"{count(len(differences), 'pair')} of discussions ({level} and {baseline})"
        return lambda n: paired_power(differences, difference, n, draws, seed), len(differences) - 1, words
    first, second = table.values(baseline), table.values(level)
    _check_pilot(min(len(first), len(second)), "discussion")
    words = f"{len(first):,} + {len(second):,} discussions ({baseline} and {level})"
    return lambda n: unpaired_power(first, second, difference, n, draws, seed), len(first) + len(second) - 2, words


def _check_pilot(number: int, noun: str) -> None:
    require(
        number > 2, f"The pilot has {count(number, noun)}, but must have 3 or more to show how they vary.", "source"
    )


def _likely(needed: int, freedom: int) -> tuple[int, int]:
    """Return the number needed at both ends of the 80% interval of the variance, to which it is proportional."""
    from scipy import stats

    low, high = (freedom / float(stats.chi2.ppf(tail, freedom)) for tail in (0.9, 0.1))
    return math.ceil(needed * low), math.ceil(needed * high)


def _warnings(pilot: str, freedom: int, levels: int) -> tuple[str, ...]:
    texts = []
    if freedom + 1 < SMALL:
        texts.append(f"The pilot is small, {pilot}: its standard deviation is uncertain, and so is the number needed.")
    if levels > 1:
        texts.append(
            f"This is for the one of {levels} comparisons that needs the most, without Holm's correction. Plan more."
        )
    return tuple(texts)


def _method(pilot: str, difference: float, power: float, draws: int, seed: int) -> str:
    return (
        f"The number of discussions was chosen by simulation: values of the pilot, {pilot}, were drawn with "
        f"replacement and shifted to a difference of {decimal(difference)}; in {percent(power)} of {draws:,} studies "
        f"of that size (seed {seed}), the two-sided t-test has p < .05."
    )
