"""Prompts: what a model is told about itself and about the talk."""

import dataclasses
import functools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model import ScriptedModel
from syndisco_nb.backend.prompts import BUILT_IN, PromptTemplate, annotate_prompt, format_name, speak_prompt
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import ChatMessage, Message

PLACES = ["name", "context", "attributes", "instructions", "comments", "last_name", "last_comment"]


def actor(name="Ana", **changes):
    return LLMActor(ScriptedModel("x"), name, **changes)


def annotator(name="", **changes):
    return actor(name, actor_type=ActorType.ANNOTATOR, **changes)


def talk(*comments):
    return [Message(index, index, name, text, "m") for index, (name, text) in enumerate(comments)]


def only(messages, role):
    (content,) = [message.content for message in messages if message.role == role]
    return content


TALK = talk(("Ben", "Hello."), ("Ana", "Hi Ben.\n\n- one\n- two"), ("Cem", 'He said "no"; I said {yes}.'))


def test_the_system_message_holds_all_that_an_actor_is_told():
    told = actor(attributes=["age: 3", "sex: f"], context="A forum.", instructions="Be brief.\nBe kind.")
    system = only(speak_prompt(told, TALK), "system")
    for part in ("A forum.", "Your name is Ana.", "age: 3\n", "sex: f", "Be brief.\nBe kind."):
        assert part in system


def test_the_actors_own_name_is_in_the_prompt_with_and_without_a_talk():
    for comments in ([], TALK):
        messages = speak_prompt(actor(), comments)
        assert "Your name is Ana." in only(messages, "system")
        assert "as Ana." in only(messages, "user")


def test_own_comments_are_marked_and_no_others():
    user = only(speak_prompt(actor(), TALK), "user")
    assert "Ana (you): Hi Ben." in user
    assert user.count("(you)") == 1


def test_a_name_within_a_name_is_not_taken_for_ones_own():
    user = only(speak_prompt(actor("Ana"), talk(("Anastasia", "One."), ("ana", "Two."))), "user")
    assert "(you)" not in user


def test_comments_stand_in_order_under_their_authors_names():
    user = only(speak_prompt(actor(), TALK), "user")
    places = [user.index(part) for part in ("Ben: Hello.", "Ana (you): Hi", "Cem: He said")]
    assert places == sorted(places)


@pytest.mark.parametrize("asked", [actor(), annotator()], ids=["participant", "annotator"])
def test_line_breaks_and_special_characters_are_kept(asked):
    text = "One.\n\n  Two –\t„three“ \\n &gt; <b>{x}</b> ☺\r\n"
    assert text in only(asked.prompt(talk(("Ben", text))), "user")


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_comment_arrives_as_it_was_written(text):
    template = PromptTemplate(system="", user="{comments} / {last_comment}")
    for asked in (actor(), annotator(), actor(prompt_format=template)):
        assert text in only(asked.prompt(talk(("Ben", text))), "user")


@pytest.mark.parametrize("asked", [actor(attributes=["age: 3"]), annotator(attributes=["age: 3"])])
def test_no_message_is_json(asked):
    for message in asked.prompt(talk(("Ben", "Hello.\nYou."))):
        with pytest.raises(json.JSONDecodeError):
            json.loads(message.content)
        assert not set('{}[]\\"') & set(message.content)


def test_an_empty_history_asks_for_the_first_comment():
    user = only(speak_prompt(actor(), []), "user")
    assert "first comment" in user
    assert "(you)" not in user


def test_what_is_empty_leaves_no_trace():
    assert only(speak_prompt(actor(), []), "system") == "Your name is Ana."
    system = only(speak_prompt(actor(context="A forum.", instructions="Be kind."), []), "system")
    assert system == "A forum.\n\nYour name is Ana.\n\nBe kind."


def test_an_annotator_without_a_name_is_not_told_one():
    assert [message.role for message in annotate_prompt(annotator(), TALK)] == ["user"]
    system = only(annotate_prompt(annotator(instructions="Rate it."), TALK), "system")
    assert system == "Rate it."
    assert "Your name is Zoe." in only(annotate_prompt(annotator("Zoe"), TALK), "system")


def test_an_annotator_sees_the_last_comment_apart_from_those_before():
    user = only(annotate_prompt(annotator(), TALK), "user")
    before, _, last = user.partition("The comment to annotate:")
    assert "Ben: Hello." in before
    assert "Ana: Hi Ben.\n\n- one\n- two" in before
    assert last.strip() == 'Cem: He said "no"; I said {yes}.'


def test_an_annotator_of_a_first_comment_hears_of_no_comments_before():
    user = only(annotate_prompt(annotator(), TALK[:1]), "user")
    assert "before" not in user
    assert "Ben: Hello." in user


def test_an_annotator_with_the_authors_name_is_not_told_that_it_wrote_it():
    assert "(you)" not in only(annotate_prompt(annotator("Ana"), TALK), "user")


def test_a_template_fills_every_place():
    text = "|".join(f"{{{place}}}" for place in PLACES)
    template = PromptTemplate(system=text, user=text)
    told = actor(attributes=["a: 1", "b: 2"], context="C", instructions="I", prompt_format=template)
    filled = "Ana|C|a: 1\nb: 2|I|Ben: Hello.\n\nCem: Bye.|Cem|Bye."
    assert told.prompt(talk(("Ben", "Hello."), ("Cem", "Bye."))) == (
        ChatMessage("system", filled),
        ChatMessage("user", filled),
    )


def test_a_template_without_comments_leaves_their_places_empty():
    template = PromptTemplate(system="", user="<{comments}{last_name}{last_comment}>")
    assert actor(prompt_format=template).prompt([]) == (ChatMessage("user", "<>"),)


def test_a_template_takes_doubled_braces_for_braces():
    template = PromptTemplate(system='Answer {{"score": 3}}', user="{name}")
    assert only(template(actor(), []), "system") == 'Answer {"score": 3}'


def test_texts_filled_in_are_not_taken_for_places():
    told = actor(context="{instructions} {0} }{", prompt_format=PromptTemplate(system="{context}", user="u"))
    assert only(told.prompt([]), "system") == "{instructions} {0} }{"


@pytest.mark.parametrize(
    ("place", "meant"),
    [("comment", "comments"), ("instruction", "instructions"), ("nmae", "name"), ("lastname", "last_name")],
)
@pytest.mark.parametrize("where", ["system", "user"])
def test_an_unknown_place_is_refused_with_the_nearest_and_all_others(where, place, meant):
    with pytest.raises(InvalidInputError) as caught:
        PromptTemplate(**{"system": "s", "user": "u"} | {where: f"Say {{{place}}}."})
    assert f"place {{{place}}} that does not exist. Did you mean '{meant}'?" in str(caught.value)
    assert all(f"{{{name}}}" in str(caught.value) for name in PLACES)


@pytest.mark.parametrize(
    "text", ['{"score": 3}', "{}", "{0}", "{name.upper}", "{name[0]}", "{name", "name}", "{name:d}", "{name:{x}}"]
)
def test_a_template_that_cannot_be_filled_is_refused_when_it_is_made(text):
    with pytest.raises(InvalidInputError):
        PromptTemplate(system="", user=text)


def plain(actor, comments):
    return [ChatMessage("user", f"{actor.name} {len(comments)}")]


@dataclasses.dataclass
class Custom:
    text: str = "x"

    def __call__(self, actor, comments):
        return plain(actor, comments)


def test_built_in_formats_are_recorded_by_version():
    assert format_name(speak_prompt) == "syndisco_nb/speak/1"
    assert format_name(annotate_prompt) == "syndisco_nb/annotate/1"
    assert len(set(BUILT_IN.values())) == len(BUILT_IN)


def test_a_template_is_recorded_whole():
    recorded = format_name(PromptTemplate(system="Be {name}.", user="Say\n{comments}"))
    assert "Be {name}." in recorded
    assert repr("Say\n{comments}") in recorded


def test_a_function_is_recorded_by_module_name_and_code():
    assert format_name(plain).startswith(f"function: {__name__}.plain (")
    same_name = [eval(f"lambda actor, comments: [{text!r}]") for text in ("a", "b")]  # noqa: S307
    assert format_name(same_name[0]) != format_name(same_name[1])


@pytest.mark.parametrize(
    "custom", [functools.partial(plain), Custom(), Custom().__call__], ids=["partial", "object", "method"]
)
def test_any_callable_is_recorded_by_a_name_without_an_address(custom):
    assert format_name(custom).startswith("function: ")
    assert "0x" not in format_name(custom)
