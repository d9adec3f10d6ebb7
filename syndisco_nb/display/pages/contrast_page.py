"""Pages of a contrast and of its parts."""

from collections.abc import Sequence

from syndisco_nb.analysis.contrasts.assumption import Assumption
from syndisco_nb.analysis.contrasts.contrast import Contrast
from syndisco_nb.analysis.contrasts.contrast_models import ModelEstimate, model_notes
from syndisco_nb.analysis.contrasts.corpus_distance import CorpusDistance
from syndisco_nb.analysis.contrasts.level_comparison import (
    EffectSize,
    LevelComparison,
    LevelMean,
    interval_text,
)
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Table
from syndisco_nb.display.pages.figure_page import figure_block
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.wording import count, decimal, p_text

_LEVELS = ("mean", "95% CI", "SD", "discussions")
_COMPARISONS = ("difference", "95% CI", "p", "effect size", "Cliff's δ", "n")
_DISTANCE = ("JS divergence (bits)", "95% CI", "mean", "mean of the human corpus")
_MODELS = ("model", "term", "estimate", "95% CI", "p", "note")


@make_page.register
def contrast_page(thing: Contrast, limits: Limits) -> Page:
    """Return the page of a contrast: the comparisons, the levels, broken assumptions, then the rest in folds."""
    facts = (
        ("measure", f"{thing.measure} ({thing.quantity})" if thing.quantity else thing.measure),
        ("levels of", thing.by),
        *((("left out", str(thing.left_out)),) if thing.left_out else ()),
    )
    units = () if thing.values.unit == "discussion" else (f"{thing.values.unit}s",)

    def level(one: LevelMean) -> tuple[str | int, ...]:
        return (*_level(one), *((one.comments,) if units else ()))

    blocks: list[Block] = [
        _differences(thing, limits),
        figure_block(thing.plot(), ""),
        limited_table("Levels", (thing.by, *_LEVELS, *units), thing.levels, level, limits, ".levels"),
        *(Note(f"{text}", warning=True) for text in thing.warnings),
    ]
    if thing.human:
        head = (thing.by, *_DISTANCE)
        blocks.append(limited_table("Distance from the human corpus", head, thing.human, _distance, limits, ".human"))
    blocks += [_assumptions(thing.assumptions), *_models(thing, limits), Note(f"Method. {thing.method}")]
    return Page("Contrast", _title(thing), facts, tuple(blocks))


@make_page.register
def comparison_of_levels_page(thing: LevelComparison, limits: Limits) -> Page:
    """Return the page of one comparison."""
    test = f"{'paired' if thing.paired else 'Welch'} t({thing.df:.4g}) {decimal(thing.t)}, {p_text(thing.p_alone)}"
    facts = {
        "difference": f"{decimal(thing.difference)} {interval_text(thing.interval)}",
        thing.effect_size.name: decimal(thing.effect_size.value),
        "Cliff's δ": decimal(thing.effect_size.cliffs_delta),
        "test": test,
        "sign flips": p_text(thing.p_sign_flips) if thing.paired else "",
        "n": thing.size_text,
    }
    return Page("Comparison", thing.name, tuple((name, text) for name, text in facts.items() if text))


@make_page.register(LevelMean)
@make_page.register(EffectSize)
@make_page.register(Assumption)
@make_page.register(CorpusDistance)
@make_page.register(ModelEstimate)
def part_page(thing: LevelMean | EffectSize | Assumption | CorpusDistance | ModelEstimate, limits: Limits) -> Page:
    """Return the page of a part of a contrast."""
    return Page("Part of a contrast", repr(thing)[1:-1])


def _title(thing: Contrast) -> str:
    first, *others = thing.comparisons
    if others:
        return f"{count(len(thing.comparisons), 'level')} of {thing.by} compared with {thing.baseline}"
    return f"{first.name}: {first.text}"


def _differences(thing: Contrast, limits: Limits) -> Table:
    """Return the table of comparisons; the kind of effect size stands in the head, where it is the same for all."""
    kinds = {one.effect_size.name for one in thing.comparisons}
    size_head = f"effect size ({kinds.pop()})" if len(kinds) == 1 else "effect size"

    def row(one: LevelComparison) -> tuple[str, ...]:
        kind = f"{one.effect_size.name} " if size_head == "effect size" else ""
        return (
            one.name,
            decimal(one.difference),
            interval_text(one.interval),
            p_text(one.p).removeprefix("p "),
            f"{kind}{decimal(one.effect_size.value)}",
            decimal(one.effect_size.cliffs_delta),
            one.size_text,
        )

    head = ("", *(size_head if name == "effect size" else name for name in _COMPARISONS))
    return limited_table("Differences", head, thing.comparisons, row, limits, ".comparisons")


def _level(one: LevelMean) -> tuple[str | int, ...]:
    interval = interval_text(one.interval)
    return (one.level, decimal(one.mean), interval, decimal(one.sd), one.discussions)


def _distance(one: CorpusDistance) -> tuple[str, ...]:
    interval = interval_text(one.interval)
    return (one.level, decimal(one.divergence), interval, decimal(one.mean), decimal(one.human_mean))


def _assumptions(assumptions: Sequence[Assumption]) -> Fold:
    rows = tuple((one.name, one.status, one.text) for one in assumptions)
    hold = f"{sum(one.holds is True for one in assumptions)} of {len(rows)} hold"
    table = Table("", ("assumption", "", ""), rows)
    return Fold(
        f"Assumptions: {hold}",
        Page("Assumptions", hold, (), (table,)),
    )


def _models(thing: Contrast, limits: Limits) -> list[Block]:
    def row(one: ModelEstimate) -> tuple[str, ...]:
        interval = interval_text(one.interval)
        return (one.model, one.term, decimal(one.estimate), interval, p_text(one.p).removeprefix("p "), one.note)

    if not thing.models:
        return []
    table = limited_table("", _MODELS, thing.models, row, limits, ".models")
    hint = [Note(text) for text in model_notes(thing.values, thing.by)]
    return [
        Fold(
            "Models of comments and turns",
            Page("Models", f"{thing.measure} by {thing.by} and turn", (), (table, *hint)),
        )
    ]
