import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from strategies import ANNOTATION_SETS, LABELS, MESSAGES, TRANSCRIPTS

import syndisco_nb as snb
from syndisco_nb.builder.design_schema import SCHEMA_FILE, design_schema_text
from syndisco_nb.runs.schemas import schemas, write_schemas
from syndisco_nb.runs.serialization import to_json, to_line

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema"


def test_the_published_schemas_are_those_of_the_code(tmp_path):
    write_schemas(tmp_path)
    (tmp_path / SCHEMA_FILE).write_text(design_schema_text(), "utf-8")
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name: path.read_bytes() for path in PUBLISHED.iterdir()} == made, "run: make schemas"


@pytest.mark.parametrize("name", schemas())
def test_each_is_a_schema(name):
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert not VALIDATORS[name].is_valid({})


VALIDATORS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}


@settings(max_examples=50, deadline=None)
@given(TRANSCRIPTS, ANNOTATION_SETS, MESSAGES, LABELS)
def test_what_is_written_fits_its_schema(transcript, annotations, message, label):
    for name, data in {
        "discussion": to_json(transcript),
        "annotation": to_json(annotations),
        "message": to_line(message),
        "label": to_line(label),
    }.items():
        assert list(VALIDATORS[name].iter_errors(json.loads(data))) == []


def test_a_runs_own_files_fit_theirs(tmp_path):
    users = [snb.LLMActor(snb.ScriptedModel(lambda request: 1 / 0), name) for name in ("Ana", "Ben")]
    snb.DiscussionExperiment(["Tax"], users, num_discussions=2).begin(tmp_path)
    Draft202012Validator(schemas()["run"]).validate(json.loads((tmp_path / "run.json").read_bytes()))
    lines = (tmp_path / "failures.jsonl").read_bytes().splitlines()
    assert len(lines) == 2
    for line in lines:
        Draft202012Validator(schemas()["failure"]).validate(json.loads(line))
    for line in (tmp_path / "order.jsonl").read_bytes().splitlines():
        Draft202012Validator(schemas()["order"]).validate(json.loads(line))


def test_a_file_of_another_format_does_not_fit():
    validator = Draft202012Validator(schemas()["run"])
    assert not validator.is_valid({"format": "other", "version": 1})
