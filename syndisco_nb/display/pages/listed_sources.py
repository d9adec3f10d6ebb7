"""The records of a run, corpus or list, as sources of a listing: read when their row is made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.listings import Source
from syndisco_nb.display.pages.run_progress import journals_of
from syndisco_nb.errors import RecordError
from syndisco_nb.experiments.labelling_sources import labels_about
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.records.unit_names import annotation_parts, unit_text
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import unit_path
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.unfinished import keeps_lines, unfinished_record

Labels = Run[AnnotationSet] | Records[AnnotationSet]


def finished_sources(
    records: Run[Any] | Corpus | Records[Any], limits: Limits, name: str, labels: Labels | None = None
) -> list[Source[Any]]:
    """Return the records of a run, a corpus or a list.

    Parameters
    ----------
    records : Run, Corpus or Records
    limits : Limits
        Of `Limits.max_items` records, the sizes of the files are looked up.
    name : str
        The name of the records in Python expressions such as "run[3]".
    labels : Run or Records of AnnotationSet, optional
        Labels of the discussions of a run or corpus.
    """
    files = _label_files(labels)

    def size(place: int) -> int:
        if not isinstance(records, Run) or place >= limits.max_items:
            return 0
        unit = records.names[place]
        return sum(map(_size, [unit_path(records.folder, unit), *files[unit]]))

    def read(place: int) -> tuple[Any, Sequence[AnnotationSet]]:
        record = records[place]
        if labels is None or isinstance(records, Records) or not isinstance(record, Transcript):
            return record, ()
        return record, labels_about(records.names[place], record, labels)

    return [
        Source(f"{name}[{place}]", size(place), lambda place=place: read(place))  # type: ignore[misc]
        for place in range(len(records))
    ]


def unfinished_sources(run: Run[Any], failed: Mapping[str, str], otherwise: str) -> list[Source[Any]]:
    """Return the unfinished records of a run, as `Run.unfinished` has them.

    Parameters
    ----------
    run : Run
    failed : mapping of str to str
        The error of each unit that failed.
    otherwise : str
        The state of the others.
    """
    head = read_head(run.folder)

    def read(journal: Path) -> tuple[Any, Sequence[AnnotationSet]]:
        record = unfinished_record(run.folder, head, journal)
        if record is None:
            raise RecordError("its journal is damaged from the first line on")
        if isinstance(record, Transcript):
            return replace(record, cast=run.cast), ()
        return run.part.of(record) if run.part else record, ()

    sources, place = [], 0
    for file in journals_of(run):
        kept = keeps_lines(head, file)
        if kept or _size(file):
            where = f"run.unfinished[{place}]" if kept else unit_text(file.stem)
            state = f"failed: {failed[file.stem]}" if file.stem in failed else otherwise
            sources.append(Source(where, _size(file), lambda file=file: read(file), state))  # type: ignore[misc]
        place += kept
    return sources


def _label_files(labels: Labels | None) -> Mapping[str, list[Path]]:
    """Return the files of the labels in a run, by the name of the discussion."""
    files: dict[str, list[Path]] = defaultdict(list)
    if isinstance(labels, Run):
        for unit in labels.names:
            if parts := annotation_parts(unit):
                files[parts[0]].append(unit_path(labels.folder, unit))
    return files


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
