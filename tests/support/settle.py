"""Leave of every widget in the stored tutorials what is shown without a kernel.

A reader who opens one would otherwise see "model not found" in the place of each widget.
"""

import sys
from pathlib import Path

import nbformat

WIDGET = "application/vnd.jupyter.widget-view+json"

for name in sys.argv[1:]:
    notebook = nbformat.read(name, 4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    nbformat.write(notebook, Path(name))
