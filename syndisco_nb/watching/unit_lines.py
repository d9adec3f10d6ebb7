"""The lines of one discussion, or annotation of one, as they come in."""

from dataclasses import dataclass

from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.runs.reading import line_counts, lines_of
from syndisco_nb.wording import label_text

WHOLE = "discussion"
"""Name and role in a line of the label of a whole discussion."""


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """One comment or silence; in an annotation, the labelled comment with its label."""

    index: int
    turn: int
    name: str
    text: str
    role: str
    silent: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class UnitState:
    """State of one unit at one moment.

    Attributes
    ----------
    condition, unit : str
        Names of its condition and of itself.
    topic : str
        The text of its opening.
    turn : int
        The last turn that was held; of an annotation, the number of labels.
    lines : tuple of WatchedLine
        The last of its lines.
    cast : tuple of str
        Names of all who may take part in the run or its study, as far as that is known.
    speakers : tuple of str
        Names of those who have spoken, moderators excepted, in order.
    changed : float
        Time of its last growth, in the seconds of `time.monotonic`.
    state : str
        "in progress", "finished", "failed", "skipped" or "waiting".
    """

    condition: str
    unit: str
    topic: str
    turn: int
    lines: tuple[WatchedLine, ...]
    cast: tuple[str, ...]
    speakers: tuple[str, ...]
    changed: float
    state: str


class UnitLines:
    """All lines of one unit so far.

    Parameters
    ----------
    cast : tuple of str
        As in `UnitState`.

    Attributes
    ----------
    lines : list of WatchedLine
        All lines so far.
    cast, speakers : tuple of str
        As in `UnitState`.
    turns : int
        Number of turns held, or labels given.
    tokens : int
        Number of tokens generated.
    changed : float
        As in `UnitState`.
    problem : str
        The error of a line that cannot be read; "" if there is none.
    """

    def __init__(self, cast: tuple[str, ...] = ()) -> None:
        self.cast = cast
        self.changed = 0.0
        self.forget()

    def forget(self) -> None:
        """Drop all lines."""
        self.lines: list[WatchedLine] = []
        self.speakers: tuple[str, ...] = ()
        self.turns = self.tokens = 0
        self.problem = ""

    def add(self, record: Message | Label) -> None:
        """Add one line."""
        line = watched_line(record)
        self.lines.append(line)
        if line.role not in ("moderator", WHOLE) and line.name not in self.speakers:
            self.speakers = (*self.speakers, line.name)
        counts = line_counts(record)
        self.turns += counts.turns
        self.tokens += counts.tokens

    def complete(self, record: Transcript | AnnotationSet) -> None:
        """Replace all lines by those of a finished record."""
        self.forget()
        for line in lines_of(record):
            self.add(line)

    def state(self, condition: str, unit: str, state: str, last: int) -> UnitState:
        """Return the state of the unit.

        Parameters
        ----------
        condition, unit, state : str
            As in `UnitState`.
        last : int
            Number of last lines to include.
        """
        topic = next((line.text for line in self.lines[:1] if line.role == "opening"), "")
        lines = tuple(self.lines[-last:])
        return UnitState(condition, unit, topic, self.turns, lines, self.cast, self.speakers, self.changed, state)


def watched_line(record: Message | Label) -> WatchedLine:
    """Return the part of a message or label that the live view shows."""
    if isinstance(record, Message):
        return WatchedLine(record.index, record.turn, record.name, record.text, record.role, record.silent)
    value = label_text(record.value)
    label = f"{record.scale}: {value}" if record.scale else value
    number = -1 if record.comment is None else record.comment
    name, role = (WHOLE, WHOLE) if record.unit == "discussion" else (record.name, "participant")
    return WatchedLine(number, max(0, number), name, record.text, role, silent=False, label=label)
