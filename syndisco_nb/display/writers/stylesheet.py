"""The style sheet of all HTML that is shown, from files beside this module."""

import functools
import re
from importlib import resources

from syndisco_nb.display.colours import DARK, LIGHT
from syndisco_nb.display.writers.safe_html import Html, tag

_FILES = ("base", "conversation", "tables", "labels", "listing")


def style() -> Html:
    """Return the ``<style>`` element; every output carries it, since each must stand alone."""
    return tag("style", sheet())


@functools.cache
def sheet() -> Html:
    """Return the style sheet."""
    folder = resources.files("syndisco_nb.display.writers")
    sheets = [minified((folder / f"{name}.css").read_text(encoding="utf-8")) for name in _FILES]
    speakers = "".join(
        f".snb-c{number}{{--snb-c:light-dark({light},{dark});border-left-color:var(--snb-c)!important}}"
        for number, (light, dark) in enumerate(zip(LIGHT, DARK, strict=True))
    )
    return Html("".join([*sheets, speakers]))


def minified(css: str) -> str:
    """Return CSS without comments, and without white space that means nothing.

    It knows no more of CSS than our own files need, where texts hold neither comments nor two spaces. What a minifier
    would do beyond that saves a few bytes in a hundred, and no package does it without being one more to install.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return re.sub(r"(?<=[\w-]): ", ":", css).replace(";}", "}").strip()
