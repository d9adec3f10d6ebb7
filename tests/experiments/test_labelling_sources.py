"""The discussions that a person labels, and the labels of others."""

from pathlib import Path

import pytest
from support.experiments import discuss, judge

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts
from syndisco_nb.experiments.labelling_sources import labelling_sources, labels_about
from syndisco_nb.runs.condition_runs import ConditionRuns


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


def test_a_folder_is_read_file_by_file_and_named_by_its_path(talks, tmp_path):
    (Path(talks) / "foreign.json").write_text("{}")
    with pytest.warns(UserWarning, match="Skipped 1 of the files"):
        sources = labelling_sources(talks)
    assert [(one.name, one.condition) for one in sources.discussions] == [(f"discussion-{n:05d}", "") for n in range(3)]
    assert [one.read() for one in sources.discussions] == list(talks)
    assert [one.texts for one in sources.discussions] == [DiscussionTexts.of(talk) for talk in talks]
    assert [one.file for one in sources.skipped] == ["foreign.json"]
    assert sources.named(tmp_path / "labels") == str(Path("..", "talks"))


def test_transcripts_are_held_and_named_by_their_ids(talks, tmp_path):
    sources = labelling_sources(talks[1:])
    assert [one.read() for one in sources.discussions] == list(talks[1:])
    assert (sources.skipped, sources.named(tmp_path)) == ((), [talks[1].id, talks[2].id])
    (alone,) = labelling_sources(talks[1]).discussions
    assert alone.name == "discussion-00001"


def test_discussions_of_a_study_are_named_with_their_condition(talks, tmp_path):
    runs = ConditionRuns(tmp_path, {"a": {}, "b": {}}, {"a": talks, "b": talks})
    sources = labelling_sources(runs)
    wanted = [(f"{name}.discussion-{n:05d}", name) for name in "ab" for n in range(3)]
    assert [(one.name, one.condition) for one in sources.discussions] == wanted
    assert sources.named(tmp_path / "labels") == ".."
    with pytest.raises(InvalidInputError, match="in which no discussion is finished"):
        labelling_sources(ConditionRuns(tmp_path, {}, {}))


def test_a_discussion_can_be_restricted_to_some_of_its_comments(talks):
    source = labelling_sources(talks).discussions[0]
    assert list(source.restricted({1, 3, 99}).texts.texts) == [1, 3]
    assert (source.sample, source.restricted({1, 3}).sample) == (None, (1, 3))
    assert source.restricted(()).texts == DiscussionTexts(talks[0].id, {})


@pytest.mark.parametrize(
    ("given", "said"),
    [([], "discussions is empty"), ([3], "3 holds no discussions")],
)
def test_other_things_are_refused(given, said):
    with pytest.raises(InvalidInputError, match=said):
        labelling_sources(given)


def test_two_discussions_of_one_number_are_refused(talks, users, tmp_path):
    other = discuss(users, seed=8).begin(tmp_path / "other")
    with pytest.raises(InvalidInputError, match="Two transcripts are called discussion-00001"):
        labelling_sources([talks[1], other[1]])


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


def test_foreign_files_that_hold_no_discussion_are_skipped_with_a_warning(tmp_path):
    log = '{"users": ["Ana"], "logs": [{"name": "Ana", "text": "Hi", "model": "m"}]}'
    (tmp_path / "a.json").write_text(log)
    (tmp_path / "b.json").write_text('{"users"')
    with pytest.warns(UserWarning, match=r"Skipped 1 of the files in .*: b\.json: cannot be read"):
        found = labelling_sources(tmp_path)
    assert ([one.name for one in found.discussions], [one.file for one in found.skipped]) == (["a"], ["b.json"])
