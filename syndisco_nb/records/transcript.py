"""Transcript of a discussion: its participants, comments and silences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Reversible
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, SupportsIndex, overload

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from syndisco_nb.analysed import Tabulated
from syndisco_nb.errors import InvalidInputError, UnknownItemError, require, require_text, short_repr
from syndisco_nb.exchanged import Exchanged
from syndisco_nb.records.generation import Generation
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.shown import Shown, Viewed
from syndisco_nb.wording import count, replace_surrogates, shortened

HARDCODED = "hardcoded"
"""The "model" of a comment that nobody generated, as in SynDisco's logs."""

GUEST, HUMAN = "Guest", "human"
"""Default name and "model" of a comment by a person from outside the discussion."""

UNFINISHED = "unfinished"
"""First word of `Transcript.ended` where a discussion was stopped, or failed, before its end."""

MessageRole = Literal["opening", "participant", "moderator", "guest"]


@dataclass(frozen=True, slots=True)
class Message(Shown):
    """A comment, or silence, of one speaker who had the floor.

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
        Role of the speaker; a guest is a person from outside who spoke out of turn.
    silent : bool
        Whether the speaker said nothing.
    generation : Generation or None
        Its prompt and cost; None for an opening and for a guest.
    speaks_for : tuple of str
        Other speakers for whom the comment writes lines, as in "Ben: No!", a name per line. The lines stay in the text.
    reply_to : int or None
        `index` of the comment that it answers, where another tool recorded it.
    meta : mapping or None
        Further facts that another tool recorded, as plain data; None for our own.

    Examples
    --------
    >>> from syndisco_nb import Message
    >>> message = Message(index=0, turn=1, name="Ana", text="Why?", model="m")
    >>> message.name, message.silent
    ('Ana', False)
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
    reply_to: int | None = None
    meta: Mapping[str, Any] | None = field(default=None, hash=False)

    def __repr__(self) -> str:
        said = "silent" if self.silent else repr(shortened(self.text, 60))
        return f"<Message {self.index}, turn {self.turn}, {shortened(self.name, 60)}: {said}>"

    def __str__(self) -> str:
        return f"{self.name} says nothing." if self.silent else f"{self.name}: {self.text}"


@dataclass(frozen=True, slots=True)
class Participant(Shown):
    """A participant, moderator or annotator, as described to the model.

    Attributes
    ----------
    model_digest : str
        Digest of the model's settings, which tells two models of one name apart; "" in files of version 1.
    meta : mapping or None
        Further facts that another tool recorded, as plain data; None for our own.
    """

    name: str
    type: str
    model: str
    attributes: tuple[str, ...] = ()
    context: str = ""
    instructions: str = ""
    prompt_format: str = ""
    model_digest: str = ""
    meta: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Parent(Shown):
    """The discussion from which a fork has its history; see `Discussion.fork`.

    Attributes
    ----------
    id : str
        `Transcript.id` of the discussion that was forked.
    at : int
        The last turn that they have in common.
    messages : int
        Number of the first messages, silences included, that are the parent's; the rest is the fork's own.
    changes : tuple of str
        Changes in words, as in "moderator none → Mo".
    """

    id: str
    at: int
    messages: int
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"Forked from {self.id} at turn {self.at}: {'; '.join(self.changes) or 'nothing changed'}"


@dataclass(frozen=True, slots=True)
class Transcript(Tabulated, Exchanged, Viewed, Collection[Message], Reversible[Message]):
    """One discussion: a sequence of its comments.

    ``transcript[0]`` is the first comment, ``transcript[-2:]`` the last two, ``len(transcript)`` their number; without
    comments it is false. Silences are among `messages` alone.

    Attributes
    ----------
    id : str
        Digest of the seed and all settings (topic, users, moderator, settings, parent), so the same discussion under
        another condition has another.
    index : int
        The number of the discussion in its experiment, from 0.
    seed : int or None
        The seed of this discussion; None if another tool recorded it.
    topic : str
        The text of the opening, of several comments the first; "" if there was none.
    users : tuple of Participant
        The participants, in the order handed to the turn manager.
    moderator : Participant or None
    settings : mapping
        Number of turns, window, whose comments it counts, turn manager, and the stop conditions, if any.
    comments : tuple of Message
        The comments, openings included, in order (``logs`` in the file).
    silences : tuple of Message
        Turns on which nothing was said, in order.
    parent : Parent or None
        The discussion it was forked from, if any.
    ended : str or None
        The stop condition that ended it, in words, or, of a discussion from `Run.unfinished`, "unfinished after turn 5
        of 14"; None if it had all its turns.
    known_as : str or None
        Its name in the corpus from which it was read; None for our own, which are named by their index.
    meta : mapping or None
        Further facts that another tool recorded, as plain data; None for our own.
    cast : tuple of str
        Names of all who may take part in the run, study or corpus that it comes from, in order; empty if it comes from
        none. Colours follow them. It stands in no file, and is ignored by ``==``.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana = snb.LLMActor(snb.ScriptedModel("Why?"), "Ana")
    >>> ben = snb.LLMActor(snb.ScriptedModel("No."), "Ben")
    >>> talk = snb.Discussion([ana, ben], topic="Tax?", num_turns=2, seed=1).run()
    >>> len(talk), [comment.text for comment in talk], talk[-1].name
    (3, ['Tax?', 'Why?', 'No.'], 'Ben')
    """

    id: str
    index: int
    seed: Annotated[int | None, Field(default=None)]  # left out of a file where it is None
    topic: str
    users: tuple[Participant, ...]
    moderator: Participant | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    comments: Annotated[tuple[Message, ...], Field(alias="logs")] = ()
    silences: tuple[Message, ...] = ()
    parent: Parent | None = None
    ended: str | None = None
    known_as: str | None = None
    meta: Mapping[str, Any] | None = None
    cast: Annotated[SkipJsonSchema[tuple[str, ...]], Field(exclude=True)] = field(default=(), compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the discussion, as in "discussion-00007"; labels and files are named after it."""
        return self.known_as or discussion_name(self.index)

    @property
    def finished(self) -> bool:
        """False if it is from `Run.unfinished`."""
        return not (self.ended or "").startswith(UNFINISHED)

    @property
    def everybody(self) -> tuple[str, ...]:
        """The names of the cast, then of the participants and of all others who spoke, but for moderators."""
        others = [*(user.name for user in self.users), *(message.name for message in self.messages)]
        moderators = self.moderators
        return tuple(dict.fromkeys([*self.cast, *(name for name in others if name not in moderators)]))

    @property
    def moderators(self) -> set[str]:
        """The names of those who moderate."""
        spoke = {message.name for message in self.comments + self.silences if message.role == "moderator"}
        return spoke | ({self.moderator.name} if self.moderator else set())

    @property
    def messages(self) -> tuple[Message, ...]:
        """Comments and silences together, in order."""
        return tuple(sorted(self.comments + self.silences, key=lambda message: message.index))

    @overload
    def __getitem__(self, place: int) -> Message: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Message, ...]: ...
    def __getitem__(self, place: int | slice) -> Message | tuple[Message, ...]:
        if not isinstance(place, SupportsIndex | slice):
            raise InvalidInputError(
                f"A transcript is a sequence of comments, but was asked for {short_repr(place)}. Take one by its "
                "place, as in transcript[0], or several, as in transcript[-3:]."
            )
        try:
            return self.comments[place]
        except IndexError:
            there = len(self.comments)
            places = f"0 to {there - 1}, or from the end by negative numbers" if there else "none"
            raise UnknownItemError(
                f"There is no transcript[{place}]: discussion {self.index} has {count(there, 'comment')}. Places are "
                f"{places}."
            ) from None

    def __len__(self) -> int:
        return len(self.comments)

    def __iter__(self) -> Iterator[Message]:
        return iter(self.comments)

    def __contains__(self, message: object) -> bool:
        return message in self.comments

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self.comments)

    def __repr__(self) -> str:
        names = shortened(", ".join(user.name for user in self.users), 60)
        name = repr(shortened(self.known_as, 60)) if self.known_as else self.index
        return f"<Transcript {name}: {len(self.comments)} comments by {names} on {shortened(self.topic, 60)!r}>"

    def __str__(self) -> str:
        return "\n\n".join(str(message) for message in self.messages)


def remark(text: str, name: str) -> tuple[str, str]:
    """Return the cleaned text and name of a guest's comment, or raise `InvalidInputError`.

    Parameters
    ----------
    text, name : str
    """
    for what, given in {"text": text, "name": name}.items():
        require_text(what, replace_surrogates(given) if isinstance(given, str) else given)
        require(given.strip(), f"{what} is empty. Give {'a comment' if what == 'text' else 'the name of its speaker'}.")
    return replace_surrogates(text.strip()), replace_surrogates(" ".join(name.split()))
