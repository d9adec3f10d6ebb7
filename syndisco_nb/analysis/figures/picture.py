"""`Picture`, a figure as everything but the drawing code sees it: an image and its alternative text."""

from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb.shown import Shown

if TYPE_CHECKING:
    from syndisco_nb.doors import PathLike


class Picture(Shown):
    """An image with an alternative text; in a module without matplotlib, so that the display can be loaded without it.

    Attributes
    ----------
    heading : str
        The figure in a few words.
    alt : str
        Everything the figure says, in words, for those who do not see it.
    caption : str
        The figure in a sentence: its data, n, and the meaning of bands and bars.
    """

    __slots__ = ()

    heading: str
    caption: str
    alt: str

    def png(self) -> bytes:
        """Return the image as PNG, twice as many pixels as it is shown with."""
        raise NotImplementedError

    def save(self, path: "PathLike") -> Path:
        """Write the image to a file, as PNG, SVG or PDF by the ending of its name; return its path.

        Parameters
        ----------
        path : str or path-like
            The file; replaced if it exists.

        Raises
        ------
        InvalidInputError
            If the name has another ending.
        """
        raise NotImplementedError
