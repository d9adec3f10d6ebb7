"""Discussions and labels of this package outside of their run folder."""

import shutil

import pytest
from support.experiments import discuss, judge, person

import syndisco_nb as snb
from syndisco_nb.errors import RecordError


@pytest.fixture
def labels(tmp_path):
    run = discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")
    return snb.AnnotationExperiment([judge()], snb.Likert("toxicity", 1, 5)).begin(run, tmp_path / "labels")


def test_copied_files_come_back_with_their_labels(labels, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in [*(tmp_path / "run").glob("discussion-*.json"), *(tmp_path / "labels").glob("discussion-*.json")]:
        shutil.copy(file, copy / file.name.replace("discussion", "talk"))
    corpus = snb.load(copy)
    assert [talk.id for talk in corpus] == [talk.id for talk in snb.Run(tmp_path / "run")]
    assert corpus.names == ["talk-00000", "talk-00001", "talk-00002"]
    assert [one.labels for one in corpus.annotations] == [one.labels for one in labels]
    assert [one.discussion for one in corpus.annotations] == corpus.names


def test_labels_without_their_discussion_and_parts_of_a_run_are_named(labels, tmp_path):
    with pytest.raises(RecordError, match="holds labels, but their discussion discussion-00000 is not here"):
        snb.load(tmp_path / "labels" / "discussion-00000.annotator-00.json")
    with pytest.raises(RecordError, match=r"is a file of a run or study \(syndisco_nb/run\). Load its folder"):
        snb.load(tmp_path / "run" / "run.json")
