"""Labels that people give in other programs, by name of a code or choice: as scales and annotation sets of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.backend.scale.recorded_scale import recorded_scale
from syndisco_nb.jobs.labelled_units import LabelledUnit, all_units
from syndisco_nb.records import AnnotationSet, Generation, Label, LabelKey, Participant, Transcript, Unit, Value
from syndisco_nb.wording import NO, YES


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """One answer of a coder, as text.

    Attributes
    ----------
    key : LabelKey
        The place of the label: its subject and the name of its scale.
    text : str
    """

    key: LabelKey
    text: str


def scale_from_labels(name: str, labels: Sequence[str], instruction: str = "", unit: Unit = COMMENT) -> Scale:
    """Return the scale of some labels: `Likert`, `Flag`, `Choice` or, without any, `FreeText`.

    Parameters
    ----------
    name : str
    labels : sequence of str
    instruction : str, optional
        The question and how to answer it, as in `Scale.instruction`.
    unit : {"comment", "participant", "discussion"}

    Examples
    --------
    >>> scale_from_labels("toxicity", ["2", "1", "3"])
    Likert(name='toxicity', question='', unit='comment', low=1, high=3)
    >>> scale_from_labels("stance", ["for", "against"]).labels
    ('for', 'against')
    """
    numbers = sorted(map(int, labels)) if labels and all(map(is_number, labels)) else []
    if numbers:
        consecutive = numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 1
        kind = "Likert" if consecutive else ""
        texts = list(map(str, numbers))
    elif set(labels) == {YES, NO}:
        kind, texts = "Flag", [YES, NO]
    else:
        kind, texts = ("Choice" if len(labels) > 1 else "" if labels else "FreeText"), list(labels)
    settings = {"type": kind, "name": name, "labels": texts, "unit": unit}
    plain = recorded_scale(settings | {"instruction": ""})
    return recorded_scale(settings | {"instruction": instruction}) if instruction else plain


def is_number(text: str) -> bool:
    """Return whether a text is a whole number of 0 or more."""
    return text.isascii() and text.isdecimal()


def coded_set(
    talk: Transcript, annotator: Participant, index: int, answers: Iterable[CodedAnswer], scales: Mapping[str, Scale]
) -> AnnotationSet:
    """Return the labels of one coder for a discussion.

    Where a coder gave several answers for one place, texts are joined by a line break, and contradictory labels are no
    label: all of them stand in `Generation.raw`.

    Parameters
    ----------
    talk : Transcript
    annotator : Participant
    index : int
        Number of the annotator.
    answers : iterable of CodedAnswer
        Those about comments and participants that the discussion does not have are left out.
    scales : mapping of str to Scale
        By name, in the order of the labels of one comment.
    """
    given: dict[LabelKey, dict[str, None]] = {}
    for answer in answers:
        given.setdefault(answer.key, {})[answer.text] = None
    labels: list[Label] = []
    for unit in all_units(talk):
        for scale in scales.values():
            texts = given.get(unit.key(scale))
            labels += [_label(unit, scale, list(texts), annotator.model, index)] if texts else []
    used = {label.scale for label in labels}
    return AnnotationSet(
        discussion_id=talk.id,
        discussion=talk.name,
        index=index,
        seed=None,
        annotator=annotator,
        settings={"scales": [scale.settings() for name, scale in scales.items() if name in used]},
        labels=tuple(labels),
    )


def _label(unit: LabelledUnit, scale: Scale, texts: Sequence[str], model: str, index: int) -> Label:
    value = read_answer(scale, texts)
    return unit.label(
        annotator=index,
        model=model,
        generation=Generation((), 0, raw="\n".join(texts) if value is None else None),
        value=value,
        scale=scale.name,
        options=scale.labels,
    )


def read_answer(scale: Scale, texts: Sequence[str]) -> Value | None:
    """Return the value of the answers for one place; None if they hold none, or contradict each other.

    Parameters
    ----------
    scale : Scale
    texts : sequence of str
        Different texts.
    """
    if not scale.labels:
        return scale.parse("\n".join(texts))
    if len(texts) > 1:
        return None
    return scale.value(texts[0]) if texts[0] in scale.labels else scale.parse(texts[0])
