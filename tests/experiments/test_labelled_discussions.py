"""Which files of a folder are labelled, and what is said of the others."""

import json
from pathlib import Path

import pytest
from support.experiments import content, discuss, judge

from syndisco_nb import AnnotationExperiment
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.runs.file_format import RUN_VERSION


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


def test_files_that_are_no_discussions_are_stepped_around(talks, tmp_path):
    folder = Path(talks)
    whole = (folder / "discussion-00000.json").read_bytes()
    (folder / "foreign.json").write_text(json.dumps({"timestamp": "25-03-01-10-00", "logs": []}))
    (folder / "empty.json").touch()
    (folder / "cut.json").write_bytes(whole[: len(whole) // 2])
    (folder / "binary.json").write_bytes(b"\xff\xfe\x00")
    (folder / "notes.txt").write_text("Remember the milk.")
    (folder / "sub").mkdir()
    with pytest.warns(UserWarning, match=r"Skipped 5 of the files in .*empty\.json: .* it is empty"):
        run = AnnotationExperiment(annotators=[judge()]).begin(folder, tmp_path / "labels")
    assert {one.file for one in run.skipped} == {"foreign.json", "empty.json", "cut.json", "binary.json", "notes.txt"}
    assert all(one.reason for one in run.skipped)
    assert (len(run), run.status, len(run.failures)) == (3, "finished", 0)
    assert "5 files skipped" in repr(run)


def test_a_newer_discussion_is_stepped_around(talks, tmp_path):
    file = Path(talks, "discussion-00001.json")
    file.write_text(
        file.read_text("utf-8").replace(f'"version": {RUN_VERSION}', f'"version": {RUN_VERSION + 1}', 1), "utf-8"
    )
    with pytest.warns(UserWarning, match="Upgrade"):
        assert len(AnnotationExperiment(annotators=[judge()]).begin(talks, tmp_path / "labels")) == 2


def test_a_folder_is_the_same_however_it_is_written(talks, tmp_path, monkeypatch):
    experiment = AnnotationExperiment(annotators=[judge()], seed=1)
    whole = experiment.begin(talks, tmp_path / "labels")
    monkeypatch.chdir(tmp_path)
    again = experiment.begin("talks", "labels")
    assert content(again) == content(whole)


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.mkdir(), lambda path: path.touch()])
def test_a_folder_without_discussions_is_refused(make, tmp_path):
    make(tmp_path / "talks")
    with pytest.raises(InvalidInputError, match=r"There is nothing to label: There is n(othing at|o discussion in) "):
        AnnotationExperiment(annotators=[judge()]).begin(tmp_path / "talks", tmp_path / "labels")
    assert not (tmp_path / "labels").exists()


def test_labels_in_place_of_discussions_are_refused_in_one_sentence(talks, tmp_path):
    labels = AnnotationExperiment(annotators=[judge()]).begin(talks, tmp_path / "labels")
    with pytest.raises(InvalidInputError, match=r"labels holds labels, but no discussions. Give the run or the study"):
        AnnotationExperiment(annotators=[judge()]).begin(labels, tmp_path / "others")


def test_a_folder_of_foreign_files_is_refused_with_their_reasons(tmp_path):
    (tmp_path / "empty.json").touch()
    with pytest.raises(InvalidInputError, match=r"no discussion in .*empty\.json is empty"):
        AnnotationExperiment(annotators=[judge()]).begin(tmp_path, tmp_path / "labels")
