"""`Permission`, the question whether a loaded design may touch something beyond the form."""

from collections.abc import Callable

import ipywidgets

from syndisco_nb.builder.touches import Touch, touches_in_words
from syndisco_nb.builder.trust import Guard
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.fold_section import box

REMEDY = "press Allow, or call allow() of the form"


class Permission(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A list of the things that a loaded design would do, with a button; empty if there are none.

    Parameters
    ----------
    allow : callable
        Allows all of them.
    """

    def __init__(self, allow: Callable[[], None]) -> None:
        self._text = ipywidgets.HTML()
        self.button = Button("Allow", allow, "Until another design is loaded")
        self._row = box([self.button], "snb-row")
        super().__init__([])
        self.add_class("snb-permission")

    def update(self, guard: Guard | None, asked: list[Touch]) -> None:
        """Show the things that a design asks for.

        Parameters
        ----------
        guard : Guard or None
        asked : list of Touch
        """
        if guard and asked:
            listed = [tag("li", deed[:1].upper() + deed[1:]) for deed in touches_in_words(asked)]
            head = f"This design comes from {guard.source}. When it runs, it would:"
            self._text.value = tag("div", tag("div", head), tag("ul", *listed), role="alert")
        self.children = [self._text, self._row] if asked else []

    def __repr__(self) -> str:
        return f"<Permission: {'asked for' if self.children else 'nothing to allow'}>"
