"""Estimate the cost of a run from a small part of it and a rehearsal."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.records import ChatMessage, Label, Message
from syndisco_nb.runs.cost import Cost, memory, spent
from syndisco_nb.wording import as_answered

Made = Sequence[Message | Label]


async def estimate(probe: Callable[[], Awaitable[Made]], rehearse: Callable[[Model], Awaitable[float]]) -> Cost:
    """Estimate the cost of a run.

    Parameters
    ----------
    probe : callable
        Does a small part of the run for real; returns its messages or labels.
    rehearse : callable
        Does a part of the run with the given model; returns its share of the whole.
    """
    started = time.perf_counter()
    made = await probe()
    sample = spent(made, time.perf_counter() - started, *memory())
    model = _Rehearsal([_reply(one) for one in made])
    whole = 1 / await rehearse(model)
    characters = sum(_size(one.generation.prompt) for one in made if one.generation)
    per_character = sample.prompt_tokens / characters if characters else 0
    calls = model.calls * whole
    prompt_tokens = model.characters * whole * per_character
    completion_tokens = calls * sample.completion_tokens / max(1, sample.calls)
    tokens = sample.prompt_tokens + sample.completion_tokens
    done = tokens / (prompt_tokens + completion_tokens) if tokens else sample.calls / calls
    return Cost(
        calls=round(calls),
        prompt_tokens=round(prompt_tokens),
        completion_tokens=round(completion_tokens),
        seconds=round(sample.seconds / done, 1) if done else 0.0,
        memory_mb=sample.memory_mb,
        gpu_memory_mb=sample.gpu_memory_mb,
    )


class _Rehearsal(Model):
    """A model that answers with the replies of the probe and counts its requests."""

    def __init__(self, replies: Sequence[str]) -> None:
        super().__init__("rehearsal")
        self._replies = list(replies) or [""]
        self.calls = 0
        self.characters = 0

    async def complete(self, request: Request) -> Completion:
        self.calls += 1
        self.characters += _size(request.messages)
        return Completion(self._replies[request.seed % len(self._replies)])


def _size(prompt: Iterable[ChatMessage]) -> int:
    return sum(len(message.content) for message in prompt)


def _reply(one: Message | Label) -> str:
    """Return the reply of the model as text."""
    text = one.text if isinstance(one, Message) else as_answered(one.value)
    return text if one.generation is None or one.generation.raw is None else one.generation.raw
