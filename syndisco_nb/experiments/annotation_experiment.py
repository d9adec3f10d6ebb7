"""`AnnotationExperiment`: many discussions, labelled by many annotators."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.backend.window import COUNTS, Counts, check_counts
from syndisco_nb.errors import (
    named_arguments,
    require_bool,
    require_int,
)
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts, pending_annotations, readable_discussions
from syndisco_nb.experiments.limits import MAX_CONCURRENCY
from syndisco_nb.experiments.model_checks import models_of, refuse_people
from syndisco_nb.jobs import Annotation, check_annotators
from syndisco_nb.jobs.record_matching import annotation_mismatch, label_check
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Transcript
from syndisco_nb.records.unit_names import annotation_name
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.estimation import estimate
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.running.scheduler import load_all, run_all
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.files import as_path, path_to
from syndisco_nb.runs.journal import LineCheck
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run, RunOrigin
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.seeds import annotation_seed, given_or_drawn
from syndisco_nb.shown import Shown
from syndisco_nb.wording import count

if TYPE_CHECKING:
    from syndisco_nb.doors import Live

Item = TypeVar("Item")

_UNREAD = Transcript("", 0, 0, "", ())
"""Stands for a discussion of which only the name is needed."""

_PROBE_SIZE, _REHEARSAL_SIZE = 4, 64  # annotations that an estimate makes with the models, and with a stand-in for them


class AnnotationExperiment(Shown):
    """Have every comment of many discussions labelled by every annotator.

    Parameters
    ----------
    annotators : sequence of LLMActor
        Of type `ActorType.ANNOTATOR`. Their names may be empty, but not equal.
    scales : Scale or sequence of Scale
        One question each; without any, the annotators' own instructions ask for a text.
    window : int
        Number of comments that an annotator sees, the one to label included.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the run folder.
    max_concurrency : int
        Most annotations (one annotator, one discussion) under way at once.
    window_counts : {"participants", "all"}
        Whose comments count in the window; those of moderators and guests come in addition, unless it counts "all".

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> judge = snb.LLMActor(snb.ScriptedModel("4"), "Judge", actor_type=snb.ActorType.ANNOTATOR)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = snb.DiscussionExperiment(topics=["Tax?"], users=users, num_turns=2, seed=1).begin(f"{folder}/a")
    ...     labels = snb.AnnotationExperiment([judge], snb.Likert("toxicity", 1, 5)).begin(run, f"{folder}/b")
    ...     len(labels), labels[0].labels[0].value
    (5, 4)
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

        Other files in it are skipped with a warning.

        Parameters
        ----------
        discussions_dir : str, path-like or Run
            The folder of the discussions.
        output_dir : str or path-like
            The run folder of the annotations; made if it does not exist.
        fresh : bool
            Whether to start anew; a run that is already there is moved aside, to ``….old-1``.

        Returns
        -------
        Run
            One annotation set per discussion and annotator, with failures and skipped files.

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
        """Async form of `begin`.

        Parameters
        ----------
        discussions_dir, output_dir, fresh
            As in `begin`.
        """
        return await run_async(self._begin(as_path("discussions_dir", discussions_dir), output_dir, fresh))

    @named_arguments
    def start(self, discussions_dir: PathLike, output_dir: PathLike, *, fresh: bool = False) -> "Live":
        """Do what `begin` does, and return at once, with a view of it; see `DiscussionExperiment.start`.

        Parameters
        ----------
        discussions_dir, output_dir, fresh
            As in `begin`.
        """
        as_path("output_dir", output_dir)
        require_bool("fresh", fresh)
        return doors.live(output_dir, lambda: self.abegin(discussions_dir, output_dir, fresh=fresh))

    @named_arguments
    def estimate(self, discussions_dir: PathLike) -> Cost:
        """Estimate the cost of `begin` for these discussions, from the real prompts and a probe.

        The probe annotates a few discussions, and discards the labels.
        """
        return run_sync(self._estimate(as_path("discussions_dir", discussions_dir)))

    def __repr__(self) -> str:
        return f"<AnnotationExperiment: {count(len(self.annotators), 'annotator')}>"

    def annotation(
        self, transcript: Transcript, discussion: str, number: int, seed: int, done: Sequence[Label] = ()
    ) -> Annotation:
        """Return the annotation of a discussion by one annotator.

        Parameters
        ----------
        transcript : Transcript
        discussion : str
            The name of the discussion.
        number : int
            The number of the annotator, from 0.
        seed : int
            The seed of the experiment.
        done : sequence of Label
            Labels that are there already.
        """
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

    def mismatch(self, discussion: str, number: int, seed: int, record: Transcript | AnnotationSet) -> str:
        """Return the reason why a record does not hold the labels of an annotation, or "".

        Parameters
        ----------
        discussion, number, seed
            As in `annotation`.
        record : Transcript or AnnotationSet
        """
        if not isinstance(record, AnnotationSet):
            return "it holds no labels."
        return annotation_mismatch(self.annotation(_UNREAD, discussion, number, seed), record)

    def label_check(self, discussion: str, number: int, seed: int, texts: DiscussionTexts) -> LineCheck[Label]:
        """Return the check of each line in the journal of an annotation.

        Parameters
        ----------
        discussion, number, seed
            As in `annotation`.
        texts : DiscussionTexts
            The comments that the labels must be about.
        """
        return label_check(self.annotation(_UNREAD, discussion, number, seed), texts.texts)

    def spec(self, discussions: Mapping[str, Any]) -> dict[str, Any]:
        """Return the experiment as plain data, with the discussions, and their sample, if any, as in run.json."""
        return {
            **discussions,
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
        """Return the annotation of a file; another model may stand in for the annotator's."""
        job = self.annotation(read_record(Transcript, file), file.stem, number, seed, done)
        if model:
            job.annotator = job.annotator.speaking_for(model)
        return job

    async def _estimate(self, source: Path) -> Cost:
        refuse_people(self._models)
        texts, _ = readable_discussions(source)
        seed = given_or_drawn(self.seed)
        units = [(file, number) for file in texts for number in range(len(self.annotators))]
        labels = sum(known.comments for known in texts.values()) * len(self.annotators) * max(1, len(self.scales))

        async def annotate(units: Sequence[tuple[Path, int]], model: Model | None = None) -> list[Label]:
            jobs = [self._annotation(file, number, seed, model=model) for file, number in units]
            await asyncio.gather(*(job.arun() for job in jobs))
            return [label for job in jobs for label in job.labels]

        async def rehearse(model: Model) -> float:
            return len(await annotate(_spread(units, _REHEARSAL_SIZE), model)) / labels

        await load_all(self._models)
        self._expected = await estimate(lambda: annotate(_spread(units, _PROBE_SIZE)), rehearse)
        return self._expected

    async def _begin(
        self, source: Path, path: PathLike, fresh: bool = False, only: Collection[str] | None = None
    ) -> Run[AnnotationSet]:
        path = as_path("output_dir", path)
        require_bool("fresh", fresh)
        texts, skipped = readable_discussions(source)
        spec = self.spec({"discussions": path_to(source, path)})
        tasks = {
            annotation_name(file.stem, number): (file, number)
            for file in texts
            for number in range(len(self.annotators))
        }

        async def annotate(unit: str, progress: RunProgress, _: RunControl) -> None:
            file, number = tasks[unit]
            check = self.label_check(file.stem, number, folder.seed, texts[file])
            with folder.journal(unit, Label, check) as journal:
                job = self._annotation(file, number, folder.seed, journal.done)
                await asyncio.sleep(0)  # an instant model must not keep the loop to itself
                progress.add_earlier(len(job.labels))

                def keep(label: Label) -> None:
                    journal.append(label)
                    progress.advance(1)

                annotation_set = await job.arun(keep)
            folder.finish(unit, annotation_set)

        async def rerun(units: Collection[str]) -> Run[AnnotationSet]:
            return await self._begin(source, path, only=units)

        async def remake(unit: str) -> AnnotationSet:
            await load_all(self._models)
            return await self._annotation(*tasks[unit], folder.seed).arun()

        def belongs(seed: int, unit: str, made: Transcript | AnnotationSet) -> str:
            if unit not in tasks:
                return f"{source} has no such discussion, or the experiment no such annotator."
            return self.mismatch(tasks[unit][0].stem, tasks[unit][1], seed, made)

        questions = max(1, len(self.scales))
        labels = {unit: texts[file].comments * questions for unit, (file, _) in tasks.items()}
        with contextlib.closing(RunFolder(path, "annotations", spec, len(tasks), fresh, belongs)) as folder:
            folder.keep_estimate(self._expected)
            pending = pending_annotations(folder, {unit: texts[file] for unit, (file, _) in tasks.items()}, skipped)
            await run_all(folder, labels, pending, annotate, self._models, self.max_concurrency, "label", skipped, only)
        return Run(folder.path, RunOrigin(rerun, remake))


def _spread(items: Sequence[Item], number: int) -> list[Item]:
    """Return `number` of the items, evenly spread."""
    return [items[place * len(items) // min(number, len(items))] for place in range(min(number, len(items)))]
