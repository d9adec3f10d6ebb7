"""The block of a conversation's speakers: their colours, and a strip of when each spoke."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from syndisco_nb.display.colours import MODERATOR, Look, looks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Speaker, Speakers
from syndisco_nb.display.pages.html_size import STRETCH, STRETCHES
from syndisco_nb.display.pages.phrases import participant_lines
from syndisco_nb.records import Transcript
from syndisco_nb.wording import count, shortened

_LEAST_COLUMNS = 12
"""The coarsest strip."""


def speakers_block(transcript: Transcript, looks_of: Mapping[str, Look], limits: Limits) -> Speakers:
    """Return the speakers of a discussion, participants and moderator first, then any others who spoke.

    Parameters
    ----------
    transcript : Transcript
    looks_of : mapping of str to Look
        By name, as of `speaker_looks`.
    limits : Limits
        The block takes at most about a tenth of `Limits.max_bytes`.
    """
    messages = transcript.messages
    people = {user.name: user for user in transcript.users}
    if transcript.moderator:
        people[transcript.moderator.name] = transcript.moderator
    names = list(dict.fromkeys([*people, *(message.name for message in messages)]))[: limits.max_items]
    room = limits.max_bytes // 10 // max(1, len(names))
    columns = max(_LEAST_COLUMNS, min(STRETCHES, room // STRETCH))
    marks: dict[str, list[bool | None]] = {name: [False] * len(messages) for name in names}
    for place, message in enumerate(messages):
        if message.name in marks:
            marks[message.name][place] = None if message.silent else True
    speakers = [
        Speaker(
            name=name,
            look=looks_of.get(name, MODERATOR),
            role="moderator" if looks_of.get(name) == MODERATOR else "participant",
            contribution=_contribution(marks[name]),
            lane=lane(marks[name], columns),
            about=_fitting(participant_lines(people[name]), room) if name in people else (),
        )
        for name in names
    ]
    return Speakers("Participants", tuple(speakers))


def speaker_looks(*transcripts: Transcript) -> dict[str, Look]:
    """Return the look of every speaker, moderators included, from the cast that the transcripts come from."""
    by_name = looks(name for transcript in transcripts for name in transcript.everybody)
    moderators = {name for transcript in transcripts for name in transcript.moderators}
    return {**by_name, **dict.fromkeys(moderators, MODERATOR)}


def lane(marks: Sequence[bool | None], columns: int) -> tuple[float | None, ...]:
    """Return the share of messages in each stretch that are marked, in steps that the eye can tell apart.

    Parameters
    ----------
    marks : sequence of bool or None
        For each message, whether it is the speaker's; None where they were silent.
    columns : int
        The most stretches.
    """
    if len(marks) <= columns:
        return tuple(None if mark is None else float(mark) for mark in marks)
    edges = [place * len(marks) // columns for place in range(columns + 1)]
    return tuple(_stretch(marks[start:end]) for start, end in pairwise(edges))


def _stretch(marks: Sequence[bool | None]) -> float | None:
    spoken = marks.count(True)
    if spoken:
        return round(spoken / len(marks) * 4 + 0.49) / 4
    return None if None in marks else 0.0


def _contribution(marks: Sequence[bool | None]) -> str:
    silent = marks.count(None)
    return count(marks.count(True), "comment") + (f", {silent:,} silent" if silent else "")


def _fitting(lines: Sequence[str], room: int) -> tuple[str, ...]:
    """Return as many lines as there is room for, always the first, shortened where it is too long."""
    fitting: list[str] = []
    for line in lines:
        if fitting and room < len(line):
            return (*fitting, "…")
        fitting.append(shortened(line, max(40, min(room, 1_000))))
        room -= len(line) + 40
    return tuple(fitting)
