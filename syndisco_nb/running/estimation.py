"""Estimate the cost of a run: at once from a rehearsal, then from a short probe of the models."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.records import ChatMessage, Label, Message
from syndisco_nb.running.scheduler import load_all
from syndisco_nb.runs.cost import Cost, memory, spent
from syndisco_nb.wording import as_answered, count, duration

PROBE_S, REHEARSAL_S = 5.0, 1.0
"""The longest time for a probe of the models, and for a rehearsal, in seconds."""
CHARACTERS, REPLY_TOKENS = 4, 60
"""The characters of a token, and the tokens of a reply, as long as nothing is measured."""

_BEAT_S = 0.1
_REPLY = ("word " * REPLY_TOKENS)[: CHARACTERS * REPLY_TOKENS]

Made = Sequence[Message | Label]


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(Cost):
    """Estimate of the cost of a run, or of all runs of a study.

    Calls are known at once. Tokens are an approximation until a probe of the models has measured them, and the time is
    not known before.

    Attributes
    ----------
    conditions : int
    comments : int
        Comments of participants, or labels, that are asked for.
    loading_s : float
        Time that loading the models took, in seconds; it is not part of `seconds`.
    answers : int
        Answers of the probe so far; 0 if nothing was measured.
    wanted : int
        Answers that the probe asks for; it ends earlier after five seconds.
    over : bool
        False while the probe goes on.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> snb.Estimate(80, 9_000, 4_800, 0.0, 0, comments=80)
    <Estimate: 80 comments, 80 calls, about 9,000 prompt and 4,800 completion tokens, time not measured>
    """

    conditions: int = 1
    comments: int = 0
    loading_s: float = 0.0
    answers: int = 0
    wanted: int = 0
    over: bool = False

    @property
    def cost(self) -> Cost:
        """The cost alone, as `Run.costs` compares it."""
        return Cost(*(getattr(self, field.name) for field in fields(Cost)))

    def __repr__(self) -> str:
        conditions = f"{count(self.conditions, 'condition')}, " if self.conditions > 1 else ""
        text = f"<Estimate: {conditions}{count(self.comments, 'comment')}, {count(self.calls, 'call')}, "
        tokens = f"{self.prompt_tokens:,} prompt and {self.completion_tokens:,} completion tokens"
        if not self.answers:
            return f"{text}about {tokens}, time not measured>"
        return f"{text}{tokens}, {duration(self.seconds)}, {self.memory_mb:,} MB>"


Told = Callable[[Estimate], object]
"""Is told the estimate so far."""


@dataclass(frozen=True)
class Probe:
    """A small part of a run, held with the real models.

    Attributes
    ----------
    jobs : sequence of callable
        Return the coroutines that do it.
    made : callable
        Returns the messages or labels so far.
    """

    jobs: Sequence[Callable[[], Coroutine[Any, Any, Any]]]
    made: Callable[[], Made]


@dataclass(frozen=True)
class Trial:
    """A run to be estimated.

    Attributes
    ----------
    comments, wanted : int
        As in `Estimate`.
    models : sequence of Model
    probe : callable
        Returns the probe; raises `InvalidInputError` if there can be none.
    rehearse : callable
        Does a part of the run with the given model, for about the given number of seconds; returns its share of the
        whole.
    """

    comments: int
    wanted: int
    models: Sequence[Model]
    probe: Callable[[], Probe]
    rehearse: Callable[[Model, float], Awaitable[float]]


async def first_estimate(trial: Trial, limit_s: float = REHEARSAL_S) -> Estimate:
    """Return what is known of a run without asking its models: calls, and about the number of tokens.

    Parameters
    ----------
    trial : Trial
    limit_s : float
        Seconds that a rehearsal may take.
    """
    model = _Rehearsal([])
    whole = 1 / await trial.rehearse(model, limit_s)
    return Estimate(
        calls=round(model.calls * whole),
        prompt_tokens=round(model.characters * whole / CHARACTERS),
        completion_tokens=round(model.replied * whole / CHARACTERS),
        seconds=0.0,
        memory_mb=0,
        comments=trial.comments,
        wanted=trial.wanted,
    )


async def measured_estimate(
    trial: Trial, first: Estimate, limit_s: float = PROBE_S, told: Told = lambda _: None
) -> Estimate:
    """Return the estimate of a run after a probe of its models.

    The probe ends when the time is up, but not before its first answer.

    Parameters
    ----------
    trial : Trial
    first : Estimate
        Of `first_estimate`.
    limit_s : float
        Seconds that the probe may take, without loading the models.
    told : callable
        Is told the estimate so far, after every answer.
    """
    probe = trial.probe()
    started = time.perf_counter()
    await load_all(trial.models)
    loaded = time.perf_counter()
    first = replace(first, loading_s=round(loaded - started, 1))
    await _try(probe, limit_s, lambda answers: told(replace(first, answers=answers)))
    made = probe.made()
    sample = spent(made, time.perf_counter() - loaded, *memory())
    model = _Rehearsal([_reply(one) for one in made])
    whole = 1 / await trial.rehearse(model, REHEARSAL_S)
    characters = sum(_size(one.generation.prompt) for one in made if one.generation)
    per_character = sample.prompt_tokens / characters if characters else 0
    calls = model.calls * whole
    prompt_tokens = model.characters * whole * per_character
    completion_tokens = calls * sample.completion_tokens / max(1, sample.calls)
    tokens = sample.prompt_tokens + sample.completion_tokens
    done = tokens / (prompt_tokens + completion_tokens) if tokens else sample.calls / calls
    return replace(
        first,
        calls=round(calls),
        prompt_tokens=round(prompt_tokens),
        completion_tokens=round(completion_tokens),
        seconds=round(sample.seconds / done, 1) if done else 0.0,
        memory_mb=sample.memory_mb,
        gpu_memory_mb=sample.gpu_memory_mb,
        answers=sample.calls,
        over=True,
    )


def like_others(first: Estimate, others: Sequence[tuple[Estimate, Estimate]]) -> Estimate:
    """Return the estimate of a run that was not probed, from those of others with the same models, in proportion.

    Parameters
    ----------
    first : Estimate
        Of `first_estimate`.
    others : sequence of (Estimate, Estimate)
        The first estimate of each other run, and the measured one.
    """

    def ratio(over: str, under: str) -> float:
        below = sum(getattr(before, under) for before, _ in others)
        return sum(getattr(after, over) for _, after in others) / below if below else 0.0

    return replace(
        first,
        prompt_tokens=round(first.prompt_tokens * ratio("prompt_tokens", "prompt_tokens")),
        completion_tokens=round(first.completion_tokens * ratio("completion_tokens", "completion_tokens")),
        seconds=round(first.calls * ratio("seconds", "calls"), 1),
        wanted=0,
        over=True,
    )


def added(parts: Iterable[Estimate], *, over: bool = False) -> Estimate:
    """Return the estimate of several runs together.

    Parameters
    ----------
    parts : iterable of Estimate
        Of each run; all share a process, so its memory counts once.
    over : bool
        Whether no more probes follow.
    """
    each = list(parts)

    def total(name: str) -> Any:
        return sum(getattr(one, name) for one in each)

    measured = all(one.answers or one.over for one in each)
    return Estimate(
        calls=total("calls"),
        prompt_tokens=total("prompt_tokens"),
        completion_tokens=total("completion_tokens"),
        seconds=round(total("seconds"), 1) if measured else 0.0,
        memory_mb=max(one.memory_mb for one in each),
        gpu_memory_mb=max(one.gpu_memory_mb for one in each),
        conditions=len(each),
        comments=total("comments"),
        loading_s=round(total("loading_s"), 1),
        answers=total("answers"),
        wanted=total("wanted"),
        over=over,
    )


async def _try(probe: Probe, limit_s: float, told: Callable[[int], object]) -> None:
    """Do the jobs of a probe, until they or the time are over; raise the first of their errors."""
    end = time.perf_counter() + limit_s
    tasks = [asyncio.create_task(job()) for job in probe.jobs]
    answers = 0
    try:
        while pending := [task for task in tasks if not task.done()]:
            await asyncio.wait(pending, timeout=_BEAT_S)
            for task in tasks:
                if task.done():
                    task.result()
            before, answers = answers, spent(probe.made(), 0.0, 0, 0).calls
            if answers > before:
                told(answers)
            if answers and time.perf_counter() > end:
                break
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Rehearsal(Model):
    """A model that answers with the replies of the probe and counts its requests.

    Without replies, it chooses an allowed label, or returns a text of the length that is assumed.
    """

    def __init__(self, replies: Sequence[str]) -> None:
        super().__init__("rehearsal")
        self._replies = list(replies)
        self.calls = 0
        self.characters = 0
        self.replied = 0

    async def complete(self, request: Request) -> Completion:
        self.calls += 1
        self.characters += _size(request.messages)
        reply = self._replies[request.seed % len(self._replies)] if self._replies else [*request.labels, _REPLY][0]
        self.replied += len(reply)
        return Completion(reply)


def _size(prompt: Iterable[ChatMessage]) -> int:
    return sum(len(message.content) for message in prompt)


def _reply(one: Message | Label) -> str:
    """Return the reply of the model as text."""
    text = one.text if isinstance(one, Message) else as_answered(one.value)
    return text if one.generation is None or one.generation.raw is None else one.generation.raw
