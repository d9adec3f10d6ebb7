"""The page of each class.

A page is a function in a module of `pages`, registered for the class of its first argument with ``@make_page.register``
(``@make_page.register(Run)`` for a generic class). All modules of that package are loaded with `display`, so no list
names them.
"""

import functools

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Page


@functools.singledispatch
def make_page(thing: object, limits: Limits) -> Page:
    """Return the page of an object; without a page of its class, one with its repr."""
    return Page(type(thing).__name__, repr(thing))
