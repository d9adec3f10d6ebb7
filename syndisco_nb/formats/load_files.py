"""`load`: whatever lies at a path, as a run, a study, or a corpus."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm.std import tqdm

from syndisco_nb.backend.delimited import warn_of_guess
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.errors import (
    InvalidInputError,
    MissingDependencyError,
    RecordError,
    named_arguments,
    require,
    short_repr,
)
from syndisco_nb.formats.assembling import Assembly
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, format_of
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.tables.comment_columns import named_columns
from syndisco_nb.formats.unknown_files import unknown_format
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.files import as_path, is_there
from syndisco_nb.runs.layout import HEAD_FILE, STUDY_FILE, PathLike, Skipped
from syndisco_nb.runs.reading import natural_order
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import own_folder
from syndisco_nb.wording import more, replace_surrogates

_WAIT = 1.0
"""Seconds before there is a progress bar: in a notebook, its emptied line stays."""


@named_arguments
def load(
    path: PathLike,
    *,
    scales: Scale | Sequence[Scale] = (),
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
    sheet: str | None = None,
) -> Run[Any] | ConditionRuns[Any] | Corpus:
    """Open whatever lies at a path: a run, a study, or discussions that another tool recorded.

    It reads tables of comments (CSV, Excel, Parquet, JSON Lines, SPSS, Stata), SynDisco's logs, ConvoKit corpora, logs
    of Inspect AI, chat files (OpenAI, ShareGPT, ChatML), projects of MAXQDA and the like (.qdpx), and files of this
    package. The content decides, never the name. See ``docs/formats.md`` for what is kept of each.

    Parameters
    ----------
    path : str or path-like
        A file, or a folder with any number of files.
    scales : Scale or sequence of Scale
        The scales onto which the labels in SynDisco's logs are read; without any, they stay texts.
    discussion, name, text, index, comment_id, reply_to, role, time, topic, model : str, optional
        Columns of a table of comments, as for `syndisco_nb.from_dataframe`; usual headings are found without.
    sheet : str, optional
        The sheet of an Excel file; by default the first.

    Returns
    -------
    Run, Study or Corpus
        A corpus names the files that hold neither discussions nor labels of them in `Corpus.skipped`.

    Raises
    ------
    RecordError
        If there is no discussion, with the reason.
    InvalidInputError
        If `scales`, a column or `sheet` is given, and nothing there is read with it.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> import syndisco_nb as snb
    >>> log = {"users": ["Ana", "Ben"], "logs": [
    ...     {"name": "Ana", "text": "Tax?", "model": "hardcoded"}, {"name": "Ben", "text": "No.", "model": "llama"}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = pathlib.Path(folder, "talk.json").write_text(json.dumps(log))
    ...     corpus = snb.load(folder)
    >>> corpus[0].topic, corpus.to_dataframe("messages")[["name", "role", "text"]].values.tolist()[1]
    ('Tax?', ['Ben', 'participant', 'No.'])
    """
    require(
        not hasattr(path, "columns"), "path is a DataFrame. Call from_dataframe(frame) for discussions in it.", "path"
    )
    root = as_path("path", path)
    check_there(root)
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
    options = ReadOptions(check_scales(scales), columns, sheet)
    own = own_folder(root)
    if own is not None:
        _check_used(options, set(), root)
        return own
    assembly, used = Assembly(), set[str]()
    sources = list(sources_in(root, assembly.skipped))
    number = len(sources)
    for source in tqdm(_emptied(sources), "Reading", number, unit="file", leave=False, delay=_WAIT):
        try:
            found = known_format(source)
            used.update(found.options)
            assembly.add(source, found.read(source, options))
        except (RecordError, MissingDependencyError) as error:
            assembly.skip(source.name, str(error))
        except InvalidInputError as error:
            if number == 1:
                raise
            assembly.skip(source.name, f"{source.name} cannot be read: {error}")
    corpus = assembly.corpus(root)
    if not len(corpus):
        reasons = [one.reason for one in corpus.skipped] or ["It is empty."]
        others = f" And {more(len(reasons) - 3)}." if len(reasons) > 3 else ""
        raise RecordError(f"There is no discussion in {root}. {' '.join(reasons[:3])}{others}".rstrip())
    _check_used(options, used, root)
    return corpus


def check_there(path: Path) -> None:
    """Raise `RecordError` if there is no file or folder at a path."""
    if re.match(r"https?:/", str(path)):
        raise RecordError(
            "path is a web address, but only files of this computer are read. Download it, and give its path."
        )
    try:
        path.stat()
    except FileNotFoundError:
        raise RecordError(f"There is nothing at {path}. Give a file or folder that exists.") from None
    except (OSError, ValueError) as error:
        raise RecordError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def _emptied(sources: list[SourceFile]) -> Iterator[SourceFile]:
    """Yield all files in order, each without a place in the list, so that their contents are not all in memory."""
    sources.reverse()
    while sources:
        yield sources.pop()


def read_source(source: SourceFile, options: ReadOptions) -> FileContents:
    """Return the contents of a file, or raise `RecordError`.

    Parameters
    ----------
    source : SourceFile
    options : ReadOptions
    """
    return known_format(source).read(source, options)


def known_format(source: SourceFile) -> ForeignFormat:
    """Return the format of a file; raise `RecordError`, with what the file is, if that is not read."""
    found = format_of(source)
    if found is None:
        raise RecordError(unknown_format(source))
    if "columns" not in found.options and source.guessed:  # the reader of tables warns itself
        warn_of_guess(source.name)
    return found


def _check_used(options: ReadOptions, used: Collection[str], root: Path) -> None:
    """Raise `InvalidInputError` for an argument that has no effect on what is there."""
    none = f"but there is no table of comments in {root}. Leave it out, or give the file of the table."
    column = next(iter(options.columns), "")
    require(not column or "columns" in used, f"{column} names a column, {none}", column)
    require(options.sheet is None or "sheet" in used, f"sheet is {short_repr(options.sheet)}, {none}", "sheet")
    require(
        not options.scales or "scales" in used,
        f"scales are given, but there are no labels in {root} that are read onto scales. Leave them out.",
        "scales",
    )


def sources_in(root: Path, skipped: list[Skipped]) -> Iterator[SourceFile]:
    """Yield the files in a folder and below, in natural order, and folders that are of one format as a whole.

    Parameters
    ----------
    root : Path
        The folder, or a file.
    skipped : list of Skipped
        To which folders that are passed by are added, with the reason.
    """
    whole = SourceFile(root)
    if not whole.is_folder or format_of(whole):
        yield whole
        return
    unread: list[OSError] = []
    for place, folders, files in os.walk(root, onerror=unread.append):
        here = Path(place)
        for name in sorted(folders, key=natural_order):
            below = SourceFile(here / name, str((here / name).relative_to(root)))
            if name.startswith("."):
                folders.remove(name)
            elif _is_own(below.path):
                skipped.append(Skipped(below.name, "It is the folder of a run or study. Load it by itself."))
                folders.remove(name)
            elif format_of(below):
                yield below
                folders.remove(name)
            elif below.path.is_symlink():
                skipped.append(Skipped(below.name, "It is a link to a folder. Load that folder by itself."))
        folders.sort(key=natural_order)
        for name in sorted(files, key=natural_order):
            if not name.startswith("."):
                yield SourceFile(here / name, str((here / name).relative_to(root)))
    skipped += [
        Skipped(replace_surrogates(error.filename), f"The folder cannot be read: {error.strerror}.") for error in unread
    ]


def _is_own(folder: Path) -> bool:
    return any(is_there(folder / name) for name in (HEAD_FILE, STUDY_FILE))
