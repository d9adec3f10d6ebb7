"""A question to a model and its answer: `Request` and `Completion`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from syndisco_nb.records import ChatMessage, FinishReason, Generation, Message, Participant, Sampling
from syndisco_nb.wording import replace_surrogates


class Draft:
    """The text of an answer while a model is writing it.

    Parameters
    ----------
    is_wanted : bool
        Whether anybody may be looking at it. If not, a model need not do more work for it.

    Attributes
    ----------
    read : callable
        Returns the text so far, in any thread; set by the model that answers.
    """

    __slots__ = ("is_wanted", "read")

    def __init__(self, is_wanted: bool = True) -> None:
        self.is_wanted = is_wanted
        self.read: Callable[[], str] = str

    def __repr__(self) -> str:
        return f"<Draft: {self.read()[:60]!r}>"


@dataclass(frozen=True, slots=True)
class Situation:
    """The discussion that a request comes from, shown to a person who answers it. Other models do not read it.

    Attributes
    ----------
    actor : Participant
        The participant, moderator or annotator that the answer is for.
    discussion : int
        The number of the discussion in its experiment.
    turn : int
        The turn of the discussion, or the index of the comment to label.
    history : tuple of Message
        The messages so far, silences included; for a label, the comments of the window.
    users : tuple of str
        The participants, in the order of the transcript; empty for a label.
    moderator : str
        The moderator's name; "" without one.
    cast : tuple of str
        As in `Transcript`; empty for a label.
    draft : Draft
        The answer so far.
    """

    actor: Participant
    discussion: int
    turn: int
    history: tuple[Message, ...]
    users: tuple[str, ...] = ()
    moderator: str = ""
    cast: tuple[str, ...] = ()
    draft: Draft = field(default_factory=Draft, compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a model.

    Parameters
    ----------
    messages : tuple of ChatMessage
        The chat, which the model formats with its own chat template.
    seed : int
        The seed of this draw. Equal requests get equal replies.
    sampling : Sampling, optional
        Settings for this request; by default the model's own.
    labels : tuple of str
        The allowed answers. A model that can compute their probabilities returns these, and answers with the likeliest.
    situation : Situation, optional
        The discussion that the request comes from. It influences no model's answer and is ignored by ``==``.

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
        # A reply may be cut off inside a character, and half a character cannot be written to a file.
        for name, text in (("text", self.text), ("reasoning", self.reasoning)):
            if isinstance(text, str) and not text.isascii():
                object.__setattr__(self, name, replace_surrogates(text))
        if self.notes and isinstance(self.notes, tuple):
            notes = tuple(replace_surrogates(note) if isinstance(note, str) else note for note in self.notes)
            object.__setattr__(self, "notes", notes)


class LabelShares(NamedTuple):
    """Probabilities of labels; all NaN where the model's numbers overflowed.

    Attributes
    ----------
    probabilities : list of float
        One per label, adding up to 1.
    mass : float
        Their sum before they were normalised, in [0, 1].
    """

    probabilities: list[float]
    mass: float


def scored_completion(
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


def generation_record(request: Request, completion: Completion, kept: str) -> Generation:
    """Return the record of how a text was generated.

    Parameters
    ----------
    request : Request
    completion : Completion
    kept : str
        The text of the comment or label. Where the model's own text differs, it is recorded as `raw`.
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
