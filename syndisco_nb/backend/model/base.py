"""The interface of all models: a `Request` goes in, a `Completion` comes out."""

import abc
import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from syndisco_nb.errors import require_text
from syndisco_nb.records import ChatMessage, FinishReason, Generation, Message, Participant, Sampling
from syndisco_nb.shown import Shown
from syndisco_nb.wording import whole

DEFAULT_SAMPLING = Sampling(top_p=0.95, top_k=50)
"""How replies are drawn, unless told otherwise."""


MAX_TOKENS = 500
"""The longest reply, in tokens, unless told otherwise."""


class Drawing(NamedTuple):
    """A `Sampling` without gaps, as a local model needs it to draw a reply; fields as there."""

    temperature: float
    top_p: float
    top_k: int
    repetition_penalty: float
    max_tokens: int

    @classmethod
    def of(cls, sampling: Sampling, max_tokens: int) -> "Drawing":
        """Return the settings; what is None changes nothing, and `max_tokens` is the limit where there is none."""
        return cls(
            1.0 if sampling.temperature is None else sampling.temperature,
            1.0 if sampling.top_p is None else sampling.top_p,
            sampling.top_k or 0,
            1.0 if sampling.repetition_penalty is None else sampling.repetition_penalty,
            max_tokens if sampling.max_tokens is None else sampling.max_tokens,
        )


class Draft:
    """An answer in the making: a model that writes word by word lets others look on.

    Attributes
    ----------
    read : callable
        Returns the text so far, on any thread; set by the model that answers.
    """

    __slots__ = ("read",)

    def __init__(self) -> None:
        self.read: Callable[[], str] = str

    def __repr__(self) -> str:
        return f"<Draft: {self.read()[:60]!r}>"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a request comes from: what people who answer it need to see. Models go by the messages alone.

    Attributes
    ----------
    actor : Participant
        Who is to answer.
    discussion : int
        The number of the discussion in its experiment.
    turn : int
        The turn of the discussion, or the index of the comment to label.
    talk : tuple of Message
        What was said so far, silences included; for a label, the comments of the window.
    users : tuple of str
        Who takes part in the discussion, in the order of its transcript; for a label, nobody.
    moderator : str
        Who moderates it; "" if nobody does.
    draft : Draft
        What the answer is so far.
    """

    actor: Participant
    discussion: int
    turn: int
    talk: tuple[Message, ...]
    users: tuple[str, ...] = ()
    moderator: str = ""
    draft: Draft = field(default_factory=Draft, compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked.

    Parameters
    ----------
    messages : tuple of ChatMessage
        The chat, as the model's own chat template will lay it out.
    seed : int
        The seed of this draw. Equal requests get equal replies.
    sampling : Sampling, optional
        Settings for this request alone; the model's own otherwise.
    labels : tuple of str
        If given, a model that can says how probable each of these is, and answers with the likeliest.
    situation : Situation, optional
        Where it comes from. Decides no model's answer, so requests are equal without regard to it.
    """

    messages: tuple[ChatMessage, ...]
    seed: int
    sampling: Sampling | None = None
    labels: tuple[str, ...] = ()
    situation: Situation | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, and at what cost; fields as in `Generation` and `Label`."""

    text: str
    finish_reason: FinishReason = "stop"
    sampling: Sampling | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    batch_size: int = 1
    probabilities: dict[str, float] | None = None
    mass: float | None = None
    reasoning: str | None = None
    reasoning_tokens: int = 0
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A reply may be cut off inside a character, and no file could keep half of one.
        for part, text in (("text", self.text), ("reasoning", self.reasoning)):
            if isinstance(text, str) and not text.isascii():
                object.__setattr__(self, part, whole(text))
        if self.notes and isinstance(self.notes, tuple):
            notes = tuple(whole(note) if isinstance(note, str) else note for note in self.notes)
            object.__setattr__(self, "notes", notes)


Reply = asyncio.Future[Completion]
"""Where an answer is waited for, on the private loop."""


class Model(Shown, abc.ABC):
    """The base of all models; a new one needs only `complete`.

    Parameters
    ----------
    name : str
        What transcripts call the model.
    """

    sampling: Sampling | None = None
    """How replies are drawn where a request does not say; None where that has no meaning."""

    def __init__(self, name: str) -> None:
        require_text("name", name)
        self.name = name

    @abc.abstractmethod
    async def complete(self, request: Request) -> Completion:
        """Answer one request. Requests that wait together may be answered together."""

    async def load(self) -> None:
        """Make ready to answer. An error in the set-up shows here, before any discussion starts."""
        return

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Return a context that each run stays in as long as it may ask."""
        return contextlib.nullcontext()

    def settings(self) -> dict[str, Any]:
        """Return what distinguishes this model, as plain data; recorded with every run."""
        return {"type": type(self).__name__, "name": self.name}

    def identity(self) -> dict[str, Any]:
        """Return what decides the model's answers, but for the request: a part of `settings`."""
        return self.settings()

    def __repr__(self) -> str:
        settings = {name: value for name, value in self.settings().items() if name != "type"}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"


def scored(
    labels: Sequence[str],
    probabilities: Sequence[float],
    mass: float,
    prompt_tokens: int,
    seconds: float,
    batch_size: int,
) -> Completion:
    """Return the answer to a request with labels: the likeliest, with the probabilities of all and their mass."""
    best = max(range(len(labels)), key=probabilities.__getitem__)
    return Completion(
        text=labels[best],
        prompt_tokens=prompt_tokens,
        seconds=seconds,
        batch_size=batch_size,
        probabilities=dict(zip(labels, probabilities, strict=True)),
        mass=mass,
    )


def settle(reply: Reply, answer: Completion | Exception) -> None:
    """Answer, on the loop where the reply is waited for, unless nobody waits any more."""
    if reply.done():
        return
    if isinstance(answer, Exception):
        reply.set_exception(answer)
    else:
        reply.set_result(answer)


def generation_record(request: Request, completion: Completion, kept: str) -> Generation:
    """Return the record of how a text came to be; `kept` is what was made of the model's words."""
    return Generation(
        prompt=request.messages,
        seed=request.seed,
        sampling=completion.sampling,
        finish_reason=completion.finish_reason,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        seconds=completion.seconds,
        batch_size=completion.batch_size,
        raw=None if completion.text == kept else completion.text,
        reasoning=completion.reasoning,
        reasoning_tokens=completion.reasoning_tokens,
        notes=completion.notes,
    )
