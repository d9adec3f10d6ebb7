"""Checks of labels: off the scale, missing, constant, an annotator apart, order of options, low mass, partly scored."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import RANGE_LEVEL, Finding, by_limits, exact, strongest, undecided
from syndisco_nb.analysis.checks.tally import Tally
from syndisco_nb.records import LOW_MASS, Label, LabelKey, Value, median_mass
from syndisco_nb.running.annotation_problems import is_allowed
from syndisco_nb.wording import count, label_text, listed, percent

_LEAST_LABELS = 20  # equal labels of one annotator, from which on they are called constant
_LEAST_DISCUSSIONS = 10
_RARE = 0.001
_SMALL_BIAS, _LARGE_BIAS = 0.1, 0.25  # of the scale's range
_LARGE_PREFERENCE = 0.15
_BADNESS = ("pass", "cannot tell", "warn", "fail")


@dataclass(frozen=True, slots=True)
class _Given:
    """A label, name and id of the discussion it is about, its annotator and scale."""

    discussion: str
    discussion_id: str
    annotator: str
    scale: Mapping[str, Any]
    label: Label

    @property
    def place(self) -> tuple[str, str, LabelKey]:
        """The comment, participant or discussion that is labelled, and the scale."""
        return self.discussion, self.discussion_id, self.label.key

    @property
    def number(self) -> float | None:
        """The value as a number; None if the scale has no numbers."""
        value = self.label.value
        return None if value is None or isinstance(value, str) else float(value)


def off_scale(records: ConditionRecords) -> Finding | None:
    """Check that every label is one that its scale allows, of the right type."""
    given = [one for one in _given(records) if one.label.value is not None]
    wrong = [one for one in given if not is_allowed(one.label.value, one.scale)]
    values = listed([label_text(value) for value in dict.fromkeys(one.label.value for one in wrong)], 4)
    explanation = (
        f"{count(len(wrong), 'label')} of {len(given):,} are not on their scale: {values}. They were not read from "
        "answers by the scale; leave them out, or label again."
    )
    return exact(len(wrong), len(given), explanation) if given else None


def missing_labels(records: ConditionRecords) -> Finding | None:
    """Check the share of answers without a label, of the worst annotator: a warning above .05, a failure above .25."""
    findings = []
    for (annotator, scale), given in _by_annotator(records).items():
        missing = sum(one.label.value is None for one in given)
        explanation = (
            f"{annotator} gives no label of {scale or 'the text'} in {missing / len(given):.0%} of the answers: "
            "refusals, or answers that the scale cannot read. Look at Label.generation.raw."
        )
        findings.append(by_limits(missing, len(given), 0.05, 0.25, explanation))
    return max(findings, key=lambda one: one.figure or 0) if findings else None


def constant_labels(records: ConditionRecords) -> Finding | None:
    """Check that no annotator gives one label only.

    It is a failure if the other annotators' labels make that improbable (below .001), otherwise a warning.
    """
    values = {
        (annotator, scale): [one.label.value for one in given if one.label.value is not None]
        for (annotator, scale), given in _by_annotator(records).items()
        if given[0].scale.get("labels")
    }
    findings = []
    for (annotator, scale), own in values.items():
        others = [
            value for (other, of), all_of in values.items() if of == scale and other != annotator for value in all_of
        ]
        findings += [_constant(f"{annotator} gives the same label of {scale}", own, others)] if own else []
    return max(findings, key=lambda one: (_BADNESS.index(one.status or "pass"), one.figure)) if findings else None


def _constant(who: str, own: list[Value], others: list[Value]) -> Finding:
    """Return the finding of an annotator's labels, beside those of the others on the same scale."""
    value, cases = Counter(own).most_common(1)[0]
    n = len(own)
    usual = others.count(value) / len(others) if others else 1.0
    same = f"{who}, {label_text(value)}, {n} times out of {n}"
    if cases == n and usual**n < _RARE:
        advice = f"the others give it {usual:.0%} of the time. Leave this annotator out."
        return Finding(1.0, "below 1", n, f"{same}; {advice}", "fail")
    if n < _LEAST_LABELS:
        return Finding(cases / n, "below 1", n, f"Only {n} of at least {_LEAST_LABELS} labels.", "cannot tell")
    if cases < n:
        return Finding(cases / n, "below 1", n, "", "pass")
    advice = "Use expected values, where labels are scored, another scale, or another model."
    return Finding(1.0, "below 1", n, f"{same}. Nothing follows from a label that never varies. {advice}", "warn")


def annotator_apart(records: ConditionRecords) -> Finding | None:
    """Check whether an annotator's labels are higher or lower than those of the others on the same comments.

    The mean difference in each discussion (of a study, in each pair of them) is tested against 0 over discussions, by a
    t-test corrected for the number of annotators. A difference below a tenth of the scale's range passes; above a
    quarter, it is a failure.
    """
    tests = []
    few = False
    for scale, by_annotator in _numbers(records).items():
        pairs = list(by_annotator.items())
        for annotator, numbers in pairs[: 1 if len(pairs) == 2 else None]:
            others = [other for name, other in pairs if name != annotator]
            differences = _differences(numbers, others)
            few = few or 0 < len(differences) < 2
            if len(differences) >= 2:
                against = pairs[1][0] if len(pairs) == 2 else "the others"
                tests.append(_bias(f"{annotator} labels {scale}", against, differences, _range(records, scale)))
    if not tests:
        return undecided("Annotators share one discussion alone.") if few else None
    return strongest(tests)


def option_order(records: ConditionRecords) -> Finding | None:
    """Check whether options are chosen equally often in each place of a shuffled list (chi-square).

    A preference above .15 for or against a place is a failure, a smaller one a warning: shuffling averages it out.
    Labels of two conditions that have one seed also have one order, so the first of them counts alone.
    """
    tests = []
    fixed = False
    for (annotator, scale), given in _by_annotator(records).items():
        settings = given[0].scale
        if "shuffle" not in settings:
            continue
        fixed = fixed or not settings["shuffle"]
        tally = Tally(8)
        orders = {one.label.generation.seed: one for one in reversed(given)}
        for one in orders.values():
            options, text = one.label.options, label_text(one.label.value)
            if settings["shuffle"] and one.label.value is not None and text in options:
                places = range(1, len(options) + 1)
                tally.add(places, [1 / len(options)] * len(options), options.index(text) + 1)
        if tally.n:
            tests.append(_preference(annotator, scale, tally))
    if tests:
        return strongest(tests)
    advice = (
        "The options always stand in the same order, so that its effect is unknown: Choice(…, shuffle=True) shows it."
    )
    return undecided(advice) if fixed else None


def low_mass(records: ConditionRecords) -> Finding | None:
    """Check the median mass of each annotator's labels: below .5, the model mostly preferred another answer."""
    findings = []
    for (annotator, scale), given in _by_annotator(records).items():
        mass = median_mass(one.label for one in given)
        if mass is None:
            continue
        low = mass < LOW_MASS
        explanation = (
            f"{annotator}: the allowed labels of {scale} have a probability of {percent(mass)} together (median): the "
            "model would rather answer something else. Word the question otherwise, or take another model."
        )
        findings.append(
            Finding(mass, f"at least {LOW_MASS}", len(given), explanation if low else "", "warn" if low else "pass")
        )
    return min(findings, key=lambda one: one.figure or 0) if findings else None


def partly_scored(records: ConditionRecords) -> Finding | None:
    """Check that an annotator's labels on a scale all have probabilities, or none: their values could not be compared.

    The value of a label with probabilities is the expected one, of another the label itself.
    """
    findings = []
    for (annotator, scale), given in _by_annotator(records).items():
        labels = [one.label for one in given if one.label.value is not None]
        share = sum(label.probabilities is not None for label in labels) / len(labels) if labels else 0.0
        explanation = (
            f"{annotator}: {percent(share)} of the labels of {scale} have probabilities, the others none "
            "(their notes say why), so that expected values stand beside whole ones. Give the scale labels that begin "
            "differently, or take the column label instead of value."
        )
        if share:
            mixed = share < 1
            findings.append(Finding(share, "1", len(labels), explanation if mixed else "", "warn" if mixed else "pass"))
    return min(findings, key=lambda one: one.figure or 0) if findings else None


def _given(records: ConditionRecords) -> Iterator[_Given]:
    for labels in records.labels:
        scales = {str(scale.get("name")): scale for scale in labels.settings.get("scales") or ()}
        for label in labels.labels:
            scale = scales.get(label.scale, {})
            yield _Given(labels.discussion, labels.discussion_id, labels.annotator_name, scale, label)


def _by_annotator(records: ConditionRecords) -> dict[tuple[str, str], list[_Given]]:
    """Return the labels by annotator and scale."""
    found: defaultdict[tuple[str, str], list[_Given]] = defaultdict(list)
    for one in _given(records):
        found[one.annotator, one.label.scale].append(one)
    return dict(found)


def _numbers(records: ConditionRecords) -> dict[str, dict[str, dict[tuple[str, str, LabelKey], float]]]:
    """Return the labels that are numbers: by scale, annotator and labelled comment."""
    found: defaultdict[str, defaultdict[str, dict[tuple[str, str, LabelKey], float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for one in _given(records):
        if one.number is not None:
            found[one.label.scale][one.annotator][one.place] = one.number
    return {scale: dict(by_annotator) for scale, by_annotator in found.items()}


def _differences(numbers: Mapping[Any, float], others: list[dict[Any, float]]) -> list[float]:
    """Return the mean difference to the others' mean in each discussion, or pair of them, with shared comments.

    Paired discussions of two conditions have one name, and share their sampling noise.
    """
    by_name: defaultdict[str, list[float]] = defaultdict(list)
    for place, number in numbers.items():
        there = [other[place] for other in others if place in other]
        if there:
            by_name[place[0]].append(number - fmean(there))
    return [fmean(differences) for differences in by_name.values()]


def _bias(who: str, against: str, differences: list[float], whole: float) -> Finding:
    from scipy.stats import t

    n, bias, sd = len(differences), fmean(differences), stdev(differences)
    if sd > 0:
        error = sd / n**0.5
        p, width = float(2 * t.sf(abs(bias) / error, n - 1)), float(t.isf(RANGE_LEVEL / 2, n - 1)) * error
    else:  # all differences are equal: as probable as that all signs are
        p, width = (2.0 ** (1 - n) if bias else 1.0), 0.0
    large = abs(bias) / whole
    direction = "higher" if bias > 0 else "lower"
    return Finding(
        figure=bias,
        expected=f"0 (±{max(width, _SMALL_BIAS * whole):.2g})",
        n=n,
        explanation=f"{who} {abs(bias):.2g} {direction} than {against}, on the same comments. Report annotators apart, "
        "or find out which of them is right.",
        p=p if large >= _SMALL_BIAS else 1.0,
        worst="fail" if large >= _LARGE_BIAS else "warn",
        enough=n >= _LEAST_DISCUSSIONS,
    )


def _range(records: ConditionRecords, scale: str) -> float:
    """Return the distance of the lowest and highest label of a scale of numbers; 1 of a flag."""
    settings = next(one.scale for one in _given(records) if one.label.scale == scale)
    try:
        numbers = [float(label) for label in settings.get("labels", ())]
    except ValueError:
        return 1.0
    return max(numbers) - min(numbers) if len(numbers) > 1 else 1.0


def _preference(annotator: str, scale: str, tally: Tally) -> Finding:
    return tally.finding(
        lambda place, share, expected: (
            f"{annotator} chooses option {place} in the list of {scale} in {share:.0%} of the labels, whatever "
            f"it says; without a preference, it would be {expected:.0%}."
        ),
        _LARGE_PREFERENCE,
    )
