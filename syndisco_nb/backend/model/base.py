"""The interface of all models: a `Request` goes in, a `Completion` comes out."""

import abc
import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.errors import require_text
from syndisco_nb.records import ChatMessage, FinishReason, Generation, Message, Participant, Sampling
from syndisco_nb.wording import whole

DEFAULT_SAMPLING = Sampling(top_p=0.95, top_k=50)
"""The default sampling settings of local models."""

MAX_TOKENS = 500
"""The default limit of a reply, in tokens."""


class Drawing(NamedTuple):
    """Sampling settings with a number in every field, for a local model; fields as in `Sampling`."""

    temperature: float
    top_p: float
    top_k: int
    repetition_penalty: float
    max_tokens: int

    @classmethod
    def of(cls, sampling: Sampling, max_tokens: int) -> "Drawing":
        """Fill the gaps of a `Sampling`.

        Parameters
        ----------
        sampling : Sampling
            A setting that is None becomes the value that changes nothing.
        max_tokens : int
            The limit of a reply where `sampling` has none.
        """
        return cls(
            1.0 if sampling.temperature is None else sampling.temperature,
            1.0 if sampling.top_p is None else sampling.top_p,
            sampling.top_k or 0,
            1.0 if sampling.repetition_penalty is None else sampling.repetition_penalty,
            max_tokens if sampling.max_tokens is None else sampling.max_tokens,
        )


class Draft:
    """The text of an answer while a model is writing it.

    Attributes
    ----------
    read : callable
        Returns the text so far, in any thread; set by the model that answers.
    """

    __slots__ = ("read",)

    def __init__(self) -> None:
        self.read: Callable[[], str] = str

    def __repr__(self) -> str:
        return f"<Draft: {self.read()[:60]!r}>"


@dataclass(frozen=True, slots=True)
class Situation:
    """The discussion that a request comes from, for people who answer it. Models read the messages alone.

    Attributes
    ----------
    actor : Participant
        The participant, moderator or annotator that the answer is for.
    discussion : int
        The number of the discussion in its experiment.
    turn : int
        The turn of the discussion, or the index of the comment to label.
    talk : tuple of Message
        The messages so far, silences included; for a label, the comments of the window.
    users : tuple of str
        The participants, in the order of the transcript; empty for a label.
    moderator : str
        The moderator's name; "" without one.
    draft : Draft
        The answer so far.
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
    """A question to a model.

    Parameters
    ----------
    messages : tuple of ChatMessage
        The chat, to be laid out by the model's own chat template.
    seed : int
        The seed of this draw. Equal requests get equal replies.
    sampling : Sampling, optional
        Settings for this request; by default the model's own.
    labels : tuple of str
        The allowed answers. A model that knows their probabilities returns them, and answers with the likeliest.
    situation : Situation, optional
        The discussion that it comes from. It does not influence a model's answer and is left out of comparisons.

    Examples
    --------
    >>> request = Request((ChatMessage("user", "Should buses be free?"),), seed=1, labels=("yes", "no"))
    >>> request.messages[-1].content
    'Should buses be free?'
    """

    messages: tuple[ChatMessage, ...]
    seed: int
    sampling: Sampling | None = None
    labels: tuple[str, ...] = ()
    situation: Situation | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer and its cost; fields as in `Generation` and `Label`.

    Examples
    --------
    >>> Completion("I agree.", completion_tokens=3).finish_reason
    'stop'
    """

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
        # A reply may be cut off inside a character, and no file can hold half of one.
        for name, text in (("text", self.text), ("reasoning", self.reasoning)):
            if isinstance(text, str) and not text.isascii():
                object.__setattr__(self, name, whole(text))
        if self.notes and isinstance(self.notes, tuple):
            notes = tuple(whole(note) if isinstance(note, str) else note for note in self.notes)
            object.__setattr__(self, "notes", notes)


Reply = asyncio.Future[Completion]
"""A completion that is still to come, on the private loop."""


class Model(Kind):
    """Base of all models; a new one needs only `complete`.

    Parameters
    ----------
    name : str
        The name of the model in transcripts.

    Examples
    --------
    >>> class Echo(Model):
    ...     async def complete(self, request):
    ...         return Completion(request.messages[-1].content)
    >>> asyncio.run(Echo("echo").complete(Request((ChatMessage("user", "Hello."),), seed=1))).text
    'Hello.'
    """

    sampling: Sampling | None = None
    """The settings for requests that bring none; None for models that do not sample."""

    def __init__(self, name: str) -> None:
        require_text("name", name)
        self.name = name

    @abc.abstractmethod
    async def complete(self, request: Request) -> Completion:
        """Answer one request. A model may answer requests that wait at the same time in one batch."""

    async def load(self) -> None:
        """Get ready to answer. Errors in the set-up are raised here, before any discussion starts."""
        return

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Return a context that a run stays in while it may send requests."""
        return contextlib.nullcontext()

    def settings(self) -> dict[str, Any]:
        """Return the settings that distinguish this model, as plain data; recorded with every run."""
        return {**super().settings(), "name": self.name}

    def identity(self) -> dict[str, Any]:
        """Return the part of `settings` that, with the request, decides the answers."""
        return self.settings()

    def _sampling_arguments(self, usual: Sampling) -> dict[str, Any]:
        """Return name, limit and sampling, as the constructors of most models take them; the usual sampling is None."""
        sampling = self.sampling or usual
        limit = sampling.max_tokens
        special = sampling != replace(usual, max_tokens=limit)
        return {"name": self.name, "max_out_tokens": limit, "sampling": asdict(sampling) if special else None}


def scored(
    labels: Sequence[str],
    probabilities: Sequence[float],
    mass: float,
    prompt_tokens: int,
    seconds: float,
    batch_size: int,
) -> Completion:
    """Return the answer to a request with labels: the likeliest label, with the probabilities of all.

    Parameters
    ----------
    labels : sequence of str
    probabilities : sequence of float
        Of the labels, in the same order; they add up to 1.
    mass : float
        The probability that the model gives to all labels together.
    prompt_tokens : int
    seconds : float
    batch_size : int
        As in `Generation`.
    """
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
    """Set the answer of a reply, unless it is done or cancelled; to be called on the reply's loop.

    Parameters
    ----------
    reply : Reply
    answer : Completion or Exception
    """
    if reply.done():
        return
    if isinstance(answer, Exception):
        reply.set_exception(answer)
    else:
        reply.set_result(answer)


def generation_record(request: Request, completion: Completion, kept: str) -> Generation:
    """Return the record of how a text was generated.

    Parameters
    ----------
    request : Request
    completion : Completion
    kept : str
        The text of the comment or label; the model's own words are recorded where they differ from it.
    """
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
