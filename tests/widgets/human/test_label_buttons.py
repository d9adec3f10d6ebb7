"""A scale as a person sees it."""

import pytest

import syndisco_nb as snb
from syndisco_nb.widgets.human.label_buttons import ends_of, keys_of, question_of


@pytest.mark.parametrize(
    ("scale", "question"),
    [
        (snb.Likert("toxicity"), "Toxicity of the comment"),
        (snb.Likert("toxicity", question="How toxic is the comment?"), "How toxic is the comment?"),
        (snb.Likert("heat", 0, 10, unit="discussion"), "Heat of the discussion"),
        (snb.Likert("wit", unit="participant"), "Wit of Ana in the discussion"),
        (snb.Likert("wit", unit="participant", question="How witty is {name}?"), "How witty is Ana?"),
        (snb.Choice("tone", ["a", "b"]), "Which tone does the comment have?"),
        (snb.FreeText("topic"), "Describe the topic of the comment."),
    ],
)
def test_the_question_is_in_words(scale, question):
    assert question_of(scale, "Ana") == question
    recorded = type(scale).from_settings(scale.settings())
    assert question_of(recorded, "Ana") == question  # as in an adjudication


@pytest.mark.parametrize(
    ("scale", "ends"),
    [
        (snb.Likert("toxicity", 1, 5), ("least", "most")),
        (snb.Likert("tone", 0, 10, "How polite, from 0 (rude) to 10 (polite)?"), ("rude", "polite")),
        (snb.Likert("tone", 1, 7, "Polite? 1: not at all; 7: very"), ("not at all", "very")),
        (snb.Likert("tone", 1, 7, "How polite is it?"), ("low", "high")),
        (snb.Likert("tone", 1, 7, f"Polite? 1 ({'x' * 50}), 7 (very)"), ("low", "high")),
        (snb.Likert("tone", 1, 5, "Of 11 (all) how many, from 1 (one) to 5 (five)?"), ("one", "five")),
        (snb.Flag("rude"), None),
        (snb.FreeText("note"), None),
    ],
)
def test_the_ends_are_named_as_in_the_question(scale, ends):
    assert ends_of(scale) == ends


def test_ten_has_the_key_0():
    assert keys_of(snb.Likert("x", 1, 10))["10"] == ["0"]
    assert keys_of(snb.Likert("x", 0, 10))["10"] == []
    assert keys_of(snb.Choice("x", [f"o{n}" for n in range(10)]))["o9"] == []
