"""Logs of Inspect, read."""

import json
import zipfile

import pytest
from support.hand_made_studies import labels_of, talk

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.corpus import Corpus

MESSAGES = [
    {"id": "a", "role": "system", "content": "Be kind."},
    {"id": "b", "role": "user", "content": "Why?", "metadata": {"name": "Ana"}},
    {"id": "c", "role": "assistant", "content": [{"type": "text", "text": "So."}], "model": "gpt-x",
     "source": "generate"},
]  # fmt: skip


def log(path, *samples, metadata=None):
    evaluation = {"task": "talk", "model": "gpt-x", "metadata": metadata}
    path.write_text(json.dumps({"version": 2, "status": "success", "eval": evaluation, "samples": samples}))
    return path


def test_samples_of_other_programs_are_chats(tmp_path):
    given = {"id": 3, "epoch": 2, "input": "Why?", "target": "x", "messages": MESSAGES, "metadata": {"level": 1}}
    scores = {"match": {"value": "C"}}
    (made,) = corpus = snb.load(log(tmp_path / "a.json", given | {"scores": scores, "error": {"message": "late"}}))
    assert made.name == "3-epoch-2"
    assert [(one.name, one.text, one.model) for one in made] == [
        ("Ana", "Why?", "human"),
        ("assistant", "So.", "gpt-x"),
    ]
    assert made[1].meta == {"id": "c", "model": "gpt-x", "source": "generate"}
    assert made.meta == {"task": "talk", "target": "x", "error": "late", "level": 1, "system": ["Be kind."]}
    assert [(one.annotator.name, one.labels[0].value) for one in corpus.annotations] == [("match", "C")]


def test_a_sample_without_messages_has_its_input(tmp_path):
    (made,) = snb.load(log(tmp_path / "a.json", {"id": "x", "epoch": 1, "input": MESSAGES}))
    assert [one.text for one in made] == ["Why?", "So."]


def changed(path, change):
    """Change all samples of a log of this package."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            if name.startswith("samples/"):
                change(part)
            archive.writestr(name, json.dumps(part))
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one["metadata"].update(seed="no"), "sample discussion-00000 cannot be read: seed"),
        (lambda one: one["messages"][1]["metadata"].update(role="king"), "a message cannot be read: role"),
        (lambda one: one["messages"][1].update(content=[]), "content of message 1 is not a text"),
        (lambda one: one["messages"].pop(1), "has a score 'judge_toxicity' of something that is not in the sample"),
        (lambda one: one["metadata"].update(annotations=[]), "of something that is not in the sample"),
        (lambda one: one["scores"].update(new={"value": 3}), "score new cannot be read: annotation"),
    ],
)
def test_our_own_logs_are_checked(tmp_path, change, said):
    path = Corpus([talk(0)], [labels_of(0, [1, 2])]).to_inspect(tmp_path / "a.eval")
    with pytest.raises(RecordError, match=said):
        snb.load(changed(path, change))


def test_a_log_of_a_newer_version_of_this_package_is_refused(tmp_path):
    path = log(tmp_path / "a.json", {"id": 1}, metadata={"format": "syndisco_nb/inspect", "version": 9})
    with pytest.raises(RecordError, match="version 9"):
        snb.load(path)
