"""Columns that only tables of `to_dataframe("messages")` have."""

from typing import Any, get_args

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.errors import RecordError, short_repr
from syndisco_nb.formats.tables.column_scopes import Cells
from syndisco_nb.records import FinishReason, Generation

OWN = frozenset({"discussion_id", "discussion_index", "turn", "silent", "counted", "speaks_for", "finish_reason"})
"""Columns that tell such a table."""

FIELDS = OWN | {"prompt_tokens", "completion_tokens", "seconds"}
"""All columns that are not read like those of any table."""


def own_fields(row: Cells, place: str) -> dict[str, Any]:
    """Return the fields of a message that stand in these columns.

    Parameters
    ----------
    row : mapping
    place : str
        Name of the row, as the beginning of an error.

    Raises
    ------
    RecordError
        If a cell holds no number, or a reason that does not exist.
    """
    reason = cell_text(row.get("finish_reason"))
    if reason and reason not in get_args(FinishReason):
        raise RecordError(
            f"{place} has the finish_reason {short_repr(reason, 60)}, but must have one of: "
            f"{', '.join(get_args(FinishReason))}."
        )
    generation = Generation(
        prompt=(),
        seed=0,
        finish_reason=reason or "stop",  # type: ignore[arg-type]  # checked above
        prompt_tokens=int(_number(row, "prompt_tokens", place)),
        completion_tokens=int(_number(row, "completion_tokens", place)),
        seconds=_number(row, "seconds", place),
    )
    return {
        "turn": int(_number(row, "turn", place)),
        "speaks_for": tuple(filter(None, cell_text(row.get("speaks_for")).split(", "))),
        "generation": generation if reason else None,
    }


def _number(row: Cells, column: str, place: str) -> float:
    cell = row.get(column, 0)
    try:
        return float(cell)
    except (TypeError, ValueError):
        raise RecordError(f"{place} has the {column} {short_repr(cell, 60)}, but must have a number.") from None
