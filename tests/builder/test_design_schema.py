import json
import re

import pytest
from jsonschema import Draft202012Validator
from support.commands import DESIGN
from support.designs import moderated_builder, rater, small_builder

import syndisco_nb as snb
from syndisco_nb.backend.kinds import Kind, design_parameters, kinds_of
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.design_schema import design_schema, design_schema_text
from syndisco_nb.builder.documents import as_document, parse_yaml
from syndisco_nb.errors import SyndiscoError

SCHEMA = design_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
OPENAI = {"type": "OpenAIModel", "model_name": "m"}
BY_HAND = """
model: {type: CachedModel, path: cache, model: {type: OpenAIModel, model_name: m, sampling: {temperature: 0.5}}}
models:
  Ana:
    type: Replicas
    models: [{type: OpenAIModel, model_name: n, base_url: "http://a/v1"}, {type: OpenAIModel, model_name: n}]
participants: [{username: Ana, age: 30, hobby: chess}, {username: Ben}]
topics: [Tax, [Toll?, {name: Ana, text: "No."}]]
moderator: Keep it civil.
turn_taking: {type: Hosted, rule: 2, host: Ana, then: {type: Weighted, weights: {Ana: 2}}}
stop: {type: AfterSilences, silences: 2}
annotators: {name: judge, model: {type: ScriptedModel, script: a}}
scales: [{type: Choice, name: tone, options: [kind, harsh], unit: participant}]
vary: {window: {short: 1, long: 5}, stop: {never: [], soon: [{type: AfterPhrase, phrase: bye}]}}
"""
SHAPES = [
    True,
    0,
    2.5,
    {},
    {"x": 1},
    {"type": "x"},
    [None],
    [1],
    [[]],
    {"type": "ScriptedModel", "script": ["a"], "nam": "x"},
    [{"type": "AfterSilences"}],
    {"type": "AfterSilences"},
    [{"name": "j", "x": 1}],
    [[{"text": "t", "x": 1}]],
    {"instructions": "i", "y": 2},
    {"moderator": {"a": None}},
    {"foo": {"a": 1, "b": 2}},
    {"turns": {"a": 1, "b": "x"}},
    {"turns": {"a/b": 1, "b": 2}},
    {"people": [], "quota": []},
    10**7,
]


def loads(document):
    try:
        snb.ExperimentBuilder.from_json(json.dumps(document))
    except SyndiscoError:
        return False
    return True


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert "Part" not in SCHEMA["$defs"]
    referred = set(re.findall(r'"#/\$defs/(\w+)"', design_schema_text()))
    assert referred <= set(SCHEMA["$defs"])
    assert set(Design.model_fields) | {"format", "version"} == set(SCHEMA["properties"])


@pytest.mark.parametrize(
    "builder",
    [
        small_builder(),
        moderated_builder().annotators(rater(), [snb.Likert("tone"), snb.Flag("wit"), snb.FreeText("why")]),
        snb.ExperimentBuilder(),
        snb.ExperimentBuilder.from_yaml(DESIGN),
        snb.ExperimentBuilder.from_yaml(BY_HAND),
        small_builder(snb.bundled_model()).vary(
            turn_taking={"a": snb.RandomOther(), "b": snb.RespondWithProbability(0.4)}
        ),
        small_builder(snb.TransformersModel("a/b", sampling=snb.Sampling(top_p=None), thinking=50)),
        small_builder(snb.HumanModel("Dana", timeout_s=60)),
    ],
)
def test_every_design_that_is_saved_is_valid(builder):
    assert list(VALIDATOR.iter_errors(json.loads(json.dumps(as_document(builder.design))))) == []


@pytest.mark.parametrize("text", [DESIGN, BY_HAND, "topics: topics.txt\nparticipants: people.csv"])
def test_a_design_written_by_hand_is_valid(text):
    assert list(VALIDATOR.iter_errors(parse_yaml(text, "it"))) == []


@pytest.mark.parametrize("setting", [*Design.model_fields, "turn"])
def test_a_shape_that_the_loader_refuses_is_refused(setting):
    for shape in SHAPES:
        document = {"per_discussion": 1, setting: shape}
        assert VALIDATOR.is_valid(document) == loads(document), document


@pytest.mark.parametrize(
    "part",
    [
        {**OPENAI, "api_key": "sk-1"},
        {**OPENAI, "max_out_tokens": "many"},
        {**OPENAI, "sampling": {"temprature": 1}},
        {"type": "OpenAIModel"},
        {"type": "CachedModel", "path": "cache", "model": {"type": "Flag", "name": "f"}},
        {"type": "ClusterModel", "model": OPENAI, "client": "tcp://host:1"},
    ],
)
def test_a_part_that_the_loader_refuses_is_refused(part):
    assert not loads({"model": part})
    assert not VALIDATOR.is_valid({"model": part})


@pytest.mark.parametrize("name", kinds_of(Kind))
def test_an_editor_learns_of_every_argument_and_its_meaning(name):
    parameters = design_parameters(kinds_of(Kind)[name].constructor())
    schema = SCHEMA["$defs"][name]
    assert schema["description"]
    assert list(schema["properties"]) == ["type", *(parameter.name for parameter in parameters)]
    assert [one for one, value in schema["properties"].items() if one != "type" and "description" not in value] == []


def test_patterns_are_those_of_javascript_too():
    for pattern in re.findall(r'"pattern": (".*")', design_schema_text()):
        assert {*re.findall(r"\\(.)", json.loads(pattern))} <= {"\\", "x"}, pattern  # others fail in unicode mode
