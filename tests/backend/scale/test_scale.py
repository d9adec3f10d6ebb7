"""Rules that all scales follow."""

import math

import pytest

from syndisco_nb import ChatMessage, Choice, Flag, FreeText, Likert, Scale
from syndisco_nb.backend.scale import check_scales, with_question
from syndisco_nb.errors import InvalidInputError

POLITE = Choice("tone", ["polite", "rude", "very rude"])


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


@pytest.mark.parametrize(
    ("make", "message", "field"),
    [
        (lambda: Likert(" "), "name is empty", "name"),
        (lambda: Flag("x", 3), "question is 3, but must be text", "question"),
        (lambda: Flag("x", unit="person"), "unit is 'person', but must be one of: comment, participant, disc", "unit"),
        (lambda: Likert("x", unit=3), "unit is 3", "unit"),
        (lambda: Flag("x", "Is she?", unit="participant"), r"write \{name\} where the name belongs", "question"),
        (lambda: check_scales(["toxicity"]), "A scale is 'toxicity', but must be a Likert", "scales"),
        (lambda: check_scales("toxicity"), r"scales is 'toxicity', but .* Give Likert\('toxicity'\)", "scales"),
        (lambda: check_scales([Flag("x"), Likert("x")]), "Give every scale a name of its own", "scales"),
    ],
)
def test_bad_input_is_refused_with_the_remedy_and_the_field(make, message, field):
    with pytest.raises(InvalidInputError, match=message) as caught:
        make()
    assert caught.value.field == field


def test_a_single_scale_is_wrapped():
    assert check_scales(POLITE) == (POLITE,)


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


SCALES = [Likert("toxicity", 0, 3), POLITE, Flag("irony"), FreeText("topic"), *SHUFFLED]


@pytest.mark.parametrize("scale", [*SCALES, *(type(one)(**{**vars(one), "question": "Well?"}) for one in SCALES)])
def test_a_scale_is_made_again_from_its_record(scale):
    made = Scale.remake(scale.settings())
    assert (type(made), made.settings()) == (type(scale), scale.settings())


def test_a_record_without_shuffle_is_of_the_first_version_and_not_shuffled():
    settings = POLITE.settings()
    del settings["shuffle"]
    assert Scale.remake(settings).settings() == POLITE.settings()


@pytest.mark.parametrize(
    "change",
    [
        {"type": "MyScale"},
        {"labels": []},
        {"labels": ["0", "2", "3"]},
        {"labels": ["low", "high"]},
        {"name": 3},
        {"instruction": "Say a number."},
        {"step": 2},
    ],
)
def test_a_record_that_means_something_else_makes_no_scale(change):
    assert Scale.remake(Likert("toxicity", 0, 3).settings() | change) is None


def test_each_scale_knows_the_level_and_the_type_of_its_values():
    assert [(type(scale).level, type(scale).value_type) for scale in SCALES[:4]] == [
        ("ordinal", int),
        ("nominal", str),
        ("nominal", bool),
        (None, str),
    ]
    for scale in SCALES[:3]:
        assert all(type(scale.value(label)) is scale.value_type for label in scale.labels)


UNITS = {
    "participant": [
        "How much wit does Ana show in the discussion, from 1 (least) to 5 (most)?",
        "Does Ana show wit in the discussion?",
        "Which wit does Ana have in the discussion?",
        "Describe the wit of Ana in the discussion.",
    ],
    "discussion": [
        "How much wit is in the discussion, from 1 (least) to 5 (most)?",
        "Does the discussion show wit?",
        "Which wit does the discussion have?",
        "Describe the wit of the discussion.",
    ],
}


def of_unit(unit):
    return [
        Likert("wit", unit=unit),
        Flag("wit", unit=unit),
        Choice("wit", ["a", "b"], unit=unit),
        FreeText("wit", unit=unit),
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_the_question_is_worded_for_its_unit(unit):
    assert [scale.about("Ana").asks for scale in of_unit(unit)] == UNITS[unit]


def test_a_question_of_the_users_own_gets_the_name():
    scale = Flag("wit", "Would you laugh with {name}, {really}?", unit="participant")
    assert scale.about("Ana").asks == "Would you laugh with Ana, {really}?"
    assert Flag("wit", "Is {name} here?").about("Ana").asks == "Is {name} here?"


@pytest.mark.parametrize("unit", ["comment", *UNITS])
def test_a_scale_of_any_unit_is_made_again_from_its_settings(unit):
    for scale in of_unit(unit):
        assert Scale.remake(scale.settings()).settings() == scale.settings()
        assert Scale.remake(scale.settings()).about("Ana").asks == scale.about("Ana").asks
        assert ("unit" in scale.settings()) == (unit != "comment")
    for scale in (Flag("wit", shuffle=True, unit=unit), Choice("wit", ["a", "b"], shuffle=True, unit=unit)):
        assert {scale.ordered(seed).about("Ana").asks for seed in range(9)} == {scale.about("Ana").asks}
        assert {scale.ordered(seed).unit for seed in range(9)} == {unit}


SHARES = {"1": 0.5, "2": 0.2, "3": 0.15, "4": 0.1, "5": 0.05}


def test_the_expected_value_is_the_mean_of_numbers_and_the_probability_of_yes():
    assert Likert("x").expected(SHARES) == pytest.approx(2, abs=1e-12)
    assert Flag("x").expected({"yes": 0.25, "no": 0.75}) == 0.25
    assert Likert("x").expected(None) is None
    assert Choice("x", ["1", "2"]).expected({"1": 0.5, "2": 0.5}) is None
    assert FreeText("x").expected({"a": 1.0}) is None
