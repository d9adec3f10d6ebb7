"""The model of a page: a title, facts and blocks, before any format is chosen.

Functions in `pages` build a page of an object; `writers` turn it into HTML, Markdown or plain text. All writers get the
same page, so they show the same sections.
"""

from __future__ import annotations

from dataclasses import dataclass

from syndisco_nb.display.colours import Look
from syndisco_nb.records import ChatMessage


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a whole, drawn as a bar in a table's cell; `value` is from 0 to 1."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of coloured blocks in a listing's cell, for who spoke when, None for nobody; `text` names the speakers."""

    blocks: tuple[Look | None, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `more` says how many rows are left out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | Share, ...], ...]
    more: str = ""

    @property
    def narrow(self) -> bool:
        """Whether the table has no head; several such tables, often distributions, stand side by side."""
        return not any(self.head)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark; a warning stands out. `body` marks a paragraph of the page itself, in its usual size, `code` Python."""

    text: str
    warning: bool = False
    body: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages sent to a model; with `raw`, its answer where the record keeps a changed text."""

    title: str
    messages: tuple[ChatMessage, ...]
    facts: tuple[tuple[str, str], ...] = ()
    raw: str | None = None
    folded: bool = True
    thoughts: tuple[str, str] | None = None  # a heading, and the reasoning before the answer

    @property
    def facts_line(self) -> str:
        """The facts in one line."""
        return " · ".join(f"{name} {value}" for name, value in self.facts)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Role and text of each message, then of the reasoning and the raw answer, if there are any."""
        thoughts = [] if self.thoughts is None else [self.thoughts]
        answer = [] if self.raw is None else [("raw reply", self.raw)]
        return [*((message.role, message.content) for message in self.messages), *thoughts, *answer]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A participant or moderator.

    `lane` holds, for each stretch of the conversation, their share of its messages, from 0 to 1; None where they only
    kept silent.
    """

    name: str
    look: Look
    role: str
    contribution: str
    lane: tuple[float | None, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speakers:
    """All speakers of a conversation, each with a strip of when they spoke."""

    title: str
    people: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One annotator's answer about a comment; `value` is None where `raw` holds no label.

    `bars` are the probabilities of all labels, `probability` is that of the value.
    """

    annotator: str
    value: str | None
    raw: str = ""
    bars: tuple[Share, ...] = ()
    prompt: Prompt | None = None
    probability: float | None = None

    @property
    def text(self) -> str:
        """The label, or the answer that holds none."""
        return f"unparsed: “{self.raw}”" if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Rating:
    """All answers about a comment on one scale; `is_free` if any text is allowed on it."""

    scale: str
    answers: tuple[Answer, ...]
    is_free: bool = False

    @property
    def disagreement(self) -> bool:
        """Whether the annotators gave different labels; free texts differ without disagreement."""
        return not self.is_free and len({answer.value for answer in self.answers if answer.value is not None}) > 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a conversation, a comment or a silence; `where` is the Python expression for it."""

    number: int
    turn: int
    name: str
    look: Look
    role: str
    text: str
    silent: bool = False
    cut: str = ""
    speaks_for: str = ""
    reply: str = ""
    prompt: Prompt | None = None
    where: str = ""
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A line between messages: some are not shown, or a fork begins."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Silences with nothing said between them."""

    entries: tuple[Entry, ...]

    @property
    def names(self) -> str:
        """Those who were silent, each once."""
        return ", ".join(dict.fromkeys(entry.name for entry in self.entries))

    @property
    def turns(self) -> str:
        """The turns, such as "turns 3–5"."""
        first, last = self.entries[0].turn, self.entries[-1].turn
        return f"turn {first}" if first == last else f"turns {first}–{last}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages, in order."""

    title: str
    entries: tuple[Entry | Gap, ...]

    @property
    def parts(self) -> tuple[Entry | Gap | Silence, ...]:
        """The entries, with silences that follow each other in one."""
        parts: list[Entry | Gap | Silence] = []
        for entry in self.entries:
            if isinstance(entry, Gap) or not entry.silent:
                parts.append(entry)
            elif parts and isinstance(parts[-1], Silence):
                parts[-1] = Silence((*parts[-1].entries, entry))
            else:
                parts.append(Silence((entry,)))
        return tuple(parts)

    @property
    def ratings(self) -> tuple[tuple[Rating, ...], ...]:
        """The ratings of each comment that has any."""
        return tuple(entry.ratings for entry in self.entries if isinstance(entry, Entry) and entry.ratings)

    @property
    def annotators(self) -> tuple[str, ...]:
        """The names of all annotators, in order."""
        answers = (answer for ratings in self.ratings for rating in ratings for answer in rating.answers)
        return tuple(dict.fromkeys(answer.annotator for answer in answers))


@dataclass(frozen=True, slots=True)
class Point:
    """The labels of one comment on one scale.

    On a scale of numbers, `height`, `low` and `high` are the mean, the lowest and the highest, from 0 to 1. On one of
    categories, `shares` are those of the annotators who chose each category.
    """

    number: int
    name: str
    text: str
    height: float = 0.0
    low: float = 0.0
    high: float = 0.0
    shares: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        """The comment's number and speaker."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The course of a scale over the comments of a discussion.

    `columns` stand below those of the speakers' strips, a point or None each; `axis` names the highest, the middle
    and the lowest value of a scale of numbers, `categories` the labels of another scale, from the lowest band on.
    `points` are all comments, one by one.
    """

    title: str
    points: tuple[Point, ...]
    columns: tuple[Point | None, ...]
    legend: str
    axis: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A figure as PNG; its ground is opaque, so that it can be read in any theme.

    The caption stands below it. The alternative text says all that it shows, caption included, and stands for it where
    there are no images. `width` is in pixels.
    """

    title: str
    png: bytes
    alt: str
    caption: str = ""
    width: int = 600


Graphic = Trajectory | Image


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two conversations beside each other, a row for each turn; `more` says how many turns are left out.

    A row is the name of the turn, the messages left and right, and whether they are the same.
    """

    title: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, tuple[Entry, ...], tuple[Entry, ...], bool], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """A page inside a page, folded under its summary."""

    summary: str
    page: Page


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing: its head, and the words around its value where there are no columns.

    With `after` "comments", the value 16 reads "16 comments"; with `before` "toxicity", 1.4 reads "toxicity 1.4".
    """

    head: str
    before: str = ""
    after: str = ""
    is_number: bool = False

    def around(self, cell: str | int | Strip) -> tuple[str, str]:
        """Return the words before and after a value, with the spaces between."""
        after = self.after.removesuffix("s") if cell == 1 else self.after
        return self.before and f"{self.before} ", after and f" {after}"


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a listing, and the page that unfolds under it, if there is room for it."""

    cells: tuple[str | int | Strip, ...]
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of things that unfold, such as discussions; `more` says what is left out."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Listed, ...]
    more: str = ""

    @property
    def table(self) -> Table:
        """All rows as texts, without their pages."""
        rows = tuple(tuple(map(cell_text, row.cells)) for row in self.rows)
        return Table(self.title, tuple(column.head for column in self.columns), rows, self.more)

    def summary(self, row: Listed) -> str:
        """Return all that a row says, in one line."""
        texts = []
        for column, cell in zip(self.columns, row.cells, strict=True):
            before, after = column.around(cell)
            if text := cell_text(cell):
                texts.append(f"{before}{text}{after}")
        return " · ".join(texts)


def cell_text(cell: str | int | Strip) -> str:
    """Return a listing's cell as text."""
    if isinstance(cell, Strip):
        return cell.text
    return f"{cell:,}" if isinstance(cell, int) else cell


@dataclass(frozen=True, slots=True)
class Chapter:
    """Blocks under a heading, for a page of several parts, such as a report."""

    title: str
    blocks: tuple[Block, ...]


Block = Facts | Table | Note | Prompt | Speakers | Conversation | Graphic | SideBySide | Fold | Listing | Chapter


@dataclass(frozen=True, slots=True)
class Page:
    """The layout of one object; `origin` holds the facts about how it was made."""

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    progress: Share | None = None
    origin: tuple[tuple[str, str], ...] = ()
