"""Models that answer alike, and the differences of those that do not."""

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.replicas.alike import address, checked_alike, ordinal
from syndisco_nb.errors import InvalidInputError


def server(host="a", model_name="gpt", **settings):
    return snb.OpenAIModel(model_name, f"http://{host}/v1", **settings)


class Own(snb.Model):
    def __init__(self, name, **more):
        super().__init__(name)
        self.more = more

    def settings(self):
        return {**super().settings(), **self.more}

    async def complete(self, request):
        raise NotImplementedError


def test_models_may_differ_in_their_place_and_their_patience():
    alike = [server("a"), server("b", timeout_s=3, max_concurrency=4, api_key="sk-1"), server("c", patience_s=9)]
    assert checked_alike(alike) == tuple(alike)
    assert len(checked_alike([Own("m", device="cuda:0"), Own("m", device="cuda:1")])) == 2
    assert len(checked_alike([snb.ScriptedModel("Yes."), snb.ScriptedModel("Yes.")])) == 2


@pytest.mark.parametrize(
    ("models", "words", "field"),
    [
        (
            [
                server("a", sampling=snb.Sampling(temperature=0.7)),
                server("b", sampling=snb.Sampling(temperature=0.7)),
                server("c"),
            ],
            "'temperature' is 0.7 in the first and 1.0 in the third model",
            "models.2",
        ),
        (
            [server(), server("b", "qwen", name="gpt")],
            "'model_name' is 'gpt' in the first and 'qwen' in the second",
            "models.1",
        ),
        ([server(), server("b", name="b")], "'name' is 'gpt' in the first and 'b' in the second", "models.1"),
        (
            [server(), server("b", extra_body={"min_p": 0.1})],
            "'min_p' is missing in the first and 0.1 in the second",
            "models.1",
        ),
        ([server(thinking=True), server("b")], "'thinking' is True in the first and missing in the second", "models.1"),
        (
            [server(), snb.ScriptedModel("x", name="gpt")],
            "'type' is 'OpenAIModel' in the first and 'ScriptedModel'",
            "models.1",
        ),
        ([snb.ScriptedModel("x"), snb.ScriptedModel("y")], "'digest' is ", "models.1"),
        ([server(), server(timeout_s=3)], "The first and the second model are the same, http://a/v1", "models.1"),
        ([ONE := snb.ScriptedModel("x"), ONE], "are the same, ScriptedModel", "models.1"),
        ([snb.HumanModel("Ana")], "The first model is a person", "models.0"),
        ([snb.CachedModel(server(), "a.jsonl")], "a store of its own", "models.0"),
        ([server(), "http://b/v1"], "models holds 'http://b/v1', but may hold only models", "models.1"),
        ([], "models holds no model", "models"),
        ("http://a/v1", "must be a list of models", "models"),
        (server(), "must be a list of models", "models"),
    ],
    ids=str,
)
def test_models_that_do_not_answer_alike_are_refused_with_their_difference(models, words, field):
    with pytest.raises(InvalidInputError) as caught:
        checked_alike(models)
    assert words in str(caught.value)
    assert caught.value.field == field


def test_models_are_told_apart_by_their_address():
    assert address(server("b")) == "http://b/v1"
    assert address(snb.ScriptedModel("x")) == "ScriptedModel('scripted', 1 replies)"
    assert [ordinal(0), ordinal(2), ordinal(9), ordinal(10)] == ["first", "third", "tenth", "11th"]
