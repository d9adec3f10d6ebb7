"""Registers of the formats that a page can be written in.

A format is one module in `writers`, whose functions from a page to text carry one of the decorators here. All modules
of that package are loaded with `display`, so no list names them.
"""

from collections.abc import Callable
from typing import TypeVar

from syndisco_nb.display.page import Page

Writer = Callable[[Page], str]
W = TypeVar("W", bound=Writer)

NOTEBOOK_FORMATS: dict[str, Writer] = {}
"""Writers of a notebook's output, by MIME type."""

FILE_FORMATS: dict[str, Writer] = {}
"""Writers of a whole page for a file, by name."""


def notebook_format(mime: str) -> Callable[[W], W]:
    """Register a writer of a notebook's output, for example of ``text/html``."""

    def register(write: W) -> W:
        NOTEBOOK_FORMATS[mime] = write
        return write

    return register


def file_format(name: str) -> Callable[[W], W]:
    """Register a writer of a whole page for a file, for example ``html``."""

    def register(write: W) -> W:
        FILE_FORMATS[name] = write
        return write

    return register
