"""What there is to show, before it is decided how: a page is a title, facts, and sections.

HTML, Markdown and plain text are three ways of writing down the same page, so they list the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from syndisco_nb.display.colours import Look
from syndisco_nb.records import ChatMessage


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, drawn as a bar in a table's cell."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | Share, ...], ...]
    more: str = ""
    """What the table leaves out, if anything."""

    @property
    def narrow(self) -> bool:
        """Whether several of this kind fit beside each other: a distribution, which needs no head."""
        return not any(self.head)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark; a warning is one that must be seen."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages, exactly as a model is sent them, and its words where they were not kept as they were."""

    title: str
    messages: tuple[ChatMessage, ...]
    facts: tuple[tuple[str, str], ...] = ()
    raw: str | None = None
    folded: bool = True
    thoughts: tuple[str, str] | None = None  # a heading, and the reasoning before the answer

    @property
    def line(self) -> str:
        """All of it but the messages, in one line."""
        return " · ".join(f"{name} {value}" for name, value in self.facts)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Role and text of each message, of the reasoning, and of the answer, where it was not kept as it was."""
        thoughts = [] if self.thoughts is None else [self.thoughts]
        answer = [] if self.raw is None else [("answered, word for word", self.raw)]
        return [*((message.role, message.content) for message in self.messages), *thoughts, *answer]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who takes part.

    `lane` says, for each stretch of the talk, how much of it is theirs, from 0 to 1; None where they were asked, and
    said nothing.
    """

    name: str
    look: Look
    role: str
    said: str
    lane: tuple[float | None, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who took part, and who spoke when."""

    title: str
    people: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one annotator said of a comment; `value` is None where no label could be read from `raw`."""

    annotator: str
    value: str | None
    raw: str = ""
    bars: tuple[Share, ...] = ()
    why: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """All answers on one scale."""

    scale: str
    answers: tuple[Answer, ...]

    @property
    def disagreement(self) -> bool:
        """Whether the annotators gave different labels."""
        return len({answer.value for answer in self.answers if answer.value is not None}) > 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a talk: a comment, or a silence; `where` finds it in Python."""

    number: int
    turn: int
    name: str
    look: Look
    role: str
    text: str
    silent: bool = False
    cut: str = ""
    speaks_for: str = ""
    why: Prompt | None = None
    where: str = ""
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between messages: that some are not shown, or that a fork begins."""

    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, in order."""

    title: str
    entries: tuple[Entry | Gap, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One comment's mean; `height` is from 0 to 1, as are the lowest and the highest answer."""

    number: int
    name: str
    height: float
    low: float
    high: float
    text: str

    @property
    def label(self) -> str:
        """Which comment it is."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """How something goes over the comments of a discussion."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two talks, side by side; each row is a turn."""

    title: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, tuple[Entry, ...], tuple[Entry, ...], bool], ...]
    """Name of the turn, what was said left and right, and whether it is the same."""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Something to open."""

    summary: str
    page: Page


Block = Facts | Table | Note | Prompt | Speakers | Talk | Trajectory | Sides | Fold


@dataclass(frozen=True, slots=True)
class Page:
    """One object, laid out."""

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    progress: Share | None = None
