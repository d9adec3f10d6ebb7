"""A discussion without a folder, seen as a run with a single one."""

import pytest

import syndisco_nb as snb
from syndisco_nb.watching.discussion_watcher import DiscussionWatcher


@pytest.fixture
def discussion():
    users = [snb.LLMActor(snb.ScriptedModel("Yes."), name) for name in ("Ana", "Ben")]
    return snb.Discussion(users, topic="Tax?", num_turns=4, seed=1)


def test_what_is_said_is_seen_as_it_is_said(discussion):
    watcher = DiscussionWatcher(discussion)
    discussion.step(), discussion.step()
    seen = watcher.look("running")
    assert (seen.share, seen.total, seen.turn_counts, seen.under_way) == (0.25, 1, (1, 4), 1)
    (unit,) = seen.unfinished
    assert (unit.unit, unit.topic, unit.state, unit.cast) == ("discussion-00000", "Tax?", "in progress", ("Ana", "Ben"))
    discussion.step()
    assert watcher.look("paused").unfinished[0].turn == 2
    assert len(watcher.unit("", "discussion-00000").lines) == 3
    assert watcher.speaking("", "discussion-00000") is None


def test_at_the_end_all_is_done_however_early_it_came(discussion):
    watcher = DiscussionWatcher(discussion)
    discussion.step(), discussion.step()
    seen = watcher.look("finished")
    assert (seen.over, seen.share, seen.finished, seen.unfinished) == (True, 1.0, 1, [])
    assert seen.just_finished[0].state == "finished"
