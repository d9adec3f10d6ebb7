import json
from pathlib import Path

import pandas as pd
import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.exchanged import Exchanged
from syndisco_nb.formats.export_files import FORMATS, export


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    study = moderated_builder().annotators(rater(), snb.Likert("tone")).run(tmp_path_factory.mktemp("study"))
    study.annotate()
    return study


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_under_each_of_its_endings(name, study, tmp_path):
    for ending in FORMATS[name].endings or ("",):
        path = tmp_path / f"it{ending}"
        assert export(study, path, name) == path
        assert path.is_dir() if not ending else path.stat().st_size


def test_no_export_of_an_object_is_missing():
    called = set()

    class Source:
        def __getattr__(self, name):
            called.add(name)
            return lambda path, *_: path

    for name in set(FORMATS) - {"messages", "labels", "discussions", "participants", "markdown"}:
        FORMATS[name].write(Source(), Path("it"))
    assert {name for name in vars(Exchanged) if name.startswith("to_")} <= called


def test_the_ending_decides_where_no_format_is_named(study, tmp_path):
    for ending in (".csv", ".CSV", ".xlsx", ".parquet"):
        export(study, tmp_path / f"it{ending}")
    tables = [
        pd.read_csv(tmp_path / "it.csv"),
        pd.read_csv(tmp_path / "it.CSV"),
        pd.read_excel(tmp_path / "it.xlsx"),
        pd.read_parquet(tmp_path / "it.parquet"),
    ]
    for table in tables:
        assert list(table.text) == list(study.to_dataframe("messages").text)
    export(study, tmp_path / "it.json")
    assert json.loads((tmp_path / "it.json").read_bytes())[0]["conversations"]


def test_probabilities_are_json_in_a_table(study, tmp_path):
    table = study.labels.to_dataframe()
    table["probabilities"] = [{"1": 0.25, "2": 0.75}] * len(table)

    class Labels:
        def to_dataframe(self, what):
            return table

    export(Labels(), tmp_path / "it.csv", "labels")
    assert json.loads(pd.read_csv(tmp_path / "it.csv").probabilities[0]) == {"1": 0.25, "2": 0.75}


@pytest.mark.parametrize(
    ("path", "name", "message"),
    [
        ("it.doc", None, r"it\.doc has no ending of a format\. Give a file that ends in \.csv, .*: convokit, "),
        ("it", None, "it has no ending of a format"),
        ("it.csv", "convokt", r"There is no format 'convokt'\. Did you mean 'convokit'\?"),
        ("it.csv", "qdpx", r"it\.csv is to be a project of QDA programs, whose file ends in \.qdpx\."),
    ],
)
def test_what_does_not_fit_is_refused(path, name, message, study, tmp_path):
    with pytest.raises(InvalidInputError, match=message):
        export(study, tmp_path / path, name)
    assert list(tmp_path.iterdir()) == []
