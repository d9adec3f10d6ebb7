"""The run folder of a labelling."""

import itertools

import pytest
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.errors import RunFolderError
from syndisco_nb.experiments.labelling_files import GivenLabels, LabellingFiles


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


@pytest.fixture
def files(talks, tmp_path):
    person = snb.LLMActor(snb.HumanModel("Dana"), "Dana", actor_type=snb.ActorType.ANNOTATOR)
    return LabellingFiles(snb.AnnotationExperiment([person], snb.Flag("rude"), seed=1), talks, tmp_path / "labels")


def test_each_discussion_is_a_unit_of_the_run(files):
    assert [files.unit(place) for place in range(3)] == [f"discussion-{n:05d}.annotator-00" for n in range(3)]


def test_the_folder_is_held_for_one_step_alone(files):
    with files.opened(), pytest.raises(RunFolderError, match="is being written by another run"), files.opened():
        pass
    with files.opened() as folder:
        assert (folder.seed, files.given(folder)) == (1, GivenLabels({}, {}))


def test_a_journal_takes_labels_of_its_own_discussion_alone(files, talks, tmp_path):
    annotators = [snb.LLMActor(snb.HumanModel("Dana"), "Dana", actor_type=snb.ActorType.ANNOTATOR)]
    own = snb.AnnotationExperiment(annotators, snb.Flag("rude"), seed=1)
    labelling = snb.Labelling(talks, snb.Flag("rude"), "Dana", tmp_path / "labels", seed=1)
    given = labelling.label("yes")
    with files.opened() as folder:
        with files.journal(folder, 0) as journal:
            assert journal.done == [given]
        check = own.label_check("discussion-00001", 0, folder.seed, files.sources[1].texts)
        assert check([], given) != ""


def test_labels_on_file_are_those_of_finished_files_and_of_journals(files, talks, tmp_path):
    labelling = snb.Labelling(talks, snb.Flag("rude"), "Dana", tmp_path / "labels", seed=1)
    for _ in talks[0].comments:
        labelling.label("no")
    first = labelling.label("yes")
    with files.opened() as folder:
        given = files.given(folder)
        assert (list(given.finished), given.under_way) == ([0], {1: [first]})
        assert set(given.finished[0].values()) == {False}
        assert given.values()[1, first.key] is True
        assert len(given.values()) == len(talks[0].comments) + 1
    while labelling.current:
        labelling.label("no")
    with files.opened() as folder:
        given = files.given(folder)
        assert (list(given.finished), given.under_way) == ([0, 1, 2], {})


def test_the_version_changes_with_every_label(files, talks, tmp_path):
    labelling = snb.Labelling(talks, snb.Flag("rude"), "Dana", tmp_path / "labels", seed=1)
    versions = [files.version()]
    for _ in range(3):
        labelling.label("no")
        versions.append(files.version())
    assert files.version() == versions[-1]
    assert all(one != other for one, other in itertools.pairwise(versions))


def test_the_comments_are_asked_for_in_order(files, talks):
    wanted = [(place, comment.index) for place, talk in enumerate(talks) for comment in talk.comments]
    assert files.order == wanted


def test_a_scale_that_is_added_is_asked_of_what_was_labelled_already(users, tmp_path):
    talk = discuss(users, num_discussions=1).begin(tmp_path / "talks")[0]
    labelling = snb.Labelling(talk, snb.Flag("rude"), "Dana", tmp_path / "labels", seed=1)
    for _ in talk:
        labelling.label("yes")
    more = snb.Labelling(talk, [snb.Flag("rude"), snb.Flag("wit")], "Dana", tmp_path / "labels", seed=1)
    assert (more.progress, more.current.scale.name) == ((len(talk), 2 * len(talk)), "wit")
    for _ in talk:
        more.label("no")
    assert [(label.scale, label.value) for label in more.run[0].labels][:2] == [("rude", True), ("wit", False)]
    assert more.run.verify()
