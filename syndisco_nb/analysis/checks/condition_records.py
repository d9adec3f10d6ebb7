"""`ConditionRecords`: the records of one condition, with what was asked of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import Held


@dataclass(frozen=True, slots=True)
class ConditionRecords:
    """The records of one condition, or of whatever was handed over outside a study.

    Attributes
    ----------
    transcripts : tuple of Transcript
    labels : tuple of AnnotationSet
    run : Run or None
        The run of the discussions; None if they were handed over by themselves.
    label_runs : tuple of Run or None
        The run of each annotation set.
    """

    transcripts: tuple[Transcript, ...] = ()
    labels: tuple[AnnotationSet, ...] = ()
    run: Run[Transcript] | None = None
    label_runs: tuple[Run[AnnotationSet] | None, ...] = ()

    @classmethod
    def of(cls, transcripts: Iterable[Held[Transcript]], labels: Iterable[Held[AnnotationSet]]) -> "ConditionRecords":
        """Return records that were gathered, of one run of discussions.

        Parameters
        ----------
        transcripts, labels : iterable of Held
        """
        talks, given = list(transcripts), list(labels)
        return cls(
            tuple(held.record for held in talks),
            tuple(held.record for held in given),
            talks[0].run if talks else None,
            tuple(held.run for held in given),
        )

    @property
    def spec(self) -> dict[str, Any] | None:
        """`Run.spec` of the discussions, where their run is at hand."""
        return self.run.spec if self.run else None

    @property
    def own(self) -> list[Transcript]:
        """The discussions that were drawn here: a fork repeats the draws of its parent, and others' have no rule."""
        return [one for one in self.transcripts if one.parent is None and "turn_manager" in one.settings]
