"""The real first prompts of a design."""

import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError


def test_the_prompts_are_those_of_the_condition_and_no_model_is_asked():
    model = snb.ScriptedModel(lambda request: pytest.fail("asked"), name="m")
    experiments = moderated_builder()
    shown = experiments.instructions("Be brief.").annotators(rater(), snb.Likert("tox", 1, 3)).preview("facilitator")
    assert (shown.condition, shown.topic in ("Tax", "Toll")) == ("facilitator", True)
    assert "Be brief." in str(shown.prompt)
    assert shown.topic in shown.annotation[-1].content
    assert repr(shown) == f"<Preview of condition 'facilitator': the prompt of {shown.speaker!r} on {shown.topic!r}>"
    assert f"{shown.speaker} is asked:" in str(shown)
    assert "The annotator is asked" in str(shown)
    assert model.name == "m"


def test_without_annotators_there_is_one_prompt():
    shown = moderated_builder().preview()
    assert (shown.condition, shown.annotation) == ("none", ())
    assert "annotator" not in str(shown)


def test_an_unknown_condition_is_refused_with_those_there_are():
    with pytest.raises(InvalidInputError, match="There are: none, facilitator") as caught:
        moderated_builder().preview("facilitatr")
    assert caught.value.field == "condition"


def test_a_design_that_is_not_trusted_yet_can_be_looked_at():
    text = 'model: {type: OpenAIModel, model_name: m, base_url: "http://h/v1"}\n'
    text += "participants: [{username: Ana}, {username: Ben}]\ntopics: [Tax]\n"
    assert "Tax" in str(snb.ExperimentBuilder.from_yaml(text).preview())
