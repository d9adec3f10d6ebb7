"""Taking a hand in a run while it goes on, from another thread, as a page does."""

import asyncio
import contextlib
import json
import math
import threading
import time
from pathlib import Path

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RunFolderError
from syndisco_nb.running.control import RunControl, control_of

UNITS = [f"discussion-{index:05d}" for index in range(3)]
LIMIT_S = 60


def talker(allowed=math.inf):
    """Return a model that answers from the seed and the prompt, and this many requests alone."""

    def reply(request):
        return f"{request.seed % 97}: I heard {len(request.messages[-1].content)} characters."

    return RecordingModel(reply, name="talker", allowed=allowed)


@pytest.fixture
def model():
    return talker(allowed=0)


def experiment(model, **settings):
    users = [snb.LLMActor(model=model, name=name) for name in ("Ana", "Ben", "Cem")]
    given = {"topics": ["Tax"], "users": users, "num_turns": 4, "num_discussions": 3, "num_active_users": 3, "seed": 7}
    return snb.DiscussionExperiment(**{**given, **settings})


def until(condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.002)


@contextlib.contextmanager
def running(experiment, folder):
    """Begin a run in a thread, and yield its control and where its result will be."""
    result = []
    thread = threading.Thread(target=lambda: result.append(experiment.begin(folder)))
    thread.start()
    until(lambda: found(folder))
    try:
        yield control_of(folder), result
    finally:
        thread.join(LIMIT_S)
        assert not thread.is_alive()


def found(folder):
    try:
        return control_of(folder)
    except RunFolderError:
        return None


def journal(folder, unit):
    file = folder / "journal" / f"{unit}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("discussion-*.json")}


def status(folder):
    return json.loads((folder / "run.json").read_text())["status"]


def test_who_is_being_asked_can_be_seen_and_what_is_written_so_far(tmp_path):
    model = talker(allowed=0)
    with running(experiment(model), tmp_path) as (control, _):
        until(lambda: all(control.speaking(unit) for unit in UNITS))
        assert {control.speaking(unit).actor.name for unit in UNITS} <= {"Ana", "Ben", "Cem"}
        assert control.speaking(UNITS[0]).draft.read() == ""
        assert control.speaking("discussion-00009") is None
        assert [control.is_watched(unit) for unit in UNITS] == [True] * len(UNITS)
        assert not control.is_watched("discussion-00007")
        model.allowed = math.inf
    assert not any(control.speaking(unit) for unit in UNITS)


def test_nobody_is_asked_while_a_run_is_paused_and_all_goes_on_after(tmp_path, model):
    experiment(talker()).begin(tmp_path / "plain")
    with running(experiment(model), tmp_path / "talks") as (control, result):
        until(lambda: len(model.requests) == 3)
        control.pause()
        model.allowed = 3  # what has been asked is answered, and kept
        until(lambda: all(len(journal(tmp_path / "talks", unit)) == 2 for unit in UNITS))
        until(lambda: status(tmp_path / "talks") == "paused")
        time.sleep(0.1)
        assert len(model.requests) == 3
        model.allowed = math.inf
        control.resume()
    assert result[0].status == "finished"
    assert content(tmp_path / "talks") == content(tmp_path / "plain")


def test_a_pause_is_no_time_at_work(tmp_path, model):
    begun = time.monotonic()
    with running(experiment(model), tmp_path) as (control, _):
        control.pause()
        until(lambda: status(tmp_path) == "paused")
        paused = time.monotonic()
        time.sleep(1)
        model.allowed = math.inf
        rest = time.monotonic() - paused
        control.resume()
    worked = time.monotonic() - begun - rest
    assert json.loads((tmp_path / "run.json").read_text())["seconds"] <= worked


def test_a_run_that_is_stopped_hands_back_what_it_has_and_goes_on_later(tmp_path, model):
    model.allowed = 7
    with running(experiment(model), tmp_path / "talks") as (control, result):
        until(lambda: len(model.requests) == 10)
        control.pause()  # even then
        control.stop()
    assert result[0].status == "interrupted"
    assert sum(len(journal(tmp_path / "talks", unit)) for unit in UNITS) == 3 + 7
    experiment(talker()).begin(tmp_path / "talks")
    experiment(talker()).begin(tmp_path / "plain")
    assert content(tmp_path / "talks") == content(tmp_path / "plain")


def test_a_discussion_that_is_skipped_is_left_for_the_next_time(tmp_path, model):
    model.allowed = 5
    with running(experiment(model), tmp_path / "talks") as (control, result):
        until(lambda: len(model.requests) == 8)
        control.skip(UNITS[1])
        until(lambda: UNITS[1] in control.skipped)
        model.allowed = math.inf
    run = result[0]
    assert (run.status, run.names, len(run.failures)) == ("interrupted", [UNITS[0], UNITS[2]], 0)
    assert run.verify()
    assert journal(tmp_path / "talks", UNITS[1])
    assert experiment(talker()).begin(tmp_path / "talks").status == "finished"
    experiment(talker()).begin(tmp_path / "plain")
    assert content(tmp_path / "talks") == content(tmp_path / "plain")


def test_one_that_has_not_begun_can_be_skipped_too(tmp_path, model):
    with running(experiment(model, max_concurrency=1), tmp_path) as (control, result):
        control.skip(UNITS[2])
        model.allowed = math.inf
    assert result[0].names == UNITS[:2]
    assert not journal(tmp_path, UNITS[2])


def test_a_skip_that_is_undone_leaves_no_trace(tmp_path, model):
    experiment(talker()).begin(tmp_path / "plain")
    folder = tmp_path / "talks"
    model.allowed = 3
    with running(experiment(model, max_concurrency=2), folder) as (control, result):
        until(lambda: len(model.requests) == 5)
        control.pause()  # a paused run waits for those that may come back
        for unit in UNITS:
            control.skip(unit)
        until(lambda: control.skipped == set(UNITS) and not control.under_way)
        model.allowed = math.inf
        for unit in UNITS:
            control.undo_skip(unit)
        until(lambda: not control.skipped)
        control.resume()
    assert (result[0].status, len(result[0])) == ("finished", 3)
    assert content(folder) == content(tmp_path / "plain")


def test_skip_and_undo_in_one_breath_are_as_nothing(tmp_path, model):
    with running(experiment(model), tmp_path / "talks") as (control, result):
        until(lambda: len(model.requests) == 3)
        for act in (control._skip, control._undo_skip, control._skip, control._undo_skip):
            control._loop.call_soon_threadsafe(act, UNITS[0])
        model.allowed = math.inf
    experiment(talker()).begin(tmp_path / "plain")
    assert (result[0].status, control.skipped) == ("finished", set())
    assert content(tmp_path / "talks") == content(tmp_path / "plain")


def test_one_that_waits_for_its_turn_can_be_skipped_and_come_back(tmp_path, model):
    with running(experiment(model, max_concurrency=1), tmp_path) as (control, result):
        control.skip(UNITS[2])
        control.undo_skip(UNITS[2])
        control.undo_skip(UNITS[1])  # which is not skipped
        model.allowed = math.inf
    assert (result[0].status, result[0].names) == ("finished", UNITS)


def test_skipping_and_stopping_at_once_stops(tmp_path, model):
    with running(experiment(model), tmp_path) as (control, result):
        until(lambda: len(model.requests) == 3)
        control._loop.call_soon_threadsafe(lambda: (control._skip(UNITS[0]), control._run.cancel()))
    assert result[0].status == "interrupted"
    assert len(result[0]) == 0


def test_no_worker_waits_for_a_success_that_was_skipped(tmp_path):
    async def reply(request):
        if request.situation.discussion:
            raise ValueError("no")
        await asyncio.sleep(LIMIT_S)

    users = [snb.LLMActor(snb.ScriptedModel(reply, name="stuck"), name) for name in ("Ana", "Ben")]
    stuck = snb.DiscussionExperiment(["Tax"], users, num_discussions=11, max_concurrency=2, seed=7)
    with running(stuck, tmp_path) as (control, result):
        until(lambda: len(control.pending) == 1)  # ten in a row have failed
        control.skip(UNITS[0])
    assert (result[0].status, len(result[0].failures)) == ("partial", 10)


def test_what_is_over_can_neither_be_skipped_nor_come_back(tmp_path, model):
    async def work(control):
        for unit, error in ((UNITS[0], None), (UNITS[1], ValueError("no"))):
            with contextlib.suppress(ValueError), control.working_on(unit):
                if error:
                    raise error
        control._skip(UNITS[1])
        for unit in UNITS[:2]:
            for act in (control.skip, control.undo_skip):
                with pytest.raises(InvalidInputError, match="is finished, failed, or not of this run"):
                    act(unit)
        return control.skipped, control.pending

    async def main():
        return await work(RunControl(tmp_path, UNITS, holds_discussions=True, on_pause=nothing, on_change=nothing))

    assert asyncio.run(main()) == (set(), {UNITS[2]})


def nothing():
    pass


@pytest.mark.parametrize("undone", [False, True])
def test_a_unit_can_be_skipped_between_its_choice_and_its_beginning(undone, tmp_path):
    async def main():
        control = RunControl(tmp_path, UNITS, holds_discussions=True, on_pause=nothing, on_change=nothing)
        control.take(UNITS[0])
        control._skip(UNITS[0])
        if undone:
            control._undo_skip(UNITS[0])
        worked = []
        with control.working_on(UNITS[0]):
            await asyncio.sleep(0)
            worked.append(True)
        return worked, control.skipped, UNITS[0] in control.pending, control.next_unit

    assert asyncio.run(main()) == (([True], set(), False, UNITS[1]) if undone else ([], {UNITS[0]}, True, UNITS[1]))


def test_a_second_stop_does_not_cut_off_what_the_first_left_to_do(tmp_path):
    async def main():
        control = RunControl(tmp_path, UNITS, holds_discussions=True, on_pause=nothing, on_change=nothing)
        control.stop()
        try:
            await asyncio.sleep(LIMIT_S)
        except asyncio.CancelledError:
            control.stop()
            for _ in range(3):
                await asyncio.sleep(0)
        return "put down"

    assert asyncio.run(main()) == "put down"


def test_skipping_in_one_condition_lets_the_others_run(tmp_path, model, monkeypatch):
    async def complete(self, request):
        return await model.complete(request)

    monkeypatch.setattr(snb.ScriptedModel, "complete", complete)
    study = (
        snb.ExperimentBuilder(seed=3)
        .model(snb.ScriptedModel(["Yes."], name="talker"))
        .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
        .topics(["Tax"])
        .vary(turns={"few": 2, "more": 3})
        .discussions(3)
    )
    result = []
    thread = threading.Thread(target=lambda: result.append(study.run(tmp_path)))
    thread.start()
    until(lambda: found(tmp_path / "few") and len(model.requests) == 6)
    control_of(tmp_path / "few").skip(UNITS[0])
    until(lambda: control_of(tmp_path / "few").skipped)
    model.allowed = math.inf
    thread.join(LIMIT_S)
    assert {name: (run.status, len(run)) for name, run in result[0].items()} == {
        "few": ("interrupted", 2),
        "more": ("finished", 3),
    }


# Saying something


def test_what_a_guest_says_is_heard_kept_and_no_turn(tmp_path, model):
    folder = tmp_path / "talks"
    with running(experiment(model), folder) as (control, result):
        until(lambda: len(model.requests) == 3)
        control.inject(UNITS[0], " Mind the\nbuses! ", "The  mayor")
        assert control.needs_attention
        model.allowed = math.inf
    run = result[0]
    said = run[0].messages
    (place,) = [place for place, message in enumerate(said) if message.role == "guest"]
    guest = said[place]
    assert (guest.name, guest.text, guest.model, guest.generation) == ("The mayor", "Mind the\nbuses!", "human", None)
    assert guest.turn == said[place - 1].turn
    assert "Mind the\nbuses!" in said[place + 1].generation.prompt[-1].content
    assert "buses" not in said[place - 1].generation.prompt[-1].content
    assert [one.turn for one in said if one.role == "participant"] == [1, 2, 3, 4]
    plain = experiment(talker()).begin(tmp_path / "plain")
    assert [one.name for one in plain[0].messages] == [one.name for one in said if one.role != "guest"]
    assert (run[1], run[2]) == (plain[1], plain[2])
    assert run.verify()
    replay = run.replay(0)
    assert f"turn {guest.turn} (The mayor) was said by a person" in replay.difference
    assert run.replay(1)


def test_what_was_said_while_paused_enters_at_once(tmp_path, model):
    with running(experiment(model), tmp_path) as (control, _):
        until(lambda: len(model.requests) == 3)
        control.pause()
        model.allowed = 3
        until(lambda: len(journal(tmp_path, UNITS[2])) == 2)
        control.inject(UNITS[2], "One.")
        control.inject(UNITS[2], "Two.")
        until(lambda: [one["text"] for one in journal(tmp_path, UNITS[2])[2:]] == ["One.", "Two."])
        assert len(model.requests) == 3
        control.stop()


def test_what_was_said_survives_a_stop_and_leads_to_the_same_end(tmp_path, model):
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    for folder, stop in ((straight, False), (broken, True)):
        model = talker(allowed=0)
        with running(experiment(model), folder) as (control, result):
            until(lambda model=model: len(model.requests) == 3)
            control.pause()
            model.allowed = 3
            until(lambda folder=folder: all(len(journal(folder, unit)) == 2 for unit in UNITS))
            control.inject(UNITS[1], "Mind the buses!")
            until(lambda folder=folder: len(journal(folder, UNITS[1])) == 3)
            if stop:
                control.stop()
            model.allowed = math.inf
            control.resume()
    assert result[0].status == "interrupted"
    run = experiment(talker()).begin(broken)
    assert content(broken) == content(straight)
    assert [message.role for message in run[1].messages].count("guest") == 1


def test_what_nobody_could_answer_any_more_is_kept_all_the_same(tmp_path, model):
    with running(experiment(model), tmp_path) as (control, _):
        until(lambda: len(model.requests) == 3)
        control.inject(UNITS[0], "Too late?")
        control.stop()
    assert [one["text"] for one in journal(tmp_path, UNITS[0])] == ["Tax", "Too late?"]


def test_what_cannot_be_done_is_said(tmp_path, model, annotator):
    run = experiment(talker()).begin(tmp_path / "talks")
    with pytest.raises(RunFolderError, match="No run is writing to"):
        control_of(tmp_path / "talks")
    with running(experiment(model, num_discussions=2, max_concurrency=1), tmp_path / "more") as (control, _):
        until(lambda: len(model.requests) == 1)
        with pytest.raises(
            InvalidInputError, match=r"'discussion-00001' is not in progress. In progress: discussion-0"
        ):
            control.inject(UNITS[1], "Hello.")
        with pytest.raises(InvalidInputError, match=r"'discussion-00009' is finished, failed, or not of this run"):
            control.skip("discussion-00009")
        with pytest.raises(InvalidInputError, match=r"text is empty. Give a comment"):
            control.inject(UNITS[0], " \n")
        with pytest.raises(InvalidInputError, match=r"name is empty. Give the name of its speaker"):
            control.inject(UNITS[0], "Hello.", "")
        with pytest.raises(InvalidInputError, match="text is 3, but must be text"):
            control.inject(UNITS[0], 3)
        model.allowed = math.inf
    slow = snb.LLMActor(talker(allowed=0), "", actor_type=snb.ActorType.ANNOTATOR)
    with running(Annotating(slow, run), tmp_path / "labels") as (control, result):
        with pytest.raises(InvalidInputError, match="Comments can be added to discussions only"):
            control.inject("discussion-00000.annotator-00", "Hello.")
        control.stop()
    assert result[0].status == "interrupted"


class Annotating:
    def __init__(self, annotator, run):
        self.begin = lambda folder: snb.AnnotationExperiment([annotator], seed=1).begin(run, folder)


def test_text_that_no_file_could_keep_is_made_whole(users):
    discussion = snb.Discussion(users, topic="Tax", seed=1)
    discussion.step()
    assert discussion.inject("a\ud83d").text == "a\ufffd"


# One discussion, by itself


def test_a_guest_changes_neither_the_order_nor_the_moderators_part(users):
    moderator = snb.LLMActor(snb.ScriptedModel("Calm down.", name="calm"), "Mo")
    for manager in (snb.RoundRobin(), snb.RandomOther(), snb.RespondWithProbability(0.8), snb.Hosted(2)):
        plain = snb.Discussion(users, moderator, "Tax", num_turns=8, turn_manager=manager, seed=5)
        plain.run()
        disturbed = snb.Discussion(users, moderator, "Tax", num_turns=8, turn_manager=manager, seed=5)
        while disturbed.step():
            disturbed.inject("Boo!", "Ana")
        held = [(one.name, one.role, one.turn) for one in disturbed.messages if one.role != "guest"]
        assert held == [(one.name, one.role, one.turn) for one in plain.messages]
        assert [message.index for message in disturbed.messages] == list(range(len(disturbed.messages)))


def test_nothing_can_be_said_before_the_opening(users):
    with pytest.raises(InvalidInputError, match="has not started, so nobody would see"):
        snb.Discussion(users, topic="Tax").inject("Hello.")
    assert snb.Discussion(users).inject("Hello.").index == 0


def test_a_fork_has_what_a_guest_said(users):
    discussion = snb.Discussion(users, topic="Tax", seed=1)
    discussion.step(), discussion.step()
    discussion.inject("Mind the buses!")
    discussion.run()
    assert [message.role for message in discussion.fork(at=1).run().comments].count("guest") == 1


def test_a_guest_is_shown_as_one(users):
    discussion = snb.Discussion(users, topic="Tax", seed=1)
    discussion.step(), discussion.step()
    discussion.inject("Mind the buses!", "The mayor")
    bundle = discussion.run()._repr_mimebundle_()
    assert "The mayor (guest, turn 1)" in bundle["text/plain"]
    assert "snb-guest" in bundle["text/html"]
    assert "guest</span>" in bundle["text/html"]


def test_a_guest_by_a_model_is_found_out(tmp_path, users):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=1, seed=1).begin(tmp_path)
    file = tmp_path / f"{UNITS[0]}.json"
    document = json.loads(file.read_text())
    said = document["logs"][-1]
    document["logs"].append({**said, "index": said["index"] + 1, "role": "guest", "model": "talker"})
    file.write_text(json.dumps(document))
    assert "is a guest's, but by the model 'talker'" in str(run.verify())
