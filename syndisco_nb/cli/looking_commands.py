"""Commands that look at a run, and change nothing: `status`, `watch`, `verify`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.cli.exit_codes import ExitCode, code_of_error, code_of_status
from syndisco_nb.errors import RecordError

if TYPE_CHECKING:
    from syndisco_nb.runs.folder_status import ConditionStatus, FolderStatus


def status(folder: Path, /, *others: Path, json: bool = False) -> ExitCode:
    """Show how far a run or study is, and what to do next.

    Parameters
    ----------
    folder : Path
        The folder of a run or of a study.
    others : Path
        Further folders.
    json : bool
        Print JSON, one object per line and folder.
    """
    codes = [_show_status(one, as_json=json) for one in (folder, *others)]
    return max(codes)


def watch(folder: Path, /) -> ExitCode:
    """Follow a run that goes on elsewhere, until it is over. Ctrl-C leaves it alone.

    Parameters
    ----------
    folder : Path
        The folder of a run or of a study.
    """
    from syndisco_nb.cli.following import follow
    from syndisco_nb.runs.folder_status import folder_status

    folder_status(folder)  # refuses a folder in which there is nothing to follow
    try:
        follow(folder)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return _show_status(folder)


def verify(folder: Path, /, *, json: bool = False) -> ExitCode:
    """Check every file of a run or study: that it is whole, unchanged, and follows from the settings and the seed.

    Parameters
    ----------
    folder : Path
        The folder of a run or of a study.
    json : bool
        Print JSON.
    """
    from syndisco_nb.runs.folder_status import folder_status
    from syndisco_nb.runs.sources import own_folder

    folder_status(folder)  # its errors say more
    run = own_folder(folder)
    if run is None:
        raise RecordError(f"{folder} holds neither a run nor a study. Give the folder of one.")
    found = run.verify()
    if json:
        print(_json({"folder": str(folder), "checked": found.checked, "problems": found.problems}))
    else:
        print(f"{folder}: {found.checked:,} files checked.", *(found.problems or ["No problems found."]), sep="\n")
    return ExitCode.PROBLEMS if found.problems else ExitCode.FINISHED


def _show_status(folder: Path, *, as_json: bool = False) -> ExitCode:
    from syndisco_nb.cli.status_text import status_lines
    from syndisco_nb.runs.folder_status import folder_status

    try:
        found = folder_status(folder)
    except RecordError as error:
        print(f"Error: {error}", file=sys.stderr)
        return code_of_error(error)
    print(_json(_plain(found)) if as_json else "\n".join(status_lines(found)))
    return code_of_status(found.status)


def _plain(status: "FolderStatus") -> dict[str, Any]:
    from syndisco_nb.cli.status_text import next_step

    return {
        "folder": str(status.folder),
        "status": status.status,
        "discussions": [_plain_run(run) for run in status.discussions],
        "labels": [_plain_run(run) for run in status.labels],
        "next": next_step(status),
    }


def _plain_run(run: "ConditionStatus") -> dict[str, Any]:
    failures = [{"unit": one.unit, "error": one.error, "message": one.message} for one in run.failures]
    return {
        "condition": run.condition,
        "status": run.status,
        "finished": run.finished,
        "total": run.total,
        "kept": run.kept,
        "failures": failures,
        "problem": run.problem,
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
