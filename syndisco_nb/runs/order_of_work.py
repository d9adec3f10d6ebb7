"""order.jsonl: when each unit was begun, and when it ended, one event a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from syndisco_nb.records.unit_names import UNIT_PATTERN
from syndisco_nb.runs.json_lines import read_lines
from syndisco_nb.runs.layout import ORDER_FILE
from syndisco_nb.runs.serialization import parse_object, validated

Outcome = Literal["finished", "failed", "skipped", "stopped"]
"""How the work on a unit ended; "stopped" with its run."""


@dataclass(frozen=True, slots=True)
class WorkEvent:
    """A unit was begun, or the work on it ended.

    Attributes
    ----------
    unit : str
        Its name: the name of its file, without ending.
    event : {"began", "finished", "failed", "skipped", "stopped"}
    time : datetime
        In UTC, to the millisecond.
    """

    unit: Annotated[str, Field(pattern=UNIT_PATTERN)]
    event: Literal["began", "finished", "failed", "skipped", "stopped"]
    time: datetime


WORK_EVENT = TypeAdapter(WorkEvent)


class WorkSpan(NamedTuple):
    """The time in which a unit was worked on.

    Attributes
    ----------
    unit : str
    began : datetime
    ended : datetime or None
        None if it goes on, or if its process was killed.
    outcome : str or None
        As in `Outcome`.
    """

    unit: str
    began: datetime
    ended: datetime | None = None
    outcome: Outcome | None = None


def read_order(folder: Path) -> list[WorkSpan]:
    """Return when each unit of a run was worked on, in the order in which they were begun.

    A unit that was tried again has several spans. A broken line is skipped, and runs of earlier versions have no file.

    Raises
    ------
    RecordError
        If the file cannot be read.
    """
    return _spans(read_lines(folder / ORDER_FILE, _parse_event))


def _parse_event(line: bytes, where: str) -> WorkEvent:
    return validated(WORK_EVENT, parse_object(line, where), where)


def _spans(events: Iterable[WorkEvent]) -> list[WorkSpan]:
    spans: list[WorkSpan] = []
    places: dict[str, int] = {}
    for one in events:
        if one.event == "began":
            places[one.unit] = len(spans)
            spans.append(WorkSpan(one.unit, one.time))
        elif one.unit in places:
            place = places.pop(one.unit)
            spans[place] = spans[place]._replace(ended=one.time, outcome=one.event)
    return spans
