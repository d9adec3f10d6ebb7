"""Watch a discussion that is held in this process, without a run folder."""

import time

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.jobs import Discussion
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.watching.throughput import Throughput
from syndisco_nb.watching.unit_lines import UnitLines

_LAST_LINES = 4


class DiscussionWatcher:
    """Watcher of one discussion, which looks like a run with a single discussion.

    Parameters
    ----------
    discussion : Discussion
    """

    def __init__(self, discussion: Discussion) -> None:
        self._discussion = discussion
        self._lines = UnitLines(tuple(user.name for user in discussion.users))
        self._throughput = Throughput()
        self._first: tuple[int, int] | None = None

    def look(self, status: str) -> Snapshot:
        """Read the messages that are new; return the state.

        Parameters
        ----------
        status : str
            As in `Snapshot`.
        """
        lines, turns = self._lines, self._discussion.num_turns
        for message in self._discussion.messages[len(lines.lines) :]:
            lines.add(message)
            lines.changed = time.monotonic()
        self._first = self._first or (lines.turns, lines.tokens)
        made, tokens = lines.turns - self._first[0], lines.tokens - self._first[1]
        is_running, is_finished = status == "running", status == "finished"
        turns_per_s, tokens_per_s = self._throughput.add(time.monotonic(), made, tokens, working=is_running)
        state = "in progress" if status in ("running", "paused") else status
        unit = lines.state("", discussion_name(self._discussion.index), state, _LAST_LINES)
        run = RunState(
            condition="",
            status=status,
            noun="discussion",
            finished=int(is_finished),
            total=1,
            failed=0,
            turns_lost=0.0,
            turns=turns,
            turns_done=turns if is_finished else lines.turns,
            turns_total=turns,
            tokens=lines.tokens,
            is_counted=True,
            new_turns=made,
            new_tokens=tokens,
            unfinished=() if is_finished else (unit,),
            just_finished=(unit,) if is_finished else (),
            failures=(),
            skipped=(),
            under_way=int(not is_finished),
            in_this_process=True,
            problem="",
        )
        return Snapshot(
            status=status,
            runs=(run,),
            finished=run.finished,
            total=1,
            share=run.share,
            turns_per_s=turns_per_s,
            tokens_per_s=tokens_per_s,
            left_s=(turns - lines.turns) / turns_per_s if turns_per_s else None,
            tokens=lines.tokens,
            is_counted=True,
            failures=(),
            under_way=run.under_way,
            in_this_process=True,
            problem="",
        )

    def unit(self, _condition: str, _unit: str) -> UnitLines:
        """Return the lines of the discussion."""
        return self._lines

    def speaking(self, _condition: str, _unit: str) -> Situation | None:
        """Return the request that the discussion waits for."""
        return self._discussion.speaking
