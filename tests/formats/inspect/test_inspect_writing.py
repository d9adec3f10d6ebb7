"""Logs of Inspect, written and read again."""

import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.designs import moderated_builder
from support.experiments import judge
from support.hand_made_studies import labels_of, talk, talks
from support.round_trips import held, transcripts
from support.sizes import LONG

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.inspect.inspect_writing import _status
from syndisco_nb.formats.written_discussions import WrittenDiscussion
from syndisco_nb.records import Generation
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.sources import Held


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


@given(st.lists(transcripts(), min_size=1, max_size=3, unique_by=lambda one: one.id))
@settings(max_examples=1000 if LONG else 25, deadline=None)
def test_any_discussions_come_back(tmp_path_factory, given):
    path = tmp_path_factory.mktemp("log") / "a.eval"
    assert [held(one) for one in snb.load(Corpus(given).to_inspect(path))] == [held(one) for one in given]


def test_labels_come_back(tmp_path):
    tone = snb.Choice("tone", ["kind", "rude"])
    given = [
        labels_of(0, [1, {"1": 0.5, "5": 0.5}]),
        labels_of(0, [2, 4, None], annotator=1),
        labels_of(0, ["kind", "rude"], annotator=2, name="Dana", scale=tone),
        labels_of(1, [True], annotator=3, name="", scale=snb.Flag("ends")),
    ]
    path = Corpus(talks({"none": 2})["none"], given).to_inspect(tmp_path / "a.eval")
    assert list(map(held, snb.load(path).annotations)) == list(map(held, given))
    scores = parts(path)["samples/discussion-00000_epoch_1.json"]["scores"]
    assert {name: score["value"] for name, score in scores.items()} == {
        "judge_toxicity": 2.0,
        "judge_toxicity-2": 3.0,
        "Dana_tone": ["kind", "rude"],
    }
    results = parts(path)["header.json"]["results"]["scores"]
    assert [(one["name"], {name: metric["value"] for name, metric in one["metrics"].items()}) for one in results] == [
        ("judge_toxicity", {"mean": 2.0}),
        ("judge_toxicity-2", {"mean": 3.0}),
        ("Dana_tone", {}),
        ("annotator 3_ends", {"mean": 1.0}),
    ]


def test_scales_of_one_annotator_come_back_in_their_order(tmp_path):
    scales = [snb.Likert("heat", 1, 3), snb.Flag("rude"), snb.Likert("tone", 1, 3, unit="participant")]
    discussion = talk(0)
    labels = snb.Annotation(judge(), discussion, scales).run()
    (found,) = snb.load(Corpus([discussion], [labels]).to_inspect(tmp_path / "a.eval")).annotations
    assert held(found) == held(labels)


def test_a_study_has_its_conditions_its_status_and_its_tokens(tmp_path):
    study = moderated_builder().discussions(1).run(tmp_path / "study")
    study.annotate([judge()], snb.Likert("toxicity", 1, 5))
    log = parts(study.to_inspect(tmp_path / "a.eval"))
    header, summaries = log["header.json"], log["summaries.json"]
    assert log["_journal/start.json"] == {name: header[name] for name in ("version", "eval", "plan")}
    assert header["status"] == "success"
    assert header["eval"]["dataset"]["sample_ids"] == ["none.discussion-00000", "facilitator.discussion-00000"]
    assert [one["metadata"]["condition"] for one in summaries] == ["none", "facilitator"]
    sample = log["samples/facilitator.discussion-00000_epoch_1.json"]
    assert {"participant", "moderator", "annotator"} <= sample["role_usage"].keys()
    assert [(one["role"], one["metadata"].get("role")) for one in sample["messages"][:3]] == [
        ("user", "opening"),
        ("assistant", "participant"),
        ("assistant", "moderator"),
    ]
    assert snb.load(tmp_path / "a.eval")[1].meta == {"condition": "facilitator", "condition_moderator": "facilitator"}


def test_tokens_are_counted_by_model_and_role(tmp_path):
    asked = Generation((), 1, prompt_tokens=10, completion_tokens=3, reasoning_tokens=2)
    whole = talk(0, turns=2)
    whole = replace(whole, comments=tuple(replace(one, generation=one.generation and asked) for one in whole.comments))
    labels = labels_of(0, [1])
    labels = replace(labels, labels=tuple(replace(one, generation=asked) for one in labels.labels))
    log = parts(Corpus([whole], [labels]).to_inspect(tmp_path / "a.eval"))
    twice = {"input_tokens": 20, "output_tokens": 6, "reasoning_tokens": 4, "total_tokens": 26}
    once = {name: number // 2 for name, number in twice.items()}
    sample = log["samples/discussion-00000_epoch_1.json"]
    assert sample["model_usage"] == log["header.json"]["stats"]["model_usage"] == {"m": twice, "judge": once}
    assert sample["role_usage"] == {"participant": twice, "annotator": once}


def test_a_comment_that_repeats_the_one_before_is_in_the_table_of_messages(tmp_path):
    log = parts(talk(0, turns=3, text="Yes.").to_inspect(tmp_path / "a.eval"))
    sample = log["samples/discussion-00000_epoch_1.json"]
    assert [one["role"] for one in sample["messages"]] == ["user", "assistant", "assistant", "assistant"]
    assert [one["role"] for one in sample["events"][0]["input"]] == ["user", "assistant", "user", "user"]


def test_unfinished_runs_are_cancelled_or_failed(tmp_path):
    class Some:
        def __init__(self, status):
            self.status = status

    def status(*statuses):
        return _status([WrittenDiscussion(Held("", {}, "x", talk(0), Some(one)), ()) for one in statuses])

    assert [status("finished"), status("finished", "interrupted"), status("failed", "paused")] == [
        "success",
        "cancelled",
        "error",
    ]


def test_equal_discussions_give_equal_bytes(tmp_path):
    first, second = (talk(0).to_inspect(tmp_path / f"{name}.eval") for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert (
        parts(first)["header.json"]["eval"]["eval_id"]
        != parts(replace(talk(0), id="other").to_inspect(tmp_path / "c.eval"))["header.json"]["eval"]["eval_id"]
    )


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match=r"path is a\.zip, but Inspect opens only files that end in \.eval"):
        talk(0).to_inspect(tmp_path / "a.zip")
