"""A design with its live models: previewed, written down and run."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb import doors
from syndisco_nb.builder.construction import build_experiments
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.design_file import save_design
from syndisco_nb.builder.documents import as_document, json_text, to_yaml
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.preview import Preview, preview
from syndisco_nb.builder.python_code import study_code
from syndisco_nb.builder.study import Study
from syndisco_nb.builder.study_file import check_folder, opened_study
from syndisco_nb.errors import named_arguments, require, require_bool, suggestion
from syndisco_nb.experiments import DiscussionExperiment
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.running.estimation import (
    PROBE_S,
    REHEARSAL_S,
    Estimate,
    Told,
    added,
    first_estimate,
    like_others,
    measured_estimate,
)
from syndisco_nb.running.scheduler import run_all
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.shown import Exported

if TYPE_CHECKING:
    from syndisco_nb.doors import Live


class StudyPlan(Exported):
    """A design that can be looked at, written down and run.

    Parameters
    ----------
    design : Design
    models : LiveModels
        The live models of its parts.
    """

    def __init__(self, design: Design, models: LiveModels) -> None:
        self.design = design
        self.models = models
        self._estimates: Mapping[str, Cost] = {}  # by condition

    def preview(self, condition: str | None = None) -> Preview:
        """Return the first prompts of discussion 0, to a speaker and to an annotator.

        Parameters
        ----------
        condition : str, optional
            The first one by default.
        """
        names = list(self.design.levels())
        chosen = names[0] if condition is None else condition
        require(
            chosen in names,
            f"There is no condition {chosen!r}.{suggestion(str(chosen), names)} There are: {', '.join(names)}.",
            "condition",
        )
        return run_sync(preview(self.design, chosen))

    def estimate(self) -> Estimate:
        """Estimate the cost of the discussions of all conditions, from real prompts and a probe of a few seconds.

        The `Run.costs` of a condition that this builder runs later compare its part of the estimate with the truth.
        """
        return run_sync(self._estimate(self.build()))

    async def aestimate(self, told: Told = lambda _: None) -> Estimate:
        """Async form of `estimate`; one that is cancelled returns what is known by then.

        Parameters
        ----------
        told : callable
            Is told the estimate so far: at once what needs no probe, then after every answer.
        """
        return await run_async(self._estimate(self.build(), told))

    def build(self) -> dict[str, DiscussionExperiment]:
        """Return the experiment of each condition, by the condition's name; all with one seed.

        Raises
        ------
        InvalidInputError
            If model, participants or topics are missing.
        TrustError
            If the design was read from a file and would do more than was allowed; see `load`.
        """
        return build_experiments(self.design, self.models, given_or_drawn(self.design.seed))

    @named_arguments
    def run(self, folder: PathLike, *, fresh: bool = False) -> Study:
        """Hold all discussions, in one run folder per condition below `folder`, showing progress.

        Messages that are there already are kept: after an interrupt, run the same cell again. A study grows in the same
        way: with more discussions, or levels of what is varied, only the new discussions are held. With fewer, nothing
        is taken away, and the study that is returned has those that were asked for.

        Parameters
        ----------
        folder : str or path-like
            Made if it does not exist.
        fresh : bool
            Whether to start anew; a study that is already there is moved aside, labels included, to ``….old-1``.

        Returns
        -------
        Study
            The run of each condition, finished or not.

        Raises
        ------
        InvalidInputError
            If the design is not complete.
        TrustError
            If the design was read from a file and would do more than was allowed; see `load`.
        RunFolderError
            If the design would change finished work of the study in the folder; the change is named.
        StorageError, ModelError, RunFailedError
            As in `DiscussionExperiment.begin`.
        """
        path = as_path("folder", folder)
        return run_sync(run_study(self.design, self.models, self._planned(), path, fresh))

    @named_arguments
    async def arun(self, folder: PathLike, *, fresh: bool = False) -> Study:
        """Async form of `run`.

        Parameters
        ----------
        folder, fresh
            As in `run`.
        """
        path = as_path("folder", folder)
        return await run_async(run_study(self.design, self.models, self._planned(), path, fresh))

    @named_arguments
    def start(self, folder: PathLike, *, fresh: bool = False) -> "Live":
        """Do what `run` does, and return at once, with a view of it.

        A notebook shows progress and conversation of each condition, with buttons to pause, to stop and to say
        something. Cells stay usable meanwhile; once it is over, the output becomes the `Study`.

        Parameters
        ----------
        folder : str or path-like
            Made if it does not exist.
        fresh : bool
            As in `run`.

        Returns
        -------
        Live
            With `wait`, `result`, `pause`, `stop` and more. What goes wrong is shown, and raised by `wait`.

        Raises
        ------
        InvalidInputError
            If the design is not complete.
        TrustError, RunFolderError
            As in `run`.
        """
        path = as_path("folder", folder)
        require_bool("fresh", fresh)
        planned = self._planned()
        check_folder(path, self.design, fresh)
        return doors.live(path, lambda: run_async(run_study(self.design, self.models, planned, path, fresh)))

    def to_yaml(self) -> str:
        """Return the whole design as YAML."""
        return to_yaml(as_document(self.design))

    def to_json(self) -> str:
        """Return the whole design as JSON."""
        return json_text(as_document(self.design))

    def to_code(self) -> str:
        """Return Python that makes an equal builder, named `study`."""
        return study_code(self.design)

    @named_arguments
    def save(self, path: PathLike) -> Path:
        """Write the design to a file, as YAML, or as JSON if its name ends in .json; return its path.

        Folders are created if missing. Beside YAML goes ``study.schema.json``, by which editors complete and check the
        settings (VS Code with its YAML extension, PyCharm, and others).
        """
        return save_design(self.design, as_path("path", path))

    async def _estimate(self, experiments: Mapping[str, DiscussionExperiment], told: Told = lambda _: None) -> Estimate:
        trials = {condition: experiment.trial() for condition, experiment in experiments.items()}
        shared = 1 / len(trials)
        first = {condition: await first_estimate(trial, REHEARSAL_S * shared) for condition, trial in trials.items()}
        parts = dict(first)
        told(added(parts.values()))
        probed: dict[tuple[str, ...], list[tuple[Estimate, Estimate]]] = {}  # by the names of the models
        spent_s = 0.0
        try:
            for condition, trial in trials.items():

                def tell(part: Estimate, condition: str = condition) -> None:
                    told(added((parts | {condition: part}).values()))

                others = probed.setdefault(tuple(model.name for model in trial.models), [])
                if others and spent_s > PROBE_S:
                    parts[condition] = like_others(first[condition], others)
                    continue
                started = time.perf_counter()
                parts[condition] = part = await measured_estimate(trial, first[condition], PROBE_S * shared, tell)
                spent_s += time.perf_counter() - started - part.loading_s
                others.append((first[condition], part))
        except asyncio.CancelledError:
            return added(parts.values(), over=True)
        self._estimates = {condition: part.cost for condition, part in parts.items()}
        return added(parts.values(), over=True)

    def _planned(self) -> dict[str, DiscussionExperiment]:
        """Return the experiments to run, each with the estimate of its cost; the study gives them its seed."""
        planned = build_experiments(self.design, self.models, self.design.seed)
        for condition, experiment in planned.items():
            experiment.expect(self._estimates.get(condition))
        return planned

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StudyPlan) and self.design == other.design

    __hash__ = None  # type: ignore[assignment]  # equal by content, and that holds lists

    def __repr__(self) -> str:
        design = self.design
        conditions = len(design.levels())
        varied = f" ({' × '.join(design.vary)})" if design.vary else ""
        return (
            f"<{type(self).__name__}: {conditions} condition{'s' * (conditions > 1)}{varied} of {design.discussions} "
            f"discussions, {design.turns} turns by {design.per_discussion} of {len(design.participants)} participants>"
        )


async def run_study(
    design: Design,
    models: LiveModels,
    experiments: Mapping[str, DiscussionExperiment],
    folder: Path,
    fresh: bool = False,
) -> Study:
    """Hold the discussions of all conditions together; an interrupted study continues.

    Parameters
    ----------
    design : Design
    models : LiveModels
        Its models, ready to answer.
    experiments : mapping of str to DiscussionExperiment
        The experiment of each condition, built from the design; they get the seed of the study.
    folder : Path
    fresh : bool
        Whether to move a study that is in the folder aside.
    """
    require_bool("fresh", fresh)
    seed = opened_study(folder, design, fresh)
    for experiment in experiments.values():
        experiment.seed = seed
    await run_all([experiment.opened(folder / condition) for condition, experiment in experiments.items()], folder.name)
    return Study._opened(folder, design, seed, models)
