"""Estimate the cost of a run: at once from a rehearsal, then from a short probe of the models."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.records import ChatMessage, Label, Message
from syndisco_nb.running.scheduler import load_all
from syndisco_nb.runs.cost import Cost, memory, spent
from syndisco_nb.runs.prices import Asked, Use, price
from syndisco_nb.wording import as_answered, count, dollars, duration

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
    batches : int
        Batches that follow each other, where a model answers in batches; then time is not measured.

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
    batches: int = 0

    @property
    def cost(self) -> Cost:
        """The cost alone, as `Run.costs` compares it."""
        return Cost(**{field.name: getattr(self, field.name) for field in fields(Cost)})

    def __repr__(self) -> str:
        conditions = f"{count(self.conditions, 'condition')}, " if self.conditions > 1 else ""
        text = f"<Estimate: {conditions}{count(self.comments, 'comment')}, {count(self.calls, 'call')}, "
        tokens = f"{self.prompt_tokens:,} prompt and {self.completion_tokens:,} completion tokens"
        tokens += "" if self.price_usd is None else f", {dollars(self.price_usd, about=True)}"
        if self.batches:
            return f"{text}about {tokens}, up to {count(self.batches, 'day')}>"
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
        Does a part of the run with stand-ins of its models, by their names, for about the given number of seconds;
        returns its share of the whole.
    batches : int
        As in `Estimate`.
    """

    comments: int
    wanted: int
    models: Sequence[Model]
    probe: Callable[[], Probe]
    rehearse: Callable[[Mapping[str, Model], float], Awaitable[float]]
    batches: int = 0


async def first_estimate(trial: Trial, limit_s: float = REHEARSAL_S) -> Estimate:
    """Return what is known of a run without asking its models: calls, and about the number of tokens.

    Parameters
    ----------
    trial : Trial
    limit_s : float
        Seconds that a rehearsal may take.
    """
    stand_ins = {model.name: _Rehearsal([]) for model in trial.models}
    whole = 1 / await trial.rehearse(stand_ins, limit_s)
    used = {
        name: Use(*(round(one * whole) for one in (had.calls, had.characters / CHARACTERS, had.replied / CHARACTERS)))
        for name, had in stand_ins.items()
    }
    empty = Estimate(0, 0, 0, 0.0, 0, comments=trial.comments, wanted=trial.wanted, batches=trial.batches)
    return _priced(trial, used, empty)


async def measured_estimate(
    trial: Trial, first: Estimate, limit_s: float = PROBE_S, told: Told = lambda _: None
) -> Estimate:
    """Return the estimate of a run after a probe of its models.

    The probe ends when the time is up, but not before its first answer. Models that answer in batches are not probed.

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
    if trial.batches:
        return replace(first, wanted=0, over=True)
    probe = trial.probe()
    started = time.perf_counter()
    await load_all(trial.models)
    loaded = time.perf_counter()
    first = replace(first, loading_s=round(loaded - started, 1))
    await _try(probe, limit_s, lambda answers: told(replace(first, answers=answers)))
    made = probe.made()
    sample = spent(made, time.perf_counter() - loaded, *memory())
    by_model = {model.name: [one for one in made if one.model == model.name] or made for model in trial.models}
    stand_ins = {name: _Rehearsal([_reply(one) for one in own]) for name, own in by_model.items()}
    whole = 1 / await trial.rehearse(stand_ins, REHEARSAL_S)
    used = {}
    for name, own in by_model.items():
        per_character, per_call = _rates(own)
        calls, characters = stand_ins[name].calls * whole, stand_ins[name].characters * whole
        used[name] = Use(round(calls), round(characters * per_character), round(calls * per_call))
    found = _priced(trial, used, first)
    tokens, expected = (one.prompt_tokens + one.completion_tokens for one in (sample, found))
    done = tokens / expected if tokens and expected else sample.calls / found.calls
    return replace(
        found,
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
        below = sum(getattr(before, under) or 0 for before, _ in others)
        return sum(getattr(after, over) or 0 for _, after in others) / below if below else 0.0

    return replace(
        first,
        prompt_tokens=round(first.prompt_tokens * ratio("prompt_tokens", "prompt_tokens")),
        completion_tokens=round(first.completion_tokens * ratio("completion_tokens", "completion_tokens")),
        price_usd=first.price_usd and round(first.price_usd * ratio("price_usd", "price_usd"), 6),
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
    prices = [one.price_usd for one in each if one.price_usd is not None]
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
        batches=max(one.batches for one in each),
        price_usd=round(sum(prices), 6) if prices else None,
        unpriced=tuple(dict.fromkeys(name for one in each for name in one.unpriced)),
        price_source=next((one.price_source for one in each if one.price_source), None),
    )


def _priced(trial: Trial, used: Mapping[str, Use], estimate: Estimate) -> Estimate:
    """Return the estimate with the requests to each model, and with their price."""
    asked = {Asked(model.name, model.in_batches): used[model.name] for model in trial.models}
    usd, unpriced, source = price([model.settings() for model in trial.models], asked, datetime.now(UTC))
    return replace(
        estimate,
        calls=sum(use.calls for use in used.values()),
        prompt_tokens=sum(use.prompt_tokens for use in used.values()),
        completion_tokens=sum(use.completion_tokens for use in used.values()),
        price_usd=usd,
        unpriced=unpriced,
        price_source=source,
    )


def _rates(made: Made) -> tuple[float, float]:
    """Return the tokens of one character of the prompts in a sample, and of one of its answers."""
    sample = spent(made, 0.0, 0, 0)
    characters = sum(_size(one.generation.prompt) for one in made if one.generation)
    return sample.prompt_tokens / max(1, characters), sample.completion_tokens / max(1, sample.calls)


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
