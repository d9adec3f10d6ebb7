"""The rules of `verify`, one deviation at a time."""

from dataclasses import replace

import pytest

import syndisco_nb as snb
from syndisco_nb.running.problems import LabelledDiscussions, head_problems, journal_problems, place_of, record_problems
from syndisco_nb.runs.head import read_head


@pytest.fixture
def run(users, tmp_path):
    return snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=2, seed=1).begin(tmp_path / "talks")


@pytest.fixture
def labels(run, annotator, tmp_path):
    return snb.AnnotationExperiment([annotator], snb.Likert("tone", 1, 3)).begin(run, tmp_path / "labels")


def problems(run, record, unit):
    head = read_head(run.folder)
    return list(record_problems(head, unit, record, LabelledDiscussions(run.folder, head)))


def test_a_run_as_it_was_written_has_no_problems(run, labels):
    assert problems(run, run[0], "discussion-00000") == []
    assert problems(labels, labels[0], "discussion-00000.annotator-00") == []
    for one in (run, labels):
        assert list(head_problems(read_head(one.folder))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"index": 1}, "its index is 1, but must be 0."),
        ({"seed": 5}, "its seed is 5, but must be"),
        ({"topic": "Toll"}, "its topic is 'Toll', but must be 'Tax'."),
        ({"silences": (), "comments": ()}, "its opening is missing."),
    ],
)
def test_a_discussion_that_is_not_as_asked_is_reported(run, change, problem):
    assert any(problem in found for found in problems(run, replace(run[0], **change), "discussion-00000"))


def test_a_text_that_no_model_gave_for_the_prompt_is_reported(run):
    first, second, *rest = run[0].comments
    changed = replace(run[0], comments=(first, replace(second, text="I never said so."), *rest))
    assert problems(run, changed, "discussion-00000")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"index": 1}, "its index is 1, but must be 0."),
        ({"discussion": "discussion-00001"}, "its discussion is 'discussion-00001'"),
        ({"labels": ()}, ""),
    ],
)
def test_an_annotation_that_is_not_as_asked_is_reported(labels, change, problem):
    found = problems(labels, replace(labels[0], **change), "discussion-00000.annotator-00")
    assert found
    assert problem in found[0]


@pytest.mark.parametrize("unit", ["discussion-000000", "x.annotator-00"])
def test_a_discussion_of_another_name_is_reported_not_raised(run, unit):
    assert problems(run, run[0], unit) == ["it is not named like a discussion."]


def test_an_annotation_of_another_name_is_reported_not_raised(labels):
    assert problems(labels, labels[0], "discussion-00000") == ["it is not named like an annotation."]


def test_a_spec_that_contradicts_its_head_is_reported(run):
    head = replace(read_head(run.folder), seed=2, total=9)
    assert [problem.split(" is ")[0] for problem in head_problems(head)] == [
        "its run.json: its seed",
        "its run.json: its total",
    ]


def test_a_journal_is_checked_as_far_as_it_goes(run):
    head = read_head(run.folder)
    sources = LabelledDiscussions(run.folder, head)
    lines = run[0].messages[:3]
    assert list(journal_problems(head, "discussion-00000", lines, sources)) == []
    changed = (*lines[:2], replace(lines[2], turn=9))
    assert list(journal_problems(head, "discussion-00000", changed, sources))


def test_the_discussions_of_labels_are_found_until_they_are_gone(labels, run):
    head = read_head(labels.folder)
    sources = LabelledDiscussions(labels.folder, head)
    assert (sources.known, sources.get("discussion-00001"), sources.get("x")) == (True, run[1], None)
    assert list(sources.unlabelled(set(labels.names))) == []
    assert len(list(sources.unlabelled(set()))) == 2
    run.folder.rename(run.folder.with_name("elsewhere"))
    gone = LabelledDiscussions(labels.folder, head)
    assert (gone.known, len(gone.problems)) == (False, 1)


def test_a_place_is_named_for_people(run, labels):
    assert place_of(run[0].messages[1]) == f"turn 1 ({run[0].messages[1].name})"
    assert place_of(labels[0].labels[0]).endswith("(tone)")
