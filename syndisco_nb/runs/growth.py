"""Growth of a run: a spec may ask for more of the same in its folder, never for a change of finished work."""

from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.runs.layout import Kind

WAYS: dict[Kind, str] = {
    "discussions": "Only the number of discussions may grow.",
    "annotations": "Only more discussions, more annotators after those on file, and more scales may be added, and a "
    "sample may only be enlarged.",
}
"""Rules of growth of each kind of run, in words."""

Merge = Callable[[Any, Any], tuple[Any, str]]
"""Given a value on file and the one that is asked, return the one to go on with, and why that cannot be, or ""."""


def grown(kind: Kind, held: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the spec with which a run goes on, and the changes of finished work that are asked for, or "".

    A spec that asks for less than the folder has takes nothing away: the run keeps its spec.

    Parameters
    ----------
    kind : {"discussions", "annotations"}
        The units of the run.
    held, asked : mapping
        The spec of the run in the folder, and of the experiment that is to go on there, as plain data.
    """
    merged, changes = {}, []
    for name in [*asked, *(name for name in held if name not in asked)]:
        merge = _GROWING[kind].get(name, _unchanged(name))
        merged[name], change = merge(held.get(name), asked.get(name))
        changes += [change] if change else []
    return merged, "; ".join(changes)


def difference(old: Any, new: Any, name: str = "") -> str:
    """Return in words how two specs differ; "" if they do not.

    Parameters
    ----------
    old, new : plain data
    name : str
        Path of the two within their specs.
    """
    if old == new:
        return ""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        parts = [difference(old.get(key), new.get(key), f"{name}.{key}".lstrip(".")) for key in keys]
        return "; ".join(part for part in parts if part)
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{name}: {len(old)} → {len(new)}"
        parts = [difference(a, b, f"{name}[{n}]") for n, (a, b) in enumerate(zip(old, new, strict=True))]
        return "; ".join(part for part in parts if part)
    return f"{name}: {old!r} → {new!r}"


def _unchanged(name: str) -> Merge:
    return lambda held, asked: (asked, difference(held, asked, name))


def _larger(held: Any, asked: Any) -> tuple[Any, str]:
    numbers = isinstance(held, int) and isinstance(asked, int)
    return (max(held, asked), "") if numbers else (asked, difference(held, asked, "num_discussions"))


def _longer(held: Any, asked: Any) -> tuple[Any, str]:
    """Merge annotators: the numbers of those on file must not change."""
    if not (isinstance(held, list) and isinstance(asked, list)):
        return asked, difference(held, asked, "annotators")
    shared = min(len(held), len(asked))
    return max(asked, held, key=len), difference(held[:shared], asked[:shared], "annotators")


def _joined(held: Any, asked: Any) -> tuple[Any, str]:
    """Merge discussions or models that are listed; the path of a folder must stay as it is."""
    if isinstance(held, list) and isinstance(asked, list):
        return [*held, *(one for one in asked if one not in held)], ""
    return asked, difference(held, asked, "discussions")


def _scales(held: Any, asked: Any) -> tuple[Any, str]:
    """Merge scales by name: one that is on file must not change."""
    names = {scale.get("name"): scale for scale in held if isinstance(scale, dict)} if isinstance(held, list) else {}
    if not names or not asked:  # without scales, an annotator is asked for a text
        return asked, difference(held, asked, "scales")
    changes = [difference(names.get(scale["name"], scale), scale, f"scales[{n}]") for n, scale in enumerate(asked)]
    new = [scale for scale in asked if scale["name"] not in names]
    return [*held, *new], "; ".join(change for change in changes if change)


def _sample(held: Any, asked: Any) -> tuple[Any, str]:
    """Merge samples of comments: a larger one begins with the one on file."""
    if isinstance(held, dict) and isinstance(asked, dict):
        before, after = held.get("comments") or [], asked.get("comments") or []
        drawn = ("random", "seed", "roles")
        if after[: len(before)] == before and all(held.get(name) == asked.get(name) for name in drawn):
            return asked, ""
    return asked, difference(held, asked, "sample")


_GROWING: dict[Kind, dict[str, Merge]] = {
    "discussions": {"num_discussions": _larger},
    "annotations": {
        "discussions": _joined,
        "annotators": _longer,
        "scales": _scales,
        "sample": _sample,
        "models": _joined,  # each annotator names the digest of its model's settings, which must not change
    },
}
