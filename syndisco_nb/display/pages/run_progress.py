"""The progress of a run, in turns: those of finished discussions, and those kept of unfinished ones."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from syndisco_nb.display.page import Share
from syndisco_nb.errors import RecordError
from syndisco_nb.records import Transcript
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.layout import unit_path
from syndisco_nb.runs.reading import file_counts
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.unfinished import turns_kept, unfinished_journals
from syndisco_nb.wording import count, percent

_COUNTED = 5
"""Finished sets of labels that are counted, for the number of labels in the others."""


class Progress(NamedTuple):
    """Number of turns, or labels, that are done, and of those asked for; the latter is 0 where it is not known."""

    done: int
    asked: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.asked) if self.asked else 0.0

    def bar(self, unit: str) -> Share:
        """Return it as a bar; `unit` is "turn" or "label"."""
        if not self.asked:
            return Share(0.0, f"{count(self.done, unit)} kept")
        return Share(self.share, f"{self.done:,} of {count(self.asked, unit)} kept, {percent(self.share)}")


def run_progress(run: Run[Any]) -> Progress:
    """Return the progress of a run, counted as in the live view.

    A discussion that ended early counts with all its turns. The number of labels is estimated from finished ones.
    """
    turns = run.spec.get("num_turns") if run.holds is Transcript else _labels_of_each(run)
    each = turns if isinstance(turns, int) else 0
    return Progress(len(run) * each + turns_kept(journals_of(run)), run.total * each)


def total_progress(all_of: Sequence[Progress]) -> Progress:
    """Return the progress of several runs together; without a total if that of one is not known."""
    known = all(one.asked for one in all_of)
    return Progress(sum(one.done for one in all_of), sum(one.asked for one in all_of) if known else 0)


def journals_of(run: Run[Any]) -> list[Path]:
    """Return the journals of the units of a run that are not finished."""
    return [file for file in unfinished_journals(run.folder) if run.part is None or file.stem in run.part.units]


def _labels_of_each(run: Run[Any]) -> int:
    counts = []
    for name in run.names[:_COUNTED]:
        with suppress(OSError, RecordError):
            counts.append(file_counts(read_bounded(unit_path(run.folder, name))).turns)
    return round(sum(counts) / len(counts)) if counts else 0
