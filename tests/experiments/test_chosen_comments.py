"""Some comments of some discussions."""

import pytest
from support.experiments import discuss

from syndisco_nb.errors import RunFolderError
from syndisco_nb.experiments.chosen_comments import ChosenComments
from syndisco_nb.experiments.labelling_sources import labelling_sources


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


@pytest.fixture
def chosen(talks):
    places = (("discussion-00002", 3), ("discussion-00000", 1), ("discussion-00002", 0))
    return ChosenComments(places, labelling_sources(talks))


def test_its_discussions_hold_its_comments_alone(chosen):
    discussions = chosen.discussions()
    assert [(one.name, one.sample) for one in discussions] == [("discussion-00000", (1,)), ("discussion-00002", (0, 3))]


def test_run_json_records_them_in_their_order_and_that_they_are_not_random(chosen, talks):
    assert chosen.spec == {
        "random": False,
        "discussions": {"discussion-00000": talks[0].id, "discussion-00002": talks[2].id},
        "comments": [["discussion-00002", 3], ["discussion-00000", 1], ["discussion-00002", 0]],
    }
    assert chosen.recorded_comments(chosen.spec) == chosen.comments
    assert chosen.recorded({}) is chosen


def test_a_discussion_that_is_gone_is_said(chosen):
    with pytest.raises(RunFolderError, match="comments of discussion-00009, which is not among the discussions"):
        chosen.recorded_comments({"comments": [["discussion-00009", 1]]})
