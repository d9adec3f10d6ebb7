"""The command `lab`: JupyterLab on a small notebook that opens a run."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from syndisco_nb.cli.exit_codes import ExitCode

_INTRODUCTION = (
    "# {name}\n\n`run` shows itself. Other views and results: `run.view()` (all messages), `run.costs()`, "
    '`run.checks()`, `run.report("report.html")`.'
)
_CODE = "import syndisco_nb as snb\n\nrun = snb.{kind}({name!r})\nrun"


def lab(folder: Path | None = None, /, *options: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> ExitCode:
    """Open JupyterLab, on a notebook that shows a run.

    The notebook is FOLDER.ipynb, beside the folder. One that is there is opened as it is.

    Parameters
    ----------
    folder : Path
        The folder of a run or of a study.
    options : str
        Options of JupyterLab, such as --no-browser.
    """
    notebook = [] if folder is None else [str(_notebook(folder))]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *notebook, *options])  # noqa: S606  (the shell gave the arguments)


def _notebook(folder: Path) -> Path:
    """Return the notebook beside a folder, written if there is none."""
    from syndisco_nb.runs.files import save_file
    from syndisco_nb.runs.folder_status import folder_status

    is_study = folder_status(folder).is_study
    place = folder.resolve()
    file = place.with_name(f"{place.name}.ipynb")
    if not file.exists():
        kind = "Study" if is_study else "Run"
        notebook = {
            "cells": [
                {
                    "cell_type": "markdown",
                    "id": "about",
                    "metadata": {},
                    "source": _INTRODUCTION.format(name=place.name),
                },
                {
                    "cell_type": "code",
                    "id": "run",
                    "metadata": {},
                    "source": _CODE.format(kind=kind, name=place.name),
                    "execution_count": None,
                    "outputs": [],
                },
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        save_file(file, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return file
