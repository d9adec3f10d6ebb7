"""State of one run at one moment."""

from dataclasses import dataclass

from syndisco_nb.runs.failures import Failure
from syndisco_nb.watching.unit_watcher import UnitState


@dataclass(frozen=True, slots=True)
class RunState:
    """State of one run at one moment.

    Attributes
    ----------
    condition : str
        Name of the study's condition; "" outside a study.
    status : str
        As `Run.status`, or "waiting" before it begins, or "killed" if it says that it is running, but no process does.
    noun : str
        Its units: "discussion" or "annotation".
    finished, total : int
        Number of units.
    failed : int
        Number of unfinished units that failed when they were last tried.
    hopeless : float
        Turns, or labels, that will not be held because their units failed.
    turns : int
        Turns of one discussion; 0 if not known.
    done, asked : float
        Turns, or labels; both are 0 if not known yet.
    tokens : int
        Generated so far.
    complete : bool
        Whether all files have been counted for that.
    made, made_tokens : int
        Turns, or labels, and tokens since the first look.
    unfinished : tuple of UnitState
        Units that are under way, or were set aside.
    ended : tuple of UnitState
        Units that were finished since the last look.
    failures : tuple of Failure
        The last failure of each unfinished unit.
    under_way : int
        Number of units that are being worked on.
    here : bool
        Whether it runs in this process.
    trouble : str
        The error of a file that cannot be read; "" if there is none.
    """

    condition: str
    status: str
    noun: str
    finished: int
    total: int
    failed: int
    hopeless: float
    turns: int
    done: float
    asked: float
    tokens: int
    complete: bool
    made: int
    made_tokens: int
    unfinished: tuple[UnitState, ...]
    ended: tuple[UnitState, ...]
    failures: tuple[Failure, ...]
    under_way: int
    here: bool
    trouble: str

    @property
    def share(self) -> float:
        """Share of the run that is done, from 0 to 1: of its turns if they are known, otherwise of its units."""
        done, whole = (self.done, self.asked) if self.asked else (self.finished, self.total)
        return min(1.0, done / whole) if whole else 0.0
