"""The discussions of an annotation run: those that can be read, and those that are not labelled yet."""

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.reading import record_files
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.wording import more

_LONGEST_NAME = 200  # bytes of a discussion's name, after which the files of its labels are named


class DiscussionTexts(NamedTuple):
    """The comments of a discussion, which stay in memory when its transcript does not.

    Attributes
    ----------
    id : str
        `Transcript.id`.
    texts : mapping of int to tuple of str
        Name and text of each comment, by its index.
    """

    id: str
    texts: Mapping[int, tuple[str, str]]

    @classmethod
    def of(cls, transcript: Transcript) -> "DiscussionTexts":
        """Return the texts of a transcript."""
        return cls(transcript.id, {comment.index: (comment.name, comment.text) for comment in transcript.comments})

    @property
    def comments(self) -> int:
        """The number of comments."""
        return len(self.texts)


def readable_discussions(source: Path) -> tuple[dict[Path, DiscussionTexts], list[Skipped]]:
    """Return the files in a folder that hold a discussion, and those that do not; warn about the latter.

    Raises
    ------
    InvalidInputError
        If there is no such folder, it is that of a study, or it holds no discussion.
    """
    require(
        source.is_dir(),
        f"discussions_dir is {str(source)!r}, but there is no such folder. Give the folder of a DiscussionExperiment.",
        "discussions_dir",
    )
    require(
        not (source / "study.json").exists(),
        f"discussions_dir is {str(source)!r}, the folder of a study. Give that of one condition, or have all of them "
        "labelled by Study(...).annotate.",
        "discussions_dir",
    )
    files, skipped = record_files(source)
    readable = {}
    for file in files:
        try:
            transcript = read_record(Transcript, file)
        except RecordError as error:
            skipped.append(Skipped(file.name, str(error)))
            continue
        if len(os.fsencode(file.stem)) > _LONGEST_NAME:
            skipped.append(Skipped(file.name, f"its name has more than {_LONGEST_NAME} bytes"))
        else:
            readable[file] = DiscussionTexts.of(transcript)
    reasons = "; ".join(f"{one.file}: {one.reason}" for one in skipped[:5])
    if not readable:
        raise InvalidInputError(
            f"There is no discussion in {source}{f' ({reasons})' if reasons else ''}. Give the folder of a "
            "DiscussionExperiment.",
            field="discussions_dir",
        )
    if skipped:
        others = f"; and {more(len(skipped) - 5)}" if len(skipped) > 5 else ""
        warnings.warn(f"Skipped {len(skipped)} of the files in {source}: {reasons}{others}", stacklevel=1)
    return readable, skipped


def pending_annotations(
    folder: RunFolder, units: Mapping[str, DiscussionTexts], skipped: Sequence[Skipped]
) -> list[str]:
    """Return the units that are not finished, and set those aside that the run does not have.

    Parameters
    ----------
    folder : RunFolder
    units : mapping of str to DiscussionTexts
        The discussion behind each annotation of the run.
    skipped : sequence of Skipped
        Discussions that cannot be read; their annotations stay for the day when they can.

    Raises
    ------
    RunFolderError
        If a discussion has changed since it was annotated.
    """
    unreadable = {one.file for one in skipped}

    def spared(unit: str) -> bool:
        parts = annotation_parts(unit)
        return parts is not None and f"{parts[0]}.json" in unreadable

    with folder.restoring_status():
        pending = [unit for unit, texts in units.items() if not _is_annotated(folder, unit, texts)]
        folder.set_strangers_aside(units, spared)
        return pending


def _is_annotated(folder: RunFolder, unit: str, texts: DiscussionTexts) -> bool:
    done = folder.read_finished(unit)
    if not isinstance(done, AnnotationSet):
        return False
    labelled = {label.comment: (label.name, label.text) for label in done.labels}
    if (done.discussion_id, labelled) != texts:
        raise RunFolderError(
            f"{folder.path} holds annotations of another discussion than today's {done.discussion}: it has changed "
            "since. Use another folder."
        )
    return True
