"""`AnnotationExperiment`: many discussions, labelled by many annotators."""

import asyncio
import contextlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.backend.window import COUNTS, Counts, check_counts
from syndisco_nb.errors import RunFolderError, named_arguments, require_bool, require_int
from syndisco_nb.experiments.comments_to_label import comments_to_label
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts, pending_annotations
from syndisco_nb.experiments.labelling_sources import LabellingSource
from syndisco_nb.experiments.limits import MAX_CONCURRENCY
from syndisco_nb.experiments.model_checks import actor_spec, models_of, refuse_people
from syndisco_nb.jobs import Annotation, check_annotators
from syndisco_nb.jobs.labelled_units import scale_units
from syndisco_nb.jobs.record_matching import annotation_mismatch, label_check
from syndisco_nb.log import warn
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Transcript
from syndisco_nb.records.unit_names import annotation_name
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.estimation import Estimate, Probe, Trial, first_estimate, measured_estimate
from syndisco_nb.running.opened_run import OpenedRun
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.running.scheduler import load_all, run_all
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.journal import LineCheck
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run, RunOrigin
from syndisco_nb.runs.run_part import RunPart
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
    """Have every comment of many discussions labelled by every annotator, or participants and discussions as a whole.

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
    def begin(self, discussions_dir: Any, output_dir: PathLike, *, fresh: bool = False) -> Run[AnnotationSet]:
        """Annotate discussions, showing progress.

        Labels that the folder already holds are kept, so an interrupted run continues, and one with fewer discussions,
        annotators or scales gets the rest. One with more keeps them, and only those of this experiment are worked on
        and returned. New annotators come after those on file, whose numbers must not change.

        Parameters
        ----------
        discussions_dir : CommentSample, Study, Run, Transcript, iterable of Transcript, str or path-like
            Of a sample, as from ``study.sample(20)``, its comments alone are labelled. A path is that of a run, of a
            study, or of a folder with discussions, of which other files are skipped with a warning.
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
            If `output_dir` holds an experiment that differs in more than that, or another run is writing to it.
        StorageError
            If `output_dir` cannot be written: the disk is full, read-only or gone.
        ModelError
            If a model cannot be loaded.
        RunFailedError
            If one annotation after the other fails, and none gets on.
        """
        return run_sync(self._begin(discussions_dir, output_dir, fresh))

    @named_arguments
    async def abegin(self, discussions_dir: Any, output_dir: PathLike, *, fresh: bool = False) -> Run[AnnotationSet]:
        """Async form of `begin`.

        Parameters
        ----------
        discussions_dir, output_dir, fresh
            As in `begin`.
        """
        return await run_async(self._begin(discussions_dir, output_dir, fresh))

    @named_arguments
    def start(self, discussions_dir: Any, output_dir: PathLike, *, fresh: bool = False) -> "Live":
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
    def estimate(self, discussions_dir: Any) -> Estimate:
        """Estimate the cost of `begin` for these discussions, from the real prompts and a probe.

        The probe annotates a few discussions for five seconds at most, and discards the labels.
        """
        return run_sync(self._estimate(discussions_dir))

    def __repr__(self) -> str:
        return f"<AnnotationExperiment: {count(len(self.annotators), 'annotator')}>"

    def annotation(
        self,
        transcript: Transcript,
        discussion: str,
        number: int,
        seed: int,
        done: Sequence[Label] = (),
        scales: Sequence[Scale] | None = None,
        comments: Collection[int] | None = None,
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
        scales : sequence of Scale, optional
            Those of the experiment by default.
        comments : collection of int, optional
            The indices of the comments in a sample; all comments by default.
        """
        return Annotation(
            annotator=self.annotators[number],
            transcript=transcript,
            scales=self.scales if scales is None else scales,
            window=self.window,
            window_counts=self.window_counts,
            seed=annotation_seed(seed, discussion, number),
            index=number,
            discussion=discussion,
            done=done,
            comments=comments,
        )

    def mismatch(
        self,
        discussion: str,
        number: int,
        seed: int,
        record: Transcript | AnnotationSet,
        comments: Collection[int] | None = None,
    ) -> str:
        """Return the reason why a record does not hold the labels of an annotation, or "".

        Parameters
        ----------
        discussion, number, seed, comments
            As in `annotation`.
        record : Transcript or AnnotationSet
        """
        if not isinstance(record, AnnotationSet):
            return "it holds no labels."
        scales = self._made_again(record.settings.get("scales", ()))
        earlier = record.settings.get("comments")
        if comments is not None and earlier and set(earlier) <= set(comments):
            comments = earlier  # of a sample that has grown since
        job = self.annotation(_UNREAD, discussion, number, seed, scales=scales, comments=comments)
        return annotation_mismatch(job, record)

    def label_check(
        self, discussion: str, number: int, seed: int, texts: DiscussionTexts, scales: Sequence[Scale] | None = None
    ) -> LineCheck[Label]:
        """Return the check of each line in the journal of an annotation.

        Parameters
        ----------
        discussion, number, seed, scales
            As in `annotation`.
        texts : DiscussionTexts
            The texts that the labels must be about.
        """
        units = scale_units(self.scales if scales is None else scales)
        return label_check(self.annotation(_UNREAD, discussion, number, seed, scales=scales), texts.labels(units))

    @contextlib.contextmanager
    def opened(
        self, discussions: Any, path: Path, fresh: bool = False, only: Collection[str] | None = None
    ) -> Iterator[OpenedRun]:
        """Open the run folder of the annotations, for `run_all`.

        Parameters
        ----------
        discussions : object
            As in `begin`.
        path : Path
            The run folder.
        fresh : bool
            As in `begin`.
        only : collection of str, optional
            Names of the annotations to restrict the work to.
        """
        wanted = comments_to_label(discussions, path, self.scales)
        tasks = self._tasks(wanted.discussions)

        async def annotate(unit: str, progress: RunProgress, _: RunControl) -> None:
            source, number = tasks[unit]
            earlier = folder.read_finished(unit)
            if isinstance(earlier, AnnotationSet):  # a scale was added since
                folder.reopen(unit, earlier.labels)
            scales = self._made_again(folder.spec["scales"])
            check = self.label_check(source.name, number, folder.seed, source.with_wholes(scales).texts, scales)
            with folder.journal(unit, Label, check) as journal:
                begun = {label.scale for label in journal.done}
                asked = [scale for scale in scales if scale in self.scales or scale.name in begun]
                job = self.annotation(
                    source.read(), source.name, number, folder.seed, journal.done, asked, source.sample
                )
                await asyncio.sleep(0)  # an instant model must not keep the loop to itself
                progress.add_earlier(unit, len(job.labels))

                def keep(label: Label) -> None:
                    journal.append(label)
                    progress.advance(1)

                annotation_set = await job.arun(keep)
            folder.finish(unit, annotation_set)

        def belongs(seed: int, unit: str, made: Transcript | AnnotationSet) -> str:
            if unit not in tasks:
                return "there is no such discussion, or no such annotator."
            source, number = tasks[unit]
            return self.mismatch(source.name, number, seed, made, source.sample)

        asked_of = scale_units(self.scales)
        texts = {unit: source.texts for unit, (source, _) in tasks.items()}
        spec = self.spec(wanted.spec)
        with contextlib.closing(RunFolder(path, "annotations", spec, len(tasks), fresh, belongs)) as folder:
            folder.keep_estimate(self._expected)
            pending, others = pending_annotations(folder, texts, wanted.skipped, self.scales)
            folder.forget(pending)
            yield OpenedRun(
                folder,
                units={unit: len(one.labels(asked_of)) for unit, one in texts.items()},
                unfinished=[*pending, *others],
                work=annotate,
                models=self._models,
                max_concurrency=self.max_concurrency,
                skipped=wanted.skipped,
                only=only,
                part=self._part(folder, tasks),
            )

    def origin(self, discussions: Any, folder: Path) -> RunOrigin[AnnotationSet]:
        """Return the experiment as the origin of its run.

        Parameters
        ----------
        discussions : object
            As in `begin`.
        folder : Path
            The run folder.
        """

        async def remake(unit: str) -> AnnotationSet:
            await load_all(self._models)
            source, number = self._tasks(comments_to_label(discussions, folder, self.scales).discussions)[unit]
            seed = read_head(folder).seed
            return await self.annotation(source.read(), source.name, number, seed, comments=source.sample).arun()

        return RunOrigin(lambda units: self.opened(discussions, folder, only=units), remake)

    def spec(self, discussions: Mapping[str, Any]) -> dict[str, Any]:
        """Return the experiment as plain data, with the discussions, and their sample, if any, as in run.json."""
        return {
            **discussions,
            "scales": [scale.settings() for scale in self.scales],
            "annotators": [actor_spec(annotator) for annotator in self.annotators],
            "window": self.window,
            "window_counts": self.window_counts,
            "seed": self.seed,
            "models": [model.settings() for model in self._models],
        }

    def _made_again(self, recorded: Sequence[Mapping[str, Any]]) -> list[Scale]:
        """Return the scales with these recorded settings, those of the experiment as they are."""
        own = {scale.name: scale for scale in self.scales}
        made = {settings["name"]: own.get(settings["name"]) or Scale.remake(settings) for settings in recorded}
        scales = [scale for scale in made.values() if scale]
        if len(scales) < len(made):
            lost = ", ".join(repr(name) for name, scale in made.items() if scale is None)
            raise RunFolderError(f"There are labels on {lost}, a scale of your own. Give it among the scales, too.")
        return scales

    def _trial(self, discussions: Any) -> Trial:
        refuse_people(self._models)
        sources = comments_to_label(discussions, Path(), self.scales).discussions
        seed = given_or_drawn(self.seed)
        units = list(self._tasks(sources).values())
        asked_of = scale_units(self.scales)
        labels = sum(len(one.texts.labels(asked_of)) for one in sources) * len(self.annotators)

        def job_of(source: LabellingSource, number: int) -> Annotation:
            return self.annotation(source.read(), source.name, number, seed, comments=source.sample)

        def probe() -> Probe:
            jobs = [job_of(*unit) for unit in _spread(units, _PROBE_SIZE)]
            return Probe([job.arun for job in jobs], lambda: [label for job in jobs for label in job.labels])

        async def rehearse(stand_ins: Mapping[str, Model], limit_s: float) -> float:
            end, made = time.perf_counter() + limit_s, 0
            for unit in _spread(units, _REHEARSAL_SIZE):
                job = job_of(*unit)
                job.annotator = job.annotator.speaking_for(stand_ins[job.annotator.model.name])
                await job.arun()
                made += len(job.labels)
                await asyncio.sleep(0)  # the loop is that of everything under way
                if made and time.perf_counter() > end:
                    break
            return made / labels

        wanted = round(labels * min(1, _PROBE_SIZE / max(1, len(units))))
        batches = int(any(model.in_batches for model in self._models))
        return Trial(labels, wanted, self._models, probe, rehearse, batches)

    async def _estimate(self, discussions: Any) -> Estimate:
        trial = self._trial(discussions)
        estimate = await measured_estimate(trial, await first_estimate(trial))
        self._expected = estimate.cost
        return estimate

    async def _begin(self, discussions: Any, path: PathLike, fresh: bool = False) -> Run[AnnotationSet]:
        path = as_path("output_dir", path)
        require_bool("fresh", fresh)
        (opened,) = await run_all([self.opened(discussions, path, fresh)])
        return Run(opened.folder.path, self.origin(discussions, path), opened.part)

    def _tasks(self, sources: Sequence[LabellingSource]) -> dict[str, tuple[LabellingSource, int]]:
        """Return each discussion with the number of each annotator, by the name of the unit."""
        numbers = range(len(self.annotators))
        return {annotation_name(one.name, number): (one, number) for one in sources for number in numbers}

    def _part(self, folder: RunFolder, units: Collection[str]) -> RunPart | None:
        """Return the part of the run that is asked for; None if that is all of it."""
        scales = [scale.name for scale in self.scales]
        fewer_scales = len(folder.spec["scales"]) > len(scales)
        if folder.total == len(units) and not fewer_scales:
            return None
        warn(
            f"{folder.path} has labels of more discussions, annotators or scales than the experiment: the others stay "
            "as they are, and are left out of the run that is returned."
        )
        return RunPart(frozenset(units), scales if fewer_scales else None)


def _spread(items: Sequence[Item], number: int) -> list[Item]:
    """Return `number` of the items, evenly spread."""
    return [items[place * len(items) // min(number, len(items))] for place in range(min(number, len(items)))]
