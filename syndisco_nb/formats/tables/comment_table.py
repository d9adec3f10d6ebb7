"""Tables of comments: CSV, Excel, Parquet, JSON Lines and others, and DataFrames, with a comment on each row."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.delimited import delimited_cells
from syndisco_nb.backend.table_files import is_statistics_file
from syndisco_nb.backend.tables import read_table
from syndisco_nb.errors import RecordError, named_arguments, require, short_repr
from syndisco_nb.formats.assembling import Assembly
from syndisco_nb.formats.chat.chat_files import is_chat
from syndisco_nb.formats.convokit.convokit_reading import is_utterance_file
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, register
from syndisco_nb.formats.label_studio.label_studio_reading import is_label_studio
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.tables.comment_columns import has_headings, named_columns
from syndisco_nb.formats.tables.comment_rows import CommentRows
from syndisco_nb.runs.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd

_LOOKED_AT = 20  # lines by which a text is recognised as a table
_LONGEST_LINE = 20_000  # characters


@named_arguments
def from_dataframe(
    frame: "pd.DataFrame",
    *,
    discussion: str | None = None,
    name: str | None = None,
    text: str | None = None,
    index: str | None = None,
    comment_id: str | None = None,
    reply_to: str | None = None,
    role: str | None = None,
    time: str | None = None,
    topic: str | None = None,
    model: str | None = None,
) -> Corpus:
    """Return the discussions in a DataFrame with a comment on each row.

    Usual headings are found without being named. See ``docs/formats.md`` for them, and for the other columns.

    Parameters
    ----------
    frame : DataFrame
        Its index is not read.
    discussion : str, optional
        The column that tells discussions apart, by name or id; "" if all rows are one discussion.
    name, text : str, optional
        The columns of the speakers, and of their comments. A comment without text is a silence.
    index : str, optional
        The column of each comment's place in its discussion, a whole number from 0, which is kept. Without one, rows
        are in order.
    comment_id, reply_to : str, optional
        The columns of each comment's id, and of the comment that it answers, by its id, or else by its index.
    role : str, optional
        The column of roles: opening, participant, moderator or guest. Without one, all are participants.
    time : str, optional
        The column of times, which are kept as they are, as ``Message.meta["time"]``.
    topic : str, optional
        The column of topics, the same on all rows of a discussion.
    model : str, optional
        The column of models; "human" without one.

    Raises
    ------
    RecordError
        If a column is not there or not clear, or a cell cannot be read, with its row.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"thread": ["a", "a"], "author": ["Ana", "Ben"], "said": ["Why?", "So."]})
    >>> from_dataframe(frame, text="said")
    <Corpus: 1 discussion, 2 comments>
    """
    require(
        not isinstance(frame, str | os.PathLike),
        f"frame is {short_repr(frame)}, but must be a DataFrame. To read a file, call load({short_repr(frame)}).",
        "frame",
    )
    columns = named_columns(
        discussion=discussion,
        name=name,
        text=text,
        index=index,
        comment_id=comment_id,
        reply_to=reply_to,
        role=role,
        time=time,
        topic=topic,
        model=model,
    )
    table = read_table(frame, where="The table", text=False)
    assembly = Assembly()
    rows = CommentRows(table.columns, table.rows, columns, "The table")
    assembly.add(SourceFile(Path("table")), FileContents(rows.transcripts()))
    return assembly.corpus(None)


def _is_table(source: SourceFile) -> bool:
    if is_statistics_file(source.data) or any(name.startswith("xl/") for name in source.members):
        return True
    if source.text.lstrip()[:1] in ("{", "["):
        others = (is_chat, is_label_studio, is_utterance_file)
        return _is_flat(source) and not any(is_other(source) for is_other in others)
    return not source.text.lstrip().startswith("<") and _is_delimited(source.text)


def _is_flat(source: SourceFile) -> bool:
    """Return whether a JSON file is a list, or lines, of objects without objects in lists, or of comments."""
    listed = isinstance(source.document, list)
    rows = source.document if listed else source.lines
    first = rows[0] if len(rows) > (not listed) else None
    if not isinstance(first, Mapping) or len(first) < 2:
        return False
    return has_headings(first, ("name", "text")) or not any(map(_is_nested, first.values()))


def _is_nested(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, list | dict) for item in value)


def _is_delimited(text: str) -> bool:
    """Return whether most of the first lines of a text have the same number of cells, of which there are several."""
    lines = io.StringIO(text[: _LOOKED_AT * _LONGEST_LINE], newline="")
    start = "".join(line for _, line in zip(range(_LOOKED_AT), lines, strict=False))
    try:
        names, *rows = [cells for _, cells in delimited_cells(start)] or [[]]
    except csv.Error:
        return False
    fitting = [cells for cells in rows if len(cells) in (len(names), len(names) - 1)]  # some leave out the last
    return len(list(filter(str.strip, names))) > 1 and bool(rows) and 2 * len(fitting) > len(rows)


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    table = read_table(source.data, where=source.name, sheet=options.sheet, text=False)
    if not table.rows:
        raise RecordError(f"{source.name} is a table without rows.")
    return FileContents(CommentRows(table.columns, table.rows, options.columns, source.name).transcripts())


TABLE = register(ForeignFormat("a table of comments", _is_table, _read, ("columns", "sheet")))
