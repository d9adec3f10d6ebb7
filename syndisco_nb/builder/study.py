"""`Study`: the runs of all conditions, read from the study's folder.

::

    study.json             the design and the seed, and what was asked when
    facilitator/           a run folder for each condition
    annotations/           the same for labels: a run folder for each condition
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.scale import Scale
from syndisco_nb.builder.begun_runs import begun_labels, begun_runs
from syndisco_nb.builder.construction import build_annotators, build_experiments, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.study_file import read_study, write_study
from syndisco_nb.builder.study_stage import StudyStage, with_labels
from syndisco_nb.builder.trust import guarded
from syndisco_nb.errors import RunFolderError, UnknownItemError, named_arguments, require
from syndisco_nb.experiments import AnnotationExperiment, CommentSample
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.running.scheduler import run_all
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import ANNOTATIONS, STUDY_FILE, PathLike
from syndisco_nb.runs.run import Run, RunOrigin, made_later
from syndisco_nb.seeds import Purpose, derive
from syndisco_nb.wording import count

if TYPE_CHECKING:
    import pandas as pd


class Study(ConditionRuns[Transcript]):
    """A study in its folder: a mapping of condition to `Run`.

    Discussion i of one condition and discussion i of another are a pair: they have the same topic and the same
    participants, unless the conditions vary these. A study may grow: `stages` tells what was asked for when, and
    ``study.stage(0)`` is the pilot alone.

    Parameters
    ----------
    folder : str or path-like
        A folder that `ExperimentBuilder.run` wrote, finished or not.
    trust : list of str
        Permissions that `annotate` needs for the design's annotators, as in `ExperimentBuilder.load`. Reading the
        folder needs none.

    Raises
    ------
    RecordError
        If it is not the folder of a study.

    Attributes
    ----------
    folder : Path
    design : Design
        The design, as plain, validated data.
    seed : int
        The seed of the whole study.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> builder = (
    ...     snb.ExperimentBuilder(seed=7)
    ...     .model(snb.ScriptedModel(["I agree.", "Why?"]))
    ...     .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
    ...     .topics(["Ban cars?"])
    ...     .vary(moderator={"none": None, "facilitator": "Keep it civil."})
    ...     .turns(2)
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     study = builder.run(folder)
    ...     list(study), len(snb.Study(folder)["none"])
    (['none', 'facilitator'], 5)
    """

    @named_arguments
    def __init__(self, folder: PathLike, trust: str | Iterable[str] = ()) -> None:
        path = as_path("folder", folder)
        design, seed, _ = read_study(path)
        guard = guarded(design, str(path / STUDY_FILE), path, trust, "open it with Study(folder, trust=[{}])")
        self._fill(path, design, seed, LiveModels(guard))

    @property
    def labels(self) -> ConditionRuns[AnnotationSet] | None:
        """The labels that `annotate` wrote to the study's folder, by condition; None if there are none."""
        if self._stage and not self._stage.annotators:
            return None
        runs = begun_labels(self.folder, self._runs, self._stage, self._label_origin)
        return ConditionRuns(self.folder / ANNOTATIONS, self.levels, runs) if runs else None

    @property
    def stages(self) -> "pd.DataFrame":
        """The stages in which the study was asked for, its pilot first: a row for each, numbered as for `stage`.

        Columns are those of `StudyStage`: ``asked`` (time in UTC), ``discussions`` (in each condition),
        ``conditions``, ``annotators`` and ``scales``.
        """
        import pandas as pd

        stages = read_study(self.folder).stages
        table = pd.DataFrame([asdict(stage) for stage in stages])
        return table.assign(asked=pd.to_datetime(table.asked))

    def stage(self, number: int) -> "Study":
        """Return the study as it was asked for in a stage: ``study.stage(0)`` is the pilot.

        It has the discussions, conditions and labels of this stage alone, so that it can be analysed by itself.

        Parameters
        ----------
        number : int
            The number of the stage, from 0, as in `stages`.

        Raises
        ------
        UnknownItemError
            If there is no such stage.
        """
        design, seed, stages = read_study(self.folder)
        if not isinstance(number, int) or not -len(stages) <= number < len(stages):
            raise UnknownItemError(
                f"There is no stage {number!r}: the study has {count(len(stages), 'stage')}, the first of which is 0."
            )
        return self._opened(self.folder, stages[number].restricted(design), seed, self._models, stages[number])

    @named_arguments
    def annotate(
        self,
        annotators: Sequence[LLMActor] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
        window: int | None = None,
        folder: PathLike | None = None,
        sample: CommentSample | None = None,
    ) -> ConditionRuns[AnnotationSet]:
        """Have every comment labelled, in the same way in all conditions; call it again after an interrupt.

        Parameters
        ----------
        annotators : list of LLMActor, optional
            Of type `ActorType.ANNOTATOR`; the design's by default.
        scales : Scale or sequence of Scale, optional
            The design's by default.
        window : int, optional
            Number of comments that an annotator sees, the one to label included; the design's by default.
        folder : str or path-like, optional
            The folder of the labels; by default ``annotations`` in the study's folder. It may get more annotators,
            after those on file, and more scales; changed ones need another folder.
        sample : CommentSample, optional
            A sample of the study's comments, as from ``study.sample(20)``: these alone are labelled. Give it a folder.

        Returns
        -------
        mapping of condition to `Run`
            With the same `to_dataframe` as the study.

        Raises
        ------
        InvalidInputError
            If there are no annotators.
        TrustError
            If the design's annotators would do more than was allowed when the study was opened.
        RunFolderError
            If the folder holds labels that this would change: those of other annotators, or on a scale that is
            another now.
        StorageError, ModelError, RunFailedError
            As in `AnnotationExperiment.begin`.
        """
        experiment = self._annotation(annotators, scales, window)
        return run_sync(self._annotate(experiment, folder, sample))

    @named_arguments
    async def aannotate(
        self,
        annotators: Sequence[LLMActor] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
        window: int | None = None,
        folder: PathLike | None = None,
        sample: CommentSample | None = None,
    ) -> ConditionRuns[AnnotationSet]:
        """Async form of `annotate`.

        Parameters
        ----------
        annotators, scales, window, folder, sample
            As in `annotate`.
        """
        return await run_async(self._annotate(self._annotation(annotators, scales, window), folder, sample))

    @classmethod
    def _opened(
        cls, folder: Path, design: Design, seed: int, models: LiveModels, stage: StudyStage | None = None
    ) -> "Study":
        """Return the study in a folder, as far as a design, or a stage, asks for it.

        Parameters
        ----------
        folder : Path
        design : Design
        seed : int
        models : LiveModels
            Its models, ready to answer.
        stage : StudyStage, optional
            The stage whose labels are asked for; those of all stages by default.
        """
        study = cls.__new__(cls)  # the constructor would read the design from the folder
        study._fill(folder, design, seed, models, stage)
        return study

    def _fill(
        self, folder: Path, design: Design, seed: int, models: LiveModels, stage: StudyStage | None = None
    ) -> None:
        """Set the design, and the runs that the folder holds."""
        self.design, self.seed, self._models, self._stage = design, seed, models, stage
        self._label_origins: dict[str, RunOrigin[AnnotationSet]] = {}

        def origin_of(condition: str) -> RunOrigin[Transcript]:
            return made_later(lambda: build_experiments(design, models, seed)[condition].origin(folder / condition))

        super().__init__(folder, design.levels(), begun_runs(folder, design, origin_of))

    def _label_origin(self, condition: str) -> RunOrigin[AnnotationSet]:
        """Return the origin of a condition's labels: the last call of `annotate`, or the design."""

        def origin() -> RunOrigin[AnnotationSet]:
            experiment = self._annotation(None, None, None)
            return experiment.origin(self[condition], self.folder / ANNOTATIONS / condition)

        return self._label_origins.get(condition) or made_later(origin)

    def _annotation(
        self, annotators: Sequence[LLMActor] | None, scales: Scale | Sequence[Scale] | None, window: int | None
    ) -> AnnotationExperiment:
        chosen = build_annotators(self.design, self._models) if annotators is None else annotators
        require(
            chosen,
            "The design has no annotators. Give some here, or call .annotators(...) on the builder.",
            "annotators",
        )
        return AnnotationExperiment(
            annotators=chosen,
            scales=build_scales(self.design) if scales is None else scales,
            window=self.design.annotation_window if window is None else window,
            window_counts=self.design.window_counts,
            seed=derive(self.seed, Purpose.ANNOTATIONS),
        )

    async def _annotate(
        self, experiment: AnnotationExperiment, folder: PathLike | None, sample: CommentSample | None
    ) -> ConditionRuns[AnnotationSet]:
        path = self.folder / ANNOTATIONS if folder is None else as_path("folder", folder)
        discussions = {condition: run for condition, run in self.items() if len(run)}
        asked_for = discussions if sample is None else {name: sample.of_condition(name) for name in sample.drawn}
        require(
            set(asked_for) <= set(discussions),
            f"sample is {sample!r}, but not of this study. Draw it by study.sample(20).",
            "sample",
        )
        with contextlib.nullcontext() if folder is not None else self._noted(experiment):
            opening = [experiment.opened(wanted, path / condition) for condition, wanted in asked_for.items()]
            opened = await run_all(opening, path.name)
        origins = {condition: experiment.origin(wanted, path / condition) for condition, wanted in asked_for.items()}
        if folder is None:
            self._label_origins |= origins
        runs = {
            condition: Run(one.folder.path, origins[condition], one.part)
            for condition, one in zip(asked_for, opened, strict=True)
        }
        return ConditionRuns(path, self.levels, runs)

    @contextlib.contextmanager
    def _noted(self, experiment: AnnotationExperiment) -> Iterator[None]:
        """Note the labels that are asked for in study.json, unless the folder refuses them inside this context."""
        before = read_study(self.folder)
        names = [annotator.name for annotator in experiment.annotators]
        stages = with_labels(before.stages, names, [scale.name for scale in experiment.scales])
        write_study(self.folder, before._replace(stages=stages))
        try:
            yield
        except RunFolderError:
            write_study(self.folder, before)
            raise
