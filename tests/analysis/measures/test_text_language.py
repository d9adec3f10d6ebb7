import math

import pytest
from support.talks import talk_of

from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.analysis.measures.text_language import ENOUGH, language_of

ENGLISH = "I think that this would be good for our city and its people."
GREEK = "Νομίζω ότι αυτό θα ήταν καλό για την πόλη μας."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GREEK, "el"),
        ("Ich glaube nicht, dass wir das so machen sollten.", "de"),
        ("Je pense que nous devrions interdire les voitures.", "fr"),
        ("Taxi bus metro hotel!", None),
        ("Yes.", None),
        ("1234567890 1234567890 1234567890", None),
        ("", None),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


def test_texts_of_20_letters_are_long_enough():
    assert language_of("I want to do this now, okk 12") is None  # 19
    assert language_of("I want to do this, yes okay 12") == "en"


def test_the_first_200_characters_decide():
    english = (ENGLISH * 4)[:ENOUGH]
    assert language_of(english + GREEK * 20) == "en"
    assert ENOUGH == 200


def test_the_language_of_a_discussion_and_comments_in_another():
    talk = talk_of(f"Ana: {ENGLISH}", f"Ben: {GREEK}", f"Cem: {ENGLISH}", "Ana: No.", f"Ben: {ENGLISH}")
    assert MEASURES["language"].result(talk) == "en"
    of_comments = MEASURES["other_language"].of_comments(talk)
    assert of_comments[:3] + of_comments[4:] == [0, 1, 0, 0]
    assert math.isnan(of_comments[3])
    assert MEASURES["other_language"](talk) == 1 / 4


def test_short_comments_tell_the_language_together():
    talk = talk_of("Ana: I think so.", "Ben: Do you really?", "Ana: Yes, why would I not?")
    assert MEASURES["language"].result(talk) == "en"


def test_a_short_discussion_has_no_language():
    talk = talk_of("Ana: No.", "Ben: Si.")
    assert MEASURES["language"].result(talk) is None
    assert math.isnan(MEASURES["other_language"](talk))
