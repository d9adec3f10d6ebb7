"""The style sheet of all HTML that is shown, from files beside this module."""

import functools
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
    sheets = [_compressed((folder / f"{name}.css").read_text(encoding="utf-8")) for name in _FILES]
    speakers = "".join(
        f".snb-c{number}{{--snb-c:light-dark({light},{dark});border-left-color:var(--snb-c)!important}}"
        for number, (light, dark) in enumerate(zip(LIGHT, DARK, strict=True))
    )
    return Html("".join([*sheets, speakers]))


def _compressed(css: str) -> str:
    """Return CSS without comments, indents and empty lines."""
    while "/*" in css:
        before, _, after = css.partition("/*")
        css = before + after.partition("*/")[2]
    return "\n".join(line.strip() for line in css.splitlines() if line.strip()) + "\n"
