"""One discussion, or annotation of one, as far as its journal tells."""

import time
from dataclasses import dataclass
from os import DirEntry
from pathlib import Path
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.runs.serialization import from_line
from syndisco_nb.watching.growing_file import Tail
from syndisco_nb.wording import label_text


@dataclass(frozen=True, slots=True)
class Said:
    """One comment or silence, or, with its label, a comment that was labelled."""

    index: int
    turn: int
    name: str
    text: str
    role: str
    silent: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """What there is of one unit.

    Attributes
    ----------
    condition, unit : str
        Which it is.
    topic : str
        The text of its opening.
    turn : int
        The last turn that was held; of an annotation, the number of labels.
    said : tuple of Said
        The last of what was said.
    names : tuple of str
        Who may take part, as far as that is known, and who has said something so far, but for moderators: for `looks`.
    changed : float
        When it last grew, in the seconds of `time.monotonic`.
    state : str
        "under way", "finished", "failed" or "set aside".
    """

    condition: str
    unit: str
    topic: str
    turn: int
    said: tuple[Said, ...]
    names: tuple[str, ...]
    changed: float
    state: str


class Growing:
    """The journal of one unit, while it grows.

    Attributes
    ----------
    said : list of Said
        All of it.
    names : tuple of str
        As in `Talk`.
    turns : int
        How many turns were held, or labels given.
    tokens : int
        What was generated.
    changed : float
        When it last grew, in the seconds of `time.monotonic`.
    broken : str
        What is wrong with a line, if one cannot be read.
    """

    def __init__(self, path: Path, kind: type[Any], cast: tuple[str, ...] = ()) -> None:
        self._tail = Tail(path)
        self._kind, self._cast = kind, cast
        self.changed = 0.0
        self._forget()

    def look(self, entry: DirEntry[str]) -> None:
        """Take in what is new."""
        found = entry.stat()
        lines = self._tail.look(found)
        if self._tail.began_anew:
            self._forget()
        if lines:
            # What was there before anybody looked is as old as its file.
            self.changed = time.monotonic() - (0.0 if self.changed else max(0.0, time.time() - found.st_mtime))
        for line in lines:
            try:
                self._take(from_line(self._kind, line, self._tail.path.name))
            except RecordError as error:
                self.broken = str(error)

    def complete(self, record: Transcript | AnnotationSet) -> None:
        """Take in all of it, as it was written at the end."""
        self._forget()
        for one in record.messages if isinstance(record, Transcript) else record.labels:
            self._take(one)

    def talk(self, condition: str, unit: str, state: str, last: int) -> Talk:
        """Return what there is, with so much of what was last said."""
        topic = next((one.text for one in self.said[:1] if one.role == "opening"), "")
        return Talk(condition, unit, topic, self.turns, tuple(self.said[-last:]), self.names, self.changed, state)

    def _forget(self) -> None:
        self.said: list[Said] = []
        self.names: tuple[str, ...] = self._cast
        self.turns = self.tokens = 0
        self.broken = ""

    def _take(self, record: Message | Label) -> None:
        said = said_of(record)
        self.said.append(said)
        if said.role != "moderator" and said.name not in self.names:
            self.names = (*self.names, said.name)
        self.turns += isinstance(record, Label) or record.role == "participant"
        self.tokens += record.generation.completion_tokens if record.generation else 0


def said_of(record: Message | Label) -> Said:
    """Return what is shown of a message or a label."""
    if isinstance(record, Message):
        return Said(record.index, record.turn, record.name, record.text, record.role, record.silent)
    value = label_text(record.value)
    label = f"{record.scale}: {value}" if record.scale else value
    return Said(record.comment, record.comment, record.name, record.text, "participant", silent=False, label=label)
