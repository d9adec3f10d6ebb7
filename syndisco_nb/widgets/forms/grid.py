"""A table to type into, as the page has it."""

from typing import Any

import traitlets

from syndisco_nb.widgets.forms.controls import FILES
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget


class Grid(MessagingWidget):
    """A table to type into; what happens in it is told in messages."""

    _esm = join_modules(FILES / "grid.js")

    columns: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    faults: Any = traitlets.List().tag(sync=True)
    none = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return f"<Grid: {len(self.rows)} rows>"
