"""Permission for a design that was read from a file: it runs code, uses files and contacts servers only if allowed.

A file may come from anybody. Whatever is typed in Python is the user's own and needs no permission.

====================  =====================================================================
``"code"``            run code that comes with a model (`trust_remote_code`), or load it in a way that could
``"paths"``           read or write files outside the design's own folder
``"server:HOST"``     send requests to this server, with its key if the environment holds it
====================  =====================================================================
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from syndisco_nb.builder.touches import Touch, is_within, touches, touches_in_words
from syndisco_nb.errors import InvalidInputError, TrustError, require, short_repr, suggestion

VOCABULARY = ("code", "paths", "server:HOST")


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses the touches of a document that its reader has not allowed.

    Attributes
    ----------
    source : str
        The document, as errors call it.
    folder : Path or None
        The folder whose files the document may use.
    remedy : str
        The way to allow it, in words.
    refused : tuple of Touch
    """

    source: str
    folder: Path | None
    remedy: str
    refused: tuple[Touch, ...]

    def refused_of(self, thing: Any) -> list[Touch]:
        """Return each refused touch of a thing, such as a design, once."""
        return list(dict.fromkeys(touch for touch in touches(thing, self.folder) if touch in self.refused))

    def check(self, thing: Any) -> None:
        """Raise `TrustError` if a thing, such as a design, has a refused touch."""
        refused = self.refused_of(thing)
        if refused:
            words = dict.fromkeys(touch.word for touch in refused)
            remedy = self.remedy.format(", ".join(f'"{word}"' for word in words))
            options = " ".join(f"--trust {word}" for word in words)
            raise TrustError(
                f"The design in {self.source} would {'; '.join(touches_in_words(refused))}. If you trust it with that, "
                f"{remedy}, or in a shell give {options}."
            )

    def without(self, thing: Any) -> "Guard":
        """Return a guard that allows the touches of a thing, since the user has given it."""
        allowed = list(touches(thing, self.folder))
        return replace(self, refused=tuple(touch for touch in self.refused if touch not in allowed))


def guarded(
    thing: Any, source: str, folder: Path | None, trust: str | Iterable[str], remedy: str = "give trust=[{}]"
) -> Guard | None:
    """Return the guard of a thing that was read from a document, or None if all its touches are allowed.

    Parameters
    ----------
    thing : Design or Part
    source : str
        The document, as errors call it.
    folder : Path or None
        The folder whose files it may use.
    trust : str or iterable of str
        Words of `VOCABULARY` with which the reader allows more.
    remedy : str
        The way to allow the rest; ``{}`` stands for the words.

    Raises
    ------
    InvalidInputError
        If `trust` holds another word.
    """
    allowed = _words(trust)
    refused = tuple(touch for touch in touches(thing, folder) if touch.word not in allowed)
    return Guard(source, folder, remedy, refused) if refused else None


def file_beside(path: str, folder: Path | None, what: str) -> Path:
    """Return the path of a file that a document names, or raise `TrustError` if it is outside its folder.

    Parameters
    ----------
    path : str
        As in the document; a relative one begins at the folder.
    folder : Path or None
        None for a document that is in no folder.
    what : str
        The setting.
    """
    if folder is not None and is_within(file := folder / os.path.expanduser(path), folder):
        return file
    raise TrustError(
        f"{what} is {short_repr(path)}, a file outside the folder of the design, which a design may not read. Put the "
        f"file beside the design, write its content into it, or call .{what.rpartition('.')[2]}(...) with the path."
    )


def _words(trust: str | Iterable[str]) -> set[str]:
    """Return the words of a `trust` argument, or raise `InvalidInputError`."""
    given = [trust] if isinstance(trust, str) else trust
    if not isinstance(given, Iterable):
        raise InvalidInputError(f"trust is {trust!r}, but must be a list of: {', '.join(VOCABULARY)}.", field="trust")
    words = set(given)
    for word in words:
        known = isinstance(word, str) and (word in ("code", "paths") or word.startswith("server:"))
        require(
            known,
            f"trust has {word!r}, but takes: {', '.join(VOCABULARY)}.{suggestion(str(word), ('code', 'paths'))}",
            "trust",
        )
    return words
