"""`Grid`, a table to type into."""

from typing import Any

import traitlets

from syndisco_nb.widgets.forms.controls import FILES
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget


class Grid(MessagingWidget):
    """A table to type and to paste into, which reports all of that as messages.

    Attributes
    ----------
    columns : list of [name, label, hint]
    rows : list of list of str
    faults : list of [row, column, message]
    none : str
        The text of an empty table.
    message : str
        An error about no single row.
    """

    _esm = join_modules(FILES / "grid.js")

    columns: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    faults: Any = traitlets.List().tag(sync=True)
    none = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def focus_row(self, row: int, column: str = "") -> None:
        """Move the focus to a cell.

        Parameters
        ----------
        row : int
            Counted from 0.
        column : str
            Its name; by default that of the first.
        """
        self.send({"kind": "focus", "row": row, "column": column})

    def __repr__(self) -> str:
        return f"<Grid: {len(self.rows)} rows>"
