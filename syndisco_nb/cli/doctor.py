"""The command `doctor`: whether this installation can do its work, and what to install."""

import json as json_format
from dataclasses import asdict
from pathlib import Path

from syndisco_nb.cli.exit_codes import ExitCode


def doctor(*, quick: bool = False, json: bool = False) -> ExitCode:
    """Check this installation: versions, engines, devices, weights, extras, disk, an answer of the bundled model.

    Parameters
    ----------
    quick : bool
        Leave out the answer of the bundled model.
    json : bool
        Print JSON, one object per line and check.
    """
    from syndisco_nb.cli.installation_checks import FAULT, installation_checks

    faults = 0
    for check in installation_checks(Path(), quick=quick):
        faults += check.result == FAULT
        line = f"{check.result:<5}  {check.name:<19}  {check.text}"
        print(json_format.dumps(asdict(check), ensure_ascii=False) if json else line, flush=True)
    return ExitCode.PROBLEMS if faults else ExitCode.FINISHED
