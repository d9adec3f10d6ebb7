import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb import ChatMessage, Choice, Flag, FreeText, Likert
from syndisco_nb.backend.scale import check_scales, with_question
from syndisco_nb.errors import InvalidInputError

POLITE = Choice("tone", ["polite", "rude", "very rude"])


def test_labels_and_values():
    assert (Likert("x", 1, 3).labels, Likert("x", 1, 3).value("2")) == (("1", "2", "3"), 2)
    assert (POLITE.labels, POLITE.value("rude")) == (("polite", "rude", "very rude"), "rude")
    assert (Flag("x").labels, Flag("x").value("yes"), Flag("x").value("no")) == (("yes", "no"), True, False)
    assert FreeText("x").labels == ()


@pytest.mark.parametrize(
    ("scale", "answer", "value"),
    [
        (Likert("toxicity", 1, 5), "2 ", 2),
        (Likert("toxicity", 1, 5), "Toxicity=3", 3),
        (Likert("toxicity", 1, 5), "4.", 4),
        (Likert("toxicity", 1, 10), "10", 10),
        (Likert("toxicity", 1, 5), "I cannot rate this.", None),
        (Likert("toxicity", 1, 5), "2 or 3", None),
        (Likert("toxicity", 1, 5), "2.5", None),
        (Likert("toxicity", 1, 5), "7", None),
        (Likert("toxicity", 1, 5), "15", None),
        (POLITE, "Polite.", "polite"),
        (POLITE, '"rude"', "rude"),
        (POLITE, "It is impolite", None),
        (Flag("insult"), "Yes, it does.", True),
        (Flag("insult"), "NO", False),
        (Flag("insult"), "I do not know", None),
        (Flag("insult"), "", None),
        (FreeText("topic"), " cars\n", "cars"),
        (FreeText("topic"), " ", None),
    ],
)
def test_free_answers_are_read_or_called_unreadable(scale, answer, value):
    assert scale.parse(answer) == value
    assert type(scale.parse(answer)) is type(value)


@given(st.text())
def test_reading_never_raises_and_gives_an_allowed_value(text):
    assert Likert("x", 1, 5).parse(text) in (None, 1, 2, 3, 4, 5)


def test_every_label_is_read_as_itself():
    for scale in (Likert("x", 0, 11), POLITE, Flag("x")):
        assert [scale.parse(label) for label in scale.labels] == [scale.value(label) for label in scale.labels]


def test_the_question_stands_at_the_end_of_the_prompt():
    prompt = (ChatMessage("system", "Annotate."), ChatMessage("user", "Ana: Hello."))
    asked = with_question(prompt, Likert("toxicity", 1, 5, question="How toxic is it?"))
    assert asked == (
        ChatMessage("system", "Annotate."),
        ChatMessage("user", "Ana: Hello.\n\nHow toxic is it? Answer with the number alone."),
    )


def test_the_allowed_answers_are_in_the_question():
    assert "from 1 (least) to 7 (most)" in Likert("toxicity", 1, 7).instruction()
    assert "polite, rude, very rude" in POLITE.instruction()
    assert "yes or no" in Flag("sarcasm").instruction()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Likert("x", 5, 1), "low is 5 and high is 1, but low must be below high"),
        (lambda: Likert("x", 1.5, 3), "low is 1.5, but must be a whole number"),
        (lambda: Likert(" "), "name is empty"),
        (lambda: Choice("x", "ab"), "options is the text 'ab', but must be a list"),
        (lambda: Choice("x", ["a"]), "must hold at least two"),
        (lambda: Choice("x", ["a", "a"]), "every option must be different"),
        (lambda: Choice("x", ["a", " b"]), "An option is ' b'"),
        (lambda: check_scales(["toxicity"]), "A scale is 'toxicity', but must be a Likert"),
        (lambda: check_scales([Flag("x"), Likert("x")]), "Give every scale a name of its own"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(make, message):
    with pytest.raises(InvalidInputError, match=message):
        make()


SHUFFLED = [Choice("tone", ["toxic", "civil", "mixed"], shuffle=True), Flag("irony", shuffle=True)]


@pytest.mark.parametrize("scale", SHUFFLED)
def test_the_order_of_options_follows_from_the_seed_and_each_is_as_frequent(scale):
    orders = [scale.ordered(seed).labels for seed in range(3000)]
    assert orders == [scale.ordered(seed).labels for seed in range(3000)]
    assert {frozenset(order) for order in orders} == {frozenset(scale.labels)}
    expected = 3000 / math.factorial(len(scale.labels))
    assert all(abs(orders.count(order) - expected) < 5 * expected**0.5 for order in set(orders))
    for seed in range(20):
        asked = scale.ordered(seed)
        places = [asked.instruction().rindex(label) for label in asked.labels]
        assert places == sorted(places)
        assert asked.ordered(seed + 1) == asked
        assert [asked.parse(label) for label in scale.labels] == [scale.value(label) for label in scale.labels]


@pytest.mark.parametrize("scale", [Choice("tone", ["toxic", "civil"]), Flag("irony"), Likert("x"), FreeText("x")])
def test_without_shuffling_the_order_is_the_one_given(scale):
    assert all(scale.ordered(seed) == scale for seed in range(9))


def test_settings_say_whether_options_are_shuffled():
    assert [scale.settings()["shuffle"] for scale in SHUFFLED] == [True, True]
    assert Flag("x").settings()["shuffle"] is Choice("x", ["a", "b"]).settings()["shuffle"] is False
    assert SHUFFLED[1].settings()["instruction"].endswith("Answer with yes or no.")


@pytest.mark.parametrize("make", [lambda: Flag("x", shuffle=1), lambda: Choice("x", ["a", "b"], shuffle="yes")])
def test_shuffle_is_yes_or_no(make):
    with pytest.raises(InvalidInputError, match=r"shuffle is .*, but must be True or False\."):
        make()
