"""Records of whatever a user hands over."""

from dataclasses import replace

import pytest
from support.designs import moderated_builder
from support.experiments import discuss, judge, person
from support.labelled import labelled, talk

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.records import Records
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.sources import gather


@pytest.fixture
def study(tmp_path):
    return moderated_builder().discussions(2).run(tmp_path / "study")


@pytest.fixture
def run(tmp_path):
    return discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")


def test_a_study_gives_every_discussion_with_its_condition(study):
    material = gather(study)
    assert [(held.condition, held.name) for held in material.transcripts] == [
        (condition, f"discussion-0000{number}") for condition in ("none", "facilitator") for number in (0, 1)
    ]
    assert material.settings == ("moderator",)
    assert list(material.levels) == ["none", "facilitator"]
    assert material.transcripts[3].unit_name == "facilitator.discussion-00001"


def test_labels_of_a_study_bring_their_discussions_and_have_their_conditions(study):
    labels = study.annotate([judge()], snb.Likert("toxicity", 1, 5))
    material = gather(labels)
    assert len(material.transcripts) == len(material.labels) == 4
    assert [held.condition for held in material.labels] == ["none"] * 2 + ["facilitator"] * 2
    assert dict(material.labels[-1].levels) == {"moderator": "facilitator"}


@pytest.mark.parametrize(
    "hand_over", [lambda run: run, lambda run: run[:], lambda run: list(run), lambda run: run.folder]
)
def test_a_run_a_slice_a_list_and_a_folder_give_the_same(run, hand_over):
    assert [held.record.id for held in gather(hand_over(run)).transcripts] == [talk.id for talk in run]
    assert gather(hand_over(run)).levels == {}


def test_one_transcript_and_one_annotation_set_will_do(run):
    labels = snb.Annotation(judge(name="J"), run[0], snb.Likert("toxicity", 1, 5), seed=1).run()
    material = gather(run[0], labels)
    assert (len(material.transcripts), len(material.labels)) == (1, 1)


def test_each_discussion_counts_once(run):
    assert len(gather(run, run[0], run.folder).transcripts) == 3


def test_a_run_of_labels_is_read_where_its_discussions_are_gone(run, tmp_path):
    labels = snb.AnnotationExperiment([judge()], snb.Likert("toxicity", 1, 5)).begin(run, tmp_path / "labels")
    run.folder.rename(tmp_path / "elsewhere")
    material = gather(snb.Run(labels.folder))
    assert (len(material.transcripts), len(material.labels)) == (0, 3)
    assert material.labels[0].name == "discussion-00000"


@pytest.mark.parametrize("given", [3, None, {"none": 1}, [3]])
def test_anything_else_is_refused(given):
    with pytest.raises(InvalidInputError, match="holds no discussions and no labels"):
        gather(given)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(RecordError, match=r"There is no discussion in"):
        gather(tmp_path)
    with pytest.raises(RecordError, match="There is nothing at"):
        gather(tmp_path / "absent")


def test_the_folder_of_the_labels_of_a_study_is_as_good_as_the_labels(study):
    labels = study.annotate([judge()], snb.Likert("tone", 1, 3))
    found, given = gather(labels.folder), gather(labels)
    assert [(one.condition, one.record) for one in found.labels] == [
        (one.condition, one.record) for one in given.labels
    ]
    assert len(found.labels) == len(found.transcripts) == 4


def test_records_stand_in_the_order_of_the_conditions_whatever_the_order_of_their_files(study, tmp_path):
    labels = snb.AnnotationExperiment([judge()], snb.Likert("tone", 1, 3), seed=1).begin(study, tmp_path / "labels")
    material = gather(labels)
    for held in (material.labels, material.transcripts):
        assert list(dict.fromkeys(one.condition for one in held)) == ["none", "facilitator"]
    assert labels.contrast("tone").levels[0].level == "none"


def test_conditions_without_records_are_known(study):
    empty = ConditionRuns(study.folder, study.levels, {"none": study["none"]})
    assert list(gather(gather(empty)).levels) == ["none", "facilitator"]


def test_labels_of_another_tool_bring_their_discussions():
    about = talk()
    labels = Records([labelled(about, [1] * len(about.comments))])
    labels.discussions = replace(gather(about), labels=())
    material = gather(labels)
    assert [held.record.id for held in material.transcripts] == [about.id]
    assert [held.record for held in material.labels] == list(labels)
