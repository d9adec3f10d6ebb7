import math
from dataclasses import replace

import pytest
from support.talks import generated, talk_of

from syndisco_nb.analysis.measures.comment_texts import COPIED_LETTERS, COPIED_WORDS
from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.records import Participant

CATS = talk_of("Op: cats", "Ana: the cat sat on the mat", "Ben: the cat lay on the mat", "Cem: buses should be free")
PROMPT = "One of many. You are a kind person who never raises their voice in any debate."


def test_lengths():
    talk = talk_of("Ana: Don't!", "Ben: I said no, no.")
    assert MEASURES["length"].of_comments(talk) == [1, 4]
    assert MEASURES["length_characters"].of_comments(talk) == [6, 14]
    assert MEASURES["comments"](talk) == 2


def test_diversity_of_a_discussion():
    assert MEASURES["diversity"](CATS) == pytest.approx(1 - (5 / 6) / 3, abs=1e-12)
    assert MEASURES["diversity"].of_comments(CATS) == pytest.approx([1 - (5 / 6) / 2, 1 - (5 / 6) / 2, 1])
    assert MEASURES["diversity"](talk_of("Ana: a b", "Ben: a c")) == 0.5
    assert math.isnan(MEASURES["diversity"](talk_of("Ana: alone")))


def test_distinct_words_and_pairs():
    talk = talk_of("Ana: a b", "Ben: a b c")
    assert MEASURES["distinct_1"](talk) == 3 / 5
    assert MEASURES["distinct_2"](talk) == 2 / 3


def test_repetition_is_of_the_same_speaker():
    nearly = "I think that we should ban all cars now"
    talk = talk_of(
        "Ana: I agree.", "Ben: I agree.", "Ana: i  AGREE.", f"Ben: {nearly}", f"Ben: {nearly} too", "Ben: No"
    )
    assert MEASURES["verbatim_repetition"].of_comments(talk) == [0, 0, 1, 0, 0, 0]
    assert MEASURES["repetition"].of_comments(talk) == [0, 0, 1, 0, 1, 0]


def test_a_text_without_words_may_be_repeated_too():
    assert MEASURES["repetition"].of_comments(talk_of("Ana: 👍", "Ana: 👍")) == [0, 1]


def test_a_repetition_is_near_from_08_on():
    four, five = "a b c d e f g h", "a b c d e f g h i j k l"
    assert MEASURES["repetition"].of_comments(talk_of(f"Ana: {four}", f"Ana: {five}")) == [0, 1]  # 16 / 20
    assert MEASURES["repetition"].of_comments(talk_of(f"Ana: {four}", f"Ana: {five} m")) == [0, 0]


def with_prompt(text, prompt=PROMPT):
    talk = talk_of(f"Ana: {text}")
    return replace(talk, comments=(replace(talk.comments[0], generation=generated(prompt)),))


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("I am: a KIND person, who never raises their voice!", True),  # 8 words of it
        ("A kind person who never raises their tone.", False),
        ("voice in any debate", False),
        ("Their voice who a kind person never raises is in any debate", False),
    ],
)
def test_eight_words_in_a_row_are_copied(text, copied):
    assert MEASURES["copied_prompt"](with_prompt(text)) == copied


def test_scripts_without_spaces_need_more_letters():
    instructions = "你是一个善良的人在任何辩论中从不提高声音"
    assert MEASURES["copied_prompt"](with_prompt(instructions[:COPIED_LETTERS], instructions)) == 1
    assert MEASURES["copied_prompt"](with_prompt(instructions[: COPIED_LETTERS - 1], instructions)) == 0
    assert (COPIED_WORDS, COPIED_LETTERS) == (8, 16)


@pytest.mark.parametrize(
    ("copy", "copied"),
    [
        ("one two three four five 我你他", True),  # most are words, which these 8 suffice for
        ("one two three four 我你他们", True),
        ("one two three four 我你他们您它", False),
    ],
)
def test_the_script_of_most_words_decides(copy, copied):
    assert MEASURES["copied_prompt"](with_prompt(copy, copy)) == copied


@pytest.mark.parametrize("field", ["context", "instructions", "attributes", "topic"])
def test_all_parts_of_a_prompt_count(field):
    text = "one two three four five six seven eight"
    speaker = {} if field == "topic" else {field: (text,) if field == "attributes" else text}
    talk = talk_of(f"Ana: {text}", f"Ben: {text}", topic=text if field == "topic" else "")
    talk = replace(talk, users=(Participant("Ana", "user", "m", **speaker), *talk.users[1:]))
    assert MEASURES["copied_prompt"].of_comments(talk) == [1, field == "topic"]


def test_a_quotation_of_another_comment_is_no_copied_prompt():
    text = "one two three four five six seven eight"
    assert MEASURES["copied_prompt"](talk_of(f"Ana: {text}", f"Ben: {text}")) == 0
