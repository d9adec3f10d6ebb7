"""The run folder of a labelling: one unit for each discussion, a journal for the one under way."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.labelled_discussions import pending_annotations
from syndisco_nb.experiments.labelling_sources import labelling_sources
from syndisco_nb.records import AnnotationSet, Label, Transcript
from syndisco_nb.records.unit_names import annotation_name
from syndisco_nb.runs.journal import Journal
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.writing import RunFolder


class LabellingFiles:
    """The files in which a person's labels are kept.

    Parameters
    ----------
    experiment : AnnotationExperiment
        With the person as its only annotator.
    discussions : str, path-like, Transcript or iterable of Transcript
        The discussions to label.
    path : Path
        The run folder of the labels.

    Attributes
    ----------
    sources : list of LabellingSource
        The discussions, in order; the methods take the position of one.
    """

    def __init__(
        self, experiment: AnnotationExperiment, discussions: PathLike | Transcript | Iterable[Transcript], path: Path
    ) -> None:
        self.path = path
        self.sources, self._skipped, named = labelling_sources(discussions, path)
        self._experiment = experiment
        self._spec = experiment.spec(named)

    def unit(self, place: int) -> str:
        """Return the name of a discussion's annotation."""
        return annotation_name(self.sources[place].name, 0)

    @contextlib.contextmanager
    def opened(self) -> Iterator[RunFolder]:
        """Hold the folder for one step alone, since a notebook may hold any number of labellings for days."""
        names = {self.unit(place): source.name for place, source in enumerate(self.sources)}

        def mismatch(seed: int, unit: str, record: Transcript | AnnotationSet) -> str:
            if unit not in names:
                return "no such discussion was given."
            return self._experiment.mismatch(names[unit], 0, seed, record)

        folder = RunFolder(self.path, "annotations", self._spec, len(self.sources), check=mismatch)
        with contextlib.closing(folder):
            yield folder

    def journal(self, folder: RunFolder, place: int) -> Journal[Label]:
        """Return the journal of a discussion's labels.

        Parameters
        ----------
        folder : RunFolder
            As `opened` yields it.
        place : int
            The position of the discussion.
        """
        source = self.sources[place]
        check = self._experiment.label_check(source.name, 0, folder.seed, source.texts)
        return folder.journal(self.unit(place), Label, check)

    def first_pending(self, folder: RunFolder) -> int:
        """Return the position of the first discussion that is not finished; that after the last if all are."""
        units = {self.unit(place): source.texts for place, source in enumerate(self.sources)}
        pending = pending_annotations(folder, units, self._skipped)
        return next((place for place, unit in enumerate(units) if unit in pending), len(units))
