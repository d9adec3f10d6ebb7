"""`KeptLabels`: a person's labels as they are on file, while more are given."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from syndisco_nb.errors import RunFolderError
from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.labelling_files import LabellingFiles, Step
from syndisco_nb.jobs import Annotation
from syndisco_nb.records import Label, Value
from syndisco_nb.runs.writing import RunFolder


class KeptLabels:
    """A person's labels on file: read once, and written within `writing`. Methods take the position of a discussion.

    Parameters
    ----------
    files : LabellingFiles
    experiment : AnnotationExperiment
        With the person as its only annotator.

    Attributes
    ----------
    seed : int
        The seed of the run, given or drawn when it was first started.
    """

    def __init__(self, files: LabellingFiles, experiment: AnnotationExperiment) -> None:
        self._files = files
        self._experiment = experiment
        with files.opened() as folder:
            self._read(folder)
            self._version = files.version()

    @property
    def values(self) -> dict[Step, Value | None]:
        """The values of all labels; None where one was skipped."""
        return self._given.values()

    @property
    def under_way(self) -> list[int]:
        """The discussions that have some of their labels."""
        return list(self._given.under_way)

    def annotation(self, place: int) -> Annotation:
        """Return the annotation of a discussion, with its labels unless it has all."""
        source = self._files.sources[place]
        done = self._given.under_way.get(place, ())
        return self._experiment.annotation(source.read(), source.name, 0, self.seed, done, comments=source.sample)

    @contextlib.contextmanager
    def writing(self, on_changed: Callable[[], None]) -> Iterator[RunFolder]:
        """Hold the folder for one change.

        Parameters
        ----------
        on_changed : callable
            Called where the labels were read again, since another notebook has changed them.

        Raises
        ------
        RunFolderError
            After that.
        """
        with self._files.opened() as folder:
            try:
                if folder.seed != self.seed or self._files.version() != self._version:
                    self._read(folder)
                    on_changed()
                    raise RunFolderError(
                        f"{folder.path} was written elsewhere meanwhile, perhaps in another notebook. What is there "
                        "now was read: look at what is to be labelled next, and label that."
                    )
                yield folder
            finally:
                self._version = self._files.version()

    def labels(self, folder: RunFolder, place: int) -> Sequence[Label]:
        """Return the labels that a discussion has so far.

        Parameters
        ----------
        folder : RunFolder
            As `writing` yields it, for this and the following methods.
        place : int
        """
        if place not in self._given.finished:
            return self._given.under_way[place]
        done = self._files.finished_labels(folder, place)
        return done.labels if done else ()

    def add(self, folder: RunFolder, place: int, label: Label) -> None:
        """Write a label.

        Parameters
        ----------
        folder : RunFolder
        place : int
        label : Label
        """
        with self._files.journal(folder, place) as journal:
            journal.append(label)
        self._given.under_way.setdefault(place, []).append(label)

    def rewrite(self, folder: RunFolder, place: int, labels: list[Label]) -> None:
        """Write the labels of a discussion anew; killed at any moment, the earlier ones or these are there.

        Parameters
        ----------
        folder : RunFolder
        place : int
        labels : list of Label
        """
        folder.forget([self._files.unit(place)])
        folder.reopen(self._files.unit(place), labels)
        self._given.finished.pop(place, None)
        self._given.under_way.pop(place, None)
        if labels:
            self._given.under_way[place] = labels

    def finish(self, folder: RunFolder, place: int) -> None:
        """Write the file of a discussion if it has all of its labels, and the status if all discussions have.

        Parameters
        ----------
        folder : RunFolder
        place : int
        """
        self._finish_discussion(folder, place)
        if len(self._given.finished) == len(self._files.sources):
            folder.write_status("finished")

    def _read(self, folder: RunFolder) -> None:
        self.seed = folder.seed
        self._files.set_aside_broken(folder)
        self._given = self._files.given(folder)
        for place in range(len(self._files.sources)):
            self._finish_discussion(folder, place)  # one that a kill has left unfinished
        first = next((place for place, _ in self._files.steps() if place not in self._given.finished), None)
        if first is None:
            folder.write_status("finished")
        else:  # a folder without a journal would draw another seed when it is opened again
            with self._files.journal(folder, first):
                pass

    def _finish_discussion(self, folder: RunFolder, place: int) -> None:
        labels = self._given.under_way.get(place, ())
        if place in self._given.finished or len(labels) < len(self._files.labels(place)):
            return
        folder.finish(self._files.unit(place), self.annotation(place).annotation_set)
        self._given.finished[place] = {label.key: label.value for label in labels}
        self._given.under_way.pop(place, None)
