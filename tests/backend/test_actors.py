"""Actors: who they are, what they see, and that a preview tells the truth."""

import pytest
from support.recording_model import RecordingModel

from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.model import ScriptedModel
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.prompts import PromptTemplate
from syndisco_nb.errors import InvalidInputError, SyndiscoError, UnknownArgumentError
from syndisco_nb.jobs import Annotation, Discussion
from syndisco_nb.records import ChatMessage, Message, Transcript

MODEL = ScriptedModel("x")


@pytest.fixture
def model():
    def answer(_):
        number = len(model.requests)
        return "" if number % 3 == 0 else f"Answer {number}.\nSecond line."

    model = RecordingModel(answer, name="recording")
    return model


@pytest.fixture
def asked(model):
    """Return the requests that the model of this test received."""
    return model.requests


def talk(*texts):
    """Return a talk between Ana and Ben, in which None is a silence."""
    return [
        Message(index, index, ("Ana", "Ben")[index % 2], text or "", "m", silent=text is None)
        for index, text in enumerate(texts)
    ]


def transcript(*texts):
    messages = talk(*texts)
    return Transcript(
        "00",
        0,
        1,
        "",
        (),
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
    )


def words(messages):
    return "\n".join(message.content for message in messages)


def test_the_guides_actor_can_be_made():
    persona = LLMPersona(username="Emma35", age=38)
    actor = LLMActor(
        model=MODEL,
        name=persona.username,
        attributes=persona.to_attribute_list(),
        context="You are taking part in an online conversation",
        instructions="Act like a human would",
        actor_type=ActorType.USER,
    )
    assert (actor.name, actor.attributes) == ("Emma35", ("username: Emma35", "age: 38"))
    assert "age: 38" in words(actor.preview([]))


def test_an_actor_takes_part_unless_told_otherwise():
    assert LLMActor(MODEL, "Ana").actor_type is ActorType.USER


def test_only_an_annotator_may_have_an_empty_name():
    assert LLMActor(MODEL, "", actor_type=ActorType.ANNOTATOR).name == ""
    with pytest.raises(InvalidInputError, match="name is empty"):
        LLMActor(MODEL, " ")


def test_a_name_loses_outer_spaces():
    assert LLMActor(MODEL, " Ana Maria\n").name == "Ana Maria"


def test_an_actor_is_described_as_recorded():
    actor = LLMActor(MODEL, "Ana", ["age: 3"], "A forum.", "Be kind.")
    record = actor.describe()
    assert (record.name, record.type, record.model) == ("Ana", "user", "scripted")
    assert (record.attributes, record.context, record.instructions) == (("age: 3",), "A forum.", "Be kind.")
    assert record.prompt_format == "syndisco_nb/speak/1"
    described = LLMActor(MODEL, "", actor_type=ActorType.ANNOTATOR).describe()
    assert (described.type, described.prompt_format) == ("annotator", "syndisco_nb/annotate/1")


def test_a_custom_format_is_described():
    template = PromptTemplate(system="I am {name}.", user="{comments}")
    assert "I am {name}." in LLMActor(MODEL, "Ana", prompt_format=template).describe().prompt_format


@pytest.mark.parametrize("kind", [list, tuple, transcript], ids=["list", "tuple", "transcript"])
def test_a_preview_leaves_silent_messages_out(kind):
    texts = ["One.", None, "Two.", None, None]
    history = transcript(*texts) if kind is transcript else kind(talk(*texts))
    actor = LLMActor(MODEL, "Ben")
    assert actor.preview(history) == actor.prompt([message for message in talk(*texts) if not message.silent])
    assert words(actor.preview(history)).count(": ") == 2


def test_a_preview_shows_the_window_and_silences_take_no_place_in_it():
    history = talk("First.", "Second.", None, "Third.", None, "Fourth.", None)
    actor = LLMActor(MODEL, "Ben")
    shown = {
        window: [
            text for text in ("First", "Second", "Third", "Fourth") if text in words(actor.preview(history, window))
        ]
        for window in (1, 2, 3, 99)
    }
    assert shown == {
        1: ["Fourth"],
        2: ["Third", "Fourth"],
        3: ["Second", "Third", "Fourth"],
        99: ["First", "Second", "Third", "Fourth"],
    }
    assert actor.preview(history) == actor.preview(history, WINDOW) == actor.preview(history, 3)


@pytest.mark.parametrize("window", [0, -1, 1.5, None])
def test_a_preview_through_no_window_is_refused(window):
    with pytest.raises(InvalidInputError, match="window is "):
        LLMActor(MODEL, "Ben").preview(talk("One.", "Two."), window)


def test_a_preview_of_nothing_is_the_first_prompt(model, asked):
    users = [LLMActor(model, name) for name in ("Ana", "Ben")]
    discussion = Discussion(users, num_turns=1, seed=1)
    expected = users[0].preview([])
    assert users[0].preview(discussion.transcript) == expected
    discussion.run()
    assert asked[0].messages == expected


@pytest.mark.parametrize("window", [1, 3, 5])
def test_a_preview_is_what_a_participant_is_sent(model, asked, window):
    users = [LLMActor(model, name, [f"name: {name}"], "A forum.", "Be kind.") for name in ("Ana", "Ben", "Cem")]
    discussion = Discussion(users, topic="Cars?\nOr bikes?", num_turns=9, window=window, seed=3)
    previews, received = [], []
    while True:
        shown = {user.name: user.preview(discussion.transcript, window) for user in users}
        message = discussion.step()
        if message is None:
            break
        if message.role == "participant":
            previews.append(shown[message.name])
            received.append(asked[-1].messages)
            assert message.generation.prompt == asked[-1].messages
    assert len(received) == 9
    assert any(message.silent for message in discussion.messages)
    assert received == previews


def test_a_preview_is_what_a_moderator_is_sent(model, asked):
    users = [LLMActor(model, name) for name in ("Ana", "Ben")]
    moderator = LLMActor(model, "Mo", instructions="Keep it civil.")
    discussion = Discussion(users, moderator, topic="Cars?", num_turns=1, seed=3)
    discussion.step()
    discussion.step()
    shown = moderator.preview(discussion.transcript)
    assert discussion.step().role == "moderator"
    assert asked[-1].messages == shown


@pytest.mark.parametrize("window", [1, 3])
def test_a_preview_is_what_an_annotator_is_sent_for_the_last_comment(model, asked, window):
    annotator = LLMActor(model, "", instructions="Rate it.", actor_type=ActorType.ANNOTATOR)
    texts = ["One.", None, "Two.", "Three.\nMore.", "Four.", None]
    Annotation(annotator, transcript(*texts), window=window, seed=1).run()
    received = {request.messages for request in asked}
    assert len(asked) == 4
    assert received == {annotator.preview(transcript(*texts[:end]), window) for end in (1, 3, 4, 5)}


@pytest.mark.parametrize("counts", ["participants", "all"])
def test_a_preview_counts_the_comments_that_a_discussion_and_an_annotation_count(model, asked, counts):
    users = [LLMActor(model, name) for name in ("Ana", "Ben")]
    discussion = Discussion(users, LLMActor(model, "Mo"), topic="Cars?", num_turns=9, seed=3, window_counts=counts)
    previews = []
    while True:
        shown = {user.name: user.preview(discussion.transcript, window_counts=counts) for user in users}
        message = discussion.step()
        if message is None:
            break
        if message.role == "participant":
            previews.append((shown[message.name], message.generation.prompt))
    assert [shown for shown, _ in previews] == [sent for _, sent in previews]
    annotator = LLMActor(MODEL, "", actor_type=ActorType.ANNOTATOR)
    labels = Annotation(annotator, discussion.transcript, seed=1, window_counts=counts).run().labels
    for place, label in enumerate(labels, start=1):
        said = discussion.transcript.comments[:place]
        assert annotator.preview(said, window_counts=counts) == label.generation.prompt


@pytest.mark.parametrize("history", [[], [None, None]], ids=["nothing", "silences"])
def test_an_annotator_of_nothing_gets_an_error_that_says_so(history):
    with pytest.raises(SyndiscoError, match="comment"):
        LLMActor(MODEL, "", actor_type=ActorType.ANNOTATOR).preview(talk(*history))


def test_a_request_is_the_prompt_with_its_seed():
    actor = LLMActor(MODEL, "Ben")
    request = actor.request(talk("One."), seed=7)
    assert (request.messages, request.seed) == (actor.prompt(talk("One.")), 7)


def test_attributes_may_come_from_any_iterable():
    assert LLMActor(MODEL, "Ana", (f"{n}" for n in range(2))).attributes == ("0", "1")


def with_objects(actor, comments):
    return (ChatMessage("system", actor.name), ChatMessage("user", f"{len(comments)} comments"))


def with_dicts(actor, comments):
    return [{"role": "system", "content": actor.name}, {"role": "user", "content": f"{len(comments)} comments"}]


@pytest.mark.parametrize("custom", [with_objects, with_dicts], ids=lambda custom: custom.__name__)
@pytest.mark.parametrize("kind", list(ActorType))
def test_a_function_may_write_the_prompt(custom, kind):
    actor = LLMActor(MODEL, "Ana", actor_type=kind, prompt_format=custom)
    assert actor.preview(talk("One.", "Two.")) == (ChatMessage("system", "Ana"), ChatMessage("user", "2 comments"))


def test_a_custom_prompt_is_what_the_model_receives(model, asked):
    template = PromptTemplate(system="I am {name}.", user="After {last_name}: {last_comment}")
    Discussion([LLMActor(model, "Ana", prompt_format=template)], topic="Cars?", num_turns=1, seed=1).run()
    assert asked[0].messages == (ChatMessage("system", "I am Ana."), ChatMessage("user", "After Ana: Cars?"))


@pytest.mark.parametrize(
    "wrong",
    [
        "just text",
        ["just text"],
        [{"role": "user"}],
        [{"content": "x"}],
        [3],
        [{"role": "boss", "content": "x"}],
        [{"role": "user", "content": None}],
        None,
        [],
    ],
    ids=str,
)
def test_a_function_that_writes_no_chat_is_refused(wrong):
    actor = LLMActor(MODEL, "Ana", prompt_format=lambda actor, comments: wrong)
    with pytest.raises(InvalidInputError, match="prompt format"):
        actor.preview([])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", "gpt2"),
        ("model", None),
        ("model", ScriptedModel),
        ("actor_type", "user"),
        ("actor_type", None),
        ("name", None),
        ("name", 3),
        ("name", ""),
        ("attributes", "age: 3"),
        ("attributes", {"age": 3}),
        ("attributes", None),
        ("attributes", 3),
        ("context", 3),
        ("instructions", ["Be kind."]),
        ("prompt_format", "{name}"),
        ("prompt_format", 3),
    ],
)
def test_a_wrong_argument_is_refused_by_name(name, value):
    with pytest.raises(InvalidInputError, match=f"^{name} is "):
        LLMActor(**{"model": MODEL, "name": "Ana", name: value})


def test_a_persona_for_attributes_is_refused_with_what_to_do():
    with pytest.raises(InvalidInputError, match="to_attribute_list"):
        LLMActor(MODEL, "Ana", LLMPersona("Ana"))


def test_text_for_a_prompt_format_is_refused_with_what_to_do():
    with pytest.raises(InvalidInputError, match="PromptTemplate"):
        LLMActor(MODEL, "Ana", prompt_format="{name}")


def test_a_misspelt_keyword_is_refused_with_the_right_one():
    with pytest.raises(UnknownArgumentError, match=r"^LLMActor has no argument 'instruction'\..*'instructions'\?"):
        LLMActor(MODEL, "Ana", instruction="x")


def test_the_repr_says_who_it_is():
    assert repr(LLMActor(MODEL, "Ana")) == "LLMActor('Ana', USER, model='scripted')"


def test_a_persona_is_no_name():
    with pytest.raises(InvalidInputError, match=r"Give name=persona\.username, attributes=persona\.to_attribute_list"):
        LLMActor(ScriptedModel("Yes."), LLMPersona(username="Ana"))
