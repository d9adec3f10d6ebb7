"""Columns that all tables share, and how a table gets its dtypes."""

import json
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
RECORDED = "meta_"
"""The beginning of the name of a column with facts that another tool recorded."""
_MOST = 2**63  # whole numbers of a column are below this


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


def recorded_cells(meta: Mapping[str, Any] | None) -> Row:
    """Return the facts that another tool recorded as cells of columns ``meta_KEY``; lists and mappings as JSON."""
    return {
        RECORDED + key: json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list | tuple) else value
        for key, value in (meta or {}).items()
    }


def recorded_dtypes(rows: Iterable[Row]) -> dict[str, str]:
    """Return the columns of such facts, in the order in which they occur, with their dtypes.

    Cells of a column that holds several kinds of values become texts.
    """
    kinds: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            kinds.setdefault(name, set()).update([] if value is None else [_kind(value)])
    return {name: _dtype(found) for name, found in kinds.items()}


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
        if dtype == "string":
            cells = [cell if cell is None or isinstance(cell, str) else json.dumps(cell) for cell in cells]
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
    """Return whether a text is the usual way to write a whole number, as "02138" is not."""
    digits = text.removeprefix("-")
    return text.isascii() and digits.isdecimal() and len(digits) < len(str(_MOST)) and str(int(text)) == text


def _kind(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "Int64" if abs(value) < _MOST else "string"
    return "float64" if isinstance(value, float) else "string"


def _dtype(kinds: set[str]) -> str:
    """Return the dtype of a column with values of these kinds."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return "float64" if kinds == {"Int64", "float64"} else "string"
