from dataclasses import replace
from typing import get_args

from examples import a_page
from syndisco_nb.display.page import Answer, Block, Point, Prompt, Rating, Table
from syndisco_nb.records import ChatMessage


def test_the_example_has_a_block_of_each_kind():
    assert {type(block) for block in a_page().blocks} == set(get_args(Block))


def test_annotators_disagree_only_about_labels():
    one, two, none = Answer("a", "1"), Answer("b", "2"), Answer("c", None, "?")
    assert Rating("s", (one, two)).disagreement
    assert not Rating("s", (one, none)).disagreement
    assert not Rating("s", (one, replace(one, annotator="d"))).disagreement


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
    assert Point(3, "Ana", 0, 0, 0, "").label == "3 Ana"


def test_a_prompt_is_folded_unless_told_otherwise():
    assert Prompt("", ()).folded
