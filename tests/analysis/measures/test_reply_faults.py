import math
from dataclasses import replace

import pytest
from support.talks import generated, talk_of

from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.analysis.measures.reply_faults import ASSISTANT_PHRASES


def with_generation(talk, **given):
    return replace(talk, comments=tuple(replace(one, generation=generated(**given)) for one in talk.comments))


@pytest.mark.parametrize(
    ("raw", "begins"),
    [("Ana: No.", 1), ('"**Ana:** No."', 1), ("No.\nAna: No.", 0), ("Ana is right", 0), (None, 0)],
)
def test_own_name_is_looked_for_in_the_whole_reply(raw, begins):
    assert MEASURES["own_name"](with_generation(talk_of("Ana: No."), raw=raw)) == begins


def test_own_name_is_looked_for_in_the_text_where_the_reply_is_not_kept():
    talk = talk_of("Ana: Ana: No.", "Ben: Ana: No.")
    assert MEASURES["own_name"].of_comments(talk) == [1, 0]


def test_lines_for_others():
    talk = talk_of("Ana: No.\nBen: Yes.", "Ben: Yes.")
    talk = replace(talk, comments=(replace(talk.comments[0], speaks_for=("Ben",)), talk.comments[1]))
    assert MEASURES["lines_for_others"](talk) == 0.5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Well, as an AI\nlanguage model, I cannot say.", 1),
        ("I’m here to help!", 1),
        ("We were an airline.", 0),
        ("She was an AI, but", 0),
        ("I am here to protest.", 0),
        ("alas an aim", 0),
    ],
)
def test_assistant_phrases(text, found):
    assert MEASURES["assistant_phrases"](talk_of(f"Ana: {text}")) == found


def test_assistant_phrases_are_written_as_they_are_compared():
    assert all(phrase == " ".join(phrase.casefold().split()) and "’" not in phrase for phrase in ASSISTANT_PHRASES)
    assert len(set(ASSISTANT_PHRASES)) == len(ASSISTANT_PHRASES)


def test_silences_and_comments_that_say_nothing_are_empty():
    assert MEASURES["empty"](talk_of("Ana: Yes", "Ben: ", 'Ana: ""', "Cem: (silence)", "Cem: 👍")) == 3 / 5
    assert MEASURES["empty"](talk_of("Mo: ", "Ana: Yes")) == 0
    assert math.isnan(MEASURES["empty"](talk_of()))


def test_truncated_comments():
    cut = with_generation(talk_of("Ana: Yes, but"), finish_reason="length").comments[0]
    first, second, third = talk_of("Ben: Yes.", "Cem: No.", "Ben: Oh.").comments
    talk = talk_of()
    assert MEASURES["truncated"](replace(talk, comments=(cut, first, second))) == 1 / 3
    assert MEASURES["truncated"](replace(talk, comments=(cut, first, replace(third, generation=None)))) == 1 / 2
