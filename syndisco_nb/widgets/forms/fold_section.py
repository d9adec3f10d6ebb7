"""What folds: a head with a line that says what is in there, and the fields below it."""

from collections.abc import Callable, Sequence

import ipywidgets

from syndisco_nb.widgets.forms.controls import Fold


class Section(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Fields under a head that opens and closes.

    Parameters
    ----------
    title : str
    fields : sequence of widget
    summary : callable, optional
        Returns what is filled in, in a line.
    wrong : callable, optional
        Returns what is wrong, in a line: to be seen also where the section is closed.
    opened : bool
    hint : str
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[ipywidgets.DOMWidget],
        summary: Callable[[], str] = str,
        wrong: Callable[[], str] = str,
        *,
        opened: bool = False,
        hint: str = "",
    ) -> None:
        self.head = Fold(title, hint, opened=opened)
        self.title = title
        self._summary, self._wrong = summary, wrong
        super().__init__([self.head, box(fields, "snb-fields", "snb-section-body")])
        self.add_class("snb-section")
        self.update()

    def update(self) -> None:
        """Say anew what is in there."""
        self.head.note, self.head.message = self._summary(), self._wrong()

    def __repr__(self) -> str:
        return f"<Section {self.title!r}>"


def box(children: Sequence[ipywidgets.DOMWidget], *classes: str) -> ipywidgets.Box:
    """Return a box of these classes."""
    made = ipywidgets.Box(list(children))
    for name in classes:
        made.add_class(name)
    return made
