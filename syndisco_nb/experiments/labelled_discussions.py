"""The discussions of an annotation run: those that can be read, and those that are not labelled yet."""

import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, require
from syndisco_nb.jobs.labelled_units import LabelledUnit, scale_units
from syndisco_nb.records import AnnotationSet, LabelKey, Transcript, Unit
from syndisco_nb.records.unit_names import annotation_name, annotation_parts
from syndisco_nb.runs.files import path_from
from syndisco_nb.runs.layout import Skipped, discussion_path, unit_path
from syndisco_nb.runs.reading import record_files, unit_files
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.wording import more

_LONGEST_NAME = 200  # bytes of a discussion's name, after which the files of its labels are named


class DiscussionTexts(NamedTuple):
    """The texts of a discussion to label, which stay in memory when its transcript does not.

    Attributes
    ----------
    id : str
        `Transcript.id`.
    texts : mapping of int to tuple of str
        Name and text of each comment, by its index.
    wholes : tuple of LabelledUnit
        The participants and the whole discussion; empty unless some scale is asked of them.
    """

    id: str
    texts: Mapping[int, tuple[str, str]]
    wholes: tuple[LabelledUnit, ...] = ()

    @classmethod
    def of(cls, transcript: Transcript) -> "DiscussionTexts":
        """Return the texts of a transcript."""
        return cls(transcript.id, {comment.index: (comment.name, comment.text) for comment in transcript.comments})

    def labels(self, units: Mapping[str, Unit]) -> dict[LabelKey, tuple[str, str]]:
        """Return name and text that each label to give is about, in the order of `labelled_units`.

        Parameters
        ----------
        units : mapping of str to str
            As `scale_units` returns them.
        """
        names = [name for name, unit in units.items() if unit == COMMENT]
        of_comments = {LabelKey(COMMENT, index, name): about for index, about in self.texts.items() for name in names}
        return of_comments | {
            LabelKey(whole.unit, whole.name, name): (whole.name, whole.text)
            for whole in self.wholes
            for name, unit in units.items()
            if unit == whole.unit
        }


def readable_discussions(
    source: Path, names: Collection[str] | None = None
) -> tuple[dict[Path, DiscussionTexts], list[Skipped]]:
    """Return the files in the folder of a run that hold a discussion, and those that do not; warn about the latter.

    Parameters
    ----------
    source : Path
    names : collection of str, optional
        Names of the discussions to read; all by default.

    Raises
    ------
    InvalidInputError
        If it holds no discussion.
    """
    files, skipped = record_files(source)
    readable = {}
    for file in files:
        if names is not None and file.stem not in names:
            continue
        try:
            transcript = read_record(Transcript, file)
        except RecordError as error:
            skipped.append(Skipped(file.name, str(error)))
            continue
        if len(os.fsencode(file.stem)) > _LONGEST_NAME:
            skipped.append(Skipped(file.name, f"its name has more than {_LONGEST_NAME} bytes"))
        else:
            readable[file] = DiscussionTexts.of(transcript)
    require(
        readable or not any(annotation_parts(one.file.removesuffix(".json")) for one in skipped),
        f"{source} holds labels, but no discussions. Give the run or the study that was labelled.",
        "discussions_dir",
    )
    if not readable:
        reasons = _reasons(skipped)
        raise InvalidInputError(
            f"There is no discussion in {source}{f' ({reasons})' if reasons else ''}. Give the folder of a "
            "DiscussionExperiment.",
            field="discussions_dir",
        )
    warn_of_skipped(source, skipped)
    return readable, skipped


def warn_of_skipped(source: Path, skipped: Sequence[Skipped]) -> None:
    """Warn of the files in a folder that are not labelled, if there are any.

    Parameters
    ----------
    source : Path
    skipped : sequence of Skipped
    """
    if skipped:
        others = f"; and {more(len(skipped) - 5)}" if len(skipped) > 5 else ""
        warnings.warn(f"Skipped {len(skipped)} of the files in {source}: {_reasons(skipped)}{others}", stacklevel=1)


def _reasons(skipped: Sequence[Skipped]) -> str:
    return "; ".join(map(str, skipped[:5]))


def pending_annotations(
    folder: RunFolder, units: Mapping[str, DiscussionTexts], skipped: Sequence[Skipped], scales: Sequence[Scale]
) -> tuple[list[str], list[str]]:
    """Return the units that lack labels, and set those aside that the run does not have.

    Parameters
    ----------
    folder : RunFolder
        It learns how many units the run has.
    units : mapping of str to DiscussionTexts
        The discussion behind each annotation that is asked for.
    skipped : sequence of Skipped
        Discussions that cannot be read; their annotations stay for the day when they can.
    scales : sequence of Scale
        Those that are asked for.

    Returns
    -------
    pending : list of str
        Units that lack labels that are asked for.
    others : list of str
        All other units of the run, which had more discussions, annotators or scales before, that lack labels.

    Raises
    ------
    RunFolderError
        If a discussion has changed since it was annotated.
    """
    done = {unit: _scales_done(folder, unit, texts) for unit, texts in units.items()}
    there = {file.stem for file in unit_files(folder.path)}
    kept = {unit for unit in there - set(units) if _is_of_run(folder, unit)}
    folder.set_strangers_aside(units, lambda unit: unit in kept)
    unreadable = {one.file for one in skipped}
    parts = [parts for unit in (*units, *kept) if (parts := annotation_parts(unit))]
    discussions = dict.fromkeys(name for name, _ in parts if f"{name}.json" not in unreadable)
    numbers = range(len(folder.spec["annotators"]))
    whole = [annotation_name(name, number) for name in discussions for number in numbers]
    folder.total = len(whole)
    asked, recorded = ({scale.name for scale in scales}, {scale["name"] for scale in folder.spec["scales"]})
    pending = [unit for unit, names in done.items() if names is None or asked - names]
    others = [unit for unit in whole if unit not in kept and (unit not in done or recorded - (done[unit] or set()))]
    return pending, [unit for unit in others if unit not in pending]


def _is_of_run(folder: RunFolder, unit: str) -> bool:
    """Return whether a unit that is not asked for is of the run: by one of its annotators, about a discussion of it."""
    parts = annotation_parts(unit)
    if parts is None or parts[1] >= len(folder.spec["annotators"]):
        return False
    discussions = folder.spec["discussions"]
    if isinstance(discussions, str):
        return discussion_path(path_from(discussions, folder.path), parts[0]).exists()
    try:
        return read_record(AnnotationSet, unit_path(folder.path, unit)).discussion_id in discussions
    except RecordError:
        return False


def _scales_done(folder: RunFolder, unit: str, texts: DiscussionTexts) -> set[str] | None:
    """Return the names of the scales on which a unit is labelled; None if it is not finished, or its sample grew."""
    done = folder.read_finished(unit)
    if not isinstance(done, AnnotationSet):
        return None
    units = {scale["name"]: scale.get("unit", COMMENT) for scale in done.settings["scales"]} or scale_units(())
    given = [label for label in done.labels if texts.wholes or label.unit == COMMENT]
    labelled = {label.key: (label.name, label.text) for label in given}
    wanted, sample = texts.labels(units), done.settings.get("comments")
    known = {
        key: about for key, about in wanted.items() if sample is None or key.unit != COMMENT or key.place in sample
    }
    if (done.discussion_id, labelled) != (texts.id, known):
        raise RunFolderError(
            f"{folder.path} holds annotations of another discussion than today's {done.discussion}: it has changed "
            "since. Use another folder."
        )
    return {scale["name"] for scale in done.settings["scales"]} if len(known) == len(wanted) else None
