"""The checks of an annotation on record, one deviation at a time."""

from dataclasses import replace

import pytest
from support.experiments import judge
from support.foreign import foreign_talk

import syndisco_nb as snb
from syndisco_nb.running.annotation_problems import (
    LabelledDiscussions,
    annotation_problems,
    replayed_annotation_problems,
)
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.serialization import to_json

UNIT = "discussion-00000.annotator-00"


def problems(labels, record, unit):
    return list(annotation_problems(read_head(labels.folder), unit, record))


def test_an_annotation_as_it_was_written_has_no_problems(labels):
    head = read_head(labels.folder)
    assert problems(labels, labels[0], UNIT) == []
    assert list(replayed_annotation_problems(head, labels[0], LabelledDiscussions(labels.folder, head))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"index": 1}, "its index is 1, but must be 0."),
        ({"discussion": "discussion-00001"}, "its discussion is 'discussion-00001'"),
    ],
)
def test_an_annotation_that_is_not_as_asked_is_reported(labels, change, problem):
    assert problem in problems(labels, replace(labels[0], **change), UNIT)[0]


def test_doubled_and_disallowed_labels_are_reported(labels):
    first, *rest = labels[0].labels
    doubled = problems(labels, replace(labels[0], labels=(first, first, *rest)), UNIT)
    assert doubled == ["two labels are of one scale and about the same."]
    beyond = replace(labels[0], labels=(replace(first, value=9), *rest))
    assert any("has the label 9, but its scale allows 1, 2, 3" in problem for problem in problems(labels, beyond, UNIT))


def test_a_sample_that_the_run_does_not_know_of_is_reported(labels):
    sampled = replace(labels[0], settings={**labels[0].settings, "comments": [0]})
    assert problems(labels, sampled, UNIT) == ["its comments is [0], but must be None."]
    head = read_head(labels.folder)
    known = replace(head, spec={**head.spec, "sample": {"comments": [["discussion-00000", 0]]}})
    assert list(annotation_problems(known, UNIT, sampled)) == []


def test_missing_labels_are_reported(labels):
    head = read_head(labels.folder)
    empty = replace(labels[0], labels=())
    found = list(replayed_annotation_problems(head, empty, LabelledDiscussions(labels.folder, head)))
    assert found == ["labels are missing, the first for comment 0."]


def test_an_annotation_of_another_name_is_reported_not_raised(labels):
    assert problems(labels, labels[0], "discussion-00000") == ["it is not named like an annotation."]


def test_the_discussions_of_labels_are_found_until_they_are_gone(labels, run):
    head = read_head(labels.folder)
    sources = LabelledDiscussions(labels.folder, head)
    assert (sources.known, sources.get("discussion-00001"), sources.get("x")) == (True, run[1], None)
    assert list(sources.unlabelled(set(labels.names))) == []
    assert len(list(sources.unlabelled(set()))) == 2
    run.folder.rename(run.folder.with_name("elsewhere"))
    gone = LabelledDiscussions(labels.folder, head)
    assert (gone.known, len(gone.problems)) == (False, 1)


def test_discussions_of_another_tool_are_found_by_their_names(tmp_path):
    (tmp_path / "talk.json").write_bytes(to_json(foreign_talk(known_as="thread 7")))
    labels = snb.AnnotationExperiment([judge()], snb.Flag("polite"), seed=1).begin(tmp_path, tmp_path / "labels")
    sources = LabelledDiscussions(labels.folder, read_head(labels.folder))
    assert (sources.known, sources.get("thread 7")[0].reply_to, sources.get("talk")) == (True, None, None)
    assert list(sources.unlabelled(set())) == [f"thread 7 has been added since to {tmp_path}, or has lost labels."]
