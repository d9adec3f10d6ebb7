"""Logs of Inspect, parsed."""

import json
import zipfile

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.inspect.inspect_log import InspectLog, is_inspect_log
from syndisco_nb.formats.source_file import SourceFile

SAMPLE = {"id": 7, "epoch": 1, "input": "Why?", "messages": []}
EVAL = {"task": "talk", "model": "m"}


def log(folder, *samples, name="a.eval", header="header.json", evaluation=EVAL):
    """Write a log by hand."""
    path = folder / name
    head = {"version": 2, "status": "success", "eval": evaluation}
    if name.endswith(".json"):
        path.write_text(json.dumps(head | {"samples": samples}))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(header, json.dumps(head))
            for place, one in enumerate(samples):
                text = one if isinstance(one, str) else json.dumps(one)
                archive.writestr(f"samples/{place}_epoch_1.json", text)
    return SourceFile(path)


def test_both_formats_hold_the_same(tmp_path):
    for name, header in (("a.eval", "header.json"), ("b.eval", "_journal/start.json"), ("c.json", "")):
        source = log(tmp_path, SAMPLE, name=name, header=header)
        assert is_inspect_log(source)
        read = InspectLog.read(source)
        assert (read.evaluation.task, read.samples[0].id, read.samples[0].chat) == (
            "talk",
            7,
            [{"role": "user", "content": "Why?"}],
        )


def test_other_files_are_no_logs(tmp_path):
    (tmp_path / "a.json").write_text('{"eval": {"f1": 0.5}}')
    (tmp_path / "b.json").write_text('{"eval": NaN')
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("header.json", "{}")
    assert not any(is_inspect_log(SourceFile(path)) for path in tmp_path.iterdir())


def test_numbers_that_json_does_not_have_are_missing(tmp_path):
    sample = SAMPLE | {"scores": {"judge": {"value": float("nan"), "metadata": {"all": [1, float("inf")]}}}}
    for name in ("a.eval", "a.json"):
        source = log(tmp_path, sample, name=name)
        assert is_inspect_log(source)
        score = InspectLog.read(source).samples[0].scores["judge"]
        assert (score.value, score.metadata) == (None, {"all": [1, None]})


def test_texts_that_are_kept_apart_are_in_their_places(tmp_path):
    messages = [{"role": "user", "content": [{"type": "text", "text": "attachment://ab"}]}]
    sample = SAMPLE | {"messages": messages, "attachments": {"ab": "A long story."}}
    (read,) = InspectLog.read(log(tmp_path, sample)).samples
    assert read.chat[0]["content"][0]["text"] == "A long story."


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        ((), "without samples"),
        (("{",), "samples/0_epoch_1.json in it is invalid JSON"),
        (("[]",), "holds no JSON object"),
        (({"id": 1, "messages": 3},), r"samples/0_epoch_1.json cannot be read: messages"),
    ],
)
def test_broken_logs_are_named(tmp_path, samples, said):
    with pytest.raises(RecordError, match=said):
        InspectLog.read(log(tmp_path, *samples))
