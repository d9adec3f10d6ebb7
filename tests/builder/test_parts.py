"""Parts: live objects as plain data, and back."""

import json

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.kinds import Kind
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.fields import validate
from syndisco_nb.builder.parts import Part, as_part, from_plain, meaning_none
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError

SERVER = {"type": "OpenAIModel", "model_name": "gpt", "base_url": "http://h/v1"}
OTHER = {**SERVER, "base_url": "http://i/v1", "sampling": {"temperature": 0.1}}
OBJECTS = [
    snb.ScriptedModel(["Yes.", "No."], name="talker"),
    snb.HumanModel("Dana", timeout_s=60),
    snb.OpenAIModel("gpt", base_url="http://h/v1", max_out_tokens=None, thinking=False, timeout_s=5),
    snb.OpenAIModel("gpt", base_url="http://h/v1", sampling=snb.Sampling(temperature=0.2), extra_body={"top_k": 3}),
    snb.TransformersModel("Qwen/Qwen3-4B", dtype="float32", chat_template_kwargs={"enable_thinking": False}),
    snb.bundled_model(max_out_tokens=20, engine="transformers"),
    snb.CachedModel(snb.CachedModel(snb.ScriptedModel("Yes."), "a.jsonl"), "b.jsonl"),
    snb.BatchModel(snb.OpenAIModel("gpt", base_url="http://h/v1", timeout_s=5)),
    snb.Replicas([snb.OpenAIModel("gpt", base_url=f"http://{host}/v1", max_concurrency=9) for host in "hij"], name="m"),
    snb.CachedModel(snb.Replicas([snb.ScriptedModel("Yes."), snb.ScriptedModel("Yes.")], patience_s=9), "c.jsonl"),
    snb.RoundRobin(),
    snb.RandomOther(),
    snb.RespondWithProbability(0.25),
    snb.Weighted({}),
    snb.Weighted({"Ana": 2.0}),
    snb.Hosted(2, host="Ana", then=snb.Hosted(3)),
    snb.AfterSilences(3),
    snb.AfterPhrase("we agree", by="moderator"),
    snb.Likert("toxicity", 0, 3),
    snb.Likert("toxicity", question="How toxic?"),
    snb.Choice("tone", ["polite", "rude"], shuffle=True),
    snb.Flag("irony"),
    snb.FreeText("topic"),
]


@pytest.mark.parametrize("thing", OBJECTS, ids=repr)
def test_an_object_is_taken_apart_and_made_again_by_data_and_by_code(thing):
    part = as_part("it", thing, Kind)
    plain = json.loads(json.dumps(part.plain()))
    for again in (part.make(), from_plain(plain, "it", Kind).make(), eval(part.code(), {"snb": snb})):  # noqa: S307
        assert type(again) is type(thing)
        assert again.settings() == thing.settings()
        assert as_part("it", again, Kind) == part
    assert as_part("it", plain, Kind) == part


def test_parts_in_a_list_are_told_apart_in_errors():
    with pytest.raises(InvalidInputError) as caught:
        as_part("it", {"type": "Replicas", "models": [SERVER, {**SERVER, "base_url": "//h"}]}, snb.Model)
    assert caught.value.field == "models.1.base_url"
    with pytest.raises(InvalidInputError, match="temperature") as caught:
        as_part("it", {"type": "Replicas", "models": [SERVER, OTHER]}, snb.Model)
    assert caught.value.field == "models.1"
    with pytest.raises(InvalidInputError, match="must be a list"):
        as_part("it", {"type": "Replicas", "models": SERVER}, snb.Model)


def test_what_is_not_given_is_left_out():
    assert as_part("it", snb.Flag("irony"), snb.Scale).plain() == {"type": "Flag", "name": "irony", "shuffle": False}
    assert as_part("it", snb.Likert("x"), snb.Scale).plain() == {"type": "Likert", "name": "x", "low": 1, "high": 5}
    assert as_part("it", snb.Weighted({}), snb.TurnManager).plain() == {"type": "Weighted", "weights": {}}
    assert not {"sampling", "extra_body", "thinking"} & set(as_part("it", SERVER, snb.Model).arguments)


def test_none_is_kept_where_it_means_something():
    assert as_part("it", {**SERVER, "max_out_tokens": None}, snb.Model).arguments["max_out_tokens"] is None
    assert meaning_none(snb.HumanModel) == frozenset()


def test_equal_parts_share_a_key_and_others_do_not():
    parts = [as_part("it", thing, Kind) for thing in OBJECTS]
    assert len({part.key for part in parts}) == len(parts)
    assert as_part("it", snb.AfterSilences(3), Kind).key == Part(type="AfterSilences", arguments={"silences": 3}).key


class Likert(snb.Likert):
    """A scale of the user's own, under the name of one of the package."""


class Loudest(snb.TurnManager):
    def choose(self, names, history, rng):
        return names[0]


@pytest.mark.parametrize(
    ("thing", "base", "said"),
    [
        (Likert("x"), snb.Scale, r"it is Likert\(.*, which no file could hold. A design takes: Likert, Choice"),
        (Loudest(), snb.TurnManager, "A design takes: RoundRobin, RandomOther"),
        (snb.Hosted(2, then=Loudest()), snb.TurnManager, "then is Loudest"),
        (snb.Hosted(len), snb.TurnManager, "Hosted has rule=<built-in function len>, which no file could hold"),
        (snb.ScriptedModel(str), snb.Model, "ScriptedModel has script=<class 'str'>, which no file could hold"),
        (snb.RandomOther(), snb.StopCondition, "A design takes: AfterPhrase, AfterSilences"),
        ("gpt", snb.Model, "it is 'gpt', which no file could hold"),
        ({"type": "Hosed"}, snb.TurnManager, "it has type 'Hosed', but must have one of: .* Did you mean 'Hosted'"),
        ({"type": "Likert", "name": "x"}, snb.Model, "it has type 'Likert', but must have one of: bundled_model"),
        (Part(type="Flag", arguments={"name": "x"}), snb.Model, "it is a Flag, but must be one of: bundled_model"),
        ({**SERVER, "extra_body": {"api_key": "sk-123456789012345678901234"}}, snb.Model, "extra_body"),
        ({**SERVER, "sampling": {"heat": 1}}, snb.Model, "sampling is {'heat': 1}, which cannot be used"),
        ({"type": "Weighted", "weights": {"Ana": float("nan")}}, snb.TurnManager, "which no file could hold"),
    ],
)
def test_what_no_file_could_hold_is_refused(thing, base, said):
    with pytest.raises(InvalidInputError, match=said):
        as_part("it", thing, base)


def test_an_argument_that_does_not_exist_is_refused_with_the_right_one():
    with pytest.raises(UnknownArgumentError, match=r"has no argument 'silence'\. Did you mean 'silences'"):
        as_part("it", {"type": "AfterSilences", "silence": 2}, snb.StopCondition)


TRANSFORMERS = {"type": "TransformersModel", "model_path": "org/name"}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (TRANSFORMERS | {"dtype": "x"}, "dtype"),
        (TRANSFORMERS | {"date": "x"}, "date"),
        (TRANSFORMERS | {"thinking": -1}, "thinking"),
        (TRANSFORMERS | {"chat_template_kwargs": {"messages": 1}}, "chat_template_kwargs"),
        (TRANSFORMERS | {"generation_kwargs": {"temperature": 1}}, "generation_kwargs"),
        (TRANSFORMERS | {"generation_kwargs": {"pad_token_id": 1}}, "generation_kwargs"),
        (TRANSFORMERS | {"generation_kwargs": {"foo": 1}}, "generation_kwargs"),
        (TRANSFORMERS | {"sampling": {"trim": "x"}}, "sampling.trim"),
        (TRANSFORMERS | {"sampling": {"temperature": -1}}, "sampling.temperature"),
        (TRANSFORMERS | {"max_out_tokens": 0}, "max_out_tokens"),
        ({"type": "bundled_model", "engine": "x"}, "engine"),
        ({"type": "OpenAIModel", "model_name": "m", "thinking": -1}, "thinking"),
        ({"type": "OpenAIModel", "model_name": "m", "base_url": "x"}, "base_url"),
        ({"type": "HumanModel", "timeout_s": -1}, "timeout_s"),
    ],
)
def test_a_wrong_argument_of_a_model_is_named_as_the_field(settings, field):
    with pytest.raises(snb.SyndiscoError) as found:
        as_part("model", settings, snb.Model)
    assert found.value.field == field


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"model": {**SERVER, "timeout_s": "soon"}}, "model.timeout_s"),
        ({"model": {"type": "CachedModel", "path": "a", "model": {**SERVER, "timeout_s": 0}}}, "model.model.timeout_s"),
        ({"model": {"type": "gpt"}}, "model.type"),
        ({"model": {**SERVER, "extra_body": {"api_key": "abc"}}}, "model.extra_body"),
        ({"model": {**SERVER, "api_key": "abc"}}, "model.api_key"),
        ({"model": "gpt"}, "model"),
        ({"turn_taking": {"type": "Hosted", "rule": 0}}, "turn_taking.rule"),
        (
            {"turn_taking": {"type": "Hosted", "rule": 2, "then": {"type": "Weighted", "weights": {"Ana": -1}}}},
            "turn_taking.then.weights.Ana",
        ),
        ({"stop": [snb.AfterSilences(1), {"type": "AfterSilences", "silences": 0}]}, "stop.1.silences"),
        ({"scales": [{"type": "Likert", "name": ""}]}, "scales.0.name"),
        ({"models": {"Ana": {**SERVER, "timeout_s": 0}}}, "models.Ana.timeout_s"),
        ({"vary": {"model": {"a": None, "b": {**SERVER, "timeout_s": 0}}}}, "vary.model.b.timeout_s"),
    ],
)
def test_a_fault_within_a_part_has_the_whole_path(settings, path):
    _, faults = validate(Design, settings)
    assert list(faults) == [path]


def test_a_secret_is_refused_even_in_a_model_that_is_not_made():
    plain = {**SERVER, "extra_body": {"headers": {"Authorization": "Bearer 123456"}}}
    with pytest.raises(InvalidInputError, match="secret"):
        from_plain(plain, "it", snb.Model)
    weights = {"type": "Weighted", "weights": {"api_key": 2}}  # somebody's user name
    assert from_plain(weights, "it", snb.TurnManager).arguments == {"weights": {"api_key": 2}}


def test_a_part_cannot_be_changed():
    part = as_part("it", snb.AfterSilences(3), snb.StopCondition)
    with pytest.raises(ValueError, match="frozen"):
        part.type = "AfterPhrase"
