import json

import pytest
from strategies import BOTH, a_transcript

from syndisco_nb.errors import NewerVersionError, RecordError
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.file_format import RUN_VERSION, FileFormat
from syndisco_nb.runs.serialization import from_json, to_json


def test_a_header_is_taken_off_again():
    format_ = FileFormat("syndisco_nb/test", 3)
    document = {**format_.header(), "a": 1}
    assert document == {"format": "syndisco_nb/test", "version": 3, "a": 1}
    assert format_.without_header(document, "x") == {"a": 1}
    with pytest.raises(NewerVersionError):
        FileFormat("syndisco_nb/test", 2).without_header(document, "x")


@pytest.mark.parametrize("found", ["syndisco_nb/annotation", "something/else", None, 3])
def test_a_foreign_file_is_refused_by_name_and_format(found):
    document = json.loads(to_json(a_transcript())) | {"format": found}
    with pytest.raises(RecordError, match=r"a\.json is not a syndisco_nb/discussion file") as caught:
        from_json(Transcript, json.dumps(document).encode(), "a.json")
    assert repr(found) in str(caught.value)


def test_a_file_of_another_tool_is_referred_to_load():
    log = {"id": "x", "timestamp": "25-03-01-10-00", "users": ["Ana"], "logs": [{"name": "Ana", "text": "x"}]}
    with pytest.raises(
        RecordError, match=r"log\.json is not .* Open it with syndisco_nb\.load if another tool wrote it"
    ):
        from_json(Transcript, json.dumps(log).encode(), "log.json")


@BOTH
def test_the_wrong_kind_of_record_is_refused(record):
    other = AnnotationSet if isinstance(record, Transcript) else Transcript
    with pytest.raises(RecordError, match=r"a\.json is not"):
        from_json(other, to_json(record), "a.json")


@pytest.mark.parametrize("version", [RUN_VERSION + 1, 99, "1", None, [1]])
@BOTH
def test_a_newer_or_unreadable_version_is_refused_with_what_to_do(record, version):
    document = json.loads(to_json(record)) | {"version": version}
    with pytest.raises(RecordError, match=r"a\.json.*Upgrade syndisco_nb"):
        from_json(type(record), json.dumps(document).encode(), "a.json")
