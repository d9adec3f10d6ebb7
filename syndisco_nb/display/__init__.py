"""The display of every object that a user can hold.

An object becomes a `Page` (`pages`, found by class through `registry`), and a page becomes text (`writers`, one module
for each format). The output needs neither a script nor a network, and equal objects give equal bytes.
"""

from dataclasses import replace
from pathlib import Path

from syndisco_nb.backend.kinds import load_modules
from syndisco_nb.display import pages, writers
from syndisco_nb.display.options import EVERYTHING, Options, options
from syndisco_nb.display.registry import make_page
from syndisco_nb.display.writers.formats import FILE_FORMATS, NOTEBOOK_FORMATS
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.errors import UnknownNameError, suggestion
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike

__all__ = ["Options", "bundle", "export", "options", "save"]


def bundle(thing: object) -> dict[str, str]:
    """Return an object's representations in a notebook by MIME type, within the limits of `options`."""
    limits = options.limits
    page = make_page(thing, replace(limits, max_bytes=limits.max_bytes - len(sheet())))  # at most
    return {mime: str(write(page)) for mime, write in NOTEBOOK_FORMATS.items()}


def export(thing: object, name: str) -> str:
    """Return the whole page of an object as text.

    Parameters
    ----------
    thing : object
    name : str
        A name in `FILE_FORMATS`, such as ``html`` or ``markdown``.
    """
    if name not in FILE_FORMATS:
        known = sorted(FILE_FORMATS)
        raise UnknownNameError(f"There is no format {name!r}.{suggestion(name, known)} There are: {', '.join(known)}.")
    return str(FILE_FORMATS[name](make_page(thing, EVERYTHING)))


def save(thing: object, path: PathLike, name: str) -> Path:
    """Write the whole page of an object to a file and return its path.

    Parameters
    ----------
    thing : object
    path : str or path-like
    name : str
        As of `export`.
    """
    return save_file(as_path("path", path), export(thing, name))


for package in (pages, writers):
    load_modules(package.__name__, package.__path__)  # which then register their functions
