"""The assumptions of a contrast, each compared with the data."""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from syndisco_nb.analysis.contrasts.assumption import Assumption
from syndisco_nb.analysis.contrasts.level_comparison import LevelComparison
from syndisco_nb.analysis.contrasts.level_table import CONDITION, LevelTable, level_table
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.pairing import Pairing
from syndisco_nb.records.annotation_set import LOW_MASS
from syndisco_nb.wording import count, decimal, listed, percent

ENOUGH, FEW = 20, 8
"""Numbers of discussions of a level below which an interval is approximate, and too short."""

NEAR, MANY = 0.05, 0.5
"""A ceiling: more than half of the discussions within 5% of the end of the scale."""

MOST_MISSING = 0.05
"""Share of answers without a label, or difference of it between levels, above which labels are not complete."""


def check_assumptions(
    values: MeasuredValues,
    table: LevelTable,
    comparisons: Sequence[LevelComparison],
    pairings: Mapping[str, Pairing],
) -> tuple[Assumption, ...]:
    """Return all assumptions that can be checked, in the order in which a reader needs them.

    Parameters
    ----------
    values : MeasuredValues
    table : LevelTable
    comparisons : sequence of LevelComparison
    pairings : mapping of str to Pairing
        By level.
    """
    return (
        *_levels(values, table),
        *_pairs(pairings),
        _enough(table, comparisons),
        *_range(values, table),
        *_differences(values, table, comparisons),
        *_lengths(values, table, comparisons),
        *_other_settings(table, comparisons),
        *_labels(values, table),
        *_annotators(values, table, comparisons),
    )


def _levels(values: MeasuredValues, table: LevelTable) -> Iterator[Assumption]:
    """Tell levels and discussions without values, such as those that have not been run or labelled yet."""
    known = values.material.levels
    all_levels = known if table.by == CONDITION else dict.fromkeys(one.get(table.by, "") for one in known.values())
    empty = [level for level in all_levels if level not in table.levels]
    if empty:
        verb = "is" if len(empty) == 1 else "are"
        text = f"{' and '.join(empty)} {verb} left out. Run or label the rest, then contrast again."
        yield Assumption("Every level has values", text, holds=False)
    has_value = set(zip(values.discussions.condition, values.discussions.discussion_index, strict=True))
    run = {
        (held.condition, held.record.index)
        for held in values.material.transcripts
        if (held.condition if table.by == CONDITION else held.levels.get(table.by, "")) in table.levels
    }
    if without := len(run - has_value):
        text = f"{without:,} of {count(len(run), 'discussion')} have none, and do not count."
        yield Assumption("Every discussion has a value", text, holds=False)


def _pairs(pairings: Mapping[str, Pairing]) -> Iterator[Assumption]:
    for level, pairing in pairings.items():
        of_level = f" ({level})" if len(pairings) > 1 else ""
        if pairing.paired:
            yield Assumption(f"Pairs{of_level}", f"{pairing.reason}.", holds=pairing.verified or None)
        else:
            text = f"{pairing.reason}, so they are compared as independent groups."
            yield Assumption(f"Pairs{of_level}", text, holds=False)
        if pairing.paired and pairing.alone:
            verb = "does" if pairing.alone == 1 else "do"
            text = f"{count(pairing.alone, 'discussion')} without a partner {verb} not count in the difference."
            yield Assumption(f"Complete pairs{of_level}", text, holds=False)


def _enough(table: LevelTable, comparisons: Sequence[LevelComparison]) -> Assumption:
    least = min(min(len(table.values(one)) for one in table.levels), *(one.n for one in comparisons))
    name = f"At least {ENOUGH} discussions a level"
    if least >= ENOUGH:
        return Assumption(name, f"{least:,} or more.", holds=True)
    risk = "the intervals are too short" if least < FEW else "intervals and p are approximate"
    return Assumption(name, f"{count(least, 'discussion')}, so {risk}.", holds=False)


def _range(values: MeasuredValues, table: LevelTable) -> Iterator[Assumption]:
    spread = values.units.value
    if spread.max() == spread.min():
        yield Assumption("Values vary", f"all {len(spread):,} values are {decimal(spread.iloc[0])}.", holds=False)
        return
    yield Assumption("Values vary", f"from {decimal(spread.min())} to {decimal(spread.max())}.", holds=True)
    if not values.limits:
        return
    low, high = values.limits
    near = NEAR * (high - low)
    for end, name in ((low, "lowest"), (high, "highest")):
        shares = {level: float((abs(table.values(level) - end) <= near).mean()) for level in table.levels}
        crowded = [f"{percent(share)} of the discussions of {level}" for level, share in shares.items() if share > MANY]
        if crowded:
            yield Assumption("Room on the scale", f"{listed(crowded)} are at the {name} value, {end:g}.", holds=False)


def _differences(
    values: MeasuredValues, table: LevelTable, comparisons: Sequence[LevelComparison]
) -> Iterator[Assumption]:
    """Yield the comparisons without a difference in any pair, as of a setting that never reached the model."""
    if values.units.value.nunique() == 1:
        return
    for one in comparisons:
        if one.paired and not table.differences(one.level, one.baseline).any():
            same = f"all {count(one.n, 'pair')} have the same value at {one.level} and {one.baseline}"
            text = f"{same}, so the setting may not have taken effect."
            yield Assumption("Pairs differ", text, holds=False)


def _lengths(values: MeasuredValues, table: LevelTable, comparisons: Sequence[LevelComparison]) -> Iterator[Assumption]:
    lengths = values.discussions.n
    if lengths.max() == 1:
        return
    if lengths.max() == lengths.min():
        yield Assumption("Equal lengths", f"{lengths.max():,} values in each discussion.", holds=True)
        return
    for one in comparisons:
        means = [
            values.units[table.levels_of(values.units) == level].value.mean() for level in (one.level, one.baseline)
        ]
        over_comments = float(means[0] - means[1])
        half = (one.interval[1] - one.interval[0]) / 2
        agree = abs(over_comments - one.difference) <= half / 4 if math.isfinite(half) else None
        of_level = f" ({one.level})" if len(comparisons) > 1 else ""
        yield Assumption(
            f"Length does not matter{of_level}",
            f"discussions have {lengths.min():,} to {lengths.max():,} values, and each counts once. If each value did, "
            f"the difference would be {decimal(over_comments)}.",
            holds=agree,
        )


def _other_settings(table: LevelTable, comparisons: Sequence[LevelComparison]) -> Iterator[Assumption]:
    if not table.others:
        return
    for one in comparisons:
        matched = table.matched(one.level, one.baseline)
        by_other = (matched[one.level] - matched[one.baseline]).groupby(level=0, sort=False).mean()
        text = listed([f"{decimal(value)} at {name}" for name, value in by_other.items()])
        same = bool((by_other >= 0).all() or (by_other <= 0).all())
        of_level = f" ({one.level})" if len(comparisons) > 1 else ""
        yield Assumption(f"Same direction at each {' and '.join(table.others)}{of_level}", f"{text}.", holds=same)


def _labels(values: MeasuredValues, table: LevelTable) -> Iterator[Assumption]:
    if values.of_unknown_role:
        labels = count(values.of_unknown_role, "label")
        text = f"the role of {labels} is not known, so that openings and moderators may count. Give the study, too."
        yield Assumption("Roles are known", text, holds=False)
    if values.masses:
        middle = median(values.masses)
        text = f"the allowed labels have {percent(middle)} of the probability (median)."
        yield Assumption("Models answer with a label", text, holds=middle >= LOW_MASS)
    if values.material.unfinished:
        yield Assumption("Labelling is finished", listed(values.material.unfinished), holds=False)
    if values.missing:
        given = values.rows.groupby("condition").value.count()
        shares = {one: values.missing[one] / (values.missing[one] + given.get(one, 0)) for one in values.missing}
        apart = max(shares.values()) - (min(shares.values()) if len(shares) == given.size else 0)
        text = listed([f"{percent(share)} in {condition}" for condition, share in shares.items()])
        holds = max(max(shares.values()), apart) <= MOST_MISSING
        yield Assumption("Complete labels", f"answers without a label: {text}.", holds=holds)


def _annotators(
    values: MeasuredValues, table: LevelTable, comparisons: Sequence[LevelComparison]
) -> Iterator[Assumption]:
    annotators = values.annotators
    if not annotators:
        return
    if len(annotators) < 2:
        return
    units = table.levels_of(values.units).value_counts()
    given = values.rows.groupby([values.rows.annotator, table.levels_of(values.rows)]).value.count()
    shares = {name: [given.get((name, level), 0) / units[level] for level in table.levels] for name in annotators}
    uneven = [name for name, of_levels in shares.items() if max(of_levels) - min(of_levels) > MOST_MISSING]
    if uneven:
        texts = [f"{name} {' and '.join(map(percent, shares[name]))}" for name in uneven]
        text = (
            f"{listed(texts)}, of {' and '.join(table.levels)}: the difference may be one between annotators. Contrast "
            "the labels of one alone, or of comments that all labelled."
        )
        yield Assumption("Annotators labelled as much of each level", text, holds=False)
    if all(all(of_levels) for of_levels in shares.values()):
        yield _same_direction(values, table, comparisons)


def _same_direction(values: MeasuredValues, table: LevelTable, comparisons: Sequence[LevelComparison]) -> Assumption:
    """Return whether annotators find the same direction; chance differences around 0 do not count."""
    from syndisco_nb.analysis.statistics.t_test import paired_t, welch_t

    texts, opposite = [], False
    tables = {name: level_table(values.of_annotator(name).discussions, table.by) for name in values.annotators}
    for one in comparisons:
        for name, own in tables.items():
            if one.paired:
                test = paired_t(own.differences(one.level, one.baseline))
            else:
                test = welch_t(own.values(one.baseline), own.values(one.level))
            texts.append(f"{decimal(test.difference)} by {name}" + (f" ({one.level})" if len(comparisons) > 1 else ""))
            opposite |= test.difference * one.difference < 0 and min(one.p, test.p) < 0.05
    return Assumption("Annotators find the same direction", f"{listed(texts, 12)}.", holds=not opposite)
