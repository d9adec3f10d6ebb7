from dataclasses import replace

from support.foreign import foreign_talk

from examples import forked, talk
from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.message_pages import (
    generation_page,
    make_entry,
    message_page,
    parent_page,
    participant_page,
)


def test_a_text_too_long_says_where_the_rest_is():
    message = talk(6, "x" * 5000).comments[1]
    entry = make_entry(message, 0, Limits(max_text=100), "comments[1]")
    assert entry.text == f"{'x' * 100} … (14,900 characters more in comments[1].text)"


def test_a_message_has_its_prompt_unfolded_and_an_opening_has_none():
    conversation, prompt = message_page(talk(6).comments[1], Limits()).blocks
    assert conversation.entries[0].text == talk(6).comments[1].text
    assert not prompt.folded
    opening = message_page(talk(6).comments[0], Limits())
    assert opening.title == "Ana, opening"
    assert len(opening.blocks) == 1


def test_a_moderators_message_has_the_moderators_look():
    (entry,) = message_page(talk(6).comments[4], Limits()).blocks[0].entries
    assert (entry.role, entry.look) == ("moderator", MODERATOR)


def test_what_a_participant_was_told_is_split_into_names_and_values():
    (facts,) = participant_page(talk(6).users[0], Limits()).blocks
    assert facts.pairs == (("Age", "3"), ("2", "A forum."), ("3", "Be brief."), ("Model", "m"))


def test_a_participant_of_another_tool_has_no_empty_fact():
    ana = replace(talk(6).users[0], prompt_format="")
    assert participant_page(ana, Limits()).facts == (("type", ana.type), ("model", "m"))


def test_a_generation_has_its_facts_in_the_title_and_its_prompt_unfolded():
    generation = talk(6).comments[1].generation
    page = generation_page(generation, Limits())
    assert "seed 1 · tokens 300 in, 40 out" in page.title
    assert page.blocks[0].messages == generation.prompt
    assert not page.blocks[0].folded


def test_a_parent_lists_the_changes_of_its_fork():
    page = parent_page(forked(talk(8), changes=("a", "b" * 1_000)).parent, Limits())
    assert page.facts == (("forked at turn", "2"), ("shared", "3 messages"))
    assert page.blocks[0].pairs[0] == ("1", "a")
    assert len(page.blocks[0].pairs[1][1]) == 600


def test_a_participant_is_titled_by_name_if_there_is_one():
    ana = talk(6).users[0]
    assert participant_page(ana, Limits()).title == "Ana"
    assert participant_page(replace(ana, name=""), Limits()).title == "no name"


def test_a_message_and_a_participant_show_what_another_tool_recorded():
    talk_ = foreign_talk()
    for page, pairs in (
        (message_page(talk_[1], Limits()), (("score", "1"), ("flags", "edited"))),
        (participant_page(replace(talk_.users[0], meta={"age": 30, "karma": 7}), Limits()), (("karma", "7"),)),
    ):
        assert page.blocks[-1].pairs == pairs
    assert participant_page(talk_.users[0], Limits()).blocks[-1].pairs == (("Age", "30"), ("Model", "human"))  # once
    assert message_page(talk_[1], Limits()).blocks[0].entries[0].reply == "reply to comment 0"
