"""State of one run at one moment."""

from dataclasses import dataclass

from syndisco_nb.runs.failures import Failure
from syndisco_nb.watching.unit_lines import UnitState


@dataclass(frozen=True, slots=True)
class RunState:
    """State of one run at one moment.

    Attributes
    ----------
    condition : str
        Name of the study's condition; "" outside a study.
    status : str
        As `Run.status`; "waiting" before the run begins; "killed" if it is said to be running, but no process writes to
        its folder.
    noun : str
        Its units: "discussion" or "annotation".
    finished, total : int
        Number of units.
    failed : int
        Number of unfinished units that failed when they were last tried.
    turns_lost : float
        Turns, or labels, that will be missing because their units failed.
    turns : int
        Turns of one discussion; 0 if not known.
    turns_done, turns_total : float
        Turns, or labels; both are 0 if not known yet.
    tokens : int
        Tokens generated so far.
    is_counted : bool
        Whether `tokens` and `turns_done` include all files; counting thousands of them takes a while.
    new_turns, new_tokens : int
        Turns, or labels, and tokens generated since the first look.
    unfinished : tuple of UnitState
        Units that are under way, were skipped or have failed, as far as they have begun.
    just_finished : tuple of UnitState
        Units that were finished since the last look.
    failures : tuple of Failure
        The last failure of each unfinished unit.
    skipped : tuple of str
        Names of the units that are skipped; only in a run of this process.
    under_way : int
        Number of units that are being worked on.
    in_this_process : bool
        Whether it runs in this process.
    problem : str
        The error of a file that cannot be read; "" if there is none.
    batches : str
        The progress of the batches that it waits for, in words; "" if there are none.
    """

    condition: str
    status: str
    noun: str
    finished: int
    total: int
    failed: int
    turns_lost: float
    turns: int
    turns_done: float
    turns_total: float
    tokens: int
    is_counted: bool
    new_turns: int
    new_tokens: int
    unfinished: tuple[UnitState, ...]
    just_finished: tuple[UnitState, ...]
    failures: tuple[Failure, ...]
    skipped: tuple[str, ...]
    under_way: int
    in_this_process: bool
    problem: str
    batches: str = ""

    @property
    def share(self) -> float:
        """Share of the run that is done, from 0 to 1: of its turns if they are known, otherwise of its units."""
        done, whole = (self.turns_done, self.turns_total) if self.turns_total else (self.finished, self.total)
        return min(1.0, done / whole) if whole else 0.0
