"""Lists of discussions or labels: a row of facts for each, and as many to unfold as there is room for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic, TypeVar

from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.frames.mean_values import mean_values
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Column, Listed, Listing, Note, Page, Strip
from syndisco_nb.display.pages.annotated_page import Annotated, about_texts, annotated_page
from syndisco_nb.display.pages.annotation_pages import annotation_set_page
from syndisco_nb.display.pages.discussion_facts import DiscussionFacts, discussion_facts
from syndisco_nb.display.pages.label_blocks import distributions, low_mass_warning
from syndisco_nb.display.pages.phrases import numbered_name
from syndisco_nb.display.pages.transcript_page import transcript_page
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import decimal, listed, more, shortened

_OPENED = 10
"""The most records that one notebook output unfolds; a page written to a file holds all."""
_SHARE, _ROWS = 0.85, 0.5
"""The shares of `Limits.max_bytes` for all rows with their pages, and for the rows alone."""
_LEAST, _LEAST_LABELLED = 16_000, 45_000
"""Bytes of the smallest page that is worth unfolding, without and with labels: strips, and a few comments."""
_READ = 10
"""The most bytes to read for a list, as a multiple of `Limits.max_bytes`: 3 MB by default, which takes 0.1 s."""
_ROW = 1_800
"""Bytes of HTML of a row, with its strip and its texts; few are larger."""
_TOPIC, _SCALES = 120, 4
"""The most characters of a topic, and the most scales with a column."""

Record = TypeVar("Record", Transcript, AnnotationSet)


@dataclass(frozen=True, slots=True)
class Source(Generic[Record]):
    """A record to be listed.

    Attributes
    ----------
    where : str
        The Python expression for it, such as "run[3]".
    size : int
        Bytes to read.
    read : callable
        Returns it, and the labels of its comments.
    state : str
        The reason why it is not finished; "" if it is.
    """

    where: str
    size: int
    read: Callable[[], tuple[Record, Sequence[AnnotationSet]]]
    state: str = ""


def record_lists(title: str, sources: Sequence[Source[Any]], limits: Limits) -> Iterator[Block]:
    """Yield the lists of some records, and what else there is to say of them.

    Parameters
    ----------
    title : str
    sources : sequence of Source
        Discussions and labels make a list each.
    limits : Limits
    """
    read, broken = _read(sources, limits)
    talks = [one for one in read if isinstance(one.record, Transcript)]
    sets = [one for one in read if isinstance(one.record, AnnotationSet)]
    labels = [one.record for one in sets]
    yield from low_mass_warning(labels)
    if len(sets) == len(sources):
        yield from distributions(labels)
    yield from (Note(f"{where} cannot be read: {error}", warning=True) for where, error in broken)
    for alike, make_rows in ((talks, _discussion_rows), (sets, _label_rows)):
        if alike:
            room = replace(limits, max_bytes=limits.max_bytes * len(alike) // len(read))
            yield from _listing(title, *make_rows(alike), alike, room)
    left = [source.where for source in sources[len(read) + len(broken) :]]
    if left:
        places = left[0] if len(left) == 1 else f"{left[0]} to {left[-1]}"
        yield Note(f"{more(len(left))}: {places}.")


@dataclass(frozen=True, slots=True)
class _ReadRecord:
    record: Any
    labels: Sequence[AnnotationSet]
    source: Source[Any]


def _read(sources: Sequence[Source[Any]], limits: Limits) -> tuple[list[_ReadRecord], list[tuple[str, Exception]]]:
    """Return as many records as can be read fast enough, and the errors of those that cannot be read at all."""
    read: list[_ReadRecord] = []
    broken: list[tuple[str, Exception]] = []
    size = 0
    for source in islice(sources, max(1, min(limits.max_items, int(limits.max_bytes * _ROWS / _ROW)))):
        size += source.size
        if size > limits.max_bytes * _READ and (read or broken):
            break
        try:
            read.append(_ReadRecord(*source.read(), source))
        except (RecordError, OSError) as error:
            broken.append((source.where, error))
    return read, broken


def _listing(
    title: str, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], read: Sequence[_ReadRecord], limits: Limits
) -> Iterator[Block]:
    room = limits.max_bytes * _SHARE - len(rows) * _ROW
    least = _LEAST_LABELLED if any(one.labels for one in read) else _LEAST
    opened = len(rows) if limits.whole else min(len(rows), _OPENED, max(0, int(room / least)))
    each = replace(limits, max_bytes=int(room / max(1, opened)))
    pages = [_unfolded(one, each) if place < opened else None for place, one in enumerate(read)]
    closed = [one.source.where for one in read[opened:]]
    note = f"The first {opened:,} unfold here; {closed[0]} shows the next." if closed and opened else ""
    yield Listing(title, tuple(columns), tuple(map(Listed, rows, pages)), note)


def _unfolded(one: _ReadRecord, limits: Limits) -> Page:
    if isinstance(one.record, AnnotationSet):
        return annotation_set_page(one.record, limits)
    if one.labels:
        return annotated_page(Annotated(one.record, *about_texts(one.record, one.labels)), limits)
    return transcript_page(one.record, limits)


def _discussion_rows(read: Sequence[_ReadRecord]) -> tuple[list[Column], list[tuple[Any, ...]]]:
    facts = [discussion_facts(one.record, one.labels) for one in read]
    scales = list(dict.fromkeys(scale for one in facts for scale in one.means))[:_SCALES]
    wanted: list[tuple[Column, list[Any]]] = [
        (Column("#", is_number=True), [one.index for one in facts]),
        (Column("topic"), [_topic(one) for one in facts]),
    ]
    if any(one.source.state for one in read):
        turns = [_turns(one.record, fact) for one, fact in zip(read, facts, strict=True)]
        wanted.append((Column("turns", after="turns", is_number=True), turns))
    wanted.append((Column("comments", after="comments", is_number=True), [one.comments for one in facts]))
    for name, values in (("silent", [one.silences for one in facts]), ("cut off", [one.cut_off for one in facts])):
        if any(values):
            wanted.append((Column(name, after=name, is_number=True), values))
    for scale in scales:
        means = [decimal(one.means[scale]) if scale in one.means else "" for one in facts]
        wanted.append((Column(f"{scale} (mean)", before=scale, is_number=True), means))
    wanted.append((Column("participants"), [_strip(one) for one in facts]))
    ends = [one.source.state or fact.ended for one, fact in zip(read, facts, strict=True)]
    if any(ends):
        wanted.append((Column("status"), ends))
    return [column for column, _ in wanted], list(zip(*(values for _, values in wanted), strict=True))


def _topic(facts: DiscussionFacts) -> str:
    return " · ".join(shortened(text, _TOPIC) for text in (facts.name, facts.topic) if text) or "no topic"


def _turns(transcript: Transcript, facts: DiscussionFacts) -> str:
    asked = transcript.settings.get("num_turns")
    return f"{facts.turns:,} of {asked:,}" if isinstance(asked, int) else f"{facts.turns:,}"


def _strip(facts: DiscussionFacts) -> Strip:
    return Strip(facts.strip, listed([numbered_name(*one) for one in facts.speakers]))


def _label_rows(read: Sequence[_ReadRecord]) -> tuple[list[Column], list[tuple[Any, ...]]]:
    sets = [one.record for one in read]
    means = [mean_values(gather(labels), check_roles(None)).of_discussion for labels in sets]
    of_scale = [values.get(labels.discussion_id, {}) for labels, values in zip(sets, means, strict=True)]
    scales = list(dict.fromkeys(scale for one in of_scale for scale in one))[:_SCALES]
    unread = [sum(label.value is None for label in labels.labels) for labels in sets]
    wanted: list[tuple[Column, list[Any]]] = [
        (Column("labels of"), [unit_text(labels.discussion) for labels in sets]),
        (Column("annotator"), [shortened(labels.annotator_name, _TOPIC) for labels in sets]),
        (Column("labels", after="labels", is_number=True), [len(labels.labels) for labels in sets]),
    ]
    if any(unread):
        wanted.append((Column("unparsed", after="unparsed", is_number=True), unread))
    for scale in scales:
        values = [decimal(one[scale]) if scale in one else "" for one in of_scale]
        wanted.append((Column(f"{scale} (mean)", before=scale, is_number=True), values))
    states = [one.source.state for one in read]
    if any(states):
        wanted.append((Column("status"), states))
    return [column for column, _ in wanted], list(zip(*(values for _, values in wanted), strict=True))
