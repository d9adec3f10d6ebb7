"""Tables for a paper: written as LaTeX, Word or HTML by `maketables`, which the extra ``paper`` brings."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.errors import InvalidInputError, MissingDependencyError
from syndisco_nb.runs.files import as_path, save_file

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.runs.layout import PathLike

_LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "−": "$-$", "δ": r"$\delta$"}
    | {"<": r"\textless{}", ">": r"\textgreater{}"}
)


def save_table(frame: "pd.DataFrame", path: "PathLike", caption: str, notes: str) -> Path:
    """Write a table in the format of a file's ending; return its path.

    Parameters
    ----------
    frame : DataFrame of str
        Its index holds the names of the rows.
    path : str or path-like
        Ends in .tex, .docx or .html; the file is replaced if it exists.
    caption, notes : str
        Above and below the table.

    Raises
    ------
    InvalidInputError
        If the file has another ending.
    MissingDependencyError
        If maketables is not installed.
    """
    file = as_path("path", path)
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        raise InvalidInputError(f"path is {str(file)!r}, but must end in {', '.join(_WRITERS)}.", field="path")
    try:
        import maketables
    except ImportError:
        raise MissingDependencyError(
            "Tables for papers need maketables. Install it: pip install 'syndisco-nb[paper]'"
        ) from None
    return save_file(file, write(maketables.MTable, frame, caption, notes))


def _tex(table: Callable[..., Any], frame: "pd.DataFrame", caption: str, notes: str) -> str:
    escaped = frame.map(_escaped).rename(index=_escaped, columns=_escaped)
    text: str = table(escaped, caption=_escaped(caption), notes=_escaped(notes)).make("tex")
    return text + "\n"


def _docx(table: Callable[..., Any], frame: "pd.DataFrame", caption: str, notes: str) -> bytes:
    content = io.BytesIO()
    table(frame, caption=caption, notes=notes).make("docx").save(content)
    return content.getvalue()


def _html(table: Callable[..., Any], frame: "pd.DataFrame", caption: str, notes: str) -> bytes:
    made = table(frame, caption=caption, notes=notes).make("gt").with_id("table")
    text: str = made.as_raw_html()
    return text.encode("ascii", "xmlcharrefreplace")  # it has no head that could name an encoding


def _escaped(text: Any) -> str:
    return str(text).translate(_LATEX)


_WRITERS: dict[str, Callable[..., str | bytes]] = {".tex": _tex, ".docx": _docx, ".html": _html}
