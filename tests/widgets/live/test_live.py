"""A run under way: to its end, controlled on the way, and shown in a notebook."""

import asyncio
import os
import shutil
import signal
import threading
import time

import pytest
from support.slow_run import TURNS, ask, number_said, pace, slow_experiment, slow_users, wait_for

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, SyndiscoError
from syndisco_nb.loop import Call
from syndisco_nb.running.scheduler import run_all
from syndisco_nb.watching.folder_watcher import FolderWatcher
from syndisco_nb.widgets.live import Live


class TestToTheEnd:
    def test_a_run_begins_at_once_and_comes_back_when_it_is_over(self, slow, tmp_path):
        live = slow_experiment().start(tmp_path)
        assert live.state == "running"
        slow()
        assert live.wait(60).status == "finished"
        assert (live.state, len(live.result)) == ("finished", 3)
        assert live.result.replay(0)  # it knows its experiment
        assert repr(live) == f"<Live {str(tmp_path)!r}: finished, 3 of 3 discussions>"

    def test_a_study_comes_back_as_a_study(self, tmp_path):
        builder = (
            snb.ExperimentBuilder(seed=7)
            .model(snb.ScriptedModel("Yes."))
            .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
            .topics(["Cars?"])
            .vary(window={"short": 1, "long": 5})
        )
        live = builder.start(tmp_path)
        study = live.wait(60)
        assert isinstance(study, snb.Study)
        assert study.finished
        assert [row["finished"] for row in live.widget.runs] == ["5 of 5", "5 of 5"]

    def test_a_design_that_is_not_complete_is_an_error_at_once(self, tmp_path):
        with pytest.raises(InvalidInputError, match="no model"):
            snb.ExperimentBuilder().start(tmp_path)

    def test_annotations(self, users, annotator, tmp_path):
        run = snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path / "talks")
        live = snb.AnnotationExperiment([annotator]).start(run, tmp_path / "labels")
        assert live.wait(60).holds is snb.AnnotationSet
        assert live.widget.head["title"] == "5 of 5 annotations"

    def test_what_is_over_tells_whoever_asked(self, tmp_path):
        told = []
        live = slow_experiment(num_turns=2).start(tmp_path)
        live.on_end(told.append)
        live.wait(60)
        wait_for(lambda: told)
        live.on_end(told.append)
        assert told == [live, live]

    def test_the_last_state_is_shown(self, tmp_path):
        live = slow_experiment(num_turns=4).start(tmp_path)
        live.wait(60)
        wait_for(lambda: live.widget.final_page)
        assert (live.widget.head["share"], live.widget.head["status"], live.widget.head["going"]) == (
            1,
            "finished",
            False,
        )
        assert "3 of 3 discussions" in live.widget.final_page

    def test_what_fails_is_shown_and_raised(self, users, tmp_path):
        snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path)
        live = snb.DiscussionExperiment(topics=["Other"], users=users, seed=1).start(tmp_path)
        with pytest.raises(SyndiscoError, match="holds a different experiment"):
            live.wait(60)
        assert live.state == "failed"
        wait_for(lambda: live.widget.final_page)
        assert "holds a different experiment" in live.widget.head["note"]
        assert "holds a different experiment" in live.widget.final_page

    @pytest.mark.filterwarnings("ignore:.* was moved aside")
    def test_a_run_that_starts_anew_is_followed_to_where_it_begins(self, tmp_path):
        slow_experiment(num_turns=2, num_discussions=5).begin(tmp_path / "run")
        live = slow_experiment(num_turns=4).start(tmp_path / "run", fresh=True)
        assert live.wait(60).status == "finished"
        assert live.widget.head["title"] == "3 of 3 discussions"
        assert live.widget.head["share"] == 1

    def test_a_folder_with_other_things_in_it_may_be_written_to(self, tmp_path):
        (tmp_path / "notes.txt").write_text("x")
        assert slow_experiment(num_turns=2).start(tmp_path).wait(60).status == "finished"

    def test_waiting_has_an_end(self, live):
        with pytest.raises(TimeoutError, match="still in progress"):
            live.wait(0.01)
        assert live.state == "running"

    def test_a_study_is_controlled_as_a_whole_or_one_of_its_conditions(self, slow, tmp_path):
        folder = tmp_path / "pilot"

        async def job():
            await run_all([slow_experiment().opened(folder / name) for name in ("mo", "none")])

        live = Live(folder, job)
        wait_for(lambda: live._snapshot.under_way == 6)
        wait_for(lambda: {card["condition"] for card in live.widget.cards} == {"mo", "none"})
        with pytest.raises(
            InvalidInputError, match=r"2 conditions have a discussion-00001\. Name one of them, as in 'mo"
        ):
            live.skip(1)
        live.skip("mo/discussion-00001")
        live.pause()
        wait_for(lambda: [row["status"] for row in live.widget.runs] == ["paused", "paused"])
        snb.watch(folder / "mo").resume()
        wait_for(lambda: [row["status"] for row in live.widget.runs] == ["running", "paused"])
        slow()
        live.resume()
        assert [run.status for run in live.wait(60).values()] == ["interrupted", "finished"]

    @pytest.mark.filterwarnings("ignore:.* was moved aside")
    def test_a_study_that_is_stopped_is_over_at_once(self, slow, tmp_path):
        experiment = slow_experiment()
        study = (
            snb.ExperimentBuilder(seed=7)
            .model(snb.ScriptedModel("Yes."))
            .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
            .topics(["Cars?"])
            .vary(window={"short": 1, "long": 5})
            .discussions(1)
            .run(tmp_path / "study")
        )
        shutil.rmtree(study["long"].folder)

        async def job():
            await experiment.abegin(tmp_path / "study" / "short", fresh=True)
            return snb.Study(tmp_path / "study")

        live = Live(tmp_path / "study", job)
        wait_for(lambda: number_said(live) > 3)
        live.stop()
        live.wait(60)
        assert live.state == "interrupted"
        assert live.widget.head["status"] == "interrupted"
        assert "time left" not in dict(live.widget.head["facts"])


class TestAHandInIt:
    def test_what_is_said_appears(self, live):
        head, cards = live.widget.head, live.widget.cards
        assert (head["status"], head["here"], head["going"], head["talks"]) == ("running", True, True, True)
        assert [card["title"] for card in cards] == ["Discussion 0", "Discussion 1", "Discussion 2"]
        assert cards[0]["turn"].endswith(f"of {TURNS}")
        before = number_said(live)
        wait_for(lambda: number_said(live) > before)

    def test_who_is_being_asked_appears_and_what_they_have_written(self, tmp_path):
        async def write(request):
            for words in ("Well,", "Well, I doubt", "Well, I doubt it."):
                request.situation.draft.read = lambda words=words: words
                while (request.situation.actor.name, words) not in seen:
                    await asyncio.sleep(0.01)
            return words

        seen = set()
        users = [snb.LLMActor(snb.ScriptedModel(write, name="writer"), name) for name in ("Ana", "Ben")]
        live = slow_experiment(users=users, num_turns=2, num_discussions=1).start(tmp_path / "run")

        def look():
            for card in live.widget.cards:
                if one := card["writing"]:
                    seen.add((one["name"], one["text"]))
                    opened = ask(live, "open", unit=card["unit"])["writing"]
                    assert opened is None or opened["name"] in ("Ana", "Ben")
            return live.state == "finished"

        wait_for(look)
        assert {text for _, text in seen} >= {"Well,", "Well, I doubt", "Well, I doubt it."}
        assert {name for name, _ in seen} == {"Ana", "Ben"}
        assert all(card["writing"] is None for card in live.widget.cards)

    def test_pause_and_resume(self, live):
        live.pause()
        wait_for(lambda: live.widget.head["status"] == "paused")
        wait_for(lambda: not any(card["writing"] for card in live.widget.cards))  # what was asked is answered
        before = number_said(live)
        time.sleep(0.5)
        assert (number_said(live), live.state) == (before, "paused")
        live.resume()
        wait_for(lambda: number_said(live) > before)
        assert live.state == "running"

    def test_stop_keeps_what_is_done_and_the_next_goes_on(self, live, tmp_path):
        live.stop()
        run = live.wait(60)
        assert (run.status, live.state) == ("interrupted", "interrupted")
        pace["delay"] = 0.0
        again = slow_experiment().start(tmp_path / "run")
        run = again.wait(60)
        whole = slow_experiment().begin(tmp_path / "whole")
        assert [str(one) for one in run] == [str(one) for one in whole]

    def test_skip(self, live, slow):
        live.skip(1)
        wait_for(lambda: [c["state"] for c in live.widget.cards if c["title"] == "Discussion 1"] == ["skipped"])
        slow()
        run = live.wait(60)
        assert (run.names, run.status) == (["discussion-00000", "discussion-00002"], "interrupted")

    def test_a_skip_can_be_undone(self, live, slow, tmp_path):
        live.skip(1)
        wait_for(lambda: [card["state"] for card in live.widget.cards] == ["in progress", "skipped", "in progress"])
        live.undo_skip(1)
        wait_for(lambda: live.widget.cards[1]["state"] == "in progress")
        slow()
        run = live.wait(60)
        whole = slow_experiment().begin(tmp_path / "whole")
        assert [str(one) for one in run] == [str(one) for one in whole]

    def test_inject(self, live, slow):
        live.inject("discussion-00000", "Wait a moment.", "Dana")
        slow()
        run = live.wait(60)
        assert ("Dana", "Wait a moment.") in [(one.name, one.text) for one in run[0].comments]

    def test_an_interrupt_hands_back_what_there_is(self, live):
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        run = live.wait()
        assert run.status == "interrupted"

    def test_whoever_watches_in_this_process_may_take_a_hand_too(self, live, tmp_path):
        other = snb.watch(tmp_path / "run")
        assert other.state == "running"
        other.stop()
        assert other.wait(60).status == "interrupted"
        assert live.wait(60).status == "interrupted"


class TestARunOfOthers:
    def test_a_run_elsewhere_is_watched_only(self, users, tmp_path):
        snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path)
        live = snb.watch(tmp_path)
        for act in (
            live.pause,
            live.resume,
            live.stop,
            lambda: live.skip(0),
            lambda: live.undo_skip(0),
            lambda: live.inject(0, "Hello."),
        ):
            with pytest.raises(RunFolderError, match="in this process"):
                act()

    def test_a_failing_look_is_said_and_does_not_end_it(self, live, monkeypatch):
        look = FolderWatcher.look

        def fail(self):
            raise ZeroDivisionError("a look went wrong")

        monkeypatch.setattr(FolderWatcher, "look", fail)
        wait_for(lambda: "a look went wrong" in live.widget.head["trouble"])
        monkeypatch.setattr(FolderWatcher, "look", look)
        wait_for(lambda: live.widget.head["trouble"] == "")
        assert live.state == "running"
        live.stop()
        wait_for(lambda: live.widget.head["status"] == "interrupted")


class Handle:
    def __init__(self):
        self.shown = []

    def update(self, what, raw):
        self.shown.append((what, raw))


@pytest.fixture
def displayed(monkeypatch):
    """All that was displayed, each with what it was updated with."""
    import IPython.display

    found = []

    def display(what, **given):
        found.append((what, given, Handle()))
        return found[-1][2]

    monkeypatch.setattr(IPython.display, "display", display)
    return found


class TestInANotebook:
    def test_the_output_becomes_the_run(self, displayed, live):
        live._ipython_display_()
        ((what, given, handle),) = displayed
        assert (what, given) == (live.widget, {"display_id": True})
        live.stop()
        live.wait(60)
        wait_for(lambda: handle.shown)
        ((still, raw),) = handle.shown
        assert raw
        assert set(still) == {"text/plain", "text/markdown", "text/html"}
        assert "0 of 3 discussions" in still["text/html"]

    def test_what_is_over_shows_the_run_at_once(self, displayed, users, tmp_path):
        run = snb.DiscussionExperiment(topics=["Tax"], users=users, seed=1).begin(tmp_path)
        live = snb.watch(tmp_path)
        live._ipython_display_()
        ((what, given, _),) = displayed
        assert (what, given) == (run._repr_mimebundle_(), {"raw": True})


@pytest.mark.seconds
def test_fifty_discussions_at_a_hundred_messages_a_second_cost_under_a_tenth(tmp_path, monkeypatch):
    spent, watch = [], Live._watch

    def measured(self):
        before = time.thread_time()
        watch(self)
        spent.append(time.thread_time() - before)

    monkeypatch.setattr(Live, "_watch", measured)
    monkeypatch.setitem(pace, "delay", 0.5)
    begun = time.monotonic()
    live = slow_experiment(users=slow_users("Ana", "Ben"), num_turns=8, num_discussions=50, max_concurrency=50).start(
        tmp_path
    )
    live.wait(60)
    seconds = time.monotonic() - begun
    wait_for(lambda: spent)
    assert live.widget.head["title"] == "50 of 50 discussions"
    assert spent[0] / seconds < 0.1


def test_a_coroutine_of_another_kind_can_be_watched(tmp_path):
    experiment = slow_experiment(num_turns=2)
    live = Live(tmp_path, lambda: experiment.abegin(tmp_path))
    assert live.wait(60).status == "finished"


@pytest.mark.parametrize("place", ["a file", "another folder"])
def test_watching_something_else_is_an_error_at_once(tmp_path, place):
    (tmp_path / "a file").write_text("x")
    (tmp_path / "another folder" / "deep").mkdir(parents=True)
    with pytest.raises(RecordError, match="Give the folder"):
        snb.watch(tmp_path / place)


def test_watching_what_comes_later(tmp_path):
    live = snb.watch(tmp_path / "later")
    assert live.state == "waiting"
    call = Call(slow_experiment(num_turns=4).abegin(tmp_path / "later"))
    assert live.wait(60).status == "finished"
    call.future.result(60)
