import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb.backend.model.thoughts import MARKS, cut_thoughts, split_thoughts


@pytest.mark.parametrize(("begin", "end"), MARKS)
def test_every_kind_of_marks_is_known(begin, end):
    assert split_thoughts(f"{begin}\nHm.\n{end}\n\nYes.") == ("Hm.", "Yes.", False)
    assert split_thoughts(f"Hm.\n{end}\n\nYes.") == ("Hm.", "Yes.", False)
    assert split_thoughts(f"Hm.{end}Yes.", begun=True) == ("Hm.", "Yes.", False)
    assert split_thoughts(f"{begin} Hm") == ("Hm", "", True)


@pytest.mark.parametrize(
    ("text", "reasoning", "answer", "is_open"),
    [
        ("<think>a</think><think>b</think>Yes.", "a\n\nb", "Yes.", False),
        ("<think>a</think>Yes. <think>b</think>No.", "a\n\nb", "Yes. No.", False),
        ("Yes. <think>b</think>No.", "b", "Yes. No.", False),
        ("<think>a</think>\n<think>b", "a\n\nb", "", True),
        ("<think>\n\n</think>\n\nYes.", None, "Yes.", False),
        ("<think></think>", None, "", False),
        ("", None, "", False),
        ("<think>a</think><response>Yes.</response>\n", "a", "Yes.", False),
        ("<think>a</think>\n<answer>Yes", "a", "Yes", False),
        ("<think>a</think>Yes, <answer> is a tag.", "a", "Yes, <answer> is a tag.", False),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>", "a", "Yes.", False),
        ("<response>Yes.</response>", None, "<response>Yes.</response>", False),
        (" Yes.\n", None, " Yes.\n", False),
    ],
)
def test_blocks_of_reasoning_are_none_of_the_answer_wherever_they_stand(text, reasoning, answer, is_open):
    assert split_thoughts(text) == (reasoning, answer, is_open)


@pytest.mark.parametrize(
    "piece",
    ["a", "a<think>", "<think>", "a</think>", "<thinking>a<think></thinking>", "<answer> ", " \n", "[THINK]a<think>"],
)
@pytest.mark.parametrize("before", ["", "<think>a</think><answer>", "<|channel|>"])
def test_a_long_text_is_read_once_whatever_marks_it_has(before, piece):
    text = before + piece * (200_000 // len(piece)) + "x"
    reasoning, answer, _ = split_thoughts(text)
    assert len(reasoning or "") + len(answer) <= len(text)


PIECES = [*(mark for marks in MARKS[:3] for mark in marks), "a", "b ", "."]
BLOCK = re.compile("|".join(f"{re.escape(begin)}(.*?){re.escape(end)}" for begin, end in MARKS), re.DOTALL)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_each_block_ends_with_the_next_mark_of_its_own(words):
    text = f"<think>Hm.</think>Yes.{words}"
    reasoning = ["Hm.", *("".join(found.groups("")).strip() for found in BLOCK.finditer(words))]
    assert split_thoughts(text) == ("\n\n".join(filter(None, reasoning)), "Yes." + BLOCK.sub("", words), False)


@pytest.mark.parametrize(("begin", "end"), MARKS)
def test_an_unclosed_mark_begins_reasoning_where_it_begins_a_line(begin, end):
    assert split_thoughts(f"I agree.\n {begin}Hm, so") == ("Hm, so", "I agree.", False)
    assert split_thoughts(f"{begin}a{end}I agree.\n\n{begin}Hm") == ("a\n\nHm", "I agree.", False)
    assert split_thoughts(f"The tag {begin} is one.") == (None, f"The tag {begin} is one.", False)


def test_or_anywhere_in_a_text_that_was_cut_off_unless_it_is_quoted():
    assert split_thoughts("I agree <think> hm so", cut=True) == ("hm so", "I agree", False)
    assert split_thoughts("The tag `<think>` is one. It", cut=True) == (None, "The tag `<think>` is one. It", False)


def test_a_prompt_that_ends_inside_the_reasoning_makes_all_of_it_reasoning_until_it_is_closed():
    assert split_thoughts("Hm, yes", begun=True) == ("Hm, yes", "", True)
    assert split_thoughts("A <think> tag?</think>Yes.", begun=True) == ("A <think> tag?", "Yes.", False)


@pytest.mark.parametrize(
    ("text", "reasoning", "answer", "is_open"),
    [
        ("<|channel|>final<|message|>Yes.<|return|>", None, "Yes.", False),
        ("<|channel|>final<|message|>Yes", None, "Yes", False),
        ("<|channel|>analysis<|message|>Hm", "Hm", "", True),
        ("<|channel|>ana", None, "", True),
        (
            "<|channel|>analysis<|message|>Hm.<|end|>"  # noqa: ISC004 - one text
            "<|start|>assistant<|channel|>commentary<|message|>So.<|end|>"
            "<|start|>assistant<|channel|>final<|message|>Yes.",
            "Hm.\n\nSo.",
            "Yes.",
            False,
        ),
    ],
)
def test_of_channels_the_final_one_is_the_answer(text, reasoning, answer, is_open):
    assert split_thoughts(text) == (reasoning, answer, is_open)


def test_the_error_of_a_cut_reply_says_what_to_do():
    assert "'m' used up all 20 tokens for reasoning" in str(cut_thoughts("'m'", 20))
    assert "Raise max_out_tokens" in str(cut_thoughts("'m'", None))
