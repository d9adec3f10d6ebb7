"""Kinds: classes of models, turn managers, scales and stop conditions that describe themselves.

Forms offer, and designs allow, each class of this package that sets `form_label`. No other list names it. A user's own
class is not offered, because a file that names it could not be opened elsewhere.
"""

import abc
import functools
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self, cast, get_args

from syndisco_nb.shown import Shown

_PACKAGE = f"{__name__.partition('.')[0]}."
# A secret, a setting of the computer, and two arguments that the experiment gives.
_NOT_IN_DESIGNS = ("api_key", "mode", "names", "seed")


class Requirement(NamedTuple):
    """Optional packages that a kind needs.

    Attributes
    ----------
    packages : tuple of str
        The names to import.
    install : str
        The command that installs them.
    """

    packages: tuple[str, ...]
    install: str


class Kind(Shown, abc.ABC):
    """Base of everything that a design can hold as plain data.

    Attributes
    ----------
    form_label : str
        The words for this kind in a form. A class that does not set its own is not offered.
    form_rank : int
        The place in the form's list, lowest first; equal ranks are in alphabetical order.
    requires : Requirement or None
        The packages that must be installed.
    """

    form_label: ClassVar[str] = ""
    form_rank: ClassVar[int] = 100
    requires: ClassVar[Requirement | None] = None

    @classmethod
    def constructor(cls) -> Callable[..., Any]:
        """Return the callable that makes an object: the class itself, or a function such as `bundled_model`."""
        return cls

    @classmethod
    def kind_name(cls) -> str:
        """Return the name in designs and in Python."""
        return cls.constructor().__name__

    @classmethod
    def install_command(cls) -> str | None:
        """Return the command that installs the required packages, or None if they are installed."""
        if cls.requires is None or all(map(importlib.util.find_spec, cls.requires.packages)):
            return None
        return cls.requires.install

    def arguments(self) -> dict[str, Any]:
        """Return the constructor's arguments for an equal object."""
        return {parameter.name: getattr(self, parameter.name) for parameter in design_parameters(self.constructor())}

    def in_design(self) -> "Kind":
        """Return the object that a design holds in place of this one; itself, unless it adds only speed to another."""
        return self

    def settings(self) -> dict[str, Any]:
        """Return the settings that distinguish this object, as plain data; recorded with every run."""
        return {"type": type(self).__name__}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return the object of this class with these recorded settings; `remake` finds the class by itself.

        Raises
        ------
        SyndiscoError, TypeError, ValueError
            If the settings are unusable or incomplete.
        """
        arguments = {name: value for name, value in settings.items() if name != "type"}
        for name, base in inner_kinds(cls.constructor()).items():
            arguments[name] = base.remake(arguments.get(name))
        return cls(**arguments)

    @classmethod
    def remake(cls, settings: Any) -> Self | None:
        """Return the object with these recorded settings; None if its class is unknown or now records other settings.

        Parameters
        ----------
        settings : mapping
            As recorded by `settings`, perhaps by an older version with fewer settings.

        Examples
        --------
        >>> from syndisco_nb import TurnManager
        >>> TurnManager.remake({"type": "RespondWithProbability", "p": 0.25})
        RespondWithProbability(p=0.25)
        """
        kind = cls.recorded_kind(settings)
        if kind is cls:
            return None
        try:
            made = kind.from_settings(settings)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            return None
        current = made.settings()
        return made if current == {**current, **settings} else None  # no recorded setting is gone or different

    @classmethod
    def recorded_kind(cls, settings: Any) -> type[Self]:
        """Return the class that recorded settings name; this base class if the package has no such kind.

        Parameters
        ----------
        settings : mapping
            As recorded by `settings`.

        Examples
        --------
        >>> from syndisco_nb import Scale
        >>> Scale.recorded_kind({"type": "Flag"}).value_type, Scale.recorded_kind({"type": "MyScale"}).value_type
        (<class 'bool'>, <class 'str'>)
        """
        name = settings.get("type") if isinstance(settings, Mapping) else None
        return cast("type[Self]", kinds_of(cls).get(str(name), cls))

    def __repr__(self) -> str:
        settings = {name: value for name, value in self.settings().items() if name != "type"}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"


def kinds_of(base: type[Kind]) -> dict[str, type[Kind]]:
    """Return this package's own kinds of a base by name, in the order in which forms offer them.

    Examples
    --------
    >>> from syndisco_nb import StopCondition
    >>> list(kinds_of(StopCondition))
    ['AfterPhrase', 'AfterSilences']
    """
    kinds = (kind for kind in _subclasses(base) if "form_label" in vars(kind) and is_built_in(kind))
    return {kind.kind_name(): kind for kind in sorted(kinds, key=lambda kind: (kind.form_rank, kind.kind_name()))}


def is_built_in(kind: type[Kind]) -> bool:
    """Return True if this package defines the class."""
    return kind.__module__.startswith(_PACKAGE)


def design_parameters(constructor: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    """Return the parameters of a constructor that a design holds, in the order of its signature."""
    parameters = _signature(constructor).parameters.values()
    return tuple(parameter for parameter in parameters if parameter.name not in _NOT_IN_DESIGNS)


@functools.cache  # reading a signature takes longer than making most objects, and a form does it at every keystroke
def _signature(constructor: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(constructor, eval_str=True)


@functools.cache
def inner_kinds(constructor: Callable[..., Any]) -> Mapping[str, type[Kind]]:
    """Return the parameters of a constructor that take an object of a kind, each with the base of that kind.

    Examples
    --------
    >>> from syndisco_nb import Hosted
    >>> inner_kinds(Hosted)
    {'then': <class 'syndisco_nb.backend.turn_manager.turn_manager.TurnManager'>}
    """
    bases: dict[str, type[Kind]] = {}
    for parameter in design_parameters(constructor):
        for annotation in (parameter.annotation, *get_args(parameter.annotation)):
            if isinstance(annotation, type) and issubclass(annotation, Kind):
                bases[parameter.name] = annotation
    return bases


def load_modules(package: str, path: Sequence[str], ending: str = "") -> None:
    """Import the modules of a package, so that `kinds_of` finds the classes in them.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    path : sequence of str
        The package's ``__path__``.
    ending : str, optional
        Import only modules whose names end with this.
    """
    for module in pkgutil.walk_packages(path, f"{package}."):
        if module.name.endswith(ending):
            importlib.import_module(module.name)


def _subclasses(base: type[Kind]) -> Iterator[type[Kind]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _subclasses(kind)
