"""Labels in the meta of a corpus, read back."""

import pytest
from support.talks import talk_of

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.convokit.convokit_labels import read_annotations
from syndisco_nb.formats.convokit.convokit_meta import (
    ConversationFields,
    ConvokitAnnotations,
    ConvokitAnnotator,
    ConvokitLabel,
)

TALK = talk_of("Ana: Why?", "Ben: No.")
JUDGES = {"judge": ConvokitAnnotator(type="annotator", model="m", index=4)}
HEADS = ConversationFields(annotations=[ConvokitAnnotations(annotator="judge", seed=3)])


def label(annotator="judge", **fields):
    return ConvokitLabel(annotator=annotator, scale="heat", value=2, **fields)


def test_labels_have_the_text_of_their_place():
    fields = HEADS.model_copy(update={"labels": [label(unit="participant", name="Ben"), label(unit="discussion")]})
    (found,) = read_annotations(TALK, fields, {1: [label(raw="2!")]}, JUDGES)
    assert (found.index, found.seed, found.discussion_id, found.annotator.type) == (4, 3, TALK.id, "annotator")
    assert [(one.comment, one.name, one.text, one.annotator, one.value) for one in found.labels] == [
        (1, "Ben", "No.", 4, 2),
        (None, "Ben", "No.", 4, 2),
        (None, "", "Ana: Why?\n\nBen: No.", 4, 2),
    ]
    assert found.labels[0].generation.raw == "2!"


@pytest.mark.parametrize(
    ("fields", "labels", "annotators", "said"),
    [
        (ConversationFields(), {0: [label()]}, JUDGES, "no annotator of discussion-00000"),
        (HEADS, {0: [label("Dana")]}, JUDGES, "labels of 'Dana'"),
        (HEADS, {}, {}, "no annotator of the corpus"),
        (HEADS, {7: [label()]}, JUDGES, "a comment 7"),
        (HEADS.model_copy(update={"labels": [label(unit="participant", name="Dan")]}), {}, JUDGES, "participant 'Dan'"),
    ],
)
def test_labels_of_nobody_or_nothing_are_named(fields, labels, annotators, said):
    with pytest.raises(RecordError, match=said):
        read_annotations(TALK, fields, labels, annotators)
