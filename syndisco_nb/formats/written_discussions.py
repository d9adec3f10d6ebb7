"""Discussions with their labels, as formats of other tools write them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from syndisco_nb.errors import require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.sources import Held, Material, gather


@dataclass(frozen=True, slots=True)
class WrittenDiscussion:
    """A discussion to write, and its labels.

    Attributes
    ----------
    held : Held of Transcript
        With its place in a study.
    annotations : tuple of AnnotationSet
    """

    held: Held[Transcript]
    annotations: tuple[AnnotationSet, ...]

    @property
    def conditions(self) -> dict[str, str]:
        """The condition, and ``condition_SETTING`` for each varied setting; empty outside a study."""
        levels = {f"condition_{setting}": level for setting, level in self.held.levels.items()}
        return {"condition": self.held.condition, **levels} if self.held.condition else {}


def material_to_write(source: Any) -> Material:
    """Return the discussions that some objects hold, and their labels.

    Parameters
    ----------
    source : run, study, corpus, transcript, labels, path, or several
        As for `gather`.

    Raises
    ------
    InvalidInputError
        If there is no discussion, or one is missing of which there are labels.
    """
    material = gather(source)
    there = {held.record.id for held in material.transcripts}
    for held in material.labels:
        require(
            held.record.discussion_id in there,
            f"There are labels of {held.name}, but not the discussion. Put both in a corpus, as in "
            "snb.Corpus(discussions, labels).",
        )
    require(there, "There is no discussion to write. Give a run, study or corpus with at least one.")
    return material


def written_discussions(source: Any) -> list[WrittenDiscussion]:
    """Return the discussions of `material_to_write`, each with its labels.

    Parameters
    ----------
    source : run, study, corpus, transcript, labels, path, or several
        As for `gather`.
    """
    material = material_to_write(source)
    labels: dict[str, list[AnnotationSet]] = defaultdict(list)
    for held in material.labels:
        labels[held.record.discussion_id].append(held.record)
    return [WrittenDiscussion(held, tuple(labels[held.record.id])) for held in material.transcripts]
