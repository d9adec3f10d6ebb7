"""Read the messages of a transcript, a run or a study, a moment at a time.

A run may hold more messages than a page can wait for. So the viewer has a few files read whenever it asks, without a
thread that could outlive it. The rows keep the visible part of each message; prompts, the bulk of every file, stay on
disk.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.page import Entry, Prompt, Rating
from syndisco_nb.display.pages.annotated_page import about_texts, other_texts
from syndisco_nb.display.pages.generation_block import recorded_prompt
from syndisco_nb.display.pages.label_blocks import make_ratings, scale_settings
from syndisco_nb.display.pages.message_pages import make_entry
from syndisco_nb.display.pages.phrases import Pairs, metadata
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.errors import RecordError, require
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.run import Run

Item = TypeVar("Item")
Source = Transcript | Run[Transcript] | Corpus | ConditionRuns[Transcript]
Labels = AnnotationSet | Iterable[AnnotationSet] | ConditionRuns[AnnotationSet]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message, and the number of its discussion among those read."""

    discussion: int
    entry: Entry


@dataclass(frozen=True, slots=True, eq=False)
class DiscussionPlace:
    """The run, or single transcript, that holds a discussion, and the discussion's place in it."""

    holder: Sequence[Transcript]
    place: int
    condition: str = ""

    @property
    def code(self) -> str:
        """The Python expression for the discussion."""
        if self.condition:
            return f"study[{self.condition!r}][{self.place}]"
        names = {Run: "run", Corpus: "corpus"}
        name = next((name for kind, name in names.items() if isinstance(self.holder, kind)), "")
        return f"{name}[{self.place}]" if name else "transcript"


@dataclass(frozen=True, slots=True)
class DiscussionHeading:
    """The number, topic and condition of a discussion."""

    number: str
    topic: str
    condition: str


@dataclass(slots=True)
class ScaleChoices:
    """The labels of a scale, and whether any comment has an unreadable label or a disagreement on it."""

    labels: list[str] = field(default_factory=list)
    unread: bool = False
    split: bool = False


class MessageRows:
    """All messages of a transcript, a run or a study, with their labels, as far as they have been read.

    Parameters
    ----------
    source : Transcript, Run, Corpus or Study
    labels : AnnotationSet, iterable of AnnotationSet, Run or ConditionRuns of them, optional
        Of a study, its own by default.

    Attributes
    ----------
    rows : list of MessageRow
    headings : list of DiscussionHeading
        One for each discussion read.
    conditions : list of str
        The conditions of a study.
    speakers : list of str
        The names of all speakers, in the order of their first message.
    scales : dict of str to ScaleChoices
    labelled : bool
        Whether there are labels to show.
    problems : list of str
        Files that cannot be read, and discussions whose texts have changed since they were labelled.
    total : int
        The number of discussions.
    tried : int
        The number of discussions that have been read, or cannot be.
    done : bool
        Whether all have been tried.
    """

    def __init__(self, source: Source, labels: Labels | None = None) -> None:
        own: Labels | None = None
        if isinstance(source, ConditionRuns):
            own = source.labels
        elif isinstance(source, Corpus):
            own = source.annotations or None
        given = own if labels is None else labels
        self.labelled = given is not None
        self._labels = _LabelFinder(given)
        self._known_speakers: set[str] = set()
        self.rows: list[MessageRow] = []
        self.headings: list[DiscussionHeading] = []
        self.conditions = list(source) if isinstance(source, ConditionRuns) else []
        self.speakers: list[str] = []
        self.scales: dict[str, ScaleChoices] = {}
        self.problems: list[str] = []
        self.done = False
        self._places = _places(source)
        self.total = len(self._places)
        self.tried = 0
        self._read_places: list[DiscussionPlace] = []
        self._unread_rows = self._read()
        self._opened: tuple[DiscussionPlace, Transcript] | None = None

    def read(self, seconds: float, least: int = 0) -> None:
        """Read more rows.

        Parameters
        ----------
        seconds : float
            About how long to read.
        least : int
            Go on after that time until there are this many rows.
        """
        deadline = time.monotonic() + seconds
        for row in self._unread_rows:
            self.rows.append(row)
            if len(self.rows) >= least and time.monotonic() >= deadline:
                return
        self.done = True

    def prompt(self, number: int) -> Prompt | None:
        """Return the prompt and the settings of a row's message, read from its file; None if nobody generated it."""
        return recorded_prompt(self._message(number).generation, "Prompt")

    def recorded(self, number: int) -> Pairs:
        """Return what another tool recorded of a row's message."""
        return metadata(self._message(number).meta)

    def _message(self, number: int) -> Message:
        row = self.rows[number]
        place = self._read_places[row.discussion]
        if self._opened is None or self._opened[0] is not place:
            self._opened = (place, place.holder[place.place])
        return next(one for one in self._opened[1].messages if one.index == row.entry.number)

    def _read(self) -> Iterator[MessageRow]:
        for place in self._places:
            try:
                transcript = place.holder[place.place]
                name = _name(place, transcript)
                ratings, scales, left_out = self._labels.find(transcript, name, place.condition)
            except (RecordError, OSError) as error:
                self.problems.append(str(error))
                self.tried += 1
                continue
            if left_out:
                self.problems.append(f"{name}: {other_texts(left_out)}")
            self._read_places.append(place)
            heading = " · ".join(filter(None, (transcript.known_as, transcript.topic)))
            self.headings.append(DiscussionHeading(str(transcript.index), heading, place.condition))
            self._add_choices(scales, ratings)
            yield from self._rows(transcript, place, ratings)
            self.tried += 1

    def _rows(
        self, transcript: Transcript, place: DiscussionPlace, ratings: Mapping[int, tuple[Rating, ...]]
    ) -> Iterator[MessageRow]:
        looks = speaker_looks(transcript)
        code = {
            message.index: f"{place.code}.{kind}[{number}]"
            for kind, messages in (("comments", transcript.comments), ("silences", transcript.silences))
            for number, message in enumerate(messages)
        }
        discussion = len(self.headings) - 1
        by_index = {message.index: message for message in transcript.messages}
        for message in transcript.messages:
            if message.name not in self._known_speakers:
                self._known_speakers.add(message.name)
                self.speakers.append(message.name)
            look = looks.get(message.name, MODERATOR)
            rated = ratings.get(message.index, ())
            answered = None if message.reply_to is None else by_index.get(message.reply_to)
            entry = make_entry(message, look, EVERYTHING, code[message.index], rated, answered=answered)
            yield MessageRow(discussion, entry)

    def _add_choices(self, scales: Mapping[str, list[str]], ratings: Mapping[int, tuple[Rating, ...]]) -> None:
        for name, labels in scales.items():
            self.scales.setdefault(name, ScaleChoices(labels))
        for rating in chain.from_iterable(ratings.values()):
            scale = self.scales.setdefault(rating.scale, ScaleChoices())
            scale.split = scale.split or rating.disagreement
            scale.unread = scale.unread or any(answer.value is None for answer in rating.answers)


def _places(source: Source) -> list[DiscussionPlace]:
    if isinstance(source, ConditionRuns):
        return [
            DiscussionPlace(run, place, condition) for condition, run in source.items() for place in range(len(run))
        ]
    holder = [source] if isinstance(source, Transcript) else source
    return [DiscussionPlace(holder, place) for place in range(len(holder))]


def _name(place: DiscussionPlace, transcript: Transcript) -> str:
    """Return a discussion's name, which its annotations refer to."""
    holder = place.holder
    return holder.names[place.place] if isinstance(holder, Run) else transcript.name


class _LabelFinder:
    """Finds the labels of a discussion; those of a run are read from its files one discussion at a time."""

    def __init__(self, labels: Labels | None) -> None:
        self._run = labels if isinstance(labels, Run) else None
        self._by_condition: dict[str, _LabelFinder] = {}
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
            self._by_condition = {condition: _LabelFinder(run) for condition, run in labels.items()}
        elif labels is not None:
            annotations = [labels] if isinstance(labels, AnnotationSet) else list(labels)
            for item in annotations:
                require(isinstance(item, AnnotationSet), f"labels holds {item!r}, but must hold AnnotationSets.")
            self._by_id = _grouped((item.discussion_id, item) for item in annotations)

    def find(
        self, transcript: Transcript, name: str, condition: str
    ) -> tuple[Mapping[int, tuple[Rating, ...]], dict[str, list[str]], int]:
        """Return the ratings of each comment, the labels of each scale, and how many labels are left out."""
        if condition in self._by_condition:
            return self._by_condition[condition].find(transcript, name, condition)
        read = [] if self._run is None else [self._run[place] for place in self._by_name.get(name, [])]
        # A file of that name may be about another discussion: only the id tells.
        sets, left_out = about_texts(transcript, [*read, *self._by_id.get(transcript.id, [])])
        scales = [scale for annotations in sets for scale in scale_settings(annotations)]
        labels = {str(scale["name"]): [str(label) for label in scale.get("labels") or []] for scale in scales}
        return make_ratings(sets), labels, left_out


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for name, item in pairs:
        groups.setdefault(name, []).append(item)
    return groups
