"""One chat, and its transcript."""

from syndisco_nb.formats.chat.chat_conversation import ChatConversation


def talk(*turns, **more):
    return ChatConversation.model_validate({"messages": list(turns), **more}).transcript()


def test_speakers_are_named_by_name_or_else_by_role():
    made = talk(
        {"role": "system", "content": "Be kind."},
        {"role": "user", "name": "Ana", "content": "Why?"},
        {"role": "assistant", "content": "Because."},
        {"role": "user", "content": "Oh."},
        model="gpt-x",
        id=7,
        topic="Tax",
    )
    assert [(one.index, one.turn, one.name, one.text, one.model) for one in made] == [
        (0, 1, "Ana", "Why?", "human"),
        (1, 2, "assistant", "Because.", "gpt-x"),
        (2, 3, "user", "Oh.", "human"),
    ]
    assert made.known_as == "7"
    assert made.meta == {"topic": "Tax", "system": ["Be kind."]}
    assert {user.name: (user.model, user.context) for user in made.users} == {
        "assistant": ("gpt-x", "Be kind."),
        "Ana": ("human", ""),
        "user": ("human", ""),
    }


def test_parts_of_a_content_are_its_text_and_kept():
    parts = [
        {"type": "text", "text": "One"},
        {"type": "image_url", "image_url": {"url": "x"}},
        {"type": "text", "text": "two"},
    ]
    made = talk({"role": "user", "content": parts}, {"role": "user", "content": [{"type": "text", "text": "Plain"}]})
    assert [one.text for one in made] == ["One\ntwo", "Plain"]
    assert [one.meta for one in made] == [{"content": parts}, None]


def test_a_call_of_a_tool_is_a_silence_that_keeps_it():
    made = talk(
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "tool_call_id": "1", "content": "42"},
    )
    assert (made.silences[0].meta, made.silences[0].model) == ({"tool_calls": [{"id": "1"}]}, "assistant")
    assert (made[0].name, made[0].text, made[0].meta) == ("tool", "42", {"tool_call_id": "1"})
