"""Columns that all tables share, and how a table gets its dtypes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.records import Participant, Transcript
from syndisco_nb.runs.sources import Held, Material

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

PLACE = {"discussion": "string", "discussion_id": "string", "discussion_index": "Int64"}
"""The first columns outside a study, and their dtypes."""

_ATTRIBUTE, _OTHER = "speaker_", "speaker_other"


def place_dtypes(material: Material) -> dict[str, str]:
    """Return the first columns of every table, with their dtypes."""
    conditions = {"condition": "string"} if material.levels else {}
    return conditions | {f"condition_{setting}": "string" for setting in material.settings} | PLACE


def place(held: Held[Any], index: int | None, settings: Sequence[str]) -> Row:
    """Return the first cells of a row: condition and discussion.

    Parameters
    ----------
    held : Held
    index : int or None
        `Transcript.index`, if it is known.
    settings : sequence of str
        The varied settings of the study.
    """
    of_study = {"condition": held.condition or None} if held.condition else {}
    levels = {f"condition_{setting}": held.levels.get(setting) for setting in settings}
    record = held.record
    record_id = record.id if isinstance(record, Transcript) else record.discussion_id
    return {**of_study, **levels, "discussion": held.name, "discussion_id": record_id, "discussion_index": index}


def speakers_of(transcript: Transcript) -> dict[str, Row]:
    """Return the attributes of each speaker of a discussion, as cells of columns ``speaker_ATTRIBUTE``."""
    speakers = [*transcript.users, *([transcript.moderator] if transcript.moderator else [])]
    return {speaker.name: _attributes(speaker) for speaker in speakers}


def speaker_dtypes(speakers: Iterable[Mapping[str, Row]]) -> dict[str, str]:
    """Return the columns of the speakers' attributes, in the order in which they occur, with their dtypes."""
    values: dict[str, list[str]] = {}
    for of_discussion in speakers:
        for cells in of_discussion.values():
            for name, value in cells.items():
                values.setdefault(name, []).append(value)
    return {name: "Int64" if all(map(_is_integer, texts)) else "string" for name, texts in values.items()}


def make_frame(rows: Sequence[Row], dtypes: Mapping[str, str], left_out: Mapping[str, int]) -> "pd.DataFrame":
    """Return a table with these columns and no others, in this order.

    Parameters
    ----------
    rows : sequence of dict
        Cells that a row lacks are missing values.
    dtypes : mapping of str to str
    left_out : mapping of str to int
        Number of comments, or labels, that are not in the table, by reason; ``attrs["left_out"]``.
    """
    import pandas as pd

    columns = {}
    for name, dtype in dtypes.items():
        cells = [row.get(name) for row in rows]
        if dtype == "Int64":
            cells = [None if cell is None else int(cell) for cell in cells]
        columns[name] = pd.Series(cells, dtype=dtype)
    frame = pd.DataFrame(columns)
    frame.attrs["left_out"] = dict(left_out)
    return frame


def _attributes(speaker: Participant) -> Row:
    cells: Row = {}
    other = []
    for attribute in speaker.attributes:
        name, colon, value = attribute.partition(":")
        if colon and name.strip().isidentifier():
            cells[_ATTRIBUTE + name.strip()] = value.strip()
        else:
            other.append(attribute)
    return cells | ({_OTHER: "; ".join(other)} if other else {})


def _is_integer(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal()
