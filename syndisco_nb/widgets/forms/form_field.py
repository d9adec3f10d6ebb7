"""`Field`, the protocol of everything that a form holds, and `Faults`, error messages by field."""

from collections.abc import Callable
from typing import Any, Protocol

Listener = Callable[[], None]
"""Called without arguments after a change; must return at once."""

Faults = dict[str, str]
"""Error messages by the dotted path of the field at fault; under "" those about the form as a whole."""


class Field(Protocol):
    """A widget to fill in: an `Input`, or a `Form` with fields of its own."""

    @property
    def given(self) -> Any:
        """The content as entered, unchecked: what Python code would pass."""

    @property
    def value(self) -> Any:
        """The object made of the content; assign one to fill the field in."""

    @value.setter
    def value(self, value: Any) -> None: ...

    @property
    def errors(self) -> Faults:
        """All faults of the content."""

    @property
    def touched(self) -> bool:
        """True if the user has changed the content; before that, no faults are shown."""

    def mark_untouched(self) -> None:
        """Treat the content as initial: no field counts as changed by the user."""

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show faults where the user has changed something, or all of them.

        Parameters
        ----------
        errors : dict of str to str
            The message of each fault by its dotted path from this field; "" is the path of the field itself.
        everything : bool
            Also show faults of what the user has not changed yet.
        """

    def on_change(self, changed: Listener) -> None:
        """Register a function to call after every change."""

    def focus_on(self, path: str = "") -> None:
        """Move the focus to the control at a dotted path from this field, and open the sections around it."""


def joined(name: str, path: str) -> str:
    """Return the dotted path of something inside a field; of the field itself if `path` is ""."""
    return f"{name}.{path}" if path else name


def faults_within(name: str, faults: Faults) -> Faults:
    """Return the faults of one field, by their paths in it.

    Examples
    --------
    >>> faults_within("model", {"model": "a", "model.name": "b", "models": "c"})
    {'': 'a', 'name': 'b'}
    """
    paths = [path for path in faults if path == name or path.startswith(f"{name}.")]
    return {path[len(name) + 1 :]: faults[path] for path in paths}


def faults_in_words(faults: Faults) -> str:
    """Return all faults in one sentence, or a numbered list of them.

    Examples
    --------
    >>> faults_in_words({"age": "It is -7.", "name": "It is empty."})
    '(1) age: It is -7. (2) name: It is empty.'
    """
    if len(faults) == 1:
        ((path, message),) = faults.items()
        return message if not path or message.startswith(path) else f"{path}: {message}"
    return " ".join(f"({number}) {path or 'all'}: {text}" for number, (path, text) in enumerate(faults.items(), 1))
