"""Read topics from files: JSON, tables with a column of topics, or a topic on every line."""

import csv
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from syndisco_nb.backend.delimited import decoded, delimited_rows
from syndisco_nb.backend.lenient_json import looks_like_json, only_list, read_json
from syndisco_nb.backend.recoding import require_column
from syndisco_nb.backend.table_files import is_binary
from syndisco_nb.backend.tables import read_table
from syndisco_nb.errors import InvalidInputError, RecordError, short_repr
from syndisco_nb.runs.files import read_bounded

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("topic", "topics", "text", "title")
_MEANT_AS_JSON = re.compile(r"\s*(\[\s*([\[{\"\]]|$)|\{\s*([}\"]|$)|//|/\*)")
_HEADING = re.compile(r"\w+([ _-]\w+){0,2}")  # unlike a question or a sentence


def holds_topics(topics: Any) -> TypeGuard["str | os.PathLike[str] | pd.DataFrame"]:
    """Return whether `read_topics` reads this: the path of a file, or a DataFrame."""
    return isinstance(topics, str | os.PathLike) or hasattr(topics, "columns")


def read_topics(path: "str | os.PathLike[str] | pd.DataFrame", column: str | None = None) -> list[Any]:
    """Return the topics in a file or DataFrame.

    JSON and JSON Lines hold a list of topics, or an object around it: each is a text, a list of comments, or an object
    with a field called topic, text or title. A table (CSV, Excel, or another of `load_personas`) has a column of that
    name, or a single one. Any other text has a topic on every line.

    Parameters
    ----------
    path : str, path-like or DataFrame
    column : str, optional
        Column or field of the topics.

    Raises
    ------
    InvalidInputError
        If there is no such file, or it holds no topics; says what it holds.
    MissingDependencyError
        If the reader of an Excel, SPSS, Stata or Parquet file is not installed.
    """
    try:
        found = _topics(path, column)
        if not found:
            raise ValueError("it holds no topics")
    except RecordError as error:
        raise InvalidInputError(str(error), field="topics") from None
    except InvalidInputError:
        raise
    except (OSError, ValueError, csv.Error, RecursionError) as error:  # ValueError: a text that cannot be a path, too
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        table = not isinstance(path, str | os.PathLike)
        source = "a table" if table else f"{short_repr(str(path))}, which cannot be read as a file"
        raise InvalidInputError(
            f"topics is {source}: {reason}. Give a list of texts, as in "
            'topics=["Should buses be free?"], or a file with a topic on every line.',
            field="topics",
        ) from None
    return found


def json_topics(document: Any, column: str | None = None) -> list[Any]:
    """Return the topics in a JSON value, as plain data.

    Parameters
    ----------
    document : object
        A list of topics, or an object around one list.
    column : str, optional
        The field of the topics, if they are objects.

    Raises
    ------
    ValueError
        If it holds no list of topics.
    InvalidInputError
        If an object has no such field.
    """
    topics = only_list(document)
    if not isinstance(topics, list):
        fields = f"an object with the fields {', '.join(topics)}" if isinstance(topics, Mapping) else "a value"
        raise ValueError(f"it holds no list of topics, but {fields}")  # noqa: TRY004 - a fault of the file
    return [topic[_chosen(list(topic), column)] if isinstance(topic, Mapping) else topic for topic in topics]


def _topics(path: "str | os.PathLike[str] | pd.DataFrame", column: str | None) -> list[Any]:
    if not isinstance(path, str | os.PathLike):
        return _column(path, column)
    file = Path(path).expanduser()
    data, where = read_bounded(file), str(file)
    if is_binary(data):
        return _column(data, column, where)
    text = decoded(data, where).lstrip("\ufeff")
    if text.lstrip().startswith("<"):
        raise ValueError("it is HTML or XML")
    if looks_like_json(text):
        try:
            document = read_json(text)
        except ValueError as error:
            if _MEANT_AS_JSON.match(text):
                raise ValueError(f"it is JSON, but broken: {error}") from None
        else:
            return json_topics(document, column)
    if column is not None or file.suffix.lower() in (".csv", ".tsv") or _has_headings(text):
        return _column(data, column, where)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _has_headings(text: str) -> bool:
    """Return whether the first line names the columns of a table, one of them that of the topics."""
    names, _ = delimited_rows(text.lstrip().partition("\n")[0])
    return all(_HEADING.fullmatch(name) for name in names) and any(name.lower() in _COLUMNS for name in names)


def _column(data: "bytes | pd.DataFrame", column: str | None, where: str = "") -> list[str]:
    table = read_table(data, where=where)
    name = _chosen(list(table.columns), column)
    cells = [row[name].strip() for row in table.rows if name in row]
    heading = column is not None or len(table.columns) > 1 or _HEADING.fullmatch(name)
    return cells if heading else [name, *cells]


def _chosen(names: list[Any], column: str | None) -> Any:
    """Return the name of the column of topics among these."""
    if column is not None:
        require_column("column", column, names)
        return column
    named = [name for name in names if str(name).lower() in _COLUMNS]
    chosen = named or names
    if len(chosen) == 1:
        return chosen[0]
    listed, reason = ", ".join(map(str, names)) or "none", "several hold topics" if named else "none is called topic"
    raise ValueError(
        f"it has the columns {listed}, and {reason}. Choose one, as in ExperimentBuilder().topics(path, "
        f"column={str(chosen[0] if chosen else 'topic')!r})"
    )
