"""A person's seat, without a page: what it would show, and what the page may send."""

import json
import time
from pathlib import Path

import pytest

import syndisco_nb as snb
from examples import PAYLOADS
from syndisco_nb.backend.model.request import Request, Situation
from syndisco_nb.display.colours import looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.loop import Call
from syndisco_nb.records import ChatMessage, Message, Participant
from syndisco_nb.widgets.human.person_widget import PersonWidget


def wait_until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ask(person, *talk, discussion=3, turn=4, labels=(), kind="user", name="Dana"):
    """Ask in a discussion in which this was said, by name; return the call once the seat may show it."""
    messages = tuple(
        Message(
            n, n, name, text, "m", "opening" if n == 0 else "moderator" if name == "Mo" else "participant", not text
        )
        for n, (name, text) in enumerate(talk)
    )
    actor = Participant(name, kind, person.name, ("age: 34",), "A forum.", "Be brief.")
    prompt = (ChatMessage("system", "You are Dana."), ChatMessage("user", "Rate this."))
    before = len(person.waiting)
    situation = Situation(actor, discussion, turn, messages, USERS, "Mo", ("Cem", *USERS))
    call = Call(person.complete(Request(prompt, 1, labels=labels, situation=situation)))
    wait_until(lambda: len(person.waiting) > before)
    return call


def press(seat, kind, text="", at=None):
    """Send what a page would."""
    seat.receive({"kind": kind, "id": "x", "at": seat.asked["at"] if at is None else at, "text": text})
    assert seat.asked["heard"] == "x"


USERS = ("Ben", "Ana", "Dana")
TALK = (("Ana", "Tax?"), ("Ben", "No."), ("Mo", "Calm."), ("Dana", "Why?"), ("Dana", ""))


@pytest.fixture
def dana():
    return snb.HumanModel("Dana P.")


def test_it_shows_all_that_was_said_and_who_one_is(dana):
    call = ask(dana, *TALK, ("Ben", ""), ("Mo", ""))  # but for the silences of others
    seat = dana.seat()
    rows = seat.talk
    assert [(row["name"], row["text"], row["silent"]) for row in rows] == [
        (name, text, not text) for name, text in TALK
    ]
    assert [row["own"] for row in rows] == [False, False, False, True, True]
    assert [row["badge"] for row in rows] == ["opening", "", "moderator", "", ""]
    look = looks(["Cem", *USERS])  # as in the transcript
    assert [row["classes"] for row in rows[:2]] == [look["Ana"].classes, look["Ben"].classes]
    assert (rows[2]["classes"], "double" in rows[2]["border"]) == ("", True)
    asked = seat.asked
    assert (asked["turn"], asked["where"], asked["queue"], asked["left"]) == (True, "discussion 3, turn 4", "", None)
    assert asked["company"] == "with Ben, Ana; Mo moderates"
    assert (asked["person"], asked["name"]) == ("Dana P.", "Dana")
    assert (asked["about"], asked["told"]) == (["Age: 34"], "A forum.\nBe brief.")
    seat.say("I see.")
    assert call.future.result(60).text == "I see."


def test_who_moderates_is_told_so(dana):
    ask(dana, *TALK, name="Mo")
    seat = dana.seat()
    assert seat.asked["company"] == "with Ben, Ana, Dana; you moderate"
    assert [row["own"] for row in seat.talk if row["name"] == "Mo"] == [True]
    seat.say("Let us hear Ana.")
    assert (seat.talk[-1]["name"], seat.talk[-1]["classes"]) == ("Mo", "")


def test_what_was_said_stays_in_sight_while_the_others_speak(dana):
    ask(dana, *TALK)
    seat = dana.seat()
    press(seat, "say", "I see.")
    assert (seat.talk[-1]["text"], seat.talk[-1]["own"]) == ("I see.", True)
    assert (seat.asked["turn"], seat.asked["news"]) == (False, "You answered in discussion 3, turn 4.")
    assert repr(seat) == "<Seat of Dana P.: nothing waits>"
    ask(dana, *TALK, ("Dana", "I see."), turn=6)
    wait_until(lambda: seat.asked["turn"])
    assert len(seat.talk) == len(TALK) + 1
    assert repr(seat) == "<Seat of Dana P.: 1 waiting>"
    press(seat, "pass")
    assert seat.talk[-1]["silent"]
    assert seat.asked["news"] == "You passed in discussion 3, turn 6."


def test_a_time_out_is_said_and_what_was_typed_is_kept():
    dana = snb.HumanModel("Dana", timeout_s=0.15)
    seat = dana.seat()
    call = ask(dana, *TALK)
    wait_until(lambda: seat.asked["turn"])
    assert 0 < seat.asked["left"] <= 0.15
    seat.receive({"kind": "draft", "text": "I thi"})
    assert call.future.result(60).finish_reason == "timeout"
    wait_until(lambda: not seat.asked["turn"])
    assert seat.draft == "I thi"
    assert seat.asked["bad"]
    assert seat.asked["news"] == (
        "Your time was up; discussion 3, turn 4 went on without you. Your text is still in the box."
    )
    ask(dana, *TALK)
    wait_until(lambda: seat.asked["turn"])
    press(seat, "say", "I think.")
    assert (seat.draft, seat.asked["bad"]) == ("", False)


def test_an_answer_that_comes_too_late_gets_nowhere_else(dana):
    first, second = ask(dana, *TALK), ask(dana, *TALK, discussion=9)
    seat = dana.seat()
    shown = seat.asked["at"]
    assert seat.asked["queue"] == "1 more discussion waiting"
    dana.pass_()
    press(seat, "say", "For discussion 3.", at=shown)
    assert seat.asked["where"] == "discussion 9, turn 4"
    assert first.future.result(60).finish_reason == "passed"
    assert len(dana.waiting) == 1
    press(seat, "say", "Once more.", at=shown)
    assert seat.asked["news"] == "This turn is over. Your text is still in the box."
    press(seat, "say", "For discussion 9.")
    assert second.future.result(60).text == "For discussion 9."


def test_a_stopped_discussion_is_said(dana):
    seat = dana.seat()
    call = ask(dana, *TALK)
    wait_until(lambda: seat.asked["turn"])
    call.cancel()
    wait_until(lambda: not seat.asked["turn"])
    assert seat.asked["news"] == "Discussion 3, turn 4 was stopped."
    with pytest.raises(InvalidInputError, match="Nothing waits"):
        seat.say("Hello?")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "say", "id": "x", "text": "  "}, "text is empty. Give a comment, or pass the turn with pass_()."),
        ({"kind": "shout", "id": "x"}, "'shout' is none of: say, pass, look."),
        ({"kind": "close", "id": "x"}, "'close' is none of: say, pass, look."),
        ({"text": 3}, "ValidationError"),
        (None, "ValidationError"),
    ],
)
def test_what_goes_wrong_is_said_in_the_page(dana, sent, said):
    ask(dana, *TALK)
    seat = dana.seat()
    seat.receive({**sent, "at": seat.asked["at"]} if sent and "id" in sent else sent)
    assert said in seat.asked["news"]
    assert seat.asked["bad"]
    assert len(dana.waiting) == 1


def test_who_annotates_sees_what_a_model_would_be_sent(dana):
    call = ask(dana, *TALK, labels=("1", "2"), kind="annotator")
    seat = dana.seat()
    assert seat.talk == []
    assert (seat.asked["about"], seat.asked["told"]) == ([], "")  # the prompt says it
    assert seat.asked["prompt"] == [["system", "You are Dana."], ["user", "Rate this."]]
    assert (seat.asked["labels"], seat.asked["where"]) == ([["1", "1"], ["2", "2"]], "discussion 3, comment 4")
    press(seat, "say", "3")
    assert "must be one of the labels: 1, 2" in seat.asked["news"]
    press(seat, "say", "2")
    assert call.future.result(60).text == "2"


def test_a_request_from_nowhere_can_be_answered(dana):
    call = Call(dana.complete(Request((ChatMessage("user", "Tea?"),), seed=1)))
    wait_until(lambda: dana.waiting)
    seat = dana.seat()
    assert (seat.asked["where"], seat.asked["prompt"]) == ("request 1", [["user", "Tea?"]])
    seat.pass_()
    assert call.future.result(60).finish_reason == "passed"


def test_what_could_act_is_made_visible(dana):
    hostile = PAYLOADS[:150]
    ask(dana, *[(text, text) for text in hostile])
    seat = dana.seat()
    assert [row["name"] for row in seat.talk] == [clean(text) for text in hostile]
    json.dumps([seat.talk, seat.asked], ensure_ascii=False).encode()


def test_a_flood_of_requests_reaches_the_page_seldom_and_whole(dana, monkeypatch):
    shown = []
    monkeypatch.setattr(PersonWidget, "_show", lambda seat, talk, asked: shown.append(asked["queue"]))
    seat = dana.seat()
    started = time.monotonic()
    calls = [Call(dana.complete(Request((ChatMessage("user", "Tea?"),), seed=n))) for n in range(300)]
    wait_until(lambda: shown[-1] == "299 more questions waiting")
    assert len(shown) <= 3 + (time.monotonic() - started) / 0.1
    seat.close()
    for call in calls:
        call.cancel()
    wait_until(lambda: not dana.waiting)
    time.sleep(0.15)
    assert shown[-1] == "299 more questions waiting"


def test_a_repr_is_one_line():
    assert repr(snb.HumanModel("Dana\nP.").seat()) == "<Seat of Dana P.: nothing waits>"


def test_without_a_kernel_it_shows_what_waits(dana):
    ask(dana, *TALK)
    bundle, _ = dana.seat()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "discussion 3, turn 4" in bundle["text/html"]
    assert "Dana" in bundle["text/plain"]


def test_twenty_discussions_go_on_while_one_waits_for_a_person(tmp_path):
    """And the transcript says who wrote what."""
    dana = snb.HumanModel("Dana P.")
    seat = dana.seat()
    talker = snb.ScriptedModel(["Well.", "Hm."], name="talker")
    users = [snb.LLMActor(talker, name) for name in ("Ana", "Ben", "Cem", "Dia", "Eva", "Fay")]
    users.append(snb.LLMActor(dana, "Dana", attributes=["age: 34"]))
    experiment = snb.DiscussionExperiment(["Tax"], users, num_turns=6, num_discussions=21, num_active_users=2, seed=8)
    hers = [i for i in range(21) if any(user.name == "Dana" for user in experiment.discussion(i, 8).users)]
    call = Call(experiment.abegin(tmp_path / "run"))
    finished = lambda: len(list((tmp_path / "run").glob("discussion-*.json")))  # noqa: E731
    wait_until(lambda: finished() == 21 - len(hers) and len(dana.waiting) == len(hers))
    assert 1 <= len(hers) <= 8
    said = 0
    while not call.future.done():
        if dana.waiting:
            said += 1
            seat.say(f"Thought {said}.")
        time.sleep(0.002)
    run = call.future.result()
    assert (len(run), run.status) == (21, "finished")
    by_her = [one for transcript in run for one in transcript.messages if one.model == "Dana P."]
    assert {one.name for one in by_her} == {"Dana"}
    assert sorted(one.text for one in by_her) == sorted(f"Thought {n}." for n in range(1, said + 1))
    assert run.verify()


def test_it_notices_that_a_run_has_ended_and_empties(dana, tmp_path):
    seat = dana.seat()
    users = [snb.LLMActor(dana, "Dana"), snb.LLMActor(snb.ScriptedModel(["Well."]), "Ana")]
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=1, seed=1).start(tmp_path / "run")
    wait_until(lambda: dana.waiting)
    assert not seat.asked["ended"]
    seat.say("Why?")
    run.wait(60)
    wait_until(lambda: seat.asked["ended"])
    assert (seat.talk, seat.asked["where"], seat.asked["turn"]) == ([], "", False)
    ask(dana, *TALK).cancel()  # another one begins
    wait_until(lambda: not dana.waiting)


def test_while_another_run_goes_on_none_has_ended(dana):
    seat = dana.seat()
    with dana.in_use(Path()):
        with dana.in_use(Path()):
            seat.refresh()
        seat.refresh()
        assert not seat.asked["ended"]
        call = ask(dana, *TALK)
        wait_until(lambda: seat.asked["turn"])
        seat.say("Why?")
        assert call.future.result(60).text == "Why?"
        assert seat.talk  # what was said stays to be read while the run goes on
    seat.refresh()
    assert seat.asked["ended"]
    assert seat.talk == []


def test_a_seat_nobody_has_asked_anything_is_not_at_an_end(dana):
    assert not dana.seat().asked["ended"]
