"""Designs that ask for more of the same study are merged; those that change finished work are named."""

import pytest
from support.designs import moderated_builder, small_builder

import syndisco_nb as snb
from syndisco_nb.builder.study_growth import grown_design
from syndisco_nb.errors import InvalidInputError

LEVELS = {"none": None, "facilitator": "Keep it civil."}
TONE, WIT = snb.Likert("tone"), snb.Flag("wit")
ANA, BEN = {"name": "Ana"}, {"name": "Ben"}
HELD = moderated_builder().annotators([ANA], [TONE])


def vary(**levels):
    return HELD.vary(moderator=levels)


@pytest.mark.parametrize(
    "asked",
    [
        HELD.discussions(30),
        vary(**LEVELS, strict="Delete it."),
        HELD.annotators([ANA, BEN]),
        HELD.annotators(scales=[TONE, WIT]),
        HELD.discussions(30).annotators([ANA, BEN], [TONE, WIT]),
    ],
)
def test_a_study_gets_more_and_never_less(asked):
    assert grown_design(HELD.design, asked.design, is_labelled=True) == (asked.design, "")
    assert grown_design(asked.design, HELD.design, is_labelled=True) == (asked.design, "")


def test_two_pilots_in_one_folder_make_the_study_of_both():
    held, asked = vary(none=None, facilitator="Keep it civil.").discussions(9), vary(none=None, strict="Delete it.")
    whole, changes = grown_design(held.design, asked.design, is_labelled=False)
    assert (list(whole.levels()), whole.discussions, changes) == (["none", "facilitator", "strict"], 9, "")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (HELD.seed(8), "seed: 7 → 8"),
        (HELD.turns(5), "turns: 4 → 5"),
        (HELD.topics(["Tax", "Bread"]), "topics[1]: 'Toll' → 'Bread'"),
        (HELD.instructions("Shout."), "instructions: 'Say what"),
        (vary(none=None, facilitator="Shout."), "vary.moderator.facilitator.instructions: 'Keep it civil.' → 'Shout.'"),
        (HELD.vary(moderator=None), "the settings in vary: 1 → 0"),
        (HELD.vary(window={"short": 1, "long": 3}), "the settings in vary: 1 → 2"),
        (HELD.annotators([BEN, ANA]), "annotators[0].name: 'Ana' → 'Ben'"),
        (HELD.annotators(scales=[snb.Likert("tone", 1, 7)]), "scales[0].high: 5 → 7"),
        (HELD.annotators(window=5), "annotation_window: 3 → 5"),
    ],
)
def test_a_change_of_finished_work_is_named(asked, named):
    assert named in grown_design(HELD.design, asked.design, is_labelled=True)[1]


def test_what_labels_are_asked_may_change_until_there_are_some():
    asked = HELD.annotators([BEN, ANA], snb.Likert("tone", 1, 7), window=5)
    assert grown_design(HELD.design, asked.design, is_labelled=False) == (asked.design, "")


def test_a_design_without_annotators_keeps_those_of_the_study():
    assert grown_design(HELD.design, moderated_builder().discussions(9).design, is_labelled=True) == (
        HELD.discussions(9).design,
        "",
    )


def test_levels_whose_folders_could_not_be_told_apart_are_refused():
    with pytest.raises(InvalidInputError, match="Two levels of moderator are called"):
        grown_design(HELD.design, vary(none=None, Facilitator="Keep it civil.").design, is_labelled=False)


def test_a_study_that_varies_nothing_grows_by_discussions():
    held, asked = small_builder(), small_builder().discussions(9)
    assert grown_design(held.design, asked.design, is_labelled=False) == (asked.design, "")


def test_the_number_of_replicas_changes_no_answer():
    one, other = (snb.OpenAIModel("gpt", f"http://{host}/v1", name="talker") for host in "ab")
    cold = snb.OpenAIModel("gpt", "http://a/v1", sampling=snb.Sampling(temperature=0.1))
    alone, both = (HELD.model(model).design for model in (one, snb.Replicas([one, other])))
    for labelled in (True, False):
        assert grown_design(alone, both, is_labelled=labelled) == (both, "")
        assert grown_design(both, alone, is_labelled=labelled) == (alone, "")
    for model, named in (
        (snb.Replicas([other, one]), "model.base_url: 'http://a/v1' → 'http://b/v1'"),
        (snb.Replicas([one, other], name="duo"), "model.name: 'talker' → 'duo'"),
        (snb.Replicas([cold]), "model.sampling"),
    ):
        assert named in grown_design(alone, HELD.model(model).design, is_labelled=True)[1]
    levels = [{"a": model, "b": snb.ScriptedModel("x")} for model in (one, snb.Replicas([one, other]))]
    varied = [HELD.vary(model=models).design for models in levels]
    assert grown_design(*varied, is_labelled=True) == (varied[1], "")


def test_a_study_may_change_between_direct_requests_and_batches():
    one, other = (snb.OpenAIModel(name, base_url="http://a/v1") for name in ("gpt", "mini"))
    alone, batched = (HELD.model(model).design for model in (one, snb.BatchModel(one)))
    for held, asked in ((alone, batched), (batched, alone)):
        assert grown_design(held, asked, is_labelled=False) == (asked, "")
    assert "gpt" in grown_design(alone, HELD.model(snb.BatchModel(other)).design, is_labelled=False)[1]
