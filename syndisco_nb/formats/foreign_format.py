"""`ForeignFormat`: a format of other people's files, and the list of all of them."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from syndisco_nb.backend.scale import Scale
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import AnnotationSet, Transcript


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The settings with which files are read.

    Attributes
    ----------
    scales : tuple of Scale
        The scales onto which texts of labels are read; none leaves them as texts.
    columns : mapping of str to str
        The columns of a table: ours → theirs.
    sheet : str or None
        The sheet of an Excel file.
    """

    scales: tuple[Scale, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class LooseLabels:
    """Labels in a file of their own, whose discussions are elsewhere.

    Attributes
    ----------
    join : callable
        Takes the discussions at hand and returns the labels as annotation sets about some of them; raises
        `RecordError` if they belong to none, with the reason. It is called with those of the labels' own folder first,
        and with all if that raises.
    """

    join: Callable[[FoundDiscussions], list[AnnotationSet]]


@dataclass(frozen=True, slots=True)
class FileContents:
    """All that was read from one file.

    Attributes
    ----------
    transcripts : sequence of Transcript
        `Transcript.index` is given later; `known_as` is a name that the file gives, or None.
    annotations : sequence of AnnotationSet
        Labels on these transcripts, by `AnnotationSet.discussion_id`. `index` tells annotators of this file apart.
    labels : sequence of LooseLabels
        Labels on transcripts of other files.
    """

    transcripts: Sequence[Transcript] = ()
    annotations: Sequence[AnnotationSet] = ()
    labels: Sequence[LooseLabels] = ()


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """A format that `syndisco_nb.load` reads.

    Attributes
    ----------
    name : str
        Its name in messages, with an article: "a SynDisco discussion log".
    recognises : callable
        Returns whether a file has this format, from its content; never raises. Each file is of one format at most.
    read : callable
        Returns the content; raises `RecordError` if something is wrong with it.
    options : tuple of str
        The `ReadOptions` that have an effect.
    """

    name: str
    recognises: Callable[[SourceFile], bool]
    read: Callable[[SourceFile, ReadOptions], FileContents]
    options: tuple[Literal["scales", "columns", "sheet"], ...] = ()


_FORMATS: list[ForeignFormat] = []


def register(foreign: ForeignFormat) -> ForeignFormat:
    """Add a format to those that are read, and return it."""
    _FORMATS.append(foreign)
    return foreign


@functools.cache  # it looks into a folder
def all_formats() -> list[ForeignFormat]:
    """Return all formats, from all modules of this package."""
    for module in pkgutil.walk_packages([str(Path(__file__).parent)], f"{__package__}."):
        importlib.import_module(module.name)
    return _FORMATS


def format_of(source: SourceFile) -> ForeignFormat | None:
    """Return the format of a file; None if it has none of these."""
    return next((one for one in all_formats() if one.recognises(source)), None)
