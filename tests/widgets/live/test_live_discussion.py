"""A single discussion under way: to its end, controlled on the way, and what is shown of it."""

import asyncio

import pytest
from support.slow_run import ask, wait_for

import syndisco_nb as snb
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.live import LiveDiscussion


class Gate:
    """A model that answers so many requests, and then waits for more to be allowed."""

    def __init__(self):
        self.allowed = self.asked = 0

    async def reply(self, request):
        self.asked += 1
        number = self.asked
        while number > self.allowed:
            await asyncio.sleep(0.002)
        return f"I think {request.seed % 1000}."


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def discussion(gate):
    return talk(gate.reply)


def talk(reply, turns=6):
    users = [snb.LLMActor(snb.ScriptedModel(reply, name="gated"), name) for name in ("Ana", "Ben")]
    return snb.Discussion(users, topic="Tax?", num_turns=turns, seed=3)


def whole():
    free = Gate()
    free.allowed = 99
    return talk(free.reply).run()


def said(live):
    return [line["text"] for line in ask(live, "open")["said"]]


def test_it_is_shown_as_a_run_with_one_discussion_and_ends_as_its_transcript(gate, discussion):
    live = LiveDiscussion(discussion)
    gate.allowed = 2
    wait_for(lambda: live.widget.head["title"] == "Turn 2 of 6")
    assert (live.widget.head["single"], live.widget.head["here"], live.state) == (True, True, "running")
    wait_for(lambda: live.widget.cards[0]["writing"])
    assert live.widget.cards[0]["turn"] == "turn 2 of 6"
    gate.allowed = 99
    assert live.wait(60) == whole()
    assert (live.state, live.widget.head["share"]) == ("finished", 1)
    wait_for(lambda: live.widget.final_page)
    assert "Tax?" in live.widget.final_page


def test_a_pause_waits_for_what_was_asked_and_comments_can_be_added(gate, discussion):
    live = LiveDiscussion(discussion)
    wait_for(lambda: gate.asked)
    assert ask(live, "pause") == {"id": 7}
    gate.allowed = 1
    wait_for(lambda: len(said(live)) == 2)
    assert live.state == "paused"
    ask(live, "inject", text="Mind the buses!", name="Dana")
    wait_for(lambda: said(live)[-1] == "Mind the buses!")
    assert gate.asked == 1
    ask(live, "resume")
    gate.allowed = 99
    assert [message.role for message in live.wait(60).messages].count("guest") == 1


def test_one_that_is_stopped_keeps_what_was_said_and_goes_on(gate, discussion):
    live = LiveDiscussion(discussion)
    gate.allowed = 2
    wait_for(lambda: len(said(live)) == 3)
    ask(live, "stop")
    assert len(live.wait(60).messages) == 3
    assert (live.state, repr(live)) == (
        "interrupted",
        "<LiveDiscussion: <Discussion by Ana, Ben: turn 2 of 6>, interrupted>",
    )
    gate.allowed = 99
    assert LiveDiscussion(discussion).wait(60) == whole()


def test_what_fails_is_said_with_what_was_said_before():
    def fail(request):
        raise ValueError("no answer")

    live = LiveDiscussion(talk(fail))
    with pytest.raises(SyndiscoError, match="no answer"):
        live.wait(60)
    wait_for(lambda: live.widget.final_page)
    assert live.state == live.widget.head["status"] == "failed"
    assert "no answer" in live.widget.final_page
    assert "Tax?" in live.widget.final_page


def test_what_it_cannot_do_is_an_answer(gate, discussion):
    live = LiveDiscussion(discussion)
    assert "text is empty" in ask(live, "inject", text=" ")["error"]
    assert ask(live, "skip")["error"]
    live.stop()
    live.wait(60)
