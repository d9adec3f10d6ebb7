"""Leave of every widget in the stored tutorials what is shown without a kernel.

A reader who opens one would otherwise see "model not found" in the place of each widget.
"""

import sys
from pathlib import Path

import nbformat

WIDGET = "application/vnd.jupyter.widget-view+json"


def settle(file):
    """Take the widgets out of a notebook's outputs; what stands beside them stays."""
    notebook = nbformat.read(file, 4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    nbformat.write(notebook, file)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        settle(Path(name))
