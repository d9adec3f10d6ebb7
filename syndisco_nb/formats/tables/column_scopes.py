"""Further columns of a table of comments: facts about a discussion, a speaker, or a single comment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from syndisco_nb.backend.cells import cell_text

Scope = Literal["discussion", "speaker", "comment"]
Cells = Mapping[str, Any]

SPEAKER, COMMENT = "speaker_", "meta_"
"""Beginnings of the columns of `to_dataframe` that hold facts about speakers, and about comments."""


def column_scopes(columns: Iterable[str], discussions: Sequence[Sequence[Cells]], name: str) -> dict[str, Scope]:
    """Return the subject of each column.

    Columns that begin with ``speaker_``, ``meta_`` and ``condition`` are about speakers, comments and discussions.
    Others are about discussions if they are the same on all rows of each; or else about speakers, if they are the same
    on all rows of each speaker, and never empty; or else about comments. A column is never taken for one about
    discussions, or speakers, if each has only one row.

    Parameters
    ----------
    columns : iterable of str
    discussions : sequence of sequence of mapping
        The rows of each discussion.
    name : str
        The column of the speakers.

    Examples
    --------
    >>> rows = [
    ...     {"by": "Ana", "age": 34, "likes": 1, "forum": "x"},
    ...     {"by": "Ben", "age": 51, "likes": 1, "forum": "x"},
    ...     {"by": "Ana", "age": 34, "likes": 2, "forum": "x"},
    ... ]
    >>> column_scopes(["age", "likes", "forum"], [rows], "by")
    {'age': 'speaker', 'likes': 'comment', 'forum': 'discussion'}
    """
    speakers: dict[str, list[Cells]] = {}
    for rows in discussions:
        for row in rows:
            speakers.setdefault(cell_text(row.get(name)), []).append(row)
    return {column: _scope(column, discussions, list(speakers.values())) for column in columns}


def fact_name(column: str) -> str:
    """Return the name of a fact in meta: that of its column, without a beginning such as ``speaker_``."""
    return column.removeprefix(SPEAKER).removeprefix(COMMENT) or column


def _scope(column: str, discussions: Sequence[Sequence[Cells]], speakers: Sequence[Sequence[Cells]]) -> Scope:
    if column.startswith(SPEAKER):
        return "speaker"
    if column.startswith(COMMENT):
        return "comment"
    if column == "condition" or column.startswith("condition_") or _is_constant(column, discussions):
        return "discussion"
    given = all(column in row for rows in speakers for row in rows)
    return "speaker" if given and _is_constant(column, speakers) else "comment"


def _is_constant(column: str, groups: Sequence[Sequence[Cells]]) -> bool:
    several = any(len(rows) > 1 for rows in groups)
    return several and all(row.get(column) == rows[0].get(column) for rows in groups for row in rows)
