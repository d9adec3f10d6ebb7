"""Chat messages, sampling settings and the generation of a text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from pydantic import model_serializer

from syndisco_nb.errors import named_arguments, require, require_int, require_number
from syndisco_nb.shown import Shown

ChatRole = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "passed", "timeout"]
Trim = Literal["sentence"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the chat in a request to a model.

    Examples
    --------
    >>> from syndisco_nb import ChatMessage
    >>> ChatMessage("user", "What do you think?").content
    'What do you think?'
    """

    role: ChatRole
    content: str

    def __str__(self) -> str:
        return f"[{self.role}]\n{self.content}"


@dataclass(frozen=True, slots=True)
class Sampling(Shown):
    """Settings with which a reply is drawn from the model's probabilities.

    None leaves a setting out: a server is not sent it and uses its own; a local model does without it.

    Parameters
    ----------
    temperature : float or None
        Divides the logits; 0 always takes the likeliest token. None is 1 to a local model.
    top_p : float or None
        Keep the likeliest tokens whose probabilities add up to this, in (0, 1].
    top_k : int or None
        Keep this many of the likeliest tokens; 0 keeps all.
    repetition_penalty : float or None
        Above 1, tokens that already stand in the prompt or the reply become less likely
        (Keskar et al., 2019, *CTRL*). Tokens that end a reply are exempt, so it never keeps one from ending.
    max_tokens : int or None
        The longest reply, in tokens. A local model needs a number.
    trim : {"sentence"} or None
        "sentence" ends a comment that was cut off at `max_tokens` after its last whole sentence; the whole reply is
        kept as `Generation.raw`. None keeps the reply as it is.

    Examples
    --------
    >>> from syndisco_nb import Sampling
    >>> Sampling(temperature=0.7, max_tokens=100).temperature
    0.7
    """

    temperature: float | None = 1.0
    top_p: float | None = 1.0
    top_k: int | None = 0
    repetition_penalty: float | None = 1.0
    max_tokens: int | None = 500
    trim: Trim | None = None

    def __post_init__(self) -> None:
        if self.temperature is not None:
            require_number("temperature", self.temperature, "0 or more", lambda value: value >= 0)
        if self.top_p is not None:
            require_number("top_p", self.top_p, "above 0 and at most 1", lambda value: 0 < value <= 1)
        if self.repetition_penalty is not None:
            require_number(
                "repetition_penalty", self.repetition_penalty, "above 0 (1 is none)", lambda value: value > 0
            )
        if self.top_k is not None:
            require_int("top_k", self.top_k, 0)
        if self.max_tokens is not None:
            require_int("max_tokens", self.max_tokens, 1)
        require(self.trim in (None, *get_args(Trim)), f"trim is {self.trim!r}, but must be 'sentence' or None.", "trim")

    @model_serializer
    def _written(self) -> dict[str, Any]:
        """Return all fields, None included: if left out of a file, it would be read as a default."""
        return asdict(self)


Sampling.__init__ = named_arguments(Sampling.__init__)  # type: ignore[method-assign]  # the dataclass has written it


@dataclass(frozen=True, slots=True)
class Generation(Shown):
    """Generation of a text: its prompt, settings and cost.

    Attributes
    ----------
    prompt : tuple of ChatMessage
        The exact messages in the request.
    sampling : Sampling or None
        The settings used; None where they have no meaning, as for a scripted model.
    seed : int
        The seed of this draw.
    finish_reason : {"stop", "length", "passed", "timeout"}
        "length" marks a reply cut off at `Sampling.max_tokens`; "passed", a person who chose to say nothing; and
        "timeout", one who said nothing in time.
    prompt_tokens, completion_tokens : int
        0 where the model counts none.
    seconds : float
        Wall time from joining a batch to the end of the reply; of labels, time of the batch that scored them; of a
        person, time to answer.
    batch_size : int
        Size of the largest batch that it was part of.
    raw : str or None
        The model's answer, where it differs from the text kept; without its reasoning.
    reasoning : str or None
        The reasoning before the answer; never part of the comment, of a prompt, or of a label.
    reasoning_tokens : int
        Number of `completion_tokens` in the reasoning; 0 where the model does not count them.
    notes : tuple of str
        Deviations of the model or server from the request, and the workarounds, in words.
    """

    prompt: tuple[ChatMessage, ...]
    seed: int
    sampling: Sampling | None = None
    finish_reason: FinishReason = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    batch_size: int = 1
    raw: str | None = None
    reasoning: str | None = None
    reasoning_tokens: int = 0
    notes: tuple[str, ...] = ()
