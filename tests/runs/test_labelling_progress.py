"""Labels by people in discussions that are not all labelled."""

import pytest
from support.designs import moderated_builder
from support.experiments import discuss, judge, person

import syndisco_nb as snb
from syndisco_nb.runs.labelling_progress import labels_so_far, progress_text
from syndisco_nb.runs.sources import gather

SCALE = snb.Likert("tone", 1, 3)


@pytest.fixture
def talks(tmp_path):
    return discuss([person("Ana"), person("Ben")]).begin(tmp_path / "talks")


def labelled(discussions, folder, count):
    labelling = snb.Labelling(discussions, SCALE, "Dana", folder, seed=5)
    for _ in range(count):
        labelling.label(2)
    return labelling


@pytest.mark.parametrize("take", [lambda run: run, lambda run: run[:], lambda run: run.sample(7, seed=1)])
def test_labels_so_far_are_those_of_the_person(talks, tmp_path, take):
    labelling = labelled(take(talks), tmp_path / "dana", 6)
    run = snb.Run(tmp_path / "dana")
    found = labels_so_far(run)
    assert sum(len(one.labels) for one in found) == 6
    assert {one.discussion: (one.discussion_id, one.labels) for one in found} == {
        one.discussion: (one.discussion_id, one.labels) for one in labelling.labels
    }
    assert {one.discussion_id for one in found} <= {talk.id for talk in talks}
    assert {(one.annotator.name, one.settings["window"]) for one in found} == {("Dana", 3)}


def test_they_count_in_tables_and_their_progress_is_said(talks, tmp_path):
    labelled(talks, tmp_path / "dana", 7)
    material = gather(tmp_path / "dana")
    assert [len(held.record.labels) for held in material.labels] == [5, 2]
    assert [held.name for held in material.labels] == ["discussion-00000", "discussion-00001"]
    assert material.unfinished == ("Dana has given 7 of 15 labels so far.",)
    frame = snb.Run(tmp_path / "dana").to_dataframe("labels", roles="all")
    assert (len(frame), frame.attrs["unfinished"]) == (7, ["Dana has given 7 of 15 labels so far."])


def test_of_a_sample_the_comments_in_it_are_the_whole(talks, tmp_path):
    labelling = labelled(talks.sample(4, seed=1), tmp_path / "dana", 3)
    assert gather(labelling).unfinished == ("Dana has given 3 of 4 labels so far.",)
    labelling.label(1)
    assert gather(labelling).unfinished == ()


def test_labels_that_a_model_has_begun_do_not_count(talks, tmp_path):
    run = snb.AnnotationExperiment([judge()], SCALE, seed=1).begin(talks, tmp_path / "judged")
    record = run.folder / "discussion-00001.annotator-00.json"
    labelled(talks, tmp_path / "dana", 7)
    journal = tmp_path / "dana" / "journal" / "discussion-00001.annotator-00.jsonl"
    record.unlink()
    (run.folder / "journal" / journal.name).write_bytes(journal.read_bytes())
    assert len(labels_so_far(snb.Run(run.folder))) == len(run) - 1
    assert progress_text(snb.Run(run.folder), run, 15) == ""


def test_a_journal_that_cannot_be_told_is_left_out(talks, tmp_path):
    labelled(talks, tmp_path / "dana", 7)
    run = snb.Run(tmp_path / "dana")
    journal = tmp_path / "dana" / "journal" / "discussion-00001.annotator-00.jsonl"
    (journal.parent / "notes.jsonl").write_bytes(journal.read_bytes())
    assert len(labels_so_far(run)) == 2
    talks.folder.rename(tmp_path / "elsewhere")
    assert len(labels_so_far(run)) == 1


def test_labels_of_a_study_by_hand_do_not_bring_those_of_its_models(tmp_path):
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    study.annotate([judge()], SCALE)
    labelling = labelled(study.sample(3, seed=1), tmp_path / "dana", 4)
    material = gather(labelling)
    assert {held.record.annotator.name for held in material.labels} == {"Dana"}
    assert {held.condition for held in material.labels} == {"none", "facilitator"}
    assert len(material.transcripts) == 4
