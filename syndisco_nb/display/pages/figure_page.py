"""The page of a figure, and the block of a figure in another page."""

from syndisco_nb.analysis.figures.picture import Picture
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Image, Page
from syndisco_nb.display.registry import make_page


@make_page.register
def figure_page(picture: Picture, limits: Limits) -> Page:
    """Return the page of a figure."""
    return Page("Figure", picture.heading, (), (figure_block(picture, ""),))


def figure_block(picture: Picture, title: str | None = None) -> Image:
    """Return a figure as a block of a page.

    Parameters
    ----------
    picture : Picture
    title : str, optional
        Its heading, instead of its own; "" for none.
    """
    return Image(picture.heading if title is None else title, picture.png(), picture.alt, picture.caption)
