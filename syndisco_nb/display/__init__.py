"""How everything that a user can hold shows itself.

An object becomes a `Page` (title, facts, sections), and a page becomes HTML, Markdown and plain text. Nothing here
needs a script or a network, and equal objects give equal bytes.
"""

from pathlib import Path

from syndisco_nb.display.options import EVERYTHING, Options, options
from syndisco_nb.display.registry import make_page
from syndisco_nb.display.writers import html_writer as page
from syndisco_nb.display.writers import markdown_writer as markdown
from syndisco_nb.display.writers import plain_writer as plain
from syndisco_nb.runs.layout import PathLike, as_path, save_file

__all__ = ["Options", "bundle", "options", "to_markdown", "write_html"]


def bundle(thing: object) -> dict[str, str]:
    """Return what a notebook shows, within the limits of `options`."""
    made = make_page(thing, options.limits)
    return {
        "text/plain": plain.write(made),
        "text/markdown": markdown.write(made),
        "text/html": str(page.write(made)),
    }


def write_html(thing: object, path: PathLike) -> Path:
    """Write all of it to one file that needs nothing else."""
    return save_file(as_path("path", path), page.write_document(make_page(thing, EVERYTHING)))


def to_markdown(thing: object) -> str:
    """Return all of it as Markdown."""
    return markdown.write(make_page(thing, EVERYTHING), whole=True)
