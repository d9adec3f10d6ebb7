"""The units of a run that are not finished, as far as their journals keep them."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb import doors
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Message, Participant, Transcript
from syndisco_nb.records.unit_names import annotation_parts, discussion_index, is_unit_name
from syndisco_nb.runs.files import check_own, path_from, read_own
from syndisco_nb.runs.head import RunHead
from syndisco_nb.runs.journal import Line, read_lines
from syndisco_nb.runs.layout import discussion_path, unit_path
from syndisco_nb.runs.reading import journal_counts, journal_files, natural_order, unit_files
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.seeds import annotation_seed

_PARTICIPANTS = TypeAdapter(list[Participant])


def unfinished_journals(folder: Path) -> list[Path]:
    """Return the journals of the units that are not finished, in the order of the units."""
    journals = [file for file in journal_files(folder) if is_unit_name(file.stem)]
    unfinished = [file for file in journals if not unit_path(folder, file.stem).exists()]
    return sorted(unfinished, key=lambda file: natural_order(file.stem))


def keeps_lines(head: RunHead, journal: Path) -> bool:
    """Return whether the first line of a journal can be read; without it, nothing is kept.

    Parameters
    ----------
    head : RunHead
    journal : Path
    """
    try:
        check_own(journal)
        with journal.open("rb") as file:
            first = file.readline()
    except OSError:
        return False
    kind: type[Any] = Label if head.kind == "annotations" else Message
    return bool(read_lines(kind, first, str(journal))[0])


def turns_kept(journals: Collection[Path]) -> int:
    """Return the number of turns, or labels, in some journals."""
    kept = 0
    for file in journals:
        with contextlib.suppress(OSError):
            kept += journal_counts(read_own(file)).turns
    return kept


def unfinished_record(folder: Path, head: RunHead, journal: Path) -> Any:
    """Return the `Transcript`, or `AnnotationSet`, in a journal; None if it keeps nothing.

    Whatever cannot be told from the journal and the settings of the run is left out.

    Parameters
    ----------
    folder : Path
        The run folder.
    head : RunHead
    journal : Path
    """
    if head.kind == "annotations":
        return _labels(folder, head, journal)
    index = discussion_index(journal.stem)
    messages = _lines(Message, journal)
    if index is None or not messages:
        return None
    return doors.unfinished_transcript(head.spec, head.seed, index, messages)


def is_by_hand(spec: Mapping[str, Any]) -> bool:
    """Return whether people alone give the labels of a run with this spec."""
    models = spec.get("models")
    return isinstance(models, list) and bool(models) and all(one.get("type") == "HumanModel" for one in models)


def _labels(folder: Path, head: RunHead, journal: Path) -> AnnotationSet | None:
    spec, parts, labels = head.spec, annotation_parts(journal.stem), _lines(Label, journal)
    if parts is None or not labels:
        return None
    discussion, number = parts
    try:
        annotator = _PARTICIPANTS.validate_python(spec["annotators"])[number]
    except (KeyError, IndexError, ValueError):
        return None
    return AnnotationSet(
        discussion_id=_discussion_id(folder, spec, discussion),
        discussion=discussion,
        index=number,
        seed=annotation_seed(head.seed, discussion, number),
        annotator=annotator,
        settings={name: spec[name] for name in ("window", "window_counts", "scales") if name in spec},
        labels=tuple(labels),
    )


def _lines(kind: type[Line], journal: Path) -> list[Line]:
    """Return the lines of a journal, up to the first that is damaged; none if the unit was finished meanwhile."""
    try:
        return read_lines(kind, read_own(journal), str(journal))[0]
    except OSError:
        return []


def _discussion_id(folder: Path, spec: Mapping[str, Any], discussion: str) -> str:
    """Return the id of a discussion: from the sample on record, or from its file; "" if it cannot be told.

    A person labels one discussion after the other: of discussions that are in no file, it is the first not finished.
    """
    if ids := spec.get("sample", {}).get("discussions"):
        return str(ids.get(discussion, ""))
    named = spec.get("discussions")
    if isinstance(named, str):
        with contextlib.suppress(RecordError):
            return read_record(Transcript, discussion_path(path_from(named, folder), discussion)).id
    elif named and is_by_hand(spec):
        finished = {one.discussion_id for one in _finished_labels(folder)}
        return next((one for one in named if one not in finished), "")
    return ""


def _finished_labels(folder: Path) -> Iterator[AnnotationSet]:
    for file in unit_files(folder):
        with contextlib.suppress(RecordError):
            yield read_record(AnnotationSet, file)
