"""Pages of labels: of one, of one annotator's, and of a transcript under the labels of all its annotators."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Answer, Note, Page, Point, Rating, Share, Table, Trajectory
from syndisco_nb.display.pages.phrases import take_one, why
from syndisco_nb.display.pages.transcript_pages import transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import require
from syndisco_nb.records import LOW_MASS, AnnotationSet, Label, Transcript, median_mass
from syndisco_nb.shown import Exported
from syndisco_nb.wording import count, cut_text, label_text, percent, shortened

_RAW = 200


@dataclass(frozen=True, slots=True, repr=False)
class Annotated(Exported):
    """A transcript, and what annotators said of it; see `annotated`.

    Attributes
    ----------
    left_out : int
        How many labels are left out, since they are about other texts.
    """

    transcript: Transcript
    annotations: tuple[AnnotationSet, ...]
    left_out: int = 0

    def __repr__(self) -> str:
        return f"<Annotated {self.transcript!r}: {count(len(self.annotations), 'annotator')}>"


def annotated(transcript: Transcript, annotations: AnnotationSet | Iterable[AnnotationSet]) -> Annotated:
    """Return the transcript with the labels of its annotators on each comment, to look at.

    Parameters
    ----------
    transcript : Transcript
    annotations : AnnotationSet or iterable of AnnotationSet
        For example a whole run of annotations: those of other discussions are left out, and so are labels of comments
        that have another text here, with a note.

    Raises
    ------
    InvalidInputError
        If none of them is about this transcript.
    """
    require(
        isinstance(transcript, Transcript),
        f"transcript is {transcript!r}, but must be a Transcript.{take_one(transcript)}",
    )
    given = (annotations,) if isinstance(annotations, AnnotationSet) else tuple(annotations)
    for one in given:
        require(isinstance(one, AnnotationSet), f"annotations holds {one!r}, but must hold AnnotationSets.")
    found, left_out = about_texts(transcript, given)
    require(
        found,
        f"None of the {count(len(given), 'annotation set')} is about {transcript!r}. Give those of this discussion, "
        "or the run that holds them.",
    )
    return Annotated(transcript, found, left_out)


def about_texts(transcript: Transcript, sets: Iterable[AnnotationSet]) -> tuple[tuple[AnnotationSet, ...], int]:
    """Return the sets about a transcript without labels of other texts, and how many labels these are."""
    texts = {(comment.index, comment.text) for comment in transcript.comments}
    given = [one for one in sets if one.discussion_id == transcript.id]
    fitting = [tuple(label for label in one.labels if (label.comment, label.text) in texts) for one in given]
    left_out = sum(len(one.labels) for one in given) - sum(map(len, fitting))
    return tuple(replace(one, labels=labels) for one, labels in zip(given, fitting, strict=True)), left_out


def other_texts(left_out: int) -> str:
    """Return what is to be said of labels that are left out."""
    verb = "is" if left_out == 1 else "are"
    return (
        f"{count(left_out, 'label')} {verb} left out: the discussion has changed since, and they are about other texts."
    )


@make_page.register
def annotated_page(thing: Annotated, limits: Limits) -> Page:
    """Return the page of a transcript with its labels."""
    ratings = make_ratings(thing.annotations, explain=True)
    page = transcript_page(thing.transcript, limits, f"Discussion {thing.transcript.index}, annotated", ratings)
    several = len(thing.annotations) > 1
    rated = [rating for one in ratings.values() for rating in one]
    split = sum(rating.disagreement for rating in rated)
    unread = sum(answer.value is None for rating in rated for answer in rating.answers)
    facts = {
        "annotators": ", ".join(map(annotator_name, thing.annotations)),
        "they disagree": f"{split:,} of {count(len(rated), 'rating')}" if several else "",
        "no label": f"{unread:,}" if unread else "",
    }
    scales = [scale for one in thing.annotations for scale in scales_of(one)]
    paths = [
        path
        for scale in {str(scale["name"]): scale for scale in scales}.values()
        if (path := _trajectory(scale, thing, limits)) is not None
    ]
    notes = [Note(other_texts(thing.left_out), warning=True)] if thing.left_out else []
    return Page(
        page.kind,
        page.title,
        (*page.facts, *((name, value) for name, value in facts.items() if value)),
        (*low_mass(thing.annotations), *notes, *page.blocks[:1], *paths, *page.blocks[1:]),
    )


@make_page.register
def annotation_set_page(labels: AnnotationSet, limits: Limits, kind: str = "Annotations") -> Page:
    """Return the page of one annotator's labels."""
    unread = sum(label.value is None for label in labels.labels)
    facts = {
        "of": labels.discussion,
        "labels": f"{len(labels.labels):,}",
        "no label": f"{unread:,}" if unread else "",
        "scales": ", ".join(str(scale["name"]) for scale in scales_of(labels)),
        "model": labels.annotator.model,
        "seed": str(labels.seed),
    }
    first = labels.labels[:1]
    prompts = [why(label.generation, "What the model was sent for the first label") for label in first]
    return Page(
        kind,
        f"by {annotator_name(labels)}",
        tuple((name, value) for name, value in facts.items() if value),
        (*low_mass([labels]), *summaries([labels]), _table(labels, limits), *prompts),
    )


@make_page.register
def label_page(label: Label, limits: Limits) -> Page:
    """Return the page of one label."""
    mass = () if label.mass is None else (("all labels together", percent(label.mass)),)
    facts = (("of", f"comment {label.comment} by {label.name}"), ("model", label.model), *mass)
    bars = tuple((answer, Share(share, f"{share:.1%}")) for answer, share in (label.probabilities or {}).items())
    tables = (Table("How probable", ("", ""), bars),) if bars else ()
    prompt = why(label.generation, "What the model was sent")
    return Page(
        f"Label, {label.scale}" if label.scale else "Label",
        _value(label),
        facts,
        (
            Note(cut_text(label.text, limits.max_text, "label.text")),
            *tables,
            replace(prompt, folded=False),
        ),
    )


def summaries(sets: Sequence[AnnotationSet]) -> list[Table]:
    """Return how often each label of each scale was given."""
    tables = []
    scales = {str(scale["name"]): scale for labels in sets for scale in scales_of(labels)}
    for name, scale in scales.items():
        values = [label.value for labels in sets for label in labels.labels if label.scale == name]
        texts = [label_text(value) for value in values if value is not None]
        allowed = [str(label) for label in scale.get("labels", [])]
        if not texts or not allowed:
            continue
        rows = tuple((label, Share(texts.count(label) / len(texts), f"{texts.count(label):,}")) for label in allowed)
        tables.append(Table(f"How often: {name}", ("", ""), rows))
    return tables


def low_mass(sets: Sequence[AnnotationSet]) -> list[Note]:
    """Return a warning if the model would rather have said something else than any of the labels."""
    mass = median_mass(label for labels in sets for label in labels.labels)
    if mass is None or mass >= LOW_MASS:
        return []
    text = (
        f"The allowed labels have a probability of {percent(mass)} together (median): the model would rather answer "
        "something else, so these labels say little."
    )
    return [Note(text, warning=True)]


def annotator_name(labels: AnnotationSet) -> str:
    """Return what to call an annotator."""
    return labels.annotator.name or f"annotator {labels.index}"


def make_ratings(sets: Sequence[AnnotationSet], *, explain: bool = False) -> Mapping[int, tuple[Rating, ...]]:
    """Return the answers on each comment, by scale; with how each came to be, to `explain` them."""
    found: dict[int, dict[str, list[Answer]]] = {}
    for labels in sets:
        name = annotator_name(labels)
        for label in labels.labels:
            found.setdefault(label.comment, {}).setdefault(label.scale, []).append(_answer(name, label, explain))
    return {
        comment: tuple(Rating(scale, tuple(answers)) for scale, answers in by_scale.items())
        for comment, by_scale in found.items()
    }


def scales_of(labels: AnnotationSet) -> list[Mapping[str, Any]]:
    """Return the scales that were asked on, as plain data."""
    scales = labels.settings.get("scales")
    return (
        [scale for scale in scales if isinstance(scale, Mapping) and "name" in scale]
        if isinstance(scales, list)
        else []
    )


def _table(labels: AnnotationSet, limits: Limits) -> Table:
    """Return a row for each comment; of several scales, a column for each."""
    scales = list(dict.fromkeys(label.scale for label in labels.labels))
    comments: dict[int, list[Label]] = {}
    for label in labels.labels:
        comments.setdefault(label.comment, []).append(label)
    shown = list(comments.values())[: limits.max_items]
    left = len(labels.labels) - sum(map(len, shown))
    distribution = len(scales) == 1 and any(label.probabilities for label in labels.labels)
    head = ("comment", *([scale or "label" for scale in scales] if len(scales) > 1 else ["label"]))
    rows = []
    for given in shown:
        by_scale = [[label for label in given if label.scale == scale] for scale in scales]
        values = (" · ".join(_value(label, sure=len(scales) > 1) for label in found) for found in by_scale)
        how = [" · ".join(map(_distribution, given))] if distribution else []
        rows.append((f"{given[0].name}: {shortened(given[0].text, 160)}", *values, *how))
    more = f"{left:,} more in .labels" if left > 0 else ""
    return Table("Labels", (*head, *(["how probable"] if distribution else [])), tuple(rows), more)


def _answer(annotator: str, label: Label, explain: bool) -> Answer:
    bars = tuple(Share(share, f"{name} {share:.0%}") for name, share in (label.probabilities or {}).items())
    value = None if label.value is None else shortened(label_text(label.value), _RAW)
    raw = shortened(label.generation.raw or "", _RAW)
    about = f"{annotator}, {label.scale}" if label.scale else annotator
    return Answer(annotator, value, raw, bars, why(label.generation, about) if explain else None)


def _value(label: Label, *, sure: bool = False) -> str:
    """Return a label and, to tell how `sure` it is, its probability."""
    if label.value is None:
        return f"no label in “{shortened(label.generation.raw or '', _RAW)}”"
    value = label_text(label.value)
    share = (label.probabilities or {}).get(value) if sure else None
    return shortened(value, _RAW) + ("" if share is None else f" ({share:.0%})")


def _distribution(label: Label) -> str:
    return " · ".join(f"{name} {share:.0%}" for name, share in (label.probabilities or {}).items())


def _trajectory(scale: Mapping[str, Any], thing: Annotated, limits: Limits) -> Trajectory | None:
    """Return how the mean of a scale of numbers, or the share of yes, goes over the comments."""
    name = str(scale["name"])
    numbers = _numbers(scale)
    if numbers is None:
        return None
    low, high = numbers
    points = []
    for comment in thing.transcript.comments[: limits.max_messages]:
        values = [
            float(label.value)
            for labels in thing.annotations
            for label in labels.labels
            if label.comment == comment.index and label.scale == name and isinstance(label.value, bool | int)
        ]
        if values:
            mean, least, most = math.fsum(values) / len(values), min(values), max(values)
            spread = f" ({least:g} to {most:g})" if least < most else ""
            text = f"{mean:.0%}" if high == 1 and low == 0 else f"{mean:.3g}{spread}"
            heights = [min(1.0, max(0.0, (value - low) / (high - low))) for value in (mean, least, most)]
            points.append(Point(comment.index, comment.name, heights[0], heights[1], heights[2], text))
    what = "share of yes" if (low, high) == (0, 1) else f"mean, from {low:g} to {high:g}"
    return Trajectory(f"{name} over the discussion: {what}", tuple(points)) if points else None


def _numbers(scale: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the ends of a scale of numbers; None of any other."""
    if scale.get("type") == "Flag":
        return 0.0, 1.0
    labels = scale.get("labels") or []
    try:
        numbers = [int(label) for label in labels]
    except (TypeError, ValueError):
        return None
    return (min(numbers), max(numbers)) if len(set(numbers)) > 1 else None
