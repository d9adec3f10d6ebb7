"""Our fields in a log."""

from strategies import a_transcript

from syndisco_nb.formats.inspect.inspect_fields import ChatFields, SampleFields
from syndisco_nb.formats.own.own_fields import joined
from syndisco_nb.records import Message


def test_all_messages_have_name_and_role_for_tables():
    message = Message(0, 0, "Ana", "Why?", "m")
    assert joined(ChatFields.of(message), {}, None) == {
        "index": 0,
        "turn": 0,
        "name": "Ana",
        "role": "participant",
        "model": "m",
    }
    assert ChatFields.of(Message(1, 1, "Ana", "", "m", reply_to=0), meta={"a": 1}).reply_to == 0


def test_participants_and_parents_are_plain_data_and_come_back():
    whole = a_transcript()
    fields = SampleFields(users=whole.users, moderator=whole.moderator, parent=whole.parent)
    assert SampleFields.model_validate_json(fields.model_dump_json(exclude_defaults=True)) == fields
