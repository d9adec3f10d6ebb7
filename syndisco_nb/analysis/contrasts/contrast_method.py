"""Sentences about a contrast for the methods section of a paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.analysis.contrasts.level_comparison import LevelComparison
from syndisco_nb.analysis.contrasts.level_table import LevelTable
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.pairing import Pairing
from syndisco_nb.wording import count


def method_text(
    values: MeasuredValues,
    table: LevelTable,
    comparisons: Sequence[LevelComparison],
    pairings: Mapping[str, Pairing],
    bootstrap: Mapping[str, Any],
    *,
    human: bool = False,
) -> str:
    """Return the method in sentences.

    Parameters
    ----------
    values : MeasuredValues
    table : LevelTable
    comparisons : sequence of LevelComparison
    pairings : mapping of str to Pairing
        By level.
    bootstrap : mapping
        Its level, draws and seed.
    human : bool
        Whether there is a human corpus.
    """
    name = values.name.replace("_", " ")
    what = f"{name} ({values.quantity})" if values.quantity else name
    sentences = [f"{what[0].upper()}{what[1:]} was averaged {_steps(values)}."]
    if table.others:
        sentences.append(f"Discussions of one number were averaged over {' and '.join(table.others)}.")
    if values.left_out:
        sentences.append(f"Left out: {values.left_out}.")
    unit = "pairs of discussions" if all(one.paired for one in comparisons) else "discussions"
    alike: dict[str, list[LevelComparison]] = {}
    for one in comparisons:
        how = f"in {one.size_text} of discussions" if one.paired else f"as independent groups of {one.size_text}"
        alike.setdefault(f"{how}: {pairings[one.level].reason}.", []).append(one)
    sentences += [f"{_compared(some, table.by)} {how}" for how, some in alike.items()]
    tests = {"paired t-tests" if one.paired else "Welch's t-tests" for one in comparisons}
    corrected = ", corrected by Holm's method" if len(comparisons) > 1 else ""
    sentences.append(
        f"Intervals ({bootstrap['level']:.0%}) are from {bootstrap['draws']:,} bootstrap resamples of {unit} (expanded "
        f"percentile method, seed {bootstrap['seed']}), p-values from two-sided "
        f"{' and '.join(sorted(tests))}{corrected}."
    )
    if human:
        sentences.append(
            "The distribution at each level was compared with that of the human corpus by Jensen–Shannon divergence "
            "(base 2), with percentile intervals over the discussions of both."
        )
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)


def _compared(comparisons: Sequence[LevelComparison], by: str) -> str:
    """Return which levels were compared with the baseline."""
    baseline = comparisons[0].baseline
    if len(comparisons) == 1:
        return f"the levels “{comparisons[0].level}” and “{baseline}” of {by} were compared"
    levels = ", ".join(f"“{one.level}”" for one in comparisons)
    return f"the levels {levels} of {by} were each compared with “{baseline}”"


def _steps(values: MeasuredValues) -> str:
    """Return over what values were averaged."""
    annotators, discussions = values.annotators, count(len(values.discussions), "discussion")
    over = [f"over {count(len(annotators), 'annotator')}"] if len(annotators) > 1 else []
    if (values.discussions.n > 1).any():
        units = count(len(values.units), values.unit)
        return ", then ".join([*over, f"over the {units} of {discussions}, by discussion", "over discussions"])
    return ", then ".join([*over, f"over {discussions}"])
