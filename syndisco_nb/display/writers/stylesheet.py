"""The style sheets: each in a file of its own, read once."""

import functools
from importlib import resources

from syndisco_nb.display.colours import DARK, LIGHT
from syndisco_nb.display.writers.safe_html import Html, tag

PARTS = ("base", "talk", "tables")


def style() -> Html:
    """Return the ``<style>`` element that every output carries, since each must stand alone."""
    return tag("style", sheet())


@functools.cache
def sheet() -> Html:
    """Return the style sheet of everything that is shown."""
    files = resources.files("syndisco_nb.display")
    sheets = [_stripped((files / f"{part}.css").read_text(encoding="utf-8")) for part in PARTS]
    speakers = "".join(
        f".snb-c{number}{{--snb-c:light-dark({light},{dark})}}"
        for number, (light, dark) in enumerate(zip(LIGHT, DARK, strict=True))
    )
    return Html("".join([*sheets, speakers]))


def _stripped(sheet: str) -> str:
    """Return a style sheet without comments and margins."""
    while "/*" in sheet:
        before, _, after = sheet.partition("/*")
        sheet = before + after.partition("*/")[2]
    return "\n".join(line.strip() for line in sheet.splitlines() if line.strip()) + "\n"
