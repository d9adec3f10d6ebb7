"""The table of a contrast: levels, comparisons, models and distances from a human corpus, one row each."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.contrasts.contrast_models import ModelEstimate
from syndisco_nb.analysis.contrasts.corpus_distance import CorpusDistance
from syndisco_nb.analysis.contrasts.level_comparison import LevelComparison, LevelMean, interval_text
from syndisco_nb.wording import decimal, p_text

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {
    "row": "string",
    "name": "string",
    "estimate": "float64",
    "low": "float64",
    "high": "float64",
    "se": "float64",
    "p": "float64",
    "p_alone": "float64",
    "p_sign_flips": "float64",
    "n": "Int64",
    "comments": "Int64",
    "sd": "float64",
    "effect_size": "float64",
    "effect_size_name": "string",
    "cliffs_delta": "float64",
    "note": "string",
}


def contrast_rows(
    levels: Sequence[LevelMean],
    comparisons: Sequence[LevelComparison],
    models: Sequence[ModelEstimate],
    human: Sequence[CorpusDistance],
) -> "pd.DataFrame":
    """Return one row for each, with the columns of `DTYPES`.

    Parameters
    ----------
    levels, comparisons, models, human : sequence
    """
    import pandas as pd

    rows = [*map(_level, levels), *map(_comparison, comparisons), *map(_model, models), *map(_distance, human)]
    return pd.DataFrame(rows, columns=list(DTYPES)).astype(DTYPES)


def printed_rows(levels: Sequence[LevelMean], comparisons: Sequence[LevelComparison]) -> "pd.DataFrame":
    """Return levels and comparisons as text, for a paper.

    Parameters
    ----------
    levels, comparisons : sequence
    """
    import pandas as pd

    head = ["Estimate", "Interval", "p", "Effect size", "Cliff's δ", "n"]
    rows = {
        one.level: [decimal(one.mean), interval_text(one.interval), "", "", "", f"{one.discussions:,}"]
        for one in levels
    }
    rows |= {
        one.name: [
            decimal(one.difference),
            interval_text(one.interval),
            p_text(one.p).removeprefix("p "),
            f"{one.effect_size.name} {decimal(one.effect_size.value)}",
            decimal(one.effect_size.cliffs_delta),
            one.size_text,
        ]
        for one in comparisons
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=head)


def _level(one: LevelMean) -> dict[str, Any]:
    return {
        "row": "level",
        "name": one.level,
        "estimate": one.mean,
        **_ends(one.interval),
        "n": one.discussions,
        "comments": one.comments,
        "sd": one.sd,
    }


def _comparison(one: LevelComparison) -> dict[str, Any]:
    return {
        "row": "comparison",
        "name": one.name,
        "estimate": one.difference,
        **_ends(one.interval),
        "p": one.p,
        "p_alone": one.p_alone,
        "p_sign_flips": one.p_sign_flips,
        "n": one.n,
        "effect_size": one.effect_size.value,
        "effect_size_name": one.effect_size.name,
        "cliffs_delta": one.effect_size.cliffs_delta,
        "note": "pairs" if one.paired else "independent groups",
    }


def _model(one: ModelEstimate) -> dict[str, Any]:
    return {
        "row": one.model,
        "name": one.term,
        "estimate": one.estimate,
        **_ends(one.interval),
        "se": one.se,
        "p": one.p,
        "note": one.note,
    }


def _distance(one: CorpusDistance) -> dict[str, Any]:
    return {
        "row": "human corpus",
        "name": one.level,
        "estimate": one.divergence,
        **_ends(one.interval),
        "n": one.discussions,
        "note": "Jensen–Shannon divergence in bits",
    }


def _ends(interval: Iterable[float]) -> dict[str, float]:
    return dict(zip(("low", "high"), interval, strict=True))
