"""Checks behind `verify`: whether records follow from the spec and the seed of their run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from syndisco_nb.errors import said
from syndisco_nb.jobs.recorded_actors import Playback
from syndisco_nb.jobs.reenactment import label_deviations, message_deviations, recorded_annotation, recorded_discussion
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.records.unit_names import annotation_parts, discussion_index
from syndisco_nb.running.annotation_problems import (
    LabelledDiscussions,
    annotation_problems,
    replayed_annotation_problems,
)
from syndisco_nb.running.discussion_problems import discussion_problems, replayed_discussion_problems
from syndisco_nb.runs.head import RunHead


def record_problems(
    head: RunHead, unit: str, record: Transcript | AnnotationSet, sources: LabelledDiscussions
) -> Iterator[str]:
    """Report deviations of a record from the spec of its run and from its own prompts and seeds.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the record's file, without ending.
    record : Transcript or AnnotationSet
    sources : LabelledDiscussions
    """
    if isinstance(record, Transcript):
        problems = list(discussion_problems(head, unit, record))
    else:
        head = _before_growth(head, record)
        problems = list(annotation_problems(head, unit, record))
    yield from problems
    if problems:
        return  # further checks would only repeat these
    try:
        if isinstance(record, Transcript):
            yield from replayed_discussion_problems(head, record)
        else:
            yield from replayed_annotation_problems(head, record, sources)
    except Exception as error:
        yield f"it does not follow from run.json: {said(error)}"


def journal_problems(
    head: RunHead, unit: str, lines: Sequence[Message | Label], sources: LabelledDiscussions
) -> Iterator[str]:
    """Report deviations of a journal from the spec of its run.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the journal, without ending.
    lines : sequence of Message or Label
    sources : LabelledDiscussions
    """
    playback = Playback(head.spec, lines)
    try:
        if head.kind == "discussions" and (index := discussion_index(unit)) is not None:
            yield from message_deviations(
                recorded_discussion(head.spec, head.seed, index, None, playback), playback, whole=False
            )
        elif head.kind == "annotations" and (parts := annotation_parts(unit)):
            name, number = parts
            if (source := sources.get(name)) is not None:
                job = recorded_annotation(head.spec, head.seed, name, number, source, playback)
                yield from label_deviations(job, playback, whole=False) if job else ()
    except Exception as error:
        yield f"it does not follow from run.json: {said(error)}"


def _before_growth(head: RunHead, labels: AnnotationSet) -> RunHead:
    """Return the head of a run with the scales that a set has; others may have been added, but not labelled yet."""
    own, asked = labels.settings.get("scales"), head.spec.get("scales")
    waits = head.status != "finished" and isinstance(asked, list) and bool(own)
    if waits and list(own or ()) == [scale for scale in asked or () if scale in (own or ())]:
        return replace(head, spec=head.spec | {"scales": own})
    return head
