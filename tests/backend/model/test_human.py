import asyncio
import threading
import time

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Request, Situation
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.loop import Call, run_sync
from syndisco_nb.records import ChatMessage

HELLO = (ChatMessage("user", "Tea?"),)


def wait_until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ask(human, seed=1, labels=()):
    """Ask on the private loop, as discussions do; return once the request waits."""
    call = Call(human.complete(Request(HELLO, seed, labels=labels)))
    wait_until(lambda: any(seat.request.seed == seed for seat in human.waiting))
    return call


def test_an_answer_is_awaited():
    human = snb.HumanModel("Dana")
    call = ask(human)
    (seat,) = human.waiting
    assert (seat.request.messages, seat.answered) == (HELLO, None)
    time.sleep(0.06)
    human.answer("Yes, please.")
    found = call.future.result(60)
    assert seat.answered == found
    assert (found.text, found.finish_reason) == ("Yes, please.", "stop")
    assert found.seconds >= 0.06
    assert human.waiting == []


def test_a_pass_is_silence():
    human = snb.HumanModel("Dana")
    call = ask(human)
    human.pass_()
    found = call.future.result(60)
    assert (found.text, found.finish_reason) == ("", "passed")


def test_the_end_of_the_time_is_silence():
    human = snb.HumanModel("Dana", timeout_s=0.05)
    found = run_sync(human.complete(Request(HELLO, 1)))
    assert (found.text, found.finish_reason) == ("", "timeout")
    assert found.seconds > 0.04
    assert human.waiting == []


def test_the_clock_runs_for_the_first_in_the_queue_alone():
    human = snb.HumanModel("Dana", timeout_s=300)
    first, second = ask(human, 1), ask(human, 2)
    assert human.waiting[1].left_s is None
    assert 0 < human.waiting[0].left_s <= 300
    time.sleep(0.5)
    begun = time.monotonic()
    human.answer("One.")
    human.answer("Two.")
    took = time.monotonic() - begun
    assert first.future.result(60).seconds >= 0.5
    assert second.future.result(60).seconds <= took + 0.001  # which is rounded


def test_the_oldest_is_answered_unless_another_is_named():
    human = snb.HumanModel("Dana")
    calls = [ask(human, seed) for seed in (1, 2, 3)]
    human.answer("Second.", human.waiting[1])
    human.pass_(human.waiting[1])
    human.answer("First.")
    assert [call.future.result(60).text for call in calls] == ["First.", "Second.", ""]


def test_labels_take_one_of_them():
    human = snb.HumanModel("Dana")
    call = ask(human, labels=("1", "2"))
    with pytest.raises(InvalidInputError, match="text is '3', but must be one of the labels: 1, 2"):
        human.answer("3")
    human.answer("2")
    assert call.future.result(60).text == "2"


def test_what_is_cancelled_vanishes():
    human = snb.HumanModel("Dana")
    changes = []
    human.observe(lambda: changes.append(len(human.waiting)))
    call = ask(human)
    seat = human.waiting[0]
    call.cancel()
    wait_until(lambda: not human.waiting)
    wait_until(lambda: changes == [1, 0])
    with pytest.raises(InvalidInputError, match="does not wait any more"):
        human.answer("Too late.", seat)


def test_observers_hear_of_every_change_until_they_stop():
    human = snb.HumanModel("Dana")
    heard = []
    stop = human.observe(lambda: heard.append([seat.request.seed for seat in human.waiting]))
    ask(human, 1)
    ask(human, 2)
    human.pass_()
    assert heard == [[1], [1, 2], [2]]
    stop()
    human.pass_()
    assert len(heard) == 3


def test_many_threads_may_answer_and_each_answer_counts_once():
    human = snb.HumanModel("Dana")
    calls = [ask(human, seed) for seed in range(40)]
    refused = []

    def answer(number):
        for seat in human.waiting:
            try:
                human.answer(f"{number}", seat)
            except InvalidInputError:
                refused.append(seat)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(call.future.result(60).text for call in calls)
    assert human.waiting == []


def test_it_works_on_any_loop():
    async def talk():
        human = snb.HumanModel("Dana", timeout_s=5)
        asking = asyncio.create_task(human.complete(Request(HELLO, 1)))
        seat = await human.asked()
        threading.Thread(target=human.answer, args=("Hello.", seat)).start()
        return await asking

    assert asyncio.run(talk()).text == "Hello."


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: snb.HumanModel(" "), "name is empty"),
        (lambda: snb.HumanModel("Dana", timeout_s=0), "of seconds above 0"),
        (lambda: snb.HumanModel("Dana").answer("Hello."), "Nothing waits for an answer by 'Dana'"),
        (lambda: snb.HumanModel("Dana").pass_(), "Nothing waits"),
        (lambda: snb.HumanModel("Dana").answer(" "), "text is empty"),
    ],
)
def test_what_cannot_work_says_what_to_do(make, says):
    with pytest.raises(InvalidInputError, match=says):
        make()


def begin(experiment, folder):
    return Call(experiment.abegin(folder))


def test_one_person_among_fifty_discussions_keeps_nobody_else_waiting(tmp_path):
    dana = snb.HumanModel("Dana")
    model = snb.ScriptedModel(["I agree.", "I doubt it."], name="talker")
    users = [snb.LLMActor(model, f"user {n}") for n in range(9)]
    users.append(snb.LLMActor(dana, "Dana", ["age: 34"], "A forum.", "Be yourself."))
    experiment = snb.DiscussionExperiment(
        ["Tax", "Toll"], users, num_turns=4, num_discussions=50, num_active_users=2, seed=20
    )
    holds_dana = [i for i in range(50) if any(user.name == "Dana" for user in experiment.discussion(i, 20).users)]
    call = begin(experiment, tmp_path / "run")
    wait_until(lambda: len(list((tmp_path / "run").glob("discussion-*.json"))) == 50 - len(holds_dana))
    assert len(dana.waiting) == len(holds_dana) > 1
    where = dana.waiting[0].request.situation
    assert where.discussion in holds_dana
    assert (where.actor.name, where.actor.attributes) == ("Dana", ("age: 34",))
    assert where.history[0].role == "opening"
    users = [user.name for user in experiment.discussion(where.discussion, 20).users]
    assert (where.users, where.moderator) == (tuple(users), "")
    assert not call.future.done()
    while not call.future.done():
        if dana.waiting:
            dana.answer(f"Said after {len(dana.waiting[0].request.situation.history)}.")
        time.sleep(0.002)
    run = call.future.result()
    assert (len(run), run.status) == (50, "finished")
    said = [message for transcript in run for message in transcript.messages if message.model == "Dana"]
    assert len([m for m in said if m.generation]) == sum(
        message.name == "Dana" and message.role == "participant" for t in run for message in t.messages
    )
    assert {message.text for message in said} == {f"Said after {n}." for n in (1, 2, 3, 4)}
    assert run.verify()


def test_silences_of_people_are_on_record(tmp_path):
    dana = snb.HumanModel("Dana")
    users = [snb.LLMActor(dana, "Dana"), snb.LLMActor(snb.ScriptedModel("Well."), "Ben")]
    call = begin(snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=1, seed=1), tmp_path)
    wait_until(lambda: dana.waiting)
    dana.pass_()
    wait_until(lambda: dana.waiting)
    dana.answer("Dana: I have changed my mind.")
    (transcript,) = call.future.result(60)
    by_dana = [message for message in transcript.messages if message.model == "Dana"]
    assert [(m.text, m.silent, m.generation.finish_reason) for m in by_dana] == [
        ("", True, "passed"),
        ("I have changed my mind.", False, "stop"),
    ]
    assert "person passed" in snb.Run(tmp_path)[0]._repr_mimebundle_()["text/html"]


def test_an_interrupted_run_leaves_nobody_waiting(tmp_path):
    dana = snb.HumanModel("Dana")
    users = [snb.LLMActor(dana, "Dana"), snb.LLMActor(snb.ScriptedModel("Well."), "Ben")]
    call = begin(snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=1, seed=1), tmp_path)
    wait_until(lambda: dana.waiting)
    call.cancel()
    assert call.future.result(60).status == "interrupted"
    assert dana.waiting == []


def test_a_person_may_annotate_where_a_model_would(users, tmp_path):
    talks = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=1, seed=1).begin(tmp_path / "talks")
    dana = snb.HumanModel("Dana")
    judge = snb.LLMActor(dana, "Dana", actor_type=snb.ActorType.ANNOTATOR)
    experiment = snb.AnnotationExperiment([judge], [snb.Likert("tone", 1, 3), snb.Flag("wit")], seed=1)
    call = Call(experiment.abegin(talks, tmp_path / "labels"))
    comments = len(talks[0].comments)
    wait_until(lambda: len(dana.waiting) == 2 * comments)
    assert dana.waiting[0].request.labels == ("1", "2", "3")
    while dana.waiting:
        dana.answer(dana.waiting[0].request.labels[0])
    (labels,) = call.future.result(60)
    assert [label.value for label in labels.labels] == [1, True] * comments


def test_nobody_is_asked_only_to_estimate(users, tmp_path):
    dana = snb.HumanModel("Dana")
    experiment = snb.DiscussionExperiment(["Tax"], [*users, snb.LLMActor(dana, "Dana")], seed=1)
    with pytest.raises(InvalidInputError, match="'Dana' is a person"):
        experiment.estimate()
    judge = snb.LLMActor(dana, "Dana", actor_type=snb.ActorType.ANNOTATOR)
    with pytest.raises(InvalidInputError, match="'Dana' is a person"):
        snb.AnnotationExperiment([judge]).estimate(tmp_path)


def test_a_situation_decides_no_answer():
    where = Situation(snb.Transcript("", 0, 1, "", ()), 1, 2, ())
    assert Request(HELLO, 1, situation=where) == Request(HELLO, 1)
    assert hash(Request(HELLO, 1, situation=where)) == hash(Request(HELLO, 1))


def test_it_shows_what_waits():
    human = snb.HumanModel("Dana", timeout_s=60)
    assert repr(human) == "HumanModel('Dana', timeout_s=60)"
    assert "Nothing is waiting" in human._repr_mimebundle_()["text/plain"]
    ask(human)
    assert repr(human.waiting[0]) == "<OpenSeat 1>"
    assert "Tea?" in human._repr_mimebundle_()["text/plain"]
    assert "Tea?" in human.waiting[0]._repr_mimebundle_()["text/html"]
    human.pass_()
