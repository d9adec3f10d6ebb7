"""Read files of SPSS and Stata in a process of its own: a broken file can crash their reader, and the kernel."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from syndisco_nb.backend.cells import plain_cell
from syndisco_nb.errors import MissingDependencyError

Read = tuple[dict[str, list[Any]], dict[str, dict[Any, str]]]


def readstat_columns(data: bytes, reader: str) -> Read:
    """Return the cells of each column, and by column the label of each code. User-missing values are empty.

    Parameters
    ----------
    data : bytes
    reader : {"read_sav", "read_dta"}
        Function of pyreadstat.

    Raises
    ------
    ValueError
        If the file is broken.
    MissingDependencyError
        If pyreadstat is not installed.
    """
    if importlib.util.find_spec("pyreadstat") is None:
        raise MissingDependencyError(
            'Files of SPSS and Stata need pyreadstat. Install it: pip install "syndisco-nb[files]"'
        )
    with tempfile.TemporaryDirectory() as folder:
        source, found = Path(folder, "source"), Path(folder, "found.json")
        source.write_bytes(data)
        done = subprocess.run(  # noqa: S603 - our own module, with paths of our own
            [sys.executable, "-P", "-m", __name__, reader, str(source), str(found)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode or not found.exists():
            words = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(": ")[2]
            raise ValueError(words if done.returncode > 0 and words else "its reader crashed")
        columns, labels = json.loads(found.read_bytes())
    return columns, {name: dict(pairs) for name, pairs in labels.items()}


def _write(read: Callable[..., Any], source: str, found: str) -> None:
    columns, about = read(source, output_format="dict")
    plain = {name: [plain_cell(cell) for cell in cells] for name, cells in columns.items()}
    labels = {
        name: [(plain_cell(code), label) for code, label in one.items()]
        for name, one in about.variable_value_labels.items()
    }
    Path(found).write_text(json.dumps([plain, labels]), encoding="utf-8")


if __name__ == "__main__":
    import pyreadstat

    _write(getattr(pyreadstat, sys.argv[1]), *sys.argv[2:])
