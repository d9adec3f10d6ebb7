"""Inspect opens our logs, and we open its."""

import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest

import syndisco_nb as snb
from syndisco_nb.runs.sources import gather

ZSTANDARD = 93


def test_inspect_has_our_rows_and_we_have_its(downstream, study, tmp_path):
    path = study.to_inspect(tmp_path / "ours.eval")
    copies, theirs = ([tmp_path / f"{name}.{kind}" for kind in ("eval", "json")] for name in ("copy", "theirs"))
    seen, story = downstream(("inspect_log", path, *copies), ("inspect_made", *theirs))
    check_tables(seen, study)
    with zipfile.ZipFile(copies[0]) as archive:
        assert {info.compress_type for info in archive.infolist()} == {ZSTANDARD}
    for copy in copies:
        assert by_name(snb.load(copy)) == by_name(snb.load(path))
    for made in theirs:
        (talk,) = corpus = snb.load(made)
        assert [(one.name, one.text, one.model) for one in talk] == [
            ("user", story, "human"),
            ("assistant", "So.", "m"),
        ]
        assert talk.name == "talk"
        assert talk.meta == {"task": "t", "target": "x", "level": 1, "system": ["Be kind."]}
        assert [(one.annotator.name, one.labels[0].value, one.meta) for one in corpus.annotations] == [
            ("grade", 4, {"explanation": "Good."})
        ]


def by_name(corpus):
    """Return discussions and labels by name: Inspect puts samples into the order of their ids."""
    return {talk.name: replace(talk, index=0) for talk in corpus}, {
        (labels.discussion, labels.index): labels for labels in corpus.annotations
    }


def check_tables(seen, study):
    held = sorted(gather(study).transcripts, key=lambda talk: talk.unit_name)  # as Inspect orders samples
    comments = [comment for talk in held for comment in talk.record]
    assert seen["status"] == "success"
    assert seen["sample"] == comments[0].text
    assert [one["content"] for one in seen["messages"]] == [comment.text for comment in comments]
    people = {one["message_id"] for one in seen["messages"] if one["role"] == "user"}
    openings = {f"{talk.unit_name}.{one.index}" for talk in held for one in talk.record if one.role == "opening"}
    repeated = {
        f"{talk.unit_name}.{two.index}" for talk in held for one, two in pairwise(talk.record) if one.text == two.text
    }
    assert people == openings | repeated
    samples = sorted(seen["samples"], key=lambda sample: sample["id"])
    assert [(one["id"], one["metadata_condition"]) for one in samples] == [
        (one.unit_name, one.condition) for one in held
    ]
    labels = study.labels.to_dataframe("labels", roles="all")
    for (annotator, scale), rows in labels.groupby(["annotator", "scale"]):
        means = rows.groupby(["condition", "discussion"]).value.mean()
        assert [one[f"score_{annotator}_{scale}"] for one in samples] == pytest.approx(means.tolist())
    assert seen["usage"].keys() == {"talker", "judge"}
    assert seen["evals"][0]["completed_samples"] == len(held)
