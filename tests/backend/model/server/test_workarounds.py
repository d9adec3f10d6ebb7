import pytest

from syndisco_nb.backend.model.server.workarounds import WORKAROUNDS, adapted, known_workarounds

SYSTEM, USER = {"role": "system", "content": "You are Ana."}, {"role": "user", "content": "Tea?"}
ASSISTANT = {"role": "assistant", "content": "No."}
BARE = {"model": "m", "messages": [USER]}


@pytest.mark.parametrize("way", WORKAROUNDS, ids=lambda way: f"{way.name}: {way.note[:30]}")
def test_a_request_without_the_field_is_left_as_it_is(way):
    assert way.change(BARE) is None
    assert adapted(BARE, [way]) == (BARE, ())


@pytest.mark.parametrize(
    ("messages", "folded"),
    [
        ([SYSTEM, USER], [("user", "You are Ana.\n\nTea?")]),
        ([SYSTEM], [("user", "You are Ana.")]),
        ([SYSTEM, ASSISTANT, USER], [("user", "You are Ana."), ("assistant", "No."), ("user", "Tea?")]),
        (
            [SYSTEM, USER, USER, ASSISTANT, USER],
            [("user", "You are Ana.\n\nTea?\n\nTea?"), ("assistant", "No."), ("user", "Tea?")],
        ),
        ([USER, SYSTEM], [("user", "You are Ana.\n\nTea?")]),
    ],
)
def test_system_messages_are_folded_into_the_first_and_roles_alternate(messages, folded):
    (way,) = (way for way in WORKAROUNDS if way.name == "system")
    asked = {"model": "m", "messages": messages}
    (changed, notes) = adapted(asked, [way])
    assert [(message["role"], message["content"]) for message in changed["messages"]] == folded
    assert notes == (way.note,)
    assert asked["messages"] is messages
    assert SYSTEM["content"] == "You are Ana."


def test_all_together_leave_the_bare_request():
    full = {"messages": [SYSTEM, USER], "max_tokens": 9, "seed": 7, "temperature": 0, "top_p": 0.5, "top_k": 5}
    full |= {"repetition_penalty": 2, "response_format": {}, "reasoning_effort": "none", "think": False, "model": "m"}
    full |= {"stream": True, "stream_options": {}}
    changed, notes = adapted(full, WORKAROUNDS)
    assert set(changed) == {"model", "messages", "max_completion_tokens"}
    assert len(notes) == len(set(notes)) == sum(bool(way.note) for way in WORKAROUNDS) - 1  # top_p is gone by then


@pytest.mark.parametrize("address", ["https://api.mistral.ai/v1", "https://codestral.mistral.ai/v1"])
def test_a_seed_is_sent_to_mistral_by_the_name_that_it_has_there(address):
    assert adapted({**BARE, "seed": 7}, known_workarounds(address)) == ({**BARE, "random_seed": 7}, ())


@pytest.mark.parametrize("address", ["http://localhost:8000/v1", "https://mistral.ai.example.org/v1"])
def test_others_are_sent_it_as_it_is(address):
    assert known_workarounds(address) == ()
