"""The run folder of a labelling: one unit for each discussion, a journal for each under way."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.backend.scale import COMMENT
from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.comments_to_label import comments_to_label
from syndisco_nb.experiments.labelled_discussions import pending_annotations
from syndisco_nb.jobs.labelled_units import scale_units
from syndisco_nb.records import AnnotationSet, Label, LabelKey, Transcript, Value
from syndisco_nb.records.unit_names import annotation_name
from syndisco_nb.runs.journal import Journal
from syndisco_nb.runs.reading import journal_files, unit_files
from syndisco_nb.runs.writing import RunFolder

Step = tuple[int, LabelKey]
"""One label to give: the position of its discussion, and its key."""


@dataclass
class GivenLabels:
    """The labels in the folder of a labelling, by the position of their discussion.

    Attributes
    ----------
    finished : dict of int to dict
        The values, by key, of discussions with all of their labels; None where one was skipped.
    under_way : dict of int to list of Label
        Labels of those with some.
    """

    finished: dict[int, dict[LabelKey, Value | None]]
    under_way: dict[int, list[Label]]

    def values(self) -> dict[Step, Value | None]:
        """Return the values of all labels, by discussion and key."""
        done = {(place, key): value for place, values in self.finished.items() for key, value in values.items()}
        return done | {(place, one.key): one.value for place, labels in self.under_way.items() for one in labels}


class LabellingFiles:
    """The files in which a person's labels are kept.

    Parameters
    ----------
    experiment : AnnotationExperiment
        With the person as its only annotator.
    discussions : CommentSample, or as for `labelling_sources`
        The discussions, or comments, to label.
    path : Path
        The run folder of the labels.

    Attributes
    ----------
    sources : list of LabellingSource
        The discussions, each with the comments to label; the methods take the position of one.
    order : list of tuple of int
        The comments in the order in which they are labelled: the position of the discussion, and `Message.index`.
    blind : bool
        As `CommentsToLabel.blind`.
    """

    def __init__(self, experiment: AnnotationExperiment, discussions: Any, path: Path) -> None:
        self.path = path
        wanted = comments_to_label(discussions, path, experiment.scales)
        self.sources, self._skipped = wanted.discussions, wanted.skipped
        self.order, self.blind = wanted.order, wanted.blind
        self._experiment = experiment
        self._spec = experiment.spec(wanted.spec)

    def labels(self, place: int) -> dict[LabelKey, tuple[str, str]]:
        """Return the labels that are asked of a discussion, with the name and text that each is about."""
        return self.sources[place].texts.labels(scale_units(self._experiment.scales))

    def steps(self) -> list[Step]:
        """Return all labels in the order in which they are asked for.

        Labels of its participants and of the whole follow the last comment of a discussion.
        """
        steps: list[Step] = []
        asked = [list(self.labels(place)) for place in range(len(self.sources))]
        last = {place: step for step, (place, _) in enumerate(self.order)}
        for step, (place, comment) in enumerate(self.order):
            steps += [(place, key) for key in asked[place] if key[:2] == (COMMENT, comment)]
            if last[place] == step:
                steps += [(place, key) for key in asked[place] if key.unit != COMMENT]
        return steps + [(place, key) for place, keys in enumerate(asked) if place not in last for key in keys]

    def unit(self, place: int) -> str:
        """Return the name of a discussion's annotation."""
        return annotation_name(self.sources[place].name, 0)

    @contextlib.contextmanager
    def opened(self) -> Iterator[RunFolder]:
        """Hold the folder for one step alone, since a notebook may hold any number of labellings for days."""
        sources = {self.unit(place): source for place, source in enumerate(self.sources)}

        def mismatch(seed: int, unit: str, record: Transcript | AnnotationSet) -> str:
            if unit not in sources:
                return "no such discussion was given."
            return self._experiment.mismatch(sources[unit].name, 0, seed, record, sources[unit].sample)

        folder = RunFolder(self.path, "annotations", self._spec, len(self.sources), check=mismatch)
        with contextlib.closing(folder):
            folder.write_status("running")
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

    def set_aside_broken(self, folder: RunFolder) -> None:
        """Set aside finished files that are broken, or of no discussion of this labelling.

        Raises
        ------
        RunFolderError
            If a discussion has changed since it was labelled.
        """
        units = {self.unit(place): source.texts for place, source in enumerate(self.sources)}
        pending, _ = pending_annotations(folder, units, self._skipped, self._experiment.scales)
        for unit in pending:
            earlier = folder.read_finished(unit)
            if isinstance(earlier, AnnotationSet):  # a scale was added since
                folder.reopen(unit, earlier.labels)

    def version(self) -> dict[str, tuple[int, int, int]]:
        """Return an identifier of each file with labels, which changes when another notebook writes to it."""
        files = (*unit_files(self.path), *journal_files(self.path))
        states = {str(file): file.stat() for file in files}
        return {name: (one.st_mtime_ns, one.st_ino, one.st_size) for name, one in states.items()}

    def finished_labels(self, folder: RunFolder, place: int) -> AnnotationSet | None:
        """Return the labels of a finished discussion; None if it is not finished.

        Parameters
        ----------
        folder : RunFolder
            As `opened` yields it.
        place : int
            The position of the discussion.
        """
        done = folder.read_finished(self.unit(place))
        return done if isinstance(done, AnnotationSet) else None

    def given(self, folder: RunFolder) -> GivenLabels:
        """Return the labels that are on file."""
        places = {self.unit(place): place for place in range(len(self.sources))}
        finished = {}
        for file in unit_files(folder.path):
            if file.stem in places and (done := self.finished_labels(folder, places[file.stem])):
                finished[places[file.stem]] = {label.key: label.value for label in done.labels}
        under_way: dict[int, list[Label]] = {}
        for file in journal_files(folder.path):
            place = places.get(file.stem)
            if place is not None and place not in finished:
                with self.journal(folder, place) as journal:
                    if journal.done:
                        under_way[place] = journal.done
        return GivenLabels(finished, under_way)
