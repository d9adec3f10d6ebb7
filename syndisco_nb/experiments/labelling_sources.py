"""The discussions that a person labels, and the labels that others gave them."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from syndisco_nb import doors
from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import InvalidInputError, RecordError, require
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts, readable_discussions, warn_of_skipped
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.files import as_path, path_to
from syndisco_nb.runs.layout import HEAD_FILE, STUDY_FILE, Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.sources import Held, gather

OtherLabels = Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet]
"""Labels of other annotators: a run, or the sets themselves."""


@dataclass(frozen=True, slots=True)
class LabellingSource:
    """A discussion to label, read when its turn comes.

    Attributes
    ----------
    name : str
        Name of the discussion; in a study, with the condition before it, as in "facilitator.discussion-00003".
    condition : str
        "" outside a study.
    texts : DiscussionTexts
        The comments to label.
    read : callable
        Returns the transcript.
    sample : tuple of int or None
        The indices of the comments in a sample; None if all are to be labelled.
    """

    name: str
    condition: str
    texts: DiscussionTexts
    read: Callable[[], Transcript]
    sample: tuple[int, ...] | None = None

    def restricted(self, comments: Collection[int]) -> "LabellingSource":
        """Return the discussion with these of its comments alone, by their indices."""
        texts = {index: text for index, text in self.texts.texts.items() if index in comments}
        return replace(self, texts=self.texts._replace(texts=texts), sample=tuple(texts))

    def with_wholes(self, scales: Sequence[Scale]) -> "LabellingSource":
        """Return the discussion with the texts of participants and of the whole, if a scale is asked of them."""
        if self.texts.wholes or all(scale.unit == COMMENT for scale in scales):
            return self
        wholes = tuple(unit for unit in all_units(self.read()) if unit.comment is None)
        return replace(self, texts=self.texts._replace(wholes=wholes))


@dataclass(frozen=True, slots=True)
class LabellingSources:
    """The discussions to label.

    Attributes
    ----------
    discussions : tuple of LabellingSource
    skipped : tuple of Skipped
        Files that hold no discussion.
    folder : Path or None
        The folder, or file, that they are in; None if they were given as transcripts.
    """

    discussions: tuple[LabellingSource, ...]
    skipped: tuple[Skipped, ...] = ()
    folder: Path | None = None

    def named(self, labels: Path) -> str | list[str]:
        """Return the discussions as run.json names them: the path from the labels' folder to theirs, or their ids."""
        return path_to(self.folder, labels) if self.folder else [one.texts.id for one in self.discussions]


def labelling_sources(discussions: Any) -> LabellingSources:
    """Return the discussions to label.

    Parameters
    ----------
    discussions : Study, Run, Corpus, Transcript, iterable of Transcript, str or path-like
        A path is that of a run, of a study, or of discussions that `syndisco_nb.load` reads.

    Raises
    ------
    InvalidInputError
        If there is no discussion, or two have the same name.
    """
    if not isinstance(discussions, Iterable):
        as_path("discussions", discussions)  # an error, unless it is a path
    if isinstance(discussions, str | os.PathLike):
        path = as_path("discussions", discussions)
        if (path / STUDY_FILE).exists():
            return labelling_sources(doors.open_study(path))
        if not (path / HEAD_FILE).exists():
            try:
                corpus = doors.load(path)
            except RecordError as error:
                raise InvalidInputError(f"There is nothing to label: {error}", field="discussions") from None
            warn_of_skipped(path, corpus.skipped)
            sources = held_sources(gather(list(corpus)).transcripts)
            return replace(sources, skipped=tuple(corpus.skipped), folder=path)
        part = discussions.part if isinstance(discussions, Run) else None
        readable, skipped = readable_discussions(path, part.units if part else None)
        read = tuple(LabellingSource(file.stem, "", texts, _reader(file)) for file, texts in readable.items())
        return LabellingSources(read, tuple(skipped), path)
    if isinstance(discussions, ConditionRuns):
        parts = {condition: labelling_sources(run) for condition, run in discussions.items() if len(run)}
        require(parts, f"discussions is {discussions!r}, in which no discussion is finished.", "discussions")
        placed = tuple(
            replace(one, name=f"{condition}.{one.name}", condition=condition)
            for condition, part in parts.items()
            for one in part.discussions
        )
        unread = tuple(one for part in parts.values() for one in part.skipped)
        return LabellingSources(placed, unread, discussions.folder)
    held = gather(discussions).transcripts
    require(held, "discussions is empty. Give at least one transcript, or the folder of a run.", "discussions")
    return held_sources(held)


def held_sources(held: Collection[Held[Transcript]]) -> LabellingSources:
    """Return the discussions to label, of transcripts in memory.

    Raises
    ------
    InvalidInputError
        If two have the same name.
    """
    names = Counter(one.unit_name for one in held)
    twice = next((name for name, number in names.items() if number > 1), None)
    require(
        twice is None,
        f"Two transcripts are called {twice}. Label those of different runs into folders of their own.",
        "discussions",
    )
    return LabellingSources(
        tuple(
            LabellingSource(one.unit_name, one.condition, DiscussionTexts.of(one.record), _holder(one.record))
            for one in held
        )
    )


def labels_about(discussion: str, transcript: Transcript, others: OtherLabels) -> list[AnnotationSet]:
    """Return the annotation sets about a discussion; of a run, only their files are read.

    Parameters
    ----------
    discussion : str
        The name of the discussion.
    transcript : Transcript
        The discussion.
    others : Run, AnnotationSet or iterable of AnnotationSet
    """
    if isinstance(others, Run):
        require(others.holds is AnnotationSet, f"others is {others!r}, but must hold annotation sets.", "others")
        parts = map(annotation_parts, others.names)
        sets = [others[place] for place, names in enumerate(parts) if names and names[0] == discussion]
    else:
        sets = [others] if isinstance(others, AnnotationSet) else list(others)
    for one in sets:
        require(isinstance(one, AnnotationSet), f"others holds {one!r}, but must hold AnnotationSets.", "others")
    return [one for one in sets if one.discussion_id == transcript.id]


def _reader(file: Path) -> Callable[[], Transcript]:
    return lambda: read_record(Transcript, file)


def _holder(transcript: Transcript) -> Callable[[], Transcript]:
    return lambda: transcript
