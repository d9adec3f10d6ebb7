"""Mixins that give a class its notebook representations, a file of them, and a viewer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndisco_nb.doors import AnnotationSet, ConditionRuns, PathLike, Viewer


class Shown:
    """An object with a notebook representation."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **kwargs: Any) -> dict[str, str]:
        """Return text/plain, text/markdown and text/html with the same sections.

        Never raises: an error here would fail the user's cell, whose result may have taken hours.
        """
        try:
            bundle = doors.bundle(self)
        except Exception as error:
            bundle = {"text/plain": _fallback(self, error)}
        wanted = include or bundle
        return {kind: text for kind, text in bundle.items() if kind in wanted and kind not in (exclude or ())}


class Exported(Shown):
    """An object that can also be written to a file, to be read without a notebook."""

    __slots__ = ()

    def to_html(self, path: "PathLike") -> Path:
        """Write all of it to one self-contained HTML file; return its path.

        Parameters
        ----------
        path : str or path-like
            The file; replaced if it exists.
        """
        return doors.write_html(self, path)

    def to_markdown(self) -> str:
        """Return all of it as Markdown."""
        return doors.to_markdown(self)


class Viewed(Exported):
    """An object of any length, to search and page through in a running notebook."""

    __slots__ = ()

    def view(
        self, labels: "AnnotationSet | Iterable[AnnotationSet] | ConditionRuns[AnnotationSet] | None" = None
    ) -> "Viewer":
        """Return a viewer of all its messages: search them, choose by condition, speaker or label, jump to a turn.

        It reads messages as they come into view, so it opens at once, however many there are. A second tab lists the
        discussions, unfinished ones too, to be sorted. An expression such as ``run[1].comments[2]``, pasted into the
        search field, leads to that comment. The viewer needs the kernel; without one, the notebook shows the object's
        usual page.

        Parameters
        ----------
        labels : AnnotationSet, iterable of AnnotationSet, Run of them, or what `Study.annotate` returns, optional
            Labels to show on the comments, and to choose them by; of a study or corpus, its own by default. Those of
            other discussions are left out.

        Raises
        ------
        InvalidInputError
            If this is not about discussions, or the labels are no labels.
        """
        return doors.viewer(self, labels)


def in_notebook() -> bool:
    """Return whether this process shows its output in a notebook."""
    return type(sys.stdout).__module__.startswith("ipykernel")


def _fallback(thing: object, error: Exception) -> str:
    """Return the plain repr and the reason why there is no page; must not raise."""
    name = type(thing).__name__
    try:
        text = f"{thing!r}\n(It cannot be shown in full: {type(error).__name__}: {error})"
    except Exception:
        text = f"<{name}>\n(It cannot be shown: neither its display nor its repr works.)"
    return text.encode("utf-8", "replace").decode()
