"""Whether a record is a job's own: what its file, or a line of its journal, must say whatever the models answered.

Names of files say nothing: they may have been swapped, copied or edited.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pydantic_core

from syndisco_nb.errors import short_repr
from syndisco_nb.jobs.annotation import Annotation
from syndisco_nb.jobs.discussion import Discussion
from syndisco_nb.records import HUMAN, AnnotationSet, Label, Message, Transcript
from syndisco_nb.seeds import label_seed, message_seed

_SHOWN = 80  # characters of a value in a reason


def foreign_transcript(discussion: Discussion, found: Transcript) -> str:
    """Say why a transcript is not that of this discussion, which has not begun; return "" if it is."""
    if reason := _differing(discussion.transcript, found, "index seed id topic users moderator settings parent"):
        return reason
    before: list[Message] = []
    for message in found.messages:
        if reason := foreign_message(discussion, before, message):
            return reason
        before.append(message)
    turn = before[-1].turn if before else 0
    if turn < discussion.num_turns and not found.ended:
        return f"it ends at turn {turn} of {discussion.num_turns}."
    return ""


def foreign_message(discussion: Discussion, before: Sequence[Message], message: Message) -> str:
    """Say why a message cannot follow these in a discussion; return "" if it can."""
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


def foreign_annotations(annotation: Annotation, found: AnnotationSet) -> str:
    """Say why labels are not those of this annotation, which has not begun; return "" if they are.

    Only what is labelled is not looked at: a discussion that has changed since is another matter.
    """
    if reason := _differing(annotation.annotation_set, found, "discussion index seed annotator settings"):
        return reason
    before: list[Label] = []
    check = label_check(annotation)
    for label in found.labels:
        if reason := check(before, label):
            return reason
        before.append(label)
    questions = max(1, len(annotation.scales))
    if len(before) != questions * len({label.comment for label in before}):
        return "a comment does not have a label of each scale."
    return ""


def label_check(
    annotation: Annotation, texts: Mapping[int, tuple[str, str]] | None = None
) -> Callable[[Sequence[Label], Label], str]:
    """Return what says why a label cannot follow others in an annotation, or "" if it can.

    `texts` says who said what, by the index of the comment, if what is labelled counts, too.
    """
    scales = {scale.name for scale in annotation.scales} or {""}
    who = (annotation.index, annotation.annotator.model.name)

    def check(before: Sequence[Label], label: Label) -> str:
        place = f"the label of comment {label.comment}"
        if label.scale not in scales:
            return f"{place} is of the scale {label.scale!r}, which was not asked."
        if (label.annotator, label.model) != who:
            return f"{place} is by annotator {label.annotator} ({label.model})."
        if label.generation.seed != label_seed(annotation.seed, label.comment, label.scale):
            return f"{place} was drawn with another seed."
        if texts is not None and texts.get(label.comment) != (label.name, label.text):
            return f"{place} is about another text: the discussion has changed since."
        if any((one.comment, one.scale) == (label.comment, label.scale) for one in before):
            return f"{place} is there twice."
        return ""

    return check


def _differing(expected: Any, found: Any, names: str) -> str:
    """Say in which of these fields two records differ, as plain data."""
    for name in names.split():
        asked, there = (pydantic_core.to_jsonable_python(getattr(one, name)) for one in (expected, found))
        if asked != there:
            return f"its {name} is {short_repr(there, _SHOWN)}, but must be {short_repr(asked, _SHOWN)}."
    return ""
