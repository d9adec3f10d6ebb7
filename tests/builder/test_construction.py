"""From a design to experiments, annotators and scales."""

import pytest
from support.designs import PEOPLE, moderated_builder, rater, small_builder

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, ScriptedModel
from syndisco_nb.builder.construction import build_annotators, build_experiments, build_scales
from syndisco_nb.errors import InvalidInputError, TrustError

SERVER = 'model: {type: OpenAIModel, model_name: m, base_url: "http://h/v1"}\n'


def test_an_experiment_has_the_settings_of_its_condition():
    builder = moderated_builder().window(5).stop(snb.AfterSilences(2)).turn_taking(snb.RandomOther())
    built = build_experiments(builder.design, builder.models, 11)
    assert list(built) == ["none", "facilitator"]
    none, facilitator = built.values()
    assert none.moderator is None
    assert (facilitator.moderator.name, facilitator.moderator.instructions) == ("Moderator", "Keep it civil.")
    for experiment in built.values():
        assert [user.name for user in experiment.users] == ["Ana", "Ben", "Cem"]
        assert experiment.users[0].attributes == tuple(PEOPLE[0].to_attribute_list())
        assert (experiment.seed, experiment.num_turns, experiment.num_discussions, experiment.window) == (11, 4, 3, 5)
        assert [condition.settings() for condition in experiment.stop] == [snb.AfterSilences(2).settings()]
        assert type(experiment.turn_manager) is snb.RandomOther


def test_each_actor_has_its_own_model_and_it_is_made_once():
    model = ScriptedModel("Yes.")
    builder = small_builder(model).model(ScriptedModel("No.", name="other"), of=["Ben"])
    (experiment,) = build_experiments(builder.design, builder.models, None).values()
    assert experiment.users[0].model is experiment.users[2].model is model
    assert experiment.users[1].model.name == "other"


def test_all_that_is_missing_is_named_with_its_call():
    builder = ExperimentBuilder().topics(["Tax"])
    with pytest.raises(InvalidInputError, match=r"no model and no participants yet. Call .model\(...\)") as caught:
        build_experiments(builder.design, builder.models, 1)
    assert caught.value.field == "model"
    varied = small_builder().model(None).vary(window={"short": 1, "long": 5})
    with pytest.raises(InvalidInputError, match="no model yet in the condition 'short'"):
        build_experiments(varied.design, varied.models, 1)


def test_nothing_is_built_of_a_file_that_is_not_trusted():
    text = SERVER + "participants: [{username: Ana}, {username: Ben}]\ntopics: [Tax]\nannotators: [{name: J}]\n"
    builder = ExperimentBuilder.from_yaml(text)
    for build in (
        lambda: build_experiments(builder.design, builder.models, 1),
        lambda: build_annotators(builder.design, builder.models),
    ):
        with pytest.raises(TrustError):
            build()


def test_annotators_answer_by_their_own_model_or_the_designs():
    builder = small_builder().annotators([rater(), {"name": "K", "instructions": "Rate."}], [snb.Flag("rude")])
    first, second = build_annotators(builder.design, builder.models)
    assert (first.model.name, second.model.name) == ("judge", "talker")
    assert (second.name, second.instructions, second.actor_type) == ("K", "Rate.", snb.ActorType.ANNOTATOR)
    assert build_scales(builder.design) == [snb.Flag("rude")]
    without = small_builder().model(None).annotators([{"name": "K"}])
    with pytest.raises(InvalidInputError, match="The annotator 'K' has no model"):
        build_annotators(without.design, without.models)


def test_annotators_without_a_model_are_refused_before_the_discussions():
    levels = {name: snb.ScriptedModel(name, name=name) for name in ("one", "other")}
    study = small_builder().model(None).vary(model=levels).annotators([{"name": "A"}], snb.Flag("hot"))
    with pytest.raises(
        InvalidInputError, match=r"'A' has no model\. The model of the participants is varied"
    ) as caught:
        study.build()
    assert caught.value.field == "annotators"
    assert study.annotators([{"name": "A", "model": snb.ScriptedModel("yes")}]).build()
