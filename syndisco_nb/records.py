"""What is written, shown and analysed: plain, immutable data.

A `Transcript` is one discussion, an `AnnotationSet` the labels one annotator gave to one discussion.
Their fields are the fields of the JSON files; `serialization` is the way out and back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

from pydantic import Field, model_serializer

from syndisco_nb.errors import named_arguments, require, require_int, require_number, require_text
from syndisco_nb.shown import Exported, Shown, Viewed
from syndisco_nb.wording import label_text

if TYPE_CHECKING:
    import pandas as pd

HARDCODED = "hardcoded"
"""The "model" of a comment that nobody generated, as SynDisco's logs have it."""

GUEST, HUMAN = "Guest", "human"
"""The name and the "model" of a comment by a person who takes no part otherwise, unless told otherwise."""

ChatRole = Literal["system", "user", "assistant"]
MessageRole = Literal["opening", "participant", "moderator", "guest"]
FinishReason = Literal["stop", "length", "passed", "timeout"]
Trim = Literal["sentence"]
Value = bool | int | str
"""What a label says: of a flag, a number, or a text."""


Record = TypeVar("Record", bound="Transcript | AnnotationSet")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the chat that a model is sent."""

    role: ChatRole
    content: str

    def __str__(self) -> str:
        return f"[{self.role}]\n{self.content}"


@dataclass(frozen=True, slots=True)
class Sampling(Shown):
    """How a reply is drawn from the model's probabilities.

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
        kept as `Generation.raw`. None keeps what was said.
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
        require(self.trim in (None, *get_args(Trim)), f"trim is {self.trim!r}, but must be 'sentence' or None.")

    @model_serializer
    def _written(self) -> dict[str, Any]:
        """Return all fields, None too: left out of a file, it would be read as a default."""
        return asdict(self)


Sampling.__init__ = named_arguments(Sampling.__init__)  # type: ignore[method-assign]  # the dataclass has written it


@dataclass(frozen=True, slots=True)
class Generation(Shown):
    """How a text came to be: what was asked, with which settings, at what cost.

    Attributes
    ----------
    prompt : tuple of ChatMessage
        Exactly the messages the model was sent.
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
        Wall time from joining a batch to the end of the reply; for labels, of the batch they were scored in; of a
        person, the time that they took.
    batch_size : int
        With how many replies, itself among them, it was generated at most.
    raw : str or None
        The model's answer, where it differs from the text kept; without its reasoning.
    reasoning : str or None
        What the model thought before it answered; never part of the comment, of anybody's prompt, or of a label.
    reasoning_tokens : int
        How many of `completion_tokens` went into the reasoning; 0 where the model does not count them.
    notes : tuple of str
        What the model or server could not do as asked, and what was done instead, in words.
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


@dataclass(frozen=True, slots=True)
class Message(Shown):
    """What one speaker did when given the floor: a comment, or silence.

    Attributes
    ----------
    index : int
        Place in the discussion, from 0, silences counted.
    turn : int
        0 for the opening, then the number of the turn; a moderator and a guest share the turn that they follow.
    name : str
        The speaker.
    text : str
        The comment, line breaks kept; "" if silent.
    model : str
        Name of the model that wrote it; "hardcoded" for an opening, "human" for a guest.
    role : {"opening", "participant", "moderator", "guest"}
        In what role the speaker had the floor; a guest is a person who said something from outside, out of turn.
    silent : bool
        Whether the speaker said nothing.
    generation : Generation or None
        The prompt behind it and its cost; None for an opening and for a guest.
    speaks_for : tuple of str
        Whom the comment also writes lines for, as in "Ben: No!": a name for each such line. The lines stay in the text.
    """

    index: int
    turn: int
    name: str
    text: str
    model: str
    role: MessageRole = "participant"
    silent: bool = False
    generation: Generation | None = None
    speaks_for: tuple[str, ...] = ()

    def __repr__(self) -> str:
        said = "silent" if self.silent else repr(_shorten(self.text))
        return f"<Message {self.index}, turn {self.turn}, {_shorten(self.name)}: {said}>"

    def __str__(self) -> str:
        return f"{self.name} says nothing." if self.silent else f"{self.name}: {self.text}"


@dataclass(frozen=True, slots=True)
class Participant(Shown):
    """Who takes part, as told to the model: a participant, a moderator or an annotator.

    Attributes
    ----------
    model_digest : str
        A digest of the settings of the model, which tells apart two models of one name; "" in files of version 1.
    """

    name: str
    type: str
    model: str
    attributes: tuple[str, ...] = ()
    context: str = ""
    instructions: str = ""
    prompt_format: str = ""
    model_digest: str = ""


@dataclass(frozen=True, slots=True)
class Parent(Shown):
    """What a fork has its history from; see `Discussion.fork`.

    Attributes
    ----------
    id : str
        `Transcript.id` of the discussion that was forked.
    at : int
        The last turn that they have in common.
    messages : int
        How many of the first messages, silences counted, are the parent's; what follows is the fork's own.
    changes : tuple of str
        What was changed, in words, as in "moderator none → Mo".
    """

    id: str
    at: int
    messages: int
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"Forked from {self.id} at turn {self.at}: {'; '.join(self.changes) or 'nothing changed'}"


@dataclass(frozen=True, slots=True)
class Transcript(Viewed):
    """One discussion.

    Attributes
    ----------
    id : str
        Derived from the seed and all that was asked (topic, users, moderator, settings, parent), so the same
        discussion under another condition has another.
    index : int
        The number of the discussion in its experiment, from 0.
    seed : int
        The seed of this discussion.
    topic : str
        The text of the opening, of several comments the first; "" if there was none.
    users : tuple of Participant
        Who took part, in the order handed to the turn manager.
    moderator : Participant or None
    settings : mapping
        Number of turns, window, whose comments it counts, turn manager, and the stop conditions if there were any.
    comments : tuple of Message
        What was said, opening included, in order (``logs`` in the file).
    silences : tuple of Message
        Turns on which nothing was said, in order.
    parent : Parent or None
        What it was forked from, if it was.
    ended : str or None
        Which stop condition ended it, in words; None if none did.
    """

    id: str
    index: int
    seed: int
    topic: str
    users: tuple[Participant, ...]
    moderator: Participant | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    comments: Annotated[tuple[Message, ...], Field(alias="logs")] = ()
    silences: tuple[Message, ...] = ()
    parent: Parent | None = None
    ended: str | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """Comments and silences together, in the order in which they happened."""
        return tuple(sorted(self.comments + self.silences, key=lambda message: message.index))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per message, silences included."""
        import pandas as pd

        return pd.DataFrame([self._row(message) for message in self.messages])

    def _row(self, message: Message) -> dict[str, Any]:
        generation = message.generation
        return {
            "discussion": f"discussion-{self.index:05d}",
            "discussion_id": self.id,
            "index": message.index,
            "turn": message.turn,
            "name": message.name,
            "role": message.role,
            "text": message.text,
            "silent": message.silent,
            "speaks_for": ", ".join(message.speaks_for),
            "model": message.model,
            "finish_reason": generation.finish_reason if generation else None,
            "prompt_tokens": generation.prompt_tokens if generation else 0,
            "completion_tokens": generation.completion_tokens if generation else 0,
            "seconds": generation.seconds if generation else 0.0,
        }

    def __repr__(self) -> str:
        names = _shorten(", ".join(user.name for user in self.users))
        return f"<Transcript {self.index}: {len(self.comments)} comments by {names} on {_shorten(self.topic)!r}>"

    def __str__(self) -> str:
        return "\n\n".join(str(message) for message in self.messages)


@dataclass(frozen=True, slots=True)
class Label(Shown):
    """What an annotator answered about one comment.

    Attributes
    ----------
    comment : int
        `Message.index` of the comment.
    name, text : str
        Author and text of the comment.
    annotator : int
        The number of the annotator in its experiment, from 0; tells apart annotators of one name.
    model : str
        Name of the model that answered.
    generation : Generation
        The prompt behind the label and its cost; `raw` holds an answer from which no label could be read.
    value : bool, int, str or None
        The label; None if the answer holds none.
    scale : str
        Name of the scale; "" where any text was asked for.
    probabilities : mapping of str to float, or None
        The model's probability of each allowed label, adding up to 1, where it was asked for them.
    mass : float or None
        The probability, in [0, 1], of all allowed labels together before they were made to add up to 1. Where it is
        low, the model would rather have said something else, and its label means little.
    options : tuple of str
        The allowed labels, in the order in which the prompt names them; none where any text is allowed.
    """

    comment: int
    name: str
    text: str
    annotator: int
    model: str
    generation: Generation
    value: Value | None = None
    scale: str = ""
    probabilities: Mapping[str, float] | None = None
    mass: float | None = None
    options: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Label of comment {self.comment} by {_shorten(self.name)}: {_shorten(label_text(self.value), 90)}>"


LOW_MASS = 0.5
"""Labels whose masses have a median below this are warned of: mostly, the model would have said something else."""


def median_mass(labels: Iterable[Label]) -> float | None:
    """Return the median of the labels' masses; None where the model told none."""
    masses = sorted(label.mass for label in labels if label.mass is not None)
    middle = len(masses) // 2
    return (masses[middle] + masses[~middle]) / 2 if masses else None


def percent(share: float) -> str:
    """Return "1.2%", with two digits however small it is."""
    return f"{100 * share:.2g}%" if share < 0.995 else "100%"


@dataclass(frozen=True, slots=True)
class AnnotationSet(Exported):
    """The labels that one annotator gave to one discussion.

    Attributes
    ----------
    discussion_id : str
        `Transcript.id`.
    discussion : str
        Name of the discussion's file, without its ending.
    index : int
        The number of the annotator in its experiment, from 0.
    seed : int
        The seed of this annotation.
    annotator : Participant
        Its name may be empty.
    settings : mapping
        The window, whose comments it counts, and the scales.
    labels : tuple of Label
        One per comment and scale, in order (``logs`` in the file).
    """

    discussion_id: str
    discussion: str
    index: int
    seed: int
    annotator: Participant
    settings: Mapping[str, Any] = field(default_factory=dict)
    labels: Annotated[tuple[Label, ...], Field(alias="logs")] = ()

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per label.

        `position` is the place of its value, from 1, among the options in the prompt; `mass` is NaN where the model
        told none.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "discussion": self.discussion,
                "discussion_id": self.discussion_id,
                "index": label.comment,
                "name": label.name,
                "text": label.text,
                "annotator": self.annotator.name or f"annotator {self.index}",
                "annotator_index": self.index,
                "scale": label.scale,
                "label": label.value,
                "position": _position(label),
                "mass": math.nan if label.mass is None else label.mass,
                "model": label.model,
            }
            for label in self.labels
        )

    def __repr__(self) -> str:
        who = self.annotator.name or f"annotator {self.index}"
        mass = median_mass(self.labels)
        low = f", which have a mass of {percent(mass)}" if mass is not None and mass < LOW_MASS else ""
        return f"<AnnotationSet of {_shorten(self.discussion)} by {_shorten(who)}: {len(self.labels)} labels{low}>"

    def __str__(self) -> str:
        return "\n\n".join(
            f"{label.name}: {_shorten(label.text, 90)}\n"
            f"  → {label.scale and f'{label.scale}: '}{_shorten(label_text(label.value), 90)}"
            for label in self.labels
        )


class Records(list[Record], Exported):
    """Several transcripts, or annotation sets: a list that shows itself."""

    def __repr__(self) -> str:
        return f"<Records: {len(self)}>"


def _position(label: Label) -> int | None:
    text = label_text(label.value)
    return label.options.index(text) + 1 if label.value is not None and text in label.options else None


def remark(text: str, name: str) -> tuple[str, str]:
    """Return text and name of a guest's comment as they are kept, or raise `InvalidInputError`."""
    for what, given in {"text": text, "name": name}.items():
        require_text(what, whole(given) if isinstance(given, str) else given)
        require(given.strip(), f"{what} is empty. Give {'what is to be said' if what == 'text' else 'who says it'}.")
    return whole(text.strip()), whole(" ".join(name.split()))


def whole(text: str) -> str:
    """Return a text with halves of characters, which no file could keep, made visible."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shorten(text: str, length: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
