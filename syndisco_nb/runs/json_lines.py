"""Read files of which each line is a JSON document, such as failures.jsonl and order.jsonl."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.files import read_bounded

logger = logging.getLogger(__name__)
T = TypeVar("T")


def read_lines(file: Path, parse: Callable[[bytes, str], T]) -> list[T]:
    """Return the documents of a file, in its order; none if there is no file. Broken lines are skipped.

    Parameters
    ----------
    file : Path
    parse : callable
        Takes a line and its place, for errors; returns the document, or raises `RecordError`.

    Raises
    ------
    RecordError
        If the file cannot be read.
    """
    try:
        lines = read_bounded(file).split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from None
    documents = []
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                documents.append(parse(line, f"{file}, line {number}"))
            except RecordError as error:
                logger.warning("line %d of %s in %s was cut off: %s", number, file.name, file.parent, error)
    return documents
