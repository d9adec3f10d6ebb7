"""The base of all our widgets: messages of the browser reach the kernel on any ipykernel."""

from typing import Any

import anywidget


class MessagingWidget(anywidget.AnyWidget):
    """An `AnyWidget` that still receives messages of its page under ipykernel 7.4 and newer.

    From 7.4 on, ipykernel handles the messages of a page on the thread that last wrote to the widget. They would wait
    behind a running cell; or, after a reload, go to a thread of the earlier page that no longer exists, and be lost.
    Without a record of the last writer the page's own thread handles them, as before 7.4.
    """

    def open(self) -> None:
        """Open the comm to the pages."""
        super().open()
        self._forget_writer()

    def _send(self, msg: Any, buffers: Any = None) -> None:
        super()._send(msg, buffers)
        self._forget_writer()

    def _forget_writer(self) -> None:
        if self.comm is not None:
            self.comm.__dict__.pop("_reply_subshell_id", None)
