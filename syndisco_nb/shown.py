"""What shows itself in a notebook: the one small piece of display that every class may carry.

`display` stands above everything that it shows, so it is looked up when something is shown, not imported here.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndisco_nb.run_files import PathLike


class Shown:
    """Something a notebook shows as more than its repr."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **kwargs: Any) -> dict[str, str]:
        """Return what a notebook shows: text/plain, text/markdown and text/html, of the same sections.

        Never raises: an error here would fail the user's cell, whose result may have taken hours.
        """
        try:
            bundle: dict[str, str] = _display().bundle(self)
        except Exception as error:
            bundle = {"text/plain": _fallback(self, error)}
        wanted = include or bundle
        return {kind: text for kind, text in bundle.items() if kind in wanted and kind not in (exclude or ())}


class Exported(Shown):
    """Something that can also be written to a file, to be read without a notebook."""

    __slots__ = ()

    def to_html(self, path: "PathLike") -> Path:
        """Write all of it to one HTML file that needs nothing else; return its path.

        Parameters
        ----------
        path : str or path-like
            The file; replaced if it exists.
        """
        written: Path = _display().write_html(self, path)
        return written

    def to_markdown(self) -> str:
        """Return all of it as Markdown."""
        text: str = _display().to_markdown(self)
        return text


def _display() -> Any:
    return importlib.import_module("syndisco_nb.display")


def _fallback(thing: object, error: Exception) -> str:
    """Return the plain repr and why there is no more; neither may raise."""
    name = type(thing).__name__
    try:
        text = f"{thing!r}\n(It cannot be shown in full: {type(error).__name__}: {error})"
    except Exception:
        text = f"<{name}>\n(It cannot be shown: neither its display nor its repr works.)"
    return text.encode("utf-8", "replace").decode()
