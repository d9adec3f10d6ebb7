"""A study, as a user holds it: the runs of all its conditions, read from its folder.

::

    study.json             the design, and the seed from which all follows
    facilitator/           a run folder for each condition
    annotations/           the same for labels: a run folder for each condition
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.scales import Scale
from syndisco_nb.builder.assembly import annotators as annotators_of
from syndisco_nb.builder.assembly import experiments
from syndisco_nb.builder.assembly import scales as scales_of
from syndisco_nb.builder.design import Design, checked
from syndisco_nb.builder.files import as_document, from_document
from syndisco_nb.builder.parts import Models
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, named_arguments, require
from syndisco_nb.experiments import AnnotationExperiment
from syndisco_nb.files import read_bounded, write_atomically
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.run_files import PathLike, storage_error
from syndisco_nb.run_folder import difference, holds_work
from syndisco_nb.runs import Run
from syndisco_nb.seeds import derive, given_or_drawn
from syndisco_nb.serialization import parse_object

if TYPE_CHECKING:
    import pandas as pd

Item = TypeVar("Item", Transcript, AnnotationSet)

_STUDY = "study.json"
_ANNOTATIONS = "annotations"


class ConditionRuns(Mapping[str, Run[Item]], Generic[Item]):
    """The runs of a study's conditions, by name; a condition whose run has not begun is absent.

    Parameters
    ----------
    folder : Path
        What holds the run folders.
    levels : mapping
        For each condition, the level of every varied setting.
    runs : mapping
        The runs that there are, by condition.
    """

    def __init__(self, folder: Path, levels: Mapping[str, Mapping[str, str]], runs: Mapping[str, Run[Item]]) -> None:
        self.folder = folder
        self.levels = levels
        self._runs: dict[str, Run[Item]] = dict(runs)

    @property
    def finished(self) -> bool:
        """Whether the runs of all conditions are finished."""
        return len(self) == len(self.levels) and all(run.status == "finished" for run in self.values())

    def to_dataframe(self) -> "pd.DataFrame":
        """Return the tables of all runs as one.

        A column ``condition`` comes first, then one for each varied setting with the name of its level, such as
        ``condition_moderator``.
        """
        import pandas as pd

        frames = []
        for condition, run in self.items():
            frame = run.to_dataframe()
            frame.insert(0, "condition", condition)
            for place, (setting, level) in enumerate(self.levels[condition].items(), start=1):
                frame.insert(place, f"condition_{setting}", level)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def __getitem__(self, condition: str) -> Run[Item]:
        run: Run[Item] = self._runs[condition]
        return run

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __repr__(self) -> str:
        done = [
            f"{condition} {len(self[condition])} of {self[condition].total}, {self[condition].status}"
            if condition in self
            else f"{condition} not begun"
            for condition in self.levels
        ]
        return f"<{type(self).__name__} {str(self.folder)!r}: {'; '.join(done)}>"


class Study(ConditionRuns[Transcript]):
    """A study in its folder: a mapping of condition to `Run`.

    Discussion i of one condition and discussion i of another belong together: same topic, same participants (unless
    these are varied), so that they may be compared as pairs.

    Parameters
    ----------
    folder : str or path-like
        A folder that `ExperimentBuilder.run` wrote, finished or not.

    Raises
    ------
    RecordError
        If it is not the folder of a study.

    Attributes
    ----------
    folder : Path
    design : Design
        What was asked, as plain, validated data.
    seed : int
        The seed from which the whole study follows.
    """

    def __init__(self, folder: PathLike) -> None:
        path = Path(folder).expanduser()
        self.design, self.seed = _read(path)
        levels = self.design.levels()
        runs: dict[str, Run[Transcript]] = {
            name: Run(path / name) for name in levels if (path / name / "run.json").exists()
        }
        super().__init__(path, levels, runs)
        self._models = Models()

    @named_arguments
    def annotate(
        self,
        annotators: Sequence[LLMActor] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
        window: int = WINDOW,
        folder: PathLike | None = None,
    ) -> ConditionRuns[AnnotationSet]:
        """Have every comment labelled, in all conditions alike; after an interrupt, call it again.

        Parameters
        ----------
        annotators : list of LLMActor, optional
            Of type `ActorType.ANNOTATOR`; the design's by default.
        scales : Scale or sequence of Scale, optional
            The design's by default.
        window : int
            How many comments an annotator sees, the one to label included.
        folder : str or path-like, optional
            Where the labels go; by default ``annotations`` in the study's folder. Other annotators take another one.

        Returns
        -------
        mapping of condition to `Run`
            With the same `to_dataframe` as the study.

        Raises
        ------
        InvalidInputError
            If there are no annotators.
        RunFolderError
            If the folder holds labels of other annotators, or on other scales.
        StorageError, ModelError, RunFailedError
            As in `AnnotationExperiment.begin`.
        """
        experiment = self._annotation(annotators, scales, window)
        return run_sync(self._annotate(experiment, folder))

    @named_arguments
    async def aannotate(
        self,
        annotators: Sequence[LLMActor] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
        window: int = WINDOW,
        folder: PathLike | None = None,
    ) -> ConditionRuns[AnnotationSet]:
        """Do what `annotate` does, for those who await."""
        return await run_async(self._annotate(self._annotation(annotators, scales, window), folder))

    def _begun(self, runs: Mapping[str, Run[Transcript]], models: Models) -> "Study":
        """Return the study with runs that know their experiments, and with the models that are loaded."""
        self._runs.update(runs)
        self._models = models
        return self

    def _annotation(
        self, annotators: Sequence[LLMActor] | None, scales: Scale | Sequence[Scale] | None, window: int
    ) -> AnnotationExperiment:
        given = annotators_of(self.design, self._models) if annotators is None else annotators
        require(given, "The design has no annotators. Give some here, or call .annotators(...) on the builder.")
        return AnnotationExperiment(
            annotators=given,
            scales=scales_of(self.design) if scales is None else scales,
            window=window,
            seed=derive(self.seed, _ANNOTATIONS),
        )

    async def _annotate(
        self, experiment: AnnotationExperiment, folder: PathLike | None
    ) -> ConditionRuns[AnnotationSet]:
        path = Path(folder).expanduser() if folder else self.folder / _ANNOTATIONS
        runs: dict[str, Run[AnnotationSet]] = {}
        for condition, run in self.items():
            if len(run):
                runs[condition] = await experiment.abegin(run, path / condition)
                if runs[condition].status == "interrupted":
                    break
        return ConditionRuns(path, self.levels, runs)


async def run_study(design: Design, models: Models, folder: PathLike) -> Study:
    """Hold the discussions of one condition after the other, or go on where that was interrupted."""
    path = Path(folder).expanduser()
    experiments(design, models, 0)  # raises if the design is not complete, before anything is written
    seed = _opened(path, design)
    runs: dict[str, Run[Transcript]] = {}
    for condition, experiment in experiments(design, models, seed).items():
        runs[condition] = await experiment.abegin(path / condition)
        if runs[condition].status == "interrupted":
            break
    return Study(path)._begun(runs, models)


def _opened(folder: Path, design: Design) -> int:
    """Return the study's seed: of the one in the folder if it has this design, otherwise of a new one.

    As with a run, a study that never got going binds nobody.
    """
    if (folder / "run.json").exists():
        raise RunFolderError(f"{folder} holds a run of its own, not a study. Use another folder.")
    if (folder / _STUDY).exists():
        held, seed = _read(folder)
        differing = difference(as_document(held), as_document(design))
        if not differing:
            return seed
        if any((folder / name).is_dir() and holds_work(folder / name) for name in held.levels()):
            raise RunFolderError(
                f"{folder} holds a study of another design ({differing}). Use another folder, or the same design to "
                "continue this one."
            )
    seed = given_or_drawn(design.seed)
    document = {**as_document(design), "drawn_seed": seed if design.seed is None else None}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / _STUDY, text.encode())
    except OSError as error:
        raise storage_error(folder, error) from error
    return seed


def _read(folder: Path) -> tuple[Design, int]:
    """Return design and seed of the study in this folder."""
    file = folder / _STUDY
    try:
        document = parse_object(read_bounded(file), str(file))
    except OSError as error:
        raise RecordError(
            f"{folder} is not the folder of a study: {_STUDY} cannot be read ({error.strerror}). Give one that "
            "ExperimentBuilder.run wrote."
        ) from None
    drawn = document.pop("drawn_seed", None)
    try:
        design = checked(Design, from_document(document, str(file)))
    except InvalidInputError as error:
        raise RecordError(f"{file} cannot be read: {error}") from None
    seed = drawn if design.seed is None else design.seed
    if not isinstance(seed, int):
        raise RecordError(f"{file} cannot be read: it holds no seed.")
    return design, seed
