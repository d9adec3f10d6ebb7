"""Our fields and recorded meta, side by side."""

from syndisco_nb.formats.convokit.convokit_meta import (
    ConvokitLabel,
    SpeakerFields,
    UtteranceFields,
    flat_attributes,
    participant_of,
)
from syndisco_nb.formats.own.own_fields import joined
from syndisco_nb.records import Generation, Label, Message, Participant


def test_participants_come_back():
    for meta, attributes in ((None, ()), (None, ("age: 3", "likes tea")), ({"age": 3}, ("age: 3",)), ({"age": 3}, ())):
        person = Participant("Ana", "user", "m", attributes, "c", "i", "p", "d", meta)
        assert participant_of(SpeakerFields.of(person), "Ana", meta) == person
    assert SpeakerFields.of(Participant("Ana", "user", "human")).is_ai is False
    assert SpeakerFields.of(Participant("Ana", "user", "m")).is_ai is True


def test_a_label_names_its_participant_alone():
    about = {"annotator": 0, "model": "m", "generation": Generation((), 1, raw="4!"), "value": 4, "scale": "heat"}
    assert ConvokitLabel.by("judge", Label(3, "Ana", "Why?", **about)).name == ""
    written = ConvokitLabel.by("judge", Label(None, "Ana", "Why?", unit="participant", **about))
    assert (written.annotator, written.name, written.unit, written.raw) == ("judge", "Ana", "participant", "4!")


def test_the_fields_of_a_message_are_those_that_an_utterance_has_not():
    message = Message(3, 2, "Ana", "Why?", "m", "moderator", speaks_for=("Ben",))
    assert joined(UtteranceFields.of(message, []), {}, None) == {
        "turn": 2,
        "role": "moderator",
        "model": "m",
        "speaks_for": ["Ben"],
    }


def test_attributes_without_a_name_are_not_flat():
    assert flat_attributes(["age: 34", "likes tea", "of two: words", "a:b"]) == {"age": "34"}
