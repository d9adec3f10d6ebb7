"""`validate`: compare labels with people's, on every scale they share."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from syndisco_nb.analysis.agreement import Level, measured_level
from syndisco_nb.analysis.comparable_labels import ComparableLabels, LabelsByAnnotator, comparable_labels
from syndisco_nb.analysis.frames.label_frame import PlacedLabel
from syndisco_nb.analysis.label_table import LabelTable, label_table
from syndisco_nb.analysis.validation.corrected_means import corrected_means
from syndisco_nb.analysis.validation.held_out import Part, part_of
from syndisco_nb.analysis.validation.label_scores import LabelScores, warnings_of
from syndisco_nb.analysis.validation.validation import ScaleValidation, Validation
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import require
from syndisco_nb.experiments.adjudication import Adjudication
from syndisco_nb.experiments.comment_sample import sampled_roles
from syndisco_nb.experiments.labelling import Labelling
from syndisco_nb.wording import count, listed

_NOT_RANDOM = (
    "Means are not corrected for the annotator's error, since it is not known that people labelled a random sample of "
    "all comments that count. Draw one with sample(), of the same roles, or, if it is one, give random=True."
)

_UNANSWERED = (
    "{}: {} has no label for {:,} of {:,} {}s that people labelled, and these do not count. If it was asked, it may "
    "have failed on the hard ones."
)

_FEW_ITEMS = (
    "{}: A person shares fewer than 30 comments with another, so the alternative-annotator test shows little. Have "
    "both label more of the same comments."
)


def validate(
    labels: Any,
    gold: Any,
    *,
    level: Level | None = None,
    roles: Any = None,
    test_share: float | None = None,
    part: Part = "test",
    random: bool | None = None,
    epsilon: float = 0.2,
    seed: int = 0,
) -> Validation:
    """Compare labels with people's; see `Analysed.validate`.

    Parameters
    ----------
    labels, gold : object
        Anything that `gather` takes; gold may be a `Labelling`, or what `adjudicate` returns, of which the gold set
        counts.
    level, roles, test_share, part, random, epsilon, seed
        As for `Analysed.validate`.
    """
    sampled = None
    if isinstance(gold, Adjudication):
        sampled, gold = gold.sampled_roles if gold.is_random else frozenset(), gold.gold
    elif isinstance(gold, Labelling):
        gold = gold.run
    comparable = comparable_labels([labels, gold], roles)
    placed = [one for given in comparable.by_scale.values() for named in given.values() for one in named.values()]
    people = tuple(dict.fromkeys(one.annotator for one in placed if one.held.source == 1))
    judges = tuple(dict.fromkeys(one.annotator for one in placed if one.held.source == 0))
    reasons = "".join(f" {note}" for note in comparable.notes)
    require(
        people,
        f"gold holds no label that can be compared.{reasons} Give labels by people, such as a Labelling or its run.",
        "gold",
    )
    by_scale = comparable.by_scale
    if test_share is not None:
        kept = part_of((one.held.name for one in placed if one.held.source == 1), test_share, part, seed)
        by_scale = {scale: _within(given, kept) for scale, given in by_scale.items()}
    is_random = _drawn_at_random(placed, sampled) if random is None else random
    rows = [
        row
        for name, scale in comparable.scales.items()
        for judge in judges
        if (row := _row(scale, by_scale[name], judge, people, measured_level(scale, level), is_random, epsilon, seed))
    ]
    require(rows, _nothing_shared(comparable, judges, people), "gold")
    warnings = [*comparable.notes, *(warning for row in rows for warning in row.warnings)]
    if not is_random and any(scale.value_type in (int, bool) for scale in comparable.scales.values()):
        warnings.append(_NOT_RANDOM)
    return Validation(
        tuple(rows),
        people,
        "all" if test_share is None else part,
        comparable.left_out,
        tuple(dict.fromkeys(warnings)),
    )


def _row(
    scale: Scale,
    given: LabelsByAnnotator,
    judge: str,
    people: Sequence[str],
    level: Level,
    is_random: bool,
    epsilon: float,
    seed: int,
) -> ScaleValidation | None:
    """Return the validation of one annotator on one scale; None where nobody else labelled the same."""
    from syndisco_nb.analysis.statistics.alternative_annotator import ENOUGH
    from syndisco_nb.analysis.statistics.bootstrap import FEW

    table = label_table(scale, given, (judge, *people))
    shared = [place for place, row in enumerate(table.rows) if row[0] is not None]
    if not shared:
        return None
    subjects, rows = (tuple(table.subjects[place] for place in shared), tuple(table.rows[place] for place in shared))
    table = LabelTable(scale, table.annotators, subjects, rows)
    scores = LabelScores(table, level, seed)
    figures = scores.figures()
    values = {name: figures.get(name, (math.nan, None))[0] for name in _FIGURES}
    polarisation, people_polarisation = scores.polarisation()
    numeric = scale.value_type in (int, bool)
    alternative = scores.alternative(epsilon)
    few = alternative is not None and min(alternative.items) < ENOUGH
    corrected = corrected_means(scale, given, judge, people) if is_random and numeric else {}
    conditions = dict.fromkeys(one.held.condition for one in given[judge].values()) if is_random and numeric else ()
    by_hand = {subject for person in people for subject in given.get(person, {})}
    unanswered = len(by_hand - given[judge].keys())
    uncorrected = [condition for condition in conditions if condition not in corrected]
    return ScaleValidation(
        scale=scale.name,
        annotator=judge,
        people=tuple(people),
        level=level,
        comments=len(table.rows),
        discussions=len(set(table.discussions)),
        **values,
        intervals={name: interval for name, (_, interval) in figures.items()},
        confusion=scores.confusion(),
        classes=scores.classes(),
        polarisation=polarisation if level != "nominal" else math.nan,
        people_polarisation=people_polarisation if level != "nominal" else math.nan,
        alternative=alternative,
        corrected=corrected,
        warnings=(
            *warnings_of(table, FEW),
            *([_UNANSWERED.format(scale.name, judge, unanswered, len(by_hand), scale.unit)] if unanswered else []),
            *([_FEW_ITEMS.format(scale.name)] if few else []),
            *([_uncorrected(scale.name, uncorrected, judge)] if uncorrected else []),
        ),
    )


def _uncorrected(scale: str, conditions: Sequence[str], judge: str) -> str:
    of_them = f" of {listed(conditions)}" if any(conditions) else ""
    return (
        f"{scale}: The mean{of_them} is not corrected for the error of {judge}: that needs comments of two discussions "
        f"or more that people labelled, and of two or more that {judge} alone labelled."
    )


_FIGURES = ("accuracy", "macro_f1", "alpha", "ac1", "ac2", "bias")


def _within(given: LabelsByAnnotator, discussions: Collection[str]) -> LabelsByAnnotator:
    """Return the labels of some discussions."""
    return {
        annotator: {subject: one for subject, one in labels.items() if one.held.name in discussions}
        for annotator, labels in given.items()
    }


def _drawn_at_random(placed: Sequence[PlacedLabel], sampled: frozenset[str] | None) -> bool:
    """Return whether people's labels are of a sample on record as random, from comments of all roles that count."""
    if sampled is None:
        runs = {id(one.held.run): one.held.run for one in placed if one.held.source == 1}
        sampled = sampled_roles([run.spec.get("sample") if run is not None else None for run in runs.values()])
    counted = {one.role for one in placed if one.held.source == 0 and one.label.unit == "comment"}
    return bool(sampled) and counted <= sampled


def _nothing_shared(comparable: ComparableLabels, judges: Sequence[str], people: Sequence[str]) -> str:
    scales = {
        name: {scale for scale, given in comparable.by_scale.items() if any(one in given for one in names)}
        for name, names in (("labels", judges), ("gold", people))
    }
    there = "; ".join(f"{name} of {listed(sorted(found)) or 'no scale'}" for name, found in scales.items())
    who = f"{count(len(judges), 'annotator')} and {listed(people)}"
    return f"No comment has labels of {who} on the same scale: {there}. Label the same comments on the same scale."
