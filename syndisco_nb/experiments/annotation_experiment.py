"""Many discussions, labelled by many annotators."""

import asyncio
import contextlib
import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.backend.window import COUNTS, Counts, check_counts
from syndisco_nb.errors import (
    InvalidInputError,
    RecordError,
    RunFolderError,
    named_arguments,
    require,
    require_bool,
    require_int,
)
from syndisco_nb.experiments.common import MAX_CONCURRENCY, counted, models_of, refuse_people
from syndisco_nb.jobs import Annotation, check_annotators
from syndisco_nb.jobs.record_matching import annotation_mismatch, label_check
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Transcript
from syndisco_nb.records.unit_names import annotation_name, annotation_parts
from syndisco_nb.running.control import Control
from syndisco_nb.running.estimation import estimate
from syndisco_nb.running.scheduler import Progress, load_all, run_all
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.files import as_path, path_to
from syndisco_nb.runs.journal import LineCheck
from syndisco_nb.runs.layout import PathLike, Skipped
from syndisco_nb.runs.reading import record_files
from syndisco_nb.runs.run import Origin, Run
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.seeds import annotation_seed, given_or_drawn
from syndisco_nb.shown import Shown
from syndisco_nb.wording import more

if TYPE_CHECKING:
    from syndisco_nb.doors import Live

Item = TypeVar("Item")

_UNREAD = Transcript("", 0, 0, "", ())
"""Stands for a discussion where only its name counts."""

_PROBED = 4  # annotations of one discussion
_REHEARSED = 64
_LONGEST_NAME = 200  # of a discussion's file, so that its annotations' files can be named after it


class AnnotationExperiment(Shown):
    """Have every comment of many discussions labelled by every annotator.

    Parameters
    ----------
    annotators : sequence of LLMActor
        Of type `ActorType.ANNOTATOR`. Their names may be empty, but not equal.
    scales : Scale or sequence of Scale
        What is asked, one question each; without any, the annotators' own instructions ask for any text.
    window : int
        How many comments an annotator sees, the one to label included.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the run folder.
    max_concurrency : int
        How many annotations (one annotator, one discussion) are under way at once.
    window_counts : {"participants", "all"}
        Whose comments count in the window; those of moderators and guests come in addition, unless it counts "all".

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    """

    @named_arguments
    def __init__(
        self,
        annotators: Sequence[LLMActor],
        scales: Scale | Sequence[Scale] = (),
        window: int = WINDOW,
        seed: int | None = None,
        max_concurrency: int = MAX_CONCURRENCY,
        window_counts: Counts = COUNTS,
    ) -> None:
        self.annotators = check_annotators(annotators)
        self.scales = check_scales(scales)
        self.window = require_int("window", window, 1)
        self.window_counts = check_counts(window_counts)
        self.max_concurrency = require_int("max_concurrency", max_concurrency, 1)
        self.seed = None if seed is None else require_int("seed", seed, 0)
        self._models = models_of(self.annotators)
        self._expected: Cost | None = None

    @named_arguments
    def begin(self, discussions_dir: PathLike, output_dir: PathLike, *, fresh: bool = False) -> Run[AnnotationSet]:
        """Annotate all discussions of a folder, showing progress.

        Files in it that are no discussions of ours are reported and stepped around.

        Parameters
        ----------
        discussions_dir : str, path-like or Run
            Where the discussions are.
        output_dir : str or path-like
            The run folder of the annotations; made if it does not exist.
        fresh : bool
            Whether to start anew; a run that is already there is moved aside, to ``….old-1``.

        Returns
        -------
        Run
            One annotation set per discussion and annotator, what failed, and what was skipped.

        Raises
        ------
        InvalidInputError
            If there is no discussion in `discussions_dir`.
        RunFolderError
            If `output_dir` holds a different experiment, or another run is writing to it.
        StorageError
            If `output_dir` cannot be written: the disk is full, read-only or gone.
        ModelError
            If a model cannot be loaded.
        RunFailedError
            If one annotation after the other fails, and none gets on.
        """
        return run_sync(self._begin(as_path("discussions_dir", discussions_dir), output_dir, fresh))

    @named_arguments
    async def abegin(
        self, discussions_dir: PathLike, output_dir: PathLike, *, fresh: bool = False
    ) -> Run[AnnotationSet]:
        """Do what `begin` does, for those who await."""
        return await run_async(self._begin(as_path("discussions_dir", discussions_dir), output_dir, fresh))

    @named_arguments
    def start(self, discussions_dir: PathLike, output_dir: PathLike, *, fresh: bool = False) -> "Live":
        """Do what `begin` does, and return at once, with a view of it; see `DiscussionExperiment.start`."""
        as_path("output_dir", output_dir)
        require_bool("fresh", fresh)
        return doors.live(output_dir, lambda: self.abegin(discussions_dir, output_dir, fresh=fresh))

    @named_arguments
    def estimate(self, discussions_dir: PathLike) -> Cost:
        """Estimate what `begin` will cost for these discussions, from the real prompts and a probe.

        The probe annotates a few discussions, and throws the labels away.
        """
        return run_sync(self._estimate(as_path("discussions_dir", discussions_dir)))

    def __repr__(self) -> str:
        return f"<AnnotationExperiment: {counted(len(self.annotators), 'annotator', verb=False)}>"

    def annotation(
        self, transcript: Transcript, discussion: str, number: int, seed: int, done: Sequence[Label] = ()
    ) -> Annotation:
        """Return what annotator `number` of the experiment with this seed is to do with a discussion of this name."""
        return Annotation(
            annotator=self.annotators[number],
            transcript=transcript,
            scales=self.scales,
            window=self.window,
            window_counts=self.window_counts,
            seed=annotation_seed(seed, discussion, number),
            index=number,
            discussion=discussion,
            done=done,
        )

    def foreign(self, discussion: str, number: int, seed: int, found: Transcript | AnnotationSet) -> str:
        """Say why labels are not those of annotator `number` for a discussion of this name; return "" if they are."""
        if not isinstance(found, AnnotationSet):
            return "it holds no labels."
        return annotation_mismatch(self.annotation(_UNREAD, discussion, number, seed), found)

    def label_check(self, discussion: str, number: int, seed: int, found: "Found") -> LineCheck[Label]:
        """Return what says which lines are of the journal of this annotator for a discussion of this name."""
        return label_check(self.annotation(_UNREAD, discussion, number, seed), found.texts)

    def spec(self, discussions: str | Sequence[str]) -> dict[str, Any]:
        """Return what is asked, of the discussions of a folder or of those with these ids, as plain data."""
        return {
            "discussions": discussions,
            "scales": [scale.settings() for scale in self.scales],
            "annotators": [asdict(annotator.describe()) for annotator in self.annotators],
            "window": self.window,
            "window_counts": self.window_counts,
            "seed": self.seed,
            "models": [model.settings() for model in self._models],
        }

    def _annotation(
        self, file: Path, number: int, seed: int, done: Sequence[Label] = (), model: Model | None = None
    ) -> Annotation:
        """Return what is to be done with a file; another model may stand in for the annotator's."""
        job = self.annotation(read_record(Transcript, file), file.stem, number, seed, done)
        if model:
            job.annotator = job.annotator.speaking_for(model)
        return job

    async def _estimate(self, source: Path) -> Cost:
        refuse_people(self._models)
        found, _ = readable_discussions(source)
        seed = given_or_drawn(self.seed)
        units = [(file, number) for file in found for number in range(len(self.annotators))]
        labels = sum(one.comments for one in found.values()) * len(self.annotators) * max(1, len(self.scales))

        async def annotate(units: Sequence[tuple[Path, int]], model: Model | None = None) -> list[Label]:
            jobs = [self._annotation(file, number, seed, model=model) for file, number in units]
            await asyncio.gather(*(job.arun() for job in jobs))
            return [label for job in jobs for label in job.labels]

        async def rehearse(model: Model) -> float:
            return len(await annotate(_spread(units, _REHEARSED), model)) / labels

        await load_all(self._models)
        self._expected = await estimate(lambda: annotate(_spread(units, _PROBED)), rehearse)
        return self._expected

    async def _begin(
        self, source: Path, path: PathLike, fresh: bool = False, only: Collection[str] | None = None
    ) -> Run[AnnotationSet]:
        path = as_path("output_dir", path)
        require_bool("fresh", fresh)
        found, skipped = readable_discussions(source)
        spec = self.spec(path_to(source, path))
        tasks = {
            annotation_name(file.stem, number): (file, number)
            for file in found
            for number in range(len(self.annotators))
        }

        async def annotate(unit: str, progress: Progress, _: Control) -> None:
            file, number = tasks[unit]
            check = self.label_check(file.stem, number, folder.seed, found[file])
            with folder.journal(unit, Label, check) as journal:
                job = self._annotation(file, number, folder.seed, journal.done)
                await asyncio.sleep(0)  # an instant model must not keep the loop to itself
                progress.resumed(len(job.labels))

                def keep(label: Label) -> None:
                    journal.append(label)
                    progress.advance(1)

                annotation_set = await job.arun(keep)
            folder.finish(unit, annotation_set)

        async def again(units: Collection[str]) -> Run[AnnotationSet]:
            return await self._begin(source, path, only=units)

        async def remake(unit: str) -> AnnotationSet:
            await load_all(self._models)
            return await self._annotation(*tasks[unit], folder.seed).arun()

        def belongs(seed: int, unit: str, made: Transcript | AnnotationSet) -> str:
            if unit not in tasks:
                return f"{source} has no such discussion, or the experiment no such annotator."
            return self.foreign(tasks[unit][0].stem, tasks[unit][1], seed, made)

        questions = max(1, len(self.scales))
        labels = {unit: found[file].comments * questions for unit, (file, _) in tasks.items()}
        with contextlib.closing(RunFolder(path, "annotations", spec, len(tasks), fresh, belongs)) as folder:
            folder.expect(self._expected)
            pending = pending_annotations(folder, {unit: found[file] for unit, (file, _) in tasks.items()}, skipped)
            await run_all(folder, labels, pending, annotate, self._models, self.max_concurrency, "label", skipped, only)
        return Run(folder.path, Origin(again, remake))


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """Return so many of the items, evenly spread."""
    return [items[place * len(items) // min(count, len(items))] for place in range(min(count, len(items)))]


class Found(NamedTuple):
    """What an annotation run needs to know of a discussion beforehand."""

    id: str
    texts: Mapping[int, tuple[str, str]]  # who said what, by the index of the comment

    @classmethod
    def of(cls, transcript: Transcript) -> "Found":
        """Return what is to be known of this one."""
        return cls(transcript.id, {comment.index: (comment.name, comment.text) for comment in transcript.comments})

    @property
    def comments(self) -> int:
        """How many comments there are to label."""
        return len(self.texts)


def pending_annotations(folder: RunFolder, asked: Mapping[str, Found], skipped: Sequence[Skipped]) -> list[str]:
    """Return the units that are not finished; refuse where a discussion is not the one that was annotated.

    Annotations of a discussion that was skipped, since it cannot be read now, stay for when it can be.
    """
    unread = {one.file for one in skipped}

    def spared(unit: str) -> bool:
        parts = annotation_parts(unit)
        return parts is not None and f"{parts[0]}.json" in unread

    with folder.looked_at():
        pending = [unit for unit, found in asked.items() if not _annotated(folder, unit, found)]
        folder.set_others_aside(asked, spared)
        return pending


def _annotated(folder: RunFolder, unit: str, found: Found) -> bool:
    done = folder.finished(unit)
    if not isinstance(done, AnnotationSet):
        return False
    labelled = {label.comment: (label.name, label.text) for label in done.labels}
    if (done.discussion_id, labelled) != found:
        raise RunFolderError(
            f"{folder.path} holds annotations of another discussion than today's {done.discussion}: it has changed "
            "since. Use another folder."
        )
    return True


def readable_discussions(source: Path) -> tuple[dict[Path, Found], list[Skipped]]:
    """Return the files that hold a discussion, and the others, with a warning about those."""
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
            readable[file] = Found.of(transcript)
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
