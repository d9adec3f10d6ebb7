import json

import pytest
from support.designs import small_builder

import syndisco_nb as snb
from syndisco_nb.builder.design_file import SCHEMA_LINE
from syndisco_nb.builder.design_schema import design_schema_text
from syndisco_nb.errors import StorageError, TrustError


def test_yaml_names_the_schema_that_lies_beside_it(tmp_path):
    path = small_builder().save(tmp_path / "new" / "plan.yaml")
    line, _, rest = path.read_text("utf-8").partition("\n")
    assert line + "\n" == SCHEMA_LINE == "# yaml-language-server: $schema=study.schema.json\n"
    assert rest == small_builder().to_yaml()
    assert (path.parent / "study.schema.json").read_text("utf-8") == design_schema_text()


def test_the_line_survives_loading_and_saving(tmp_path):
    path = small_builder().save(tmp_path / "plan.yml")
    text = path.read_text("utf-8")
    again = snb.ExperimentBuilder.load(path)
    assert again == small_builder()
    assert again.save(path).read_text("utf-8") == text
    assert snb.ExperimentBuilder.from_yaml(text) == small_builder()


def test_json_has_no_comments(tmp_path):
    path = small_builder().save(tmp_path / "plan.json")
    assert json.loads(path.read_text("utf-8"))["turns"] == 4
    assert list(tmp_path.iterdir()) == [path]


def test_the_line_gives_no_permission(tmp_path):
    path = small_builder(snb.OpenAIModel("m", base_url="http://host:1/v1", api_key="none")).save(tmp_path / "plan.yaml")
    with pytest.raises(TrustError, match="send requests to host:1"):
        snb.ExperimentBuilder.load(path).build()


def test_a_form_saves_alike(tmp_path):
    form = snb.ExperimentForm(small_builder())
    form.save(tmp_path / "form.yaml")
    small_builder().save(tmp_path / "code.yaml")
    assert (tmp_path / "form.yaml").read_bytes() == (tmp_path / "code.yaml").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        small_builder().save(tmp_path / "file" / "plan.yaml")
