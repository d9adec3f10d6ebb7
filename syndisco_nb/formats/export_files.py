"""`export`: discussions and labels in any format that is written, chosen by a name or by the ending of the file."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.errors import MissingDependencyError, require, suggestion
from syndisco_nb.runs.files import save_file

_INSTALL = 'pip install "syndisco-nb[files]"'


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format in which an object with discussions can be written.

    Attributes
    ----------
    words : str
        Its name in a sentence.
    endings : tuple of str
        The endings of its file, the usual one first; none if it is a folder.
    write : callable
        Writes an object to a path; returns the path.
    """

    words: str
    endings: tuple[str, ...]
    write: Callable[[Any, Path], Path]


def _chat(form: str) -> Callable[[Any, Path], Path]:
    return lambda source, path: Path(source.to_chat(path, form))


def _table(what: str | None) -> Callable[[Any, Path], Path]:
    return lambda source, path: _save_table(source.to_dataframe(what), path)


_TABLES = (".csv", ".xlsx", ".parquet")
FORMATS: Mapping[str, ExportFormat] = {
    "messages": ExportFormat("a table of comments", _TABLES, _table("messages")),
    "labels": ExportFormat("a table of labels", _TABLES, _table("labels")),
    "discussions": ExportFormat("a table of discussions", _TABLES, _table("discussions")),
    "participants": ExportFormat("a table of participants", _TABLES, _table("participants")),
    "html": ExportFormat("a web page", (".html",), lambda source, path: Path(source.to_html(path))),
    "markdown": ExportFormat(
        "a page in Markdown", (".md",), lambda source, path: save_file(path, source.to_markdown())
    ),
    "openai": ExportFormat("chats in OpenAI's JSON Lines", (".jsonl",), _chat("openai")),
    "sharegpt": ExportFormat("chats in ShareGPT's JSON", (".json",), _chat("sharegpt")),
    "chatml": ExportFormat("chats in ChatML", (".txt",), _chat("chatml")),
    "inspect": ExportFormat("a log of Inspect", (".eval",), lambda source, path: Path(source.to_inspect(path))),
    "qdpx": ExportFormat("a project of QDA programs", (".qdpx",), lambda source, path: Path(source.to_qdpx(path))),
    "convokit": ExportFormat("a ConvoKit corpus", (), lambda source, path: Path(source.to_convokit(path))),
    "syndisco": ExportFormat("SynDisco's logs", (), lambda source, path: Path(source.to_syndisco(path))),
    "label-studio": ExportFormat("tasks of Label Studio", (), lambda source, path: Path(source.to_label_studio(path))),
    "r": ExportFormat("tables and a script for R", (), lambda source, path: Path(source.to_r(path))),
}
"""All formats by name. Of those that share an ending, the first is meant by it."""


def export(source: Any, path: Path, name: str | None = None) -> Path:
    """Write an object in a format; return the path.

    Parameters
    ----------
    source : Run, Study or Corpus
    path : Path
        The file or folder.
    name : str, optional
        A name in `FORMATS`; by default the ending of the file decides.

    Raises
    ------
    InvalidInputError
        If there is no such format, or the ending does not fit.
    MissingDependencyError
        If the format needs a package that is not installed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> corpus = snb.Corpus([snb.Discussion(users, num_turns=2, seed=1).run()])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(corpus, pathlib.Path(folder, "talks.csv")).read_text().count("Why?")
    2
    """
    ending = path.suffix.lower()
    if name is None:
        by_ending = {end: one for one, format_ in reversed(list(FORMATS.items())) for end in format_.endings}
        require(
            ending in by_ending,
            f"{path} has no ending of a format. Give a file that ends in {', '.join(sorted(by_ending))}, or name the "
            f"format of a folder: {', '.join(one for one, format_ in FORMATS.items() if not format_.endings)}.",
            "to",
        )
        name = by_ending[ending]
    require(
        name in FORMATS,
        f"There is no format {name!r}.{suggestion(name, FORMATS)} There are: {', '.join(FORMATS)}.",
        "format",
    )
    endings = FORMATS[name].endings
    require(
        not endings or ending in endings,
        f"{path} is to be {FORMATS[name].words}, whose file ends in {', '.join(endings)}.",
        "to",
    )
    return FORMATS[name].write(source, path)


def _save_table(table: Any, path: Path) -> Path:
    """Write a data frame as CSV, Excel or Parquet, after the ending of the file; mappings in cells become JSON."""
    for column in table:
        if any(isinstance(value, Mapping) for value in table[column]):
            table[column] = [
                json.dumps(dict(value), ensure_ascii=False) if isinstance(value, Mapping) else value
                for value in table[column]
            ]
    table.attrs.clear()  # Parquet would store them, and takes no objects of ours
    if path.suffix.lower() == ".csv":
        return save_file(path, table.to_csv(index=False, lineterminator="\n"))
    written = io.BytesIO()
    try:
        table.to_excel(written, index=False) if path.suffix.lower() == ".xlsx" else table.to_parquet(written)
    except ImportError as error:
        raise MissingDependencyError(f"{path} cannot be written without another package. Run: {_INSTALL}") from error
    return save_file(path, written.getvalue())
