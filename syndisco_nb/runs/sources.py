"""Transcripts and labels of whatever a user hands over: a study, its labels, a run, a slice, a record, a folder."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from syndisco_nb import doors
from syndisco_nb.errors import InvalidInputError, RecordError, short_repr
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.files import is_there, path_from
from syndisco_nb.runs.labelling_progress import labels_so_far, progress_text
from syndisco_nb.runs.layout import ANNOTATIONS, HEAD_FILE, STUDY_FILE
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.run_part import RunPart

Item = TypeVar("Item", Transcript, AnnotationSet)


@dataclass(frozen=True, slots=True)
class Held(Generic[Item]):
    """A transcript or annotation set, and its place in a study.

    Attributes
    ----------
    condition : str
        Name of the condition; "" outside a study.
    levels : mapping of str to str
        For each varied setting, the level of the condition.
    name : str
        Name of the discussion.
    record : Transcript or AnnotationSet
    run : Run or None
        The run that holds it; None if it was handed over by itself.
    source : int
        Number of the argument of `gather` that it came with, from 0.
    """

    condition: str
    levels: Mapping[str, str]
    name: str
    record: Item
    run: Run[Item] | None = None
    source: int = 0

    @property
    def unit_name(self) -> str:
        """A name of the discussion that also tells discussions of several conditions apart.

        Examples
        --------
        >>> from syndisco_nb import Transcript
        >>> Held("facilitator", {}, "discussion-00003", Transcript("", 3, 0, "", ())).unit_name
        'facilitator.discussion-00003'
        """
        return f"{self.condition}.{self.name}" if self.condition else self.name


@dataclass(frozen=True, slots=True)
class Material:
    """Transcripts and annotation sets with their conditions, in the order of the conditions.

    Attributes
    ----------
    transcripts : tuple of Held
        Each discussion once.
    labels : tuple of Held
        Also those that people have given in discussions that are not all labelled.
    levels : mapping of str to mapping
        The level of each varied setting, by condition, also of those without records; empty outside a study.
    unfinished : tuple of str
        The progress of people who have not labelled everything, as in "Dana has given 3 of 14 labels so far."
    """

    transcripts: tuple[Held[Transcript], ...]
    labels: tuple[Held[AnnotationSet], ...]
    levels: Mapping[str, Mapping[str, str]]
    unfinished: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of the varied settings."""
        return tuple(dict.fromkeys(setting for levels in self.levels.values() for setting in levels))


def gather(*sources: Any) -> Material:
    """Return the transcripts and labels that some objects hold.

    Labels bring their discussions along where these can be found, and a study its labels. A label's condition is that
    of its discussion.

    Parameters
    ----------
    *sources : Material, Study, ConditionRuns, Run, Corpus, Transcript, AnnotationSet, path, or iterable of records
        A path is that of the folder of a run, a study, or its labels, or of whatever `syndisco_nb.load` reads.

    Raises
    ------
    InvalidInputError
        If something else is given.
    RecordError
        If there are no discussions at a path.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=2, seed=1).run()
    >>> gather(talk).transcripts[0].name
    'discussion-00000'
    """
    collector = _Collector()
    for number, source in enumerate(sources):
        collector.source = number
        collector.add(source)
    return collector.material()


class _Collector:
    """Records on their way into a `Material`."""

    def __init__(self) -> None:
        self.source = 0
        self._transcripts: dict[str, Held[Transcript]] = {}
        self._labels: list[Held[AnnotationSet]] = []
        self._levels: dict[str, Mapping[str, str]] = {}
        self._read: set[Path] = set()
        self._comments: Counter[Path] = Counter()
        self._unfinished: list[str] = []

    def add(self, source: Any, condition: str = "") -> None:
        if isinstance(source, Material):
            self._transcripts |= {held.record.id: held for held in source.transcripts}
            self._labels += source.labels
            self._levels |= source.levels
            self._unfinished += source.unfinished
        elif isinstance(source, ConditionRuns):
            self._add_conditions(source)
        elif isinstance(source, Run):
            self._add_run(source, condition)
        elif isinstance(source, Transcript | AnnotationSet):
            self._add_record(source, condition)
        elif isinstance(source, Corpus):
            self.add([*source, *source.annotations], condition)
        elif isinstance(source, str | os.PathLike):
            self.add(doors.load(source))
        elif isinstance(source, Iterable) and not isinstance(source, Mapping):
            if isinstance(source, Records) and source.discussions is not None:
                self.add(source.discussions)
            for one in source:
                self.add(one, condition)
        else:
            raise InvalidInputError(
                f"{short_repr(source)} holds no discussions and no labels. Give a study, a run, transcripts, "
                "annotation sets, or the folder of a run or study."
            )

    def material(self) -> Material:
        order = {condition: number for number, condition in enumerate(self._levels)}
        transcripts = sorted(self._transcripts.values(), key=lambda held: order.get(held.condition, -1))
        labels = sorted(map(self._placed, self._labels), key=lambda held: order.get(held.condition, -1))
        return Material(tuple(transcripts), tuple(labels), self._levels, tuple(self._unfinished))

    def _add_conditions(self, runs: ConditionRuns[Any], *, with_labels: bool = True) -> None:
        self._levels |= runs.levels
        for condition, run in runs.items():
            self.add(run, condition)
        if runs.labels is not None and with_labels:
            self.add(runs.labels)

    def _add_run(self, run: Run[Any], condition: str) -> None:
        folder = run.folder.resolve()
        self._read.add(folder)
        if run.holds is Transcript:
            talks = list(run)
            self._comments[folder] = sum(map(len, talks))
            for talk in talks:
                self._add_record(talk, condition, run)
            return
        discussions = self._add_discussions_of(run, condition)
        labels = labels_so_far(run)
        for one in labels:
            self._add_record(one, condition, run)
        comments = sum(number for path, number in self._comments.items() if discussions in (path, path.parent))
        if text := progress_text(run, labels, comments):
            self._unfinished.append(text)

    def _add_record(self, record: Transcript | AnnotationSet, condition: str, run: Run[Any] | None = None) -> None:
        levels = self._levels.get(condition, {})
        if isinstance(record, Transcript):
            held = self._transcripts.get(record.id)
            if held is None or (condition and not held.condition):
                self._transcripts[record.id] = Held(condition, levels, record.name, record, run, self.source)
        else:
            self._labels.append(Held(condition, levels, record.discussion, record, run, self.source))

    def _add_discussions_of(self, labels: Run[AnnotationSet], condition: str) -> Path | None:
        """Add the discussions that a run of labels is about, if they are in a folder; return it."""
        named = labels.spec.get("discussions")
        folder = path_from(named, labels.folder).resolve() if isinstance(named, str) else None
        if folder is not None and folder.exists() and folder not in self._read:
            if (folder / STUDY_FILE).exists():
                # Without the study's own labels: they are not those that were asked for.
                self._add_conditions(doors.open_study(folder), with_labels=False)
            elif (folder / HEAD_FILE).exists():
                self.add(Run(folder, part=_discussions_of(labels)), condition)
            else:
                self._read.add(folder)
                with contextlib.suppress(RecordError):  # labels are whole without their discussions
                    self.add(list(doors.load(folder)), condition)
        return folder

    def _placed(self, labels: Held[AnnotationSet]) -> Held[AnnotationSet]:
        """Return labels with the condition and the name of their discussion."""
        talk = self._transcripts.get(labels.record.discussion_id)
        return replace(labels, condition=talk.condition, levels=talk.levels, name=talk.name) if talk else labels


def _discussions_of(labels: Run[AnnotationSet]) -> RunPart | None:
    """Return the part of a run of discussions that a part of its labels is about; None for all of it."""
    if labels.part is None:
        return None
    parts = [parts for unit in labels.part.units if (parts := annotation_parts(unit))]
    return RunPart(frozenset(name for name, _ in parts))


def own_folder(folder: Path) -> Run[Any] | ConditionRuns[Any] | None:
    """Return the run or study in a folder, or the labels of a study; None if it is a folder of something else."""
    if is_there(folder / STUDY_FILE):
        return doors.open_study(folder)
    if folder.name == ANNOTATIONS and is_there(folder.parent / STUDY_FILE):
        labels = doors.open_study(folder.parent).labels
        if labels is not None:
            return labels
    return Run(folder) if is_there(folder / HEAD_FILE) else None
