"""Labels in the meta of a ConvoKit corpus, read back as annotation sets."""

from collections.abc import Mapping, Sequence

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.convokit.convokit_meta import (
    ConversationFields,
    ConvokitAnnotator,
    ConvokitLabel,
    participant_of,
)
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.records import AnnotationSet, Label, Transcript


def read_annotations(
    transcript: Transcript,
    conversation: ConversationFields,
    labels: Mapping[int, Sequence[ConvokitLabel]],
    annotators: Mapping[str, ConvokitAnnotator],
) -> list[AnnotationSet]:
    """Return the labels of a discussion, by annotator.

    Parameters
    ----------
    transcript : Transcript
    conversation : ConversationFields
        It names the annotators, and has the labels of participants and of the whole discussion.
    labels : mapping of int to sequence of ConvokitLabel
        The labels of each comment, by its index.
    annotators : mapping of str to ConvokitAnnotator
        The annotators of the corpus.

    Raises
    ------
    RecordError
        If an annotator is not there.
    """
    units = {unit.key()[:2]: unit for unit in all_units(transcript)}
    given: dict[str, list[Label]] = {head.annotator: [] for head in conversation.annotations}
    placed: list[tuple[int | str, ConvokitLabel]] = [(place, one) for place, here in labels.items() for one in here]
    for place, label in [*placed, *((one.name, one) for one in conversation.labels)]:
        unit = units.get((label.unit, place))
        if label.annotator not in given or label.annotator not in annotators:
            raise RecordError(f"There are labels of {label.annotator!r}, who is no annotator of {transcript.name}.")
        if unit is None:
            raise RecordError(f"There is a label of a {label.unit} {place!r} that is not in {transcript.name}.")
        given[label.annotator].append(label.label(unit, annotators[label.annotator].index))
    sets = []
    for head in conversation.annotations:
        found = annotators.get(head.annotator)
        if found is None:
            raise RecordError(f"{transcript.name} has labels of {head.annotator!r}, who is no annotator of the corpus.")
        sets.append(
            AnnotationSet(
                discussion_id=transcript.id,
                discussion=transcript.name,
                index=found.index,
                seed=head.seed,
                annotator=participant_of(found, found.name, found.meta),
                settings=head.settings,
                labels=tuple(given[head.annotator]),
                meta=head.meta,
            )
        )
    return sets
