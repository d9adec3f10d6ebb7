"""What unfolds step by step: one step, all steps, waited for or awaited."""

import abc
from collections.abc import Iterator

from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import Message, Transcript


class Unfolding(abc.ABC):
    """The faces of a discussion; it needs only `_step` and a `transcript`."""

    async def astep(self) -> Message | None:
        """Let the next one speak; return the comment or silence, or None once the discussion is over."""
        return await run_async(self._step())

    async def arun(self) -> Transcript:
        """Run to the end."""
        return await run_async(self._run())

    def step(self) -> Message | None:
        """Do what `astep` does, and wait for it."""
        return run_sync(self._step())

    def run(self) -> Transcript:
        """Run to the end, and wait for it. After an interrupt, what was said is in `messages`."""
        return run_sync(self._run())

    def __iter__(self) -> Iterator[Message]:
        while (message := self.step()) is not None:
            yield message

    async def _run(self) -> Transcript:
        while await self._step() is not None:
            pass
        return self.transcript

    @property
    @abc.abstractmethod
    def transcript(self) -> Transcript:
        """What has been said so far."""

    @abc.abstractmethod
    async def _step(self) -> Message | None: ...
