"""`Section`, fields under a head that folds them away, and `box`."""

from collections.abc import Callable, Sequence

import ipywidgets

from syndisco_nb.widgets.forms.controls import FoldButton


class Section(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Fields under a head that opens and closes.

    Parameters
    ----------
    title : str
    fields : sequence of widget
    summary : callable, optional
        Returns a line that sums up the content.
    faults : callable, optional
        Returns a line about faults, which shows even while the section is closed.
    opened : bool
    hint : str
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[ipywidgets.DOMWidget],
        summary: Callable[[], str] = str,
        faults: Callable[[], str] = str,
        *,
        opened: bool = False,
        hint: str = "",
    ) -> None:
        self.head = FoldButton(title, hint, opened=opened)
        self.title = title
        self._summary, self._faults = summary, faults
        super().__init__([self.head, box(fields, "snb-fields", "snb-section-body")])
        self.add_class("snb-section")
        self.update()

    def unfold(self) -> None:
        """Show the content."""
        self.head.text = "yes"

    def update(self) -> None:
        """Bring the head up to date with the content."""
        self.head.note, self.head.message = self._summary(), self._faults()

    def __repr__(self) -> str:
        return f"<Section {self.title!r}>"


def box(children: Sequence[ipywidgets.DOMWidget], *classes: str) -> ipywidgets.Box:
    """Return a box of widgets, with these CSS classes.

    Parameters
    ----------
    children : sequence of widget
    *classes : str
    """
    widget = ipywidgets.Box(list(children))
    for name in classes:
        widget.add_class(name)
    return widget
