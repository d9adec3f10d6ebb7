"""A run that takes its time, and its live view: for tests that act while it goes on."""

import asyncio
import time

import syndisco_nb as snb

TURNS = 400  # far more than are held while a test acts, on a slow machine too
pace = {"delay": 0.0}
"""Seconds that each reply takes."""


def slow_users(*names):
    async def reply(request):
        await asyncio.sleep(pace["delay"])
        return f"I think {request.seed % 1000}."

    model = snb.ScriptedModel(reply, name="talker")
    return [snb.LLMActor(model, name) for name in names or ("Ana", "Ben", "Cem")]


def slow_experiment(**settings):
    given = {"topics": ["Tax"], "users": slow_users(), "num_turns": TURNS, "num_discussions": 3, "seed": 1, **settings}
    return snb.DiscussionExperiment(**given)


def number_said(live):
    """Return the number of comments in the discussions that are shown."""
    return sum(card["said"][-1]["index"] for card in live.widget.cards if card["said"])


def ask(live, kind, **rest):
    """Return the answer to a request of the page."""
    answer = live.widget.answer({"id": 7, "kind": kind, **rest})
    assert answer["id"] == 7
    return answer


def wait_for(condition, timeout=60):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
