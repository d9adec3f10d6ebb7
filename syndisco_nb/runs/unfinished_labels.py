"""Labels that people have given in discussions that are not all labelled, read from the journals of their run."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Participant, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.files import path_from, read_own
from syndisco_nb.runs.journal import read_lines
from syndisco_nb.runs.layout import discussion_path
from syndisco_nb.runs.reading import journal_files
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.seeds import annotation_seed
from syndisco_nb.wording import count

_PARTICIPANTS = TypeAdapter(list[Participant])


def is_by_hand(run: Run[AnnotationSet]) -> bool:
    """Return whether people alone gave the labels of a run."""
    models = run.spec.get("models")
    return isinstance(models, list) and bool(models) and all(one.get("type") == "HumanModel" for one in models)


def unfinished_labels(run: Run[AnnotationSet]) -> list[AnnotationSet]:
    """Return the labels of each discussion that a person has labelled in part.

    What models have begun does not count: which of its labels are there depends on what failed.

    Parameters
    ----------
    run : Run of AnnotationSet
    """
    if not is_by_hand(run):
        return []
    return [labels for file in journal_files(run.folder) if file.stem not in run.names for labels in _labels(run, file)]


def _labels(run: Run[AnnotationSet], journal: Path) -> Iterator[AnnotationSet]:
    """Yield the labels in a journal, if there are any, and their discussion can be told."""
    spec, parts = run.spec, annotation_parts(journal.stem)
    if parts is None:
        return
    discussion, number = parts
    try:
        labels, _, _ = read_lines(Label, read_own(journal), str(journal))
        annotator = _PARTICIPANTS.validate_python(spec["annotators"])[number]
    except (OSError, KeyError, IndexError, ValueError):
        return
    discussion_id = _discussion_id(run, spec, discussion)
    if not labels or discussion_id is None:
        return
    yield AnnotationSet(
        discussion_id=discussion_id,
        discussion=discussion,
        index=number,
        seed=annotation_seed(run.seed, discussion, number),
        annotator=annotator,
        settings={name: spec[name] for name in ("window", "window_counts", "scales") if name in spec},
        labels=tuple(labels),
    )


def _discussion_id(run: Run[AnnotationSet], spec: dict[str, Any], discussion: str) -> str | None:
    """Return the id of a discussion: from the sample on record, from its file, or as the only one not finished."""
    if ids := spec.get("sample", {}).get("discussions"):
        return str(ids[discussion]) if discussion in ids else None
    named = spec.get("discussions")
    if isinstance(named, str):
        with contextlib.suppress(RecordError):
            return read_record(Transcript, discussion_path(path_from(named, run.folder), discussion)).id
        return None
    finished = {record.discussion_id for record in run}
    return next((one for one in named or () if one not in finished), None)  # they are labelled one after the other


def progress_text(run: Run[AnnotationSet], labels: Iterable[AnnotationSet], comments: int) -> str:
    """Return the progress of a person who has not labelled everything, in words; "" for models, and where all is done.

    Parameters
    ----------
    run : Run of AnnotationSet
    labels : iterable of AnnotationSet
        The labels so far, those of `unfinished_labels` included.
    comments : int
        The number of comments in the discussions of the run, if it does not record a sample.
    """
    if not is_by_hand(run) or len(run) == run.total:
        return ""
    spec = run.spec
    given = sum(len(one.labels) for one in labels)
    sample = spec.get("sample")
    total = (len(sample["comments"]) if sample else comments) * len(spec["scales"])
    names = ", ".join(str(one["name"]) for one in spec["annotators"])
    return f"{names} has given {given:,} of {count(total, 'label')} so far."
