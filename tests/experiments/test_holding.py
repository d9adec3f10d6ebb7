"""A discussion on the way into its journal."""

import asyncio
from typing import ClassVar

from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.experiments.holding import hold_discussion, hold_turns


async def until(holds):
    """Wait until something holds."""
    while not holds():
        await asyncio.sleep(0.005)


def test_an_instant_model_can_be_interrupted(users, tmp_path):
    async def held():
        task = asyncio.create_task(discuss(users, num_discussions=20_000).abegin(tmp_path))
        await until(lambda: any(tmp_path.glob("discussion-*.json")))
        task.cancel()
        return await asyncio.wait_for(task, 60)

    run = asyncio.run(held())
    assert run.status == "interrupted"
    assert 0 < len(run) < 20_000


class Controlled:
    """A control through which guests have said something."""

    def __init__(self, remarks=()):
        self.remarks, self.needs_attention = list(remarks), False

    def register(self, unit, discussion):
        self.registered = (unit, discussion)

    def take_remarks(self, unit):
        taken, self.remarks = self.remarks, []
        return taken


class Written(list):
    """A journal, and the progress, in memory."""

    done: ClassVar = ()

    def add_earlier(self, unit, turns):
        self.turns = turns

    def advance(self, turns):
        self.turns += turns


def held(discussion, *remarks):
    journal, progress, control = Written(), Written(), Controlled(remarks)
    asyncio.run(hold_discussion(discussion, "discussion-00000", journal, control, progress))
    assert control.registered == ("discussion-00000", discussion)
    return journal, progress.turns


def test_every_message_is_in_the_journal_and_every_turn_counted(users):
    discussion = snb.Discussion(users, topic="Tax", num_turns=4, seed=1)
    journal, turns = held(discussion)
    assert (list(journal), turns) == (discussion.messages, 4)


def test_remarks_that_nobody_answered_are_kept(users):
    discussion = snb.Discussion(users, topic="Tax", num_turns=1, seed=1)
    journal, _ = held(discussion, ("Wait!", "Gus"))
    assert [(message.text, message.role) for message in journal][-1] == ("Wait!", "guest")
    assert discussion.messages[-1] == journal[-1]


def test_a_probe_ends_with_its_last_turn(users):
    discussion = snb.Discussion(users, topic="Tax", num_turns=9, seed=1)
    asyncio.run(hold_turns(discussion, 2))
    assert discussion.turn == 2
