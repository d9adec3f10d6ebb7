"""The discussions that a person labels, and the labels of others."""

from pathlib import Path

import pytest
from support.experiments import discuss, judge

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts
from syndisco_nb.experiments.labelling_sources import labelling_sources, labels_about


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


def test_a_folder_is_read_file_by_file_and_named_by_its_path(talks, tmp_path):
    (Path(talks) / "foreign.json").write_text("{}")
    with pytest.warns(UserWarning, match="Skipped 1 of the files"):
        sources, skipped, named = labelling_sources(talks, tmp_path / "labels")
    assert [source.name for source in sources] == [f"discussion-{n:05d}" for n in range(3)]
    assert [source.read() for source in sources] == list(talks)
    assert [source.texts for source in sources] == [DiscussionTexts.of(talk) for talk in talks]
    assert ([one.file for one in skipped], named) == (["foreign.json"], str(Path("..", "talks")))


def test_transcripts_are_held_and_named_by_their_ids(talks, tmp_path):
    sources, skipped, named = labelling_sources(talks[1:], tmp_path)
    assert [source.read() for source in sources] == list(talks[1:])
    assert (skipped, named) == ([], [talks[1].id, talks[2].id])
    (alone,), _, _ = labelling_sources(talks[1], tmp_path)
    assert alone.name == "discussion-00001"


@pytest.mark.parametrize(
    ("given", "said"),
    [([], "discussions is empty"), ([3], "discussions holds 3, but must hold Transcripts")],
)
def test_other_things_are_refused(tmp_path, given, said):
    with pytest.raises(InvalidInputError, match=said) as caught:
        labelling_sources(given, tmp_path)
    assert caught.value.field == "discussions"


def test_two_discussions_of_one_number_are_refused(talks, tmp_path):
    with pytest.raises(InvalidInputError, match="Two transcripts are called discussion-00001"):
        labelling_sources([talks[1], talks[1]], tmp_path)


def test_labels_of_others_are_those_about_the_discussion(talks, tmp_path):
    labels = snb.AnnotationExperiment([judge(), judge()], seed=1).begin(talks, tmp_path / "labels")
    about = labels_about("discussion-00001", talks[1], labels)
    assert [(one.discussion, one.index) for one in about] == [("discussion-00001", 0), ("discussion-00001", 1)]
    assert labels_about("discussion-00001", talks[1], list(labels)) == about
    assert labels_about("discussion-00001", talks[1], about[0]) == about[:1]
    for wrong in (talks, [3]):
        with pytest.raises(InvalidInputError, match="must hold") as caught:
            labels_about("discussion-00001", talks[1], wrong)
        assert caught.value.field == "others"
