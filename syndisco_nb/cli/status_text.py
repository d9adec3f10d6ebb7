"""The status of a run or study as lines of text of at most 80 columns, and the command to give next."""

import shlex
import textwrap
from collections.abc import Iterator

from syndisco_nb.runs.folder_status import FolderStatus
from syndisco_nb.runs.run_status import ADVICE, WORDS
from syndisco_nb.wording import count, more, shortened

_MOST = 5
"""Causes of failures that are listed; `failures.jsonl` has them all."""
_CAUSE = 300
"""Characters of a cause that are shown: most of them end with the way to mend it."""
_COLUMNS = 80
_NOUNS = {"discussions": "discussion", "annotations": "annotation set"}

_KEPT = {"discussions": "turn", "annotations": "label"}


def status_lines(status: FolderStatus) -> list[str]:
    """Return the status of a folder: a line for each run, the failures, and the command to give next."""
    lines = [f"{status.folder}: {words_of(status.status)}"]
    width = max((len(run.condition) for run in status.runs), default=0)
    for run in status.runs:
        done = f"{run.finished:,} of {count(run.total, _NOUNS[run.kind])}" if run.status != "broken" else "?"
        if run.kept:
            done += f" and {count(run.kept, _KEPT[run.kind])} of unfinished ones"
        name = f"{run.condition:<{width}}  " if width else ""
        lines.append(f"  {name}{done}, {words_of(run.status)}")
    lines += _failure_lines(status)
    if step := next_step(status):
        lines.append(f"Next: {step}")
    return lines


def words_of(status: str) -> str:
    """Return a status in words."""
    return "run.json cannot be read" if status == "broken" else WORDS[status]


def next_step(status: FolderStatus) -> str:
    """Return the command, or the advice, that comes next; "" if nothing is known to help."""
    if not status.is_study and status.status in ADVICE:
        kind = status.runs[0].kind
        return ADVICE[status.status].format(noun=_NOUNS[kind])
    command = _command(status)
    return f"syndisco-nb {command} {shlex.quote(str(status.folder))}" if command else ""


def _command(status: FolderStatus) -> str:
    if status.status == "finished":
        return "annotate" if status.annotators and not status.labels else "report"
    if status.status in ("running", "paused"):
        return "watch"
    if status.status == "partial":
        return "retry"
    if status.status == "broken":
        return "run" if status.is_study else ""
    return "annotate" if all(run.status == "finished" for run in status.discussions) else "run"


def _failure_lines(status: FolderStatus) -> Iterator[str]:
    for problem in dict.fromkeys(run.problem for run in status.runs if run.problem):
        yield _wrapped(problem)
    causes: dict[str, list[str]] = {}
    for run in status.runs:
        for failure in run.failures:
            name = f"{run.condition}/{failure.unit}" if run.condition else failure.unit
            causes.setdefault(shortened(f"{failure.error}: {failure.message}", _CAUSE), []).append(name)
    for cause, names in list(causes.items())[:_MOST]:
        yield f"  {len(names):,} failed, such as {names[0]}:" if len(names) > 1 else f"  {names[0]} failed:"
        yield _wrapped(cause)
    if left := more(sum(map(len, list(causes.values())[_MOST:]))):
        yield f"  {left} failed."


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _COLUMNS, initial_indent="    ", subsequent_indent="    ")
