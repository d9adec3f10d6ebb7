"""SynDisco's logs are told apart by content."""

import json
from pathlib import Path

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import all_formats, format_of
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.syndisco.syndisco_log import (
    AnnotationLog,
    DiscussionLog,
    NamedAnnotationLog,
    kind_of_log,
    read_log,
)

SAMPLES = sorted((Path(__file__).parent / "syndisco_logs").rglob("*.json"))


def log(tmp_path, document):
    (tmp_path / "log.json").write_text(json.dumps(document))
    return SourceFile(tmp_path / "log.json")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sample_is_of_one_format(path):
    source = SourceFile(path)
    named = path.parent.name.startswith(("2.1", "2.2"))
    annotations = NamedAnnotationLog if named else AnnotationLog
    assert kind_of_log(source) is (annotations if path.stem == "annotation" else DiscussionLog)
    assert [one.name for one in all_formats() if one.recognises(source)] == [format_of(source).name]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"id": "1", "users": ["A"], "logs": [{"name": "A", "text": "Hi", "model": "hardcoded"}]}, DiscussionLog),
        ({"logs": [{"name": "A", "text": "3"}]}, DiscussionLog),
        ({"logs": [{"name": "A", "text": "3", "prompt": "Rate this."}]}, DiscussionLog),
        ({"logs": [{"name": "A", "text": "3", "prompt": {"type": "2"}}]}, NamedAnnotationLog),
        ({"logs": [["A", "Hi"]]}, DiscussionLog),
        ({"timestamp": "26-11-23-08-56", "logs": []}, DiscussionLog),
        ({"logs": []}, None),
        ({"logs": [1]}, None),
        ({"logs": {"a": 1}, "users": []}, None),
        ({"format": "syndisco_nb/discussion", "logs": [{"name": "A", "text": "Hi"}]}, None),
        ([{"name": "A", "text": "Hi"}], None),
    ],
)
def test_shapes_decide(tmp_path, document, kind):
    assert kind_of_log(log(tmp_path, document)) is kind


@pytest.mark.parametrize(
    ("entry", "words"),
    [({"name": "A"}, "logs.1.text: Field required"), ({"name": "A", "text": None}, "logs.1.text"), (["A"], "logs.1")],
)
def test_a_wrong_entry_is_named(tmp_path, entry, words):
    source = log(tmp_path, {"logs": [{"name": "A", "text": "Hi"}, entry]})
    with pytest.raises(RecordError, match=r"log.json, a log of SynDisco, cannot be read: " + words):
        read_log(source, DiscussionLog)
