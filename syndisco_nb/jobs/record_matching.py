"""Check that a record belongs to a job, by everything that does not depend on the models' answers.

Names of files prove nothing: files may have been swapped, copied or edited.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pydantic_core

from syndisco_nb.errors import short_repr
from syndisco_nb.jobs.annotation import Annotation
from syndisco_nb.jobs.discussion import Discussion
from syndisco_nb.jobs.labelled_units import scale_units
from syndisco_nb.records import HUMAN, AnnotationSet, Label, LabelKey, Message, Transcript
from syndisco_nb.seeds import label_seed, message_seed

_SHOWN = 80  # characters of a value in a reason


def transcript_mismatch(discussion: Discussion, transcript: Transcript) -> str:
    """Return the reason why a transcript is not that of a discussion, or "".

    Parameters
    ----------
    discussion : Discussion
        One that has not begun.
    transcript : Transcript
    """
    names = "index seed id topic users moderator settings parent"
    if reason := _difference(discussion.transcript, transcript, names):
        return reason
    before: list[Message] = []
    for message in transcript.messages:
        if reason := message_mismatch(discussion, before, message):
            return reason
        before.append(message)
    turn = before[-1].turn if before else 0
    if turn < discussion.num_turns and not transcript.ended:
        return f"it ends at turn {turn} of {discussion.num_turns}."
    return ""


def message_mismatch(discussion: Discussion, before: Sequence[Message], message: Message) -> str:
    """Return the reason why a message cannot be the next of a discussion, or "".

    Parameters
    ----------
    discussion : Discussion
        One that has not begun.
    before : sequence of Message
        All messages before it.
    message : Message
    """
    turn, place = before[-1].turn if before else 0, len(before)
    if message.index != place:
        return f"message {message.index} stands in the place of message {place}."
    if place < len(discussion.openings):
        return "" if message == discussion.openings[place] else f"message {place} is not the opening that was asked."
    if message.silent != (not message.text):
        return f"message {place} is marked as {'silent' if message.silent else 'a comment'}, but is not."
    if message.role == "guest":
        fits = message.turn == turn and message.model == HUMAN and message.generation is None
        return "" if fits else f"message {place} cannot be a guest's."
    speakers = discussion.users if message.role == "participant" else [discussion.moderator]
    model = {speaker.name: speaker.model.name for speaker in speakers if speaker}.get(message.name)
    if model is None or message.model != model:
        return f"message {place} is by {message.name!r} ({message.model}), who is no {message.role} of it."
    if message.turn != turn + (message.role == "participant"):
        return f"message {place} is of turn {message.turn}, after turn {turn}."
    seed = message_seed(discussion.seed, message.role, message.turn)
    if message.generation is None or message.generation.seed != seed:
        return f"message {place} was drawn with another seed."
    return ""


def annotation_mismatch(annotation: Annotation, labels: AnnotationSet) -> str:
    """Return the reason why labels are not those of an annotation, or "".

    The labelled texts are not compared: that a discussion has changed since is another error.

    Parameters
    ----------
    annotation : Annotation
        One that has not begun.
    labels : AnnotationSet
    """
    if reason := _difference(annotation.annotation_set, labels, "discussion index seed annotator settings"):
        return reason
    before: list[Label] = []
    mismatch = label_check(annotation)
    for label in labels.labels:
        if reason := mismatch(before, label):
            return reason
        before.append(label)
    questions = Counter(scale_units(annotation.scales).values())
    for (unit, place), labels_there in Counter(label.key[:2] for label in before).items():
        if labels_there != questions[unit]:
            return f"{LabelKey(unit, place, '')} does not have a label of each scale."
    return ""


def label_check(
    annotation: Annotation, texts: Mapping[LabelKey, tuple[str, str]] | None = None
) -> Callable[[Sequence[Label], Label], str]:
    """Return a function of the labels before and a label: the reason why it cannot be the annotation's next, or "".

    Parameters
    ----------
    annotation : Annotation
        One that has not begun.
    texts : mapping of LabelKey to tuple of str, optional
        Name and text that each label is about; if given, they must be those of the label.
    """
    units = scale_units(annotation.scales)
    annotator = (annotation.index, annotation.annotator.model.name)

    def mismatch(before: Sequence[Label], label: Label) -> str:
        place = f"the label of {label.key}"
        if units.get(label.scale) != label.unit:
            return f"{place} is of the scale {label.scale!r}, which was not asked."
        if (label.annotator, label.model) != annotator:
            return f"{place} is by annotator {label.annotator} ({label.model})."
        if label.generation.seed != label_seed(annotation.seed, *label.key):
            return f"{place} was drawn with another seed."
        if texts is not None and texts.get(label.key) != (label.name, label.text):
            return f"{place} is about another text: the discussion has changed since."
        if any(other.key == label.key for other in before):
            return f"{place} is there twice."
        return ""

    return mismatch


def _difference(expected: Any, record: Any, names: str) -> str:
    """Return the first of these fields that differs as plain data, in words, or ""."""
    for name in names.split():
        wanted, there = (pydantic_core.to_jsonable_python(getattr(one, name)) for one in (expected, record))
        if wanted != there:
            return f"its {name} is {short_repr(there, _SHOWN)}, but must be {short_repr(wanted, _SHOWN)}."
    return ""
