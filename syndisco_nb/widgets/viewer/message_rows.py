"""The messages of a transcript, a run or a study as rows, read bit by bit.

A run may hold more than a page can wait for. So the rows are read on for a moment whenever the viewer asks, without
a thread that could outlive it. They keep what is shown; prompts, the bulk of every file, stay on disk.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from syndisco_nb.builder.conditions import ConditionRuns
from syndisco_nb.display.colours import MODERATOR, pool_of
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.page import Entry, Prompt, Rating
from syndisco_nb.display.pages.annotated_page import about_texts, other_texts
from syndisco_nb.display.pages.generation_block import generation_block
from syndisco_nb.display.pages.label_blocks import make_ratings, scale_settings
from syndisco_nb.display.pages.message_pages import make_entry
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.errors import RecordError, require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_parts, discussion_name
from syndisco_nb.runs.run import Run

Item = TypeVar("Item")
Source = Transcript | Run[Transcript] | ConditionRuns[Transcript]
Labels = AnnotationSet | Iterable[AnnotationSet] | ConditionRuns[AnnotationSet]


@dataclass(frozen=True, slots=True)
class Row:
    """One message, and the number of its discussion in what is viewed."""

    discussion: int
    entry: Entry


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Where a discussion is: what holds it, its place there and, of a study, the condition."""

    holder: Sequence[Transcript]
    place: int
    condition: str = ""

    @property
    def owner(self) -> str:
        """How to find it in Python."""
        if self.condition:
            return f"study[{self.condition!r}][{self.place}]"
        return f"run[{self.place}]" if isinstance(self.holder, Run) else "transcript"


@dataclass(frozen=True, slots=True)
class Head:
    """One discussion: its number, its topic and, of a study, its condition."""

    number: str
    topic: str
    condition: str


@dataclass(slots=True)
class ScaleSeen:
    """What comments can be chosen by on one scale: its labels, and what befell some of them."""

    labels: list[str] = field(default_factory=list)
    unread: bool = False
    split: bool = False


class Rows:
    """The messages of a transcript, a run or a study, with their labels, as far as they have been read.

    Attributes
    ----------
    rows : list of Row
    heads : list of Head
        Each discussion read.
    conditions : list of str
        Of a study.
    speakers : list of str
        Everyone who said something.
    scales : dict of str to ScaleSeen
    problems : list of str
        Files that cannot be read, and why; and labels that are about other texts.
    total, tried : int
        How many discussions there are, and how many of them have been read, or cannot be.
    done : bool
        Whether that is all of them.
    """

    def __init__(self, source: Source, labels: Labels | None = None) -> None:
        self._labels = _LabelsOf(labels)
        self._known: set[str] = set()
        self.rows: list[Row] = []
        self.heads: list[Head] = []
        self.conditions = list(source) if isinstance(source, ConditionRuns) else []
        self.speakers: list[str] = []
        self.scales: dict[str, ScaleSeen] = {}
        self.problems: list[str] = []
        self.done = False
        self._all = _units(source)
        self.total = len(self._all)
        self.tried = 0
        self._units: list[Unit] = []
        self._rest = self._read()
        self._opened: tuple[Unit, Transcript] | None = None

    def read(self, seconds: float, least: int = 0) -> None:
        """Read on for about this long, and until there are at least so many rows."""
        deadline = time.monotonic() + seconds
        for row in self._rest:
            self.rows.append(row)
            if len(self.rows) >= least and time.monotonic() >= deadline:
                return
        self.done = True

    def why(self, number: int) -> Prompt | None:
        """Return how the message of a row came to be, from its file."""
        row = self.rows[number]
        unit = self._units[row.discussion]
        if self._opened is None or self._opened[0] is not unit:
            self._opened = (unit, unit.holder[unit.place])
        for message in self._opened[1].messages:
            if message.index == row.entry.number and message.generation:
                return generation_block(message.generation, "What the model was sent")
        return None

    def _read(self) -> Iterator[Row]:
        for unit in self._all:
            try:
                transcript = unit.holder[unit.place]
                name = self._name(unit, transcript)
                ratings, scales, left_out = self._labels.of(transcript, name, unit.condition)
            except (RecordError, OSError) as error:
                self.problems.append(str(error))
                self.tried += 1
                continue
            if left_out:
                self.problems.append(f"{name}: {other_texts(left_out)}")
            self._units.append(unit)
            self.heads.append(Head(str(transcript.index), transcript.topic, unit.condition))
            self._see(scales, ratings)
            yield from self._rows(transcript, unit, ratings)
            self.tried += 1

    def _name(self, unit: Unit, transcript: Transcript) -> str:
        """Return the discussion's name, as annotations of it have it."""
        held = unit.holder
        return held.names[unit.place] if isinstance(held, Run) else discussion_name(transcript.index)

    def _rows(self, transcript: Transcript, unit: Unit, ratings: Mapping[int, tuple[Rating, ...]]) -> Iterator[Row]:
        pool = pool_of(unit.holder.spec) if isinstance(unit.holder, Run) else ()
        look = speaker_looks(transcript, pool=pool)
        places = {message.index: number for number, message in enumerate(transcript.comments)}
        silences = {message.index: number for number, message in enumerate(transcript.silences)}
        discussion = len(self.heads) - 1
        for message in transcript.messages:
            of, number = ("silences", silences) if message.silent else ("comments", places)
            where = f"{unit.owner}.{of}[{number[message.index]}]"
            if message.name not in self._known:
                self._known.add(message.name)
                self.speakers.append(message.name)
            shown = look.get(message.name, MODERATOR)
            yield Row(discussion, make_entry(message, shown, EVERYTHING, where, ratings.get(message.index, ())))

    def _see(self, scales: Mapping[str, list[str]], ratings: Mapping[int, tuple[Rating, ...]]) -> None:
        for name, labels in scales.items():
            self.scales.setdefault(name, ScaleSeen(labels))
        for rating in (rating for one in ratings.values() for rating in one):
            seen = self.scales.setdefault(rating.scale, ScaleSeen())
            seen.split = seen.split or rating.disagreement
            seen.unread = seen.unread or any(answer.value is None for answer in rating.answers)


def _units(source: Source) -> list[Unit]:
    if isinstance(source, ConditionRuns):
        return [Unit(run, place, condition) for condition, run in source.items() for place in range(len(run))]
    held = [source] if isinstance(source, Transcript) else source
    return [Unit(held, place) for place in range(len(held))]


class _LabelsOf:
    """Finds the labels of a discussion; a run's are read from its files when they are asked for."""

    def __init__(self, labels: Labels | None) -> None:
        self._run = labels if isinstance(labels, Run) else None
        self._by_condition: dict[str, _LabelsOf] = {}
        self._by_name: dict[str, list[int]] = {}
        self._by_id: dict[str, list[AnnotationSet]] = {}
        if self._run is not None:
            require(
                self._run.holds is AnnotationSet,
                f"labels is {labels!r}, but must hold annotation sets. Give what an AnnotationExperiment wrote.",
            )
            parts = enumerate(map(annotation_parts, self._run.names))
            self._by_name = _grouped((name[0], place) for place, name in parts if name)
        elif isinstance(labels, ConditionRuns):
            self._by_condition = {condition: _LabelsOf(run) for condition, run in labels.items()}
        elif labels is not None:
            given = [labels] if isinstance(labels, AnnotationSet) else list(labels)
            for one in given:
                require(isinstance(one, AnnotationSet), f"labels holds {one!r}, but must hold AnnotationSets.")
            self._by_id = _grouped((one.discussion_id, one) for one in given)

    def of(
        self, transcript: Transcript, name: str, condition: str
    ) -> tuple[Mapping[int, tuple[Rating, ...]], dict[str, list[str]], int]:
        """Return the ratings of each comment, the labels of each scale, and how many labels are left out."""
        if condition in self._by_condition:
            return self._by_condition[condition].of(transcript, name, condition)
        read = [] if self._run is None else [self._run[place] for place in self._by_name.get(name, [])]
        # The name finds the files; whether they are about this very discussion, the id says.
        sets, left_out = about_texts(transcript, [*read, *self._by_id.get(transcript.id, [])])
        scales = [scale for one in sets for scale in scale_settings(one)]
        labels = {str(scale["name"]): [str(label) for label in scale.get("labels") or []] for scale in scales}
        return make_ratings(sets), labels, left_out


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return found
