"""Hold a discussion: every message is in the journal before the next one is asked for."""

import asyncio
from collections.abc import Iterable

from syndisco_nb.jobs import Discussion
from syndisco_nb.records import Message
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.runs.journal import Journal


async def hold_discussion(
    discussion: Discussion, unit: str, journal: Journal[Message], control: RunControl, progress: RunProgress
) -> None:
    """Hold a discussion to its end, or go on with it.

    Parameters
    ----------
    discussion : Discussion
        With the messages of the journal as its history.
    unit : str
        The name of the discussion in its run.
    journal : Journal
        Gets each message at once.
    control : RunControl
        Pauses the discussion, and lets guests speak.
    progress : RunProgress
        Counts the turns.
    """
    control.register(unit, discussion)
    progress.add_earlier(unit, sum(message.role == "participant" for message in journal.done))
    try:
        while True:
            while control.needs_attention and discussion.opened and (remarks := await control.wait_while_paused(unit)):
                _add_remarks(remarks, discussion, journal)
            message = await discussion.astep()
            if message is None:
                break
            journal.append(message)
            if message.generation:
                progress.advance(message.role == "participant")
            await asyncio.sleep(0)  # an instant model must not keep the loop to itself
    finally:  # after a stop or a failure, remarks that nobody has answered are kept
        _add_remarks(control.take_remarks(unit), discussion, journal)


async def hold_turns(discussion: Discussion, turns: int) -> None:
    """Hold the first turns of a discussion.

    Parameters
    ----------
    discussion : Discussion
    turns : int
        The last turn to hold.
    """
    while (message := await discussion.astep()) is not None and message.turn <= turns:
        if message.turn == turns and message.role == "participant":
            return


def _add_remarks(remarks: Iterable[tuple[str, str]], discussion: Discussion, journal: Journal[Message]) -> None:
    for text, name in remarks:
        journal.append(discussion.inject(text, name))
