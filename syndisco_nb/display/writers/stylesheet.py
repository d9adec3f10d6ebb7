"""The style sheet of all HTML that is shown, from files beside this module."""

import functools
import re
from collections.abc import Collection
from importlib import resources
from typing import NamedTuple

from syndisco_nb.display.colours import DARK, LIGHT
from syndisco_nb.display.writers.safe_html import Html, tag

_FILES = ("base", "conversation", "tables", "labels", "listing")


class _Rule(NamedTuple):
    """A rule, or a query with rules inside; a rule is used where all classes of one of its selectors are."""

    start: str
    inner: "tuple[_Rule, ...]"
    selectors: tuple[frozenset[str], ...]

    def used(self, classes: Collection[str]) -> str:
        """Return the rule, or as much of it as these classes need; "" if they need none of it."""
        if self.inner:
            inner = "".join(rule.used(classes) for rule in self.inner)
            return f"{self.start}{{{inner}}}" if inner else ""
        return self.start if any(selector.issubset(classes) for selector in self.selectors) else ""


def style(shown: Html) -> Html:
    """Return the ``<style>`` element with the rules that some HTML needs; each output has its own, to stand alone."""
    classes = set(re.findall(r"snb[\w-]*", shown))
    return tag("style", Html("".join(rule.used(classes) for rule in _rules(sheet()))))


@functools.cache
def sheet() -> Html:
    """Return the whole style sheet."""
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


@functools.cache
def _rules(css: str) -> tuple[_Rule, ...]:
    rules, depth, start = [], 0, 0
    for brace in re.finditer("[{}]", css):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            rules.append(_rule(css[start : brace.end()]))
            start = brace.end()
    return tuple(rules)


def _rule(css: str) -> _Rule:
    before, _, body = css.partition("{")
    if before.startswith("@"):
        return _Rule(before, _rules(body.removesuffix("}")), ())
    needed = re.sub(r":not\([^()]*\)", "", before)  # what an element must not have
    return _Rule(css, (), tuple(frozenset(re.findall(r"\.(snb[\w-]*)", one)) for one in needed.split(",")))
