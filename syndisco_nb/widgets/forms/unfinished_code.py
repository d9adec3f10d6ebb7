"""The code of a form that is not finished: what can be made of it, and comments on the rest."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from syndisco_nb.field_labels import field_place
from syndisco_nb.widgets.forms.form_field import Faults

_EMPTY: tuple[Any, ...] = (None, "", (), [], {})


def as_far_as_it_goes(
    check: Callable[[dict[str, Any]], tuple[Any, Faults]], given: Mapping[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """Return the object made of the content that has no faults, or None; and that content.

    Parameters
    ----------
    check : callable
        Returns the object made of some content, or None, and the faults of that content.
    given : mapping of str to Any
        The content; settings with a fault are left out, of a list only the items with one.
    """
    settings = dict(given)
    while True:
        made, faults = check(settings)
        kept = without(settings, faults)
        if made is not None or kept == settings:
            return made, settings
        settings = kept


def without(settings: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return settings without those at some dotted paths; of a list, only its items there are left out.

    Parameters
    ----------
    settings : mapping of str to Any
    paths : iterable of str

    Examples
    --------
    >>> without({"turns": "many", "topics": ["Tax?", 7], "seed": 1}, ["turns", "topics.1"])
    {'topics': ['Tax?'], 'seed': 1}
    """
    kept = dict(settings)
    items: dict[str, set[int]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        place = rest.partition(".")[0]
        if place.isdigit() and isinstance(kept.get(name), list | tuple):
            items.setdefault(name, set()).add(int(place))
        else:
            kept.pop(name, None)
    for name, places in items.items():
        if name in kept:
            kept[name] = [item for place, item in enumerate(kept[name]) if place not in places]
    return kept


def comments(faults: Faults, given: Mapping[str, Any]) -> str:
    """Return a comment for each fault: a setting is missing, or was left out.

    Parameters
    ----------
    faults : dict of str to str
    given : mapping of str to Any
        The content of the form.

    Examples
    --------
    >>> print(comments({"topics": "There is no topic yet.", "turns": "turns is 'many'."}, {"turns": "many"}))
    # Missing: Topics (There is no topic yet.)
    # Left out: Number of turns (turns is 'many'.)
    <BLANKLINE>
    """
    kinds = {path: "Missing" if _is_empty(path, given) else "Left out" for path in faults}
    return "".join(comment(f"{kinds[path]}: {field_place(path)} ({text})") for path, text in faults.items())


def comment(text: str) -> str:
    """Return a text as a comment of Python, on one line."""
    line = " ".join(text.split())
    return f"# {''.join(letter if letter.isprintable() else ' ' for letter in line)}\n"


def _is_empty(path: str, given: Any) -> bool:
    """Return whether nothing was filled in at a path."""
    for name in filter(None, path.split(".")):
        if isinstance(given, list | tuple) and name.isdigit() and int(name) < len(given):
            given = given[int(name)]
        elif isinstance(given, Mapping):
            given = given.get(name)
        else:
            break
    return isinstance(given, str | list | tuple | dict | None) and given in _EMPTY and bool(path)
