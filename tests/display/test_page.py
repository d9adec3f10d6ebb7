from dataclasses import replace
from typing import get_args

from examples import a_page
from syndisco_nb.display.page import Answer, Block, Conversation, Gap, Point, Prompt, Rating, Silence, Table
from syndisco_nb.records import ChatMessage


def test_the_example_has_a_block_of_each_kind():
    assert {type(block) for block in a_page().blocks} == set(get_args(Block))


def test_annotators_disagree_only_about_labels():
    one, two, none = Answer("a", "1"), Answer("b", "2"), Answer("c", None, "?")
    assert Rating("s", (one, two)).disagreement
    assert not Rating("s", (one, two), is_free=True).disagreement
    assert not Rating("s", (one, none)).disagreement
    assert not Rating("s", (one, replace(one, annotator="d"))).disagreement


def test_silences_that_follow_each_other_are_one_part():
    (talk,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
    comment, gap, quiet = talk.entries[0], Gap("cut"), talk.entries[-1]
    later = replace(quiet, turn=4, name="Ana")
    parts = Conversation("", (quiet, comment, quiet, quiet, later, gap, later)).parts
    assert parts == (Silence((quiet,)), comment, Silence((quiet, quiet, later)), gap, Silence((later,)))
    assert [(parts[place].names, parts[place].turns) for place in (0, 2)] == [
        ("Cem", "turn 2"),
        ("Cem, Ana", "turns 2–4"),
    ]


def test_a_conversation_names_its_annotators_once():
    (talk,) = [block for block in a_page().blocks if isinstance(block, Conversation)]
    assert talk.annotators == ("Dana", "judge")
    assert replace(talk, entries=talk.entries[:1]).annotators == ()


def test_a_prompt_lists_messages_then_reasoning_then_the_raw_answer():
    prompt = Prompt(
        "", (ChatMessage("user", "Write."),), (("a", "1"), ("b", "2")), "raw", thoughts=("reasoning", "Hm.")
    )
    assert [role for role, _ in prompt.texts] == ["user", "reasoning", "raw reply"]
    assert prompt.facts_line == "a 1 · b 2"
    assert replace(prompt, raw=None, thoughts=None).texts == [("user", "Write.")]


def test_only_a_table_without_a_head_is_narrow():
    assert Table("", ("", ""), ()).narrow
    assert not Table("", ("", "label"), ()).narrow


def test_a_point_is_named_by_number_and_speaker():
    assert Point(3, "Ana", "").label == "3 Ana"


def test_a_prompt_is_folded_unless_told_otherwise():
    assert Prompt("", ()).folded
