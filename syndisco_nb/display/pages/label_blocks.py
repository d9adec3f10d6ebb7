"""Blocks about labels that several pages share: ratings of comments, distributions, a warning of a low mass."""

from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.display.page import Answer, Note, Rating, Share, Table
from syndisco_nb.display.pages.generation_block import recorded_prompt
from syndisco_nb.records import LOW_MASS, AnnotationSet, Label, median_mass
from syndisco_nb.wording import label_text, percent, shortened

LABEL_LENGTH = 200
"""Characters of the longest label or raw answer that is shown whole."""


def make_ratings(sets: Sequence[AnnotationSet], *, explain: bool = False) -> Mapping[int, tuple[Rating, ...]]:
    """Return the answers on each comment, scale by scale, by `Message.index`.

    Parameters
    ----------
    sets : sequence of AnnotationSet
        Of one discussion.
    explain : bool
        Whether answers carry the prompt behind them.
    """
    answers: dict[int, dict[str, list[Answer]]] = {}
    free = {str(one["name"]) for labels in sets for one in scale_settings(labels) if one.get("type") == "FreeText"}
    for labels in sets:
        name = labels.annotator_name
        for label in labels.labels:
            if label.comment is not None:
                given = answers.setdefault(label.comment, {}).setdefault(label.scale, [])
                given.append(_answer(name, label, explain))
    return {
        comment: tuple(Rating(scale, tuple(given), scale in free) for scale, given in by_scale.items())
        for comment, by_scale in answers.items()
    }


def whole_labels(sets: Sequence[AnnotationSet]) -> list[Table]:
    """Return a table of the labels of participants and of the whole discussion, if there are any.

    Parameters
    ----------
    sets : sequence of AnnotationSet
        Of one discussion.
    """
    answers: dict[tuple[str, str], dict[int, str]] = {}
    for number, labels in enumerate(sets):
        for label in labels.labels:
            if label.comment is None:
                answers.setdefault((str(label.key), label.scale), {})[number] = value_text(label)
    if not answers:
        return []
    head = ("", "scale", *(labels.annotator_name for labels in sets))
    rows = tuple(
        (subject, scale, *(given.get(number, "") for number in range(len(sets))))
        for (subject, scale), given in answers.items()
    )
    return [Table("Participants and whole discussion", head, rows)]


def value_text(label: Label, *, probable: bool = False) -> str:
    """Return a label in words.

    Parameters
    ----------
    label : Label
    probable : bool
        Whether its probability is said, if it is known.
    """
    if label.value is None:
        return f"unparsed: “{shortened(label.generation.raw or '', LABEL_LENGTH)}”"
    value = label_text(label.value)
    share = (label.probabilities or {}).get(value) if probable else None
    return shortened(value, LABEL_LENGTH) + ("" if share is None else f" ({share:.0%})")


def distributions(sets: Sequence[AnnotationSet]) -> list[Table]:
    """Return a table for each scale with the number of times each label was given."""
    tables = []
    scales = {str(scale["name"]): scale for labels in sets for scale in scale_settings(labels)}
    for name, scale in scales.items():
        values = [label.value for labels in sets for label in labels.labels if label.scale == name]
        texts = [label_text(value) for value in values if value is not None]
        allowed = [str(label) for label in scale.get("labels", [])]
        if not texts or not allowed:
            continue
        rows = tuple((label, Share(texts.count(label) / len(texts), f"{texts.count(label):,}")) for label in allowed)
        tables.append(Table(name, ("", ""), rows))
    return tables


def low_mass_warning(sets: Sequence[AnnotationSet]) -> list[Note]:
    """Return a warning if the model gave all allowed labels together a low probability, else nothing."""
    mass = median_mass(label for labels in sets for label in labels.labels)
    if mass is None or mass >= LOW_MASS:
        return []
    text = (
        f"The allowed labels have a probability of {percent(mass)} together (median): the model would rather answer "
        "something else, so these labels say little."
    )
    return [Note(text, warning=True)]


def scale_settings(labels: AnnotationSet) -> list[Mapping[str, Any]]:
    """Return the settings of the scales that the annotator was asked about."""
    scales = labels.settings.get("scales")
    return (
        [scale for scale in scales if isinstance(scale, Mapping) and "name" in scale]
        if isinstance(scales, list)
        else []
    )


def _answer(annotator: str, label: Label, explain: bool) -> Answer:
    bars = tuple(
        Share(share, f"{shortened(name, LABEL_LENGTH)} {share:.0%}")
        for name, share in (label.probabilities or {}).items()
    )
    value = None if label.value is None else shortened(label_text(label.value), LABEL_LENGTH)
    raw = shortened(label.generation.raw or "", LABEL_LENGTH)
    title = f"{annotator}, {label.scale}" if label.scale else annotator
    prompt = recorded_prompt(label.generation, title) if explain else None
    probability = (label.probabilities or {}).get(label_text(label.value))
    return Answer(annotator, value, raw, bars, prompt, probability)
