"""The places of the discussions that a viewer shows, and the Python expressions for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syndisco_nb.records import Transcript
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.run import Run

Source = Transcript | Run[Transcript] | Corpus | ConditionRuns[Transcript]


@dataclass(frozen=True, slots=True, eq=False)
class DiscussionPlace:
    """The run, or single transcript, that holds a discussion, and the discussion's place in it.

    `held_as` is the Python expression for the holder, "transcript" for a single transcript.
    """

    holder: Sequence[Transcript]
    place: int
    held_as: str
    condition: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether the discussion is one of ``run.unfinished``."""
        return self.held_as.endswith(".unfinished")

    @property
    def code(self) -> str:
        """The Python expression for the discussion."""
        return self.held_as if self.held_as == "transcript" else f"{self.held_as}[{self.place}]"

    @property
    def name(self) -> str:
        """The name of the discussion's file, which its annotations refer to."""
        return self.holder.names[self.place] if isinstance(self.holder, Run) else self.holder[self.place].name


def finished_places(source: Source) -> Iterator[DiscussionPlace]:
    """Yield the places of all discussions but the unfinished ones of a run or a study.

    Parameters
    ----------
    source : Transcript, Run, Corpus or Study
    """
    if isinstance(source, Transcript):
        yield DiscussionPlace([source], 0, "transcript")
    elif isinstance(source, Corpus):
        yield from _all_of(source, "corpus")
    else:
        for condition, code, run in _runs(source):
            yield from _all_of(run, code, condition)


def unfinished_places(source: Source) -> Iterator[DiscussionPlace]:
    """Yield the places of the unfinished discussions of a run or a study.

    Parameters
    ----------
    source : Transcript, Run, Corpus or Study
    """
    for condition, code, run in _runs(source):
        yield from _all_of(run.unfinished, f"{code}.unfinished", condition)


def _runs(source: Source) -> list[tuple[str, str, Run[Transcript]]]:
    """Return the condition and the Python expression of each run."""
    if isinstance(source, Run):
        return [("", "run", source)]
    if isinstance(source, ConditionRuns):
        return [(condition, f"study[{condition!r}]", run) for condition, run in source.items()]
    return []


def _all_of(holder: Sequence[Transcript], held_as: str, condition: str = "") -> Iterator[DiscussionPlace]:
    return (DiscussionPlace(holder, place, held_as, condition) for place in range(len(holder)))
