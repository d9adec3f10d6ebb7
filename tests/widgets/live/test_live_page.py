"""The page of a run that was watched is that of the run, below the error that ended it."""

import syndisco_nb as snb
from syndisco_nb.display.options import Limits
from syndisco_nb.display.registry import make_page


def test_the_page_is_that_of_the_run(users, tmp_path):
    run = snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path)
    assert make_page(snb.watch(tmp_path), Limits()) == make_page(run, Limits())


def test_an_error_stands_above_it(users, tmp_path):
    snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path)
    live = snb.watch(tmp_path)
    live.message = "The model is gone."
    note, *_ = make_page(live, Limits()).blocks
    assert (note.text, note.warning) == ("The model is gone.", True)


def test_a_run_that_has_not_begun_has_a_page_too(tmp_path):
    live = snb.watch(tmp_path / "later")
    page = make_page(live, Limits())
    assert (page.title, page.facts) == (str(tmp_path / "later"), (("status", "waiting"),))
