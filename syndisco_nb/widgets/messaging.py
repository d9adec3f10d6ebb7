"""The base of widgets that hear what happens in their page."""

from typing import Any

import anywidget


class Paged(anywidget.AnyWidget):
    """A widget whose page is heard whatever cell is running, and also after it was loaded anew.

    From 7.4 on, ipykernel has what a page sends handled on the thread that last wrote to the widget: behind a running
    cell, or on a thread that an earlier page had begun, and took with it, where it is lost for good. Forgetting who
    wrote leaves the choice to the page, as before 7.4.
    """

    def open(self) -> None:
        """Begin to talk to pages."""
        super().open()
        self._forget_writer()

    def _send(self, msg: Any, buffers: Any = None) -> None:
        super()._send(msg, buffers)
        self._forget_writer()

    def _forget_writer(self) -> None:
        if self.comm is not None:
            self.comm.__dict__.pop("_reply_subshell_id", None)
