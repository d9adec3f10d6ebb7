"""Read the messages of a transcript, a run or a study, a moment at a time.

A run may hold more messages than a page can wait for. So the viewer has a few files read whenever it asks, without a
thread that could outlive it. The rows keep the visible part of each message; prompts, the bulk of every file, stay on
disk.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.page import Entry, Prompt, Rating
from syndisco_nb.display.pages.annotated_page import other_texts
from syndisco_nb.display.pages.discussion_facts import DiscussionFacts, discussion_facts
from syndisco_nb.display.pages.generation_block import recorded_prompt
from syndisco_nb.display.pages.label_blocks import make_ratings, scale_settings
from syndisco_nb.display.pages.message_pages import make_entry
from syndisco_nb.display.pages.phrases import Pairs, metadata
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.widgets.viewer.discussion_places import DiscussionPlace, Source, finished_places, unfinished_places
from syndisco_nb.widgets.viewer.label_finder import LabelFinder, Labels
from syndisco_nb.widgets.viewer.message_address import MessageAddress


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message, and the number of its discussion among those read."""

    discussion: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class DiscussionHeading:
    """The facts of a discussion, its condition in a study, and the number of its first row."""

    facts: DiscussionFacts
    condition: str
    first: int

    @property
    def topic(self) -> str:
        """The name of the discussion, where another tool gave it one, and its topic."""
        return " · ".join(filter(None, (self.facts.name, self.facts.topic)))

    @property
    def unfinished(self) -> str:
        """The last turn of an unfinished discussion, in words; "" for a finished one."""
        return "" if self.facts.finished else self.facts.ended or "unfinished"


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
        The number of discussions; unfinished ones are counted when they are read, after the others.
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
        self._labels = LabelFinder(given)
        self._known_speakers: set[str] = set()
        self.rows: list[MessageRow] = []
        self.headings: list[DiscussionHeading] = []
        self.conditions = list(source) if isinstance(source, ConditionRuns) else []
        self.speakers: list[str] = []
        self.scales: dict[str, ScaleChoices] = {}
        self.problems: list[str] = []
        self.done = False
        self._source = source
        self.total = len(list(finished_places(source)))
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

    def find(self, address: MessageAddress) -> int | None:
        """Return the number of the row at an address, or None if it has not been read, or does not exist.

        Parameters
        ----------
        address : MessageAddress
            Without a message, it stands for the first one of the discussion.
        """
        condition, discussion, message = address.condition or "", address.discussion, address.message
        if isinstance(self._source, Transcript) and message is None:
            discussion, message = None, discussion
        for number, held in enumerate(self._read_places):
            place = discussion if discussion is None or discussion >= 0 else discussion + len(held.holder)
            if (held.condition, held.unfinished, held.place) == (condition, address.unfinished, place or 0):
                rows = range(*self._span(number))
                if message is not None:
                    silent = address.kind == "silences"
                    rows_of_kind = [row for row in rows if self.rows[row].entry.silent == silent]
                    return rows_of_kind[message] if -len(rows_of_kind) <= message < len(rows_of_kind) else None
                return rows[0] if rows else None
        return None

    def _span(self, discussion: int) -> tuple[int, int]:
        key = lambda row: row.discussion  # noqa: E731
        return bisect_left(self.rows, discussion, key=key), bisect_right(self.rows, discussion, key=key)

    def _message(self, number: int) -> Message:
        row = self.rows[number]
        place = self._read_places[row.discussion]
        if self._opened is None or self._opened[0] is not place:
            self._opened = (place, place.holder[place.place])
        return next(one for one in self._opened[1].messages if one.index == row.entry.number)

    def _read(self) -> Iterator[MessageRow]:
        for place in chain(finished_places(self._source), unfinished_places(self._source)):
            self.total = max(self.total, self.tried + 1)
            try:
                transcript = place.holder[place.place]
                name = place.name
                labels, left_out = self._labels.find(transcript, name, place.condition)
            except (RecordError, OSError) as error:
                self.problems.append(str(error))
                self.tried += 1
                continue
            if left_out:
                self.problems.append(f"{name}: {other_texts(left_out)}")
            self._read_places.append(place)
            facts = discussion_facts(transcript, labels)
            self.headings.append(DiscussionHeading(facts, place.condition, len(self.rows)))
            ratings = make_ratings(labels)
            self._add_choices(labels, ratings)
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

    def _add_choices(self, labels: list[AnnotationSet], ratings: Mapping[int, tuple[Rating, ...]]) -> None:
        for settings in chain.from_iterable(map(scale_settings, labels)):
            values = [str(value) for value in settings.get("labels") or []]
            self.scales.setdefault(str(settings["name"]), ScaleChoices(values))
        for rating in chain.from_iterable(ratings.values()):
            scale = self.scales.setdefault(rating.scale, ScaleChoices())
            scale.split = scale.split or rating.disagreement
            scale.unread = scale.unread or any(answer.value is None for answer in rating.answers)
