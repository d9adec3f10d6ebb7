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
    """
    name = values.name.replace("_", " ")
    what = f"{name} ({values.quantity})" if values.quantity else name
    sentences = [f"{what[0].upper()}{what[1:]} was averaged {_steps(values)}."]
    if table.others:
        sentences.append(f"Discussions of one number were averaged over {' and '.join(table.others)}.")
    if values.left_out:
        sentences.append(f"Left out: {values.left_out}.")
    unit = "pairs of discussions" if all(one.paired for one in comparisons) else "discussions"
    for one in comparisons:
        how = "in" if one.paired else "as independent groups of"
        what = f"{one.size_text} of discussions" if one.paired else one.size_text
        levels = f"the levels “{one.level}” and “{one.baseline}” of {table.by}"
        sentences.append(f"{levels} were compared {how} {what}: {pairings[one.level].reason}.")
    tests = {"paired t-tests" if one.paired else "Welch's t-tests" for one in comparisons}
    corrected = ", corrected by Holm's method" if len(comparisons) > 1 else ""
    sentences.append(
        f"Intervals ({bootstrap['level']:.0%}) are from {bootstrap['draws']:,} bootstrap resamples of {unit} (expanded "
        f"percentile method, seed {bootstrap['seed']}), p-values from two-sided "
        f"{' and '.join(sorted(tests))}{corrected}."
    )
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)


def _steps(values: MeasuredValues) -> str:
    """Return over what values were averaged."""
    annotators, discussions = values.annotators, count(len(values.discussions), "discussion")
    over = [f"over {count(len(annotators), 'annotator')}"] if len(annotators) > 1 else []
    if (values.discussions.n > 1).any():
        units = count(len(values.units), values.unit)
        return ", then ".join([*over, f"over the {units} of {discussions}, by discussion", "over discussions"])
    return ", then ".join([*over, f"over {discussions}"])
