"""Who the people are: personas."""

import difflib
import functools
import itertools
import keyword
import math
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ParamSpec, SupportsIndex, overload

from syndisco_nb.errors import PersonaError, UnknownNameError, suggestion
from syndisco_nb.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

AttributeValue = str | int | float | bool | tuple[str, ...]

_TEXT_FIELDS = (
    "sex",
    "sexual_orientation",
    "demographic_group",
    "current_employment",
    "education_level",
    "special_instructions",
)
FIELDS = ("username", "age", *_TEXT_FIELDS, "personality_characteristics")
_OLDEST = 150
# Words that tell an age in a text such as "65 and over" or "mid-30s", beside its numbers.
_OF_AGES = (
    "a about age aged and around at below between early from high late least less low lower mid more most of old older "
    "or over plus s than the to under up upper year years yo young younger yr yrs"
)

P = ParamSpec("P")


def _with_username(function: Callable[P, None]) -> Callable[P, None]:
    """Have a missing user name, which may be misspelt, answered in words."""

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        if len(args) < 2 and "username" not in kwargs:
            meant = difflib.get_close_matches("username", kwargs, n=1)
            near = f" Did you mean username in place of {meant[0]}?" if meant else ""
            raise PersonaError(
                f"A persona needs a username.{near} Give one, as in LLMPersona(username='Maya', age=41).",
                field="username",
            )
        function(*args, **kwargs)

    return checked


class LLMPersona(Shown):
    """A person: a user name and whatever else is known.

    Parameters
    ----------
    username : str
        The name in the discussion; unique among its participants. Empty for an annotator, who needs none.
    age : int or str, optional
        Years, or a range such as "25-34". -1, as some files have it, means unknown.
    sex, sexual_orientation, demographic_group, current_employment, education_level : str, optional
        Empty means unknown, and is not told to the model.
    special_instructions : str, optional
        What this person in particular is to do.
    personality_characteristics : list of str, optional
        For example ``["curious", "impatient"]``.
    **attributes
        Anything else: text, numbers, or lists of text.

    Raises
    ------
    PersonaError
        If a field has a value that cannot be used.

    Examples
    --------
    >>> LLMPersona(username="Maya", age=41, hobby="chess").to_attribute_list()
    ['username: Maya', 'age: 41', 'hobby: chess']
    """

    __slots__ = ("_attributes",)

    @_with_username
    def __init__(
        self,
        /,
        username: str,
        age: int | str | None = None,
        sex: str = "",
        education_level: str = "",
        sexual_orientation: str = "",
        demographic_group: str = "",
        current_employment: str = "",
        special_instructions: str = "",
        personality_characteristics: Iterable[str] | str = (),
        **attributes: Any,
    ) -> None:
        given = {
            "username": username,
            "age": age,
            "sex": sex,
            "sexual_orientation": sexual_orientation,
            "demographic_group": demographic_group,
            "current_employment": current_employment,
            "education_level": education_level,
            "special_instructions": special_instructions,
            "personality_characteristics": personality_characteristics,
            **attributes,
        }
        checked = {name: _checked(name, value) for name, value in given.items()}
        self._attributes = {
            name: value
            for name, value in checked.items()
            if value is not None and (name == "username" or value not in ("", ()))
        }

    @property
    def username(self) -> str:
        """The name in the discussion; "" if there is none."""
        return str(self._attributes["username"])

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        """All that is known, user name included, in order; unknown fields are absent."""
        return dict(self._attributes)

    def __getattr__(self, name: str) -> AttributeValue | None:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._attributes:
            return self._attributes[name]
        if name in FIELDS:
            return None
        raise UnknownNameError(f"{self!r} has no attribute {name!r}.{suggestion(name, self._attributes)}")

    def variants(self, **values: Iterable[Any]) -> "People":
        """Return people like this one, but for these attributes: all combinations of their values.

        Parameters
        ----------
        **values : iterable
            By attribute. They are named by them.

        Raises
        ------
        PersonaError
            If an attribute cannot have a value, or is given one twice.

        Examples
        --------
        >>> [person.username for person in LLMPersona(username="Maya").variants(age=[20, 70], sex=["female"])]
        ['Maya age 20, sex female', 'Maya age 70, sex female']
        """
        made = []
        for combination in itertools.product(*values.values()):
            own: dict[str, Any] = {name: _checked(name, value) for name, value in zip(values, combination, strict=True)}
            said = ", ".join(
                f"{name.replace('_', ' ')} {'unknown' if value in (None, '', ()) else _as_text(value)}"
                for name, value in own.items()
            )
            made.append(LLMPersona(**{**self._attributes, "username": f"{self.username} {said}", **own}))
        return People(made)

    def to_attribute_list(self) -> list[str]:
        """Return what is known as "field: value" strings, the form that `LLMActor` takes; no name is no line."""
        return [f"{name}: {_as_text(value)}" for name, value in self._attributes.items() if value != ""]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LLMPersona) and self._attributes == other._attributes

    def __hash__(self) -> int:
        return hash(frozenset(self._attributes.items()))

    def __repr__(self) -> str:
        known = self._attributes
        if all(name.isidentifier() and not keyword.iskeyword(name) for name in known):
            return f"LLMPersona({', '.join(f'{name}={value!r}' for name, value in known.items())})"
        return f"LLMPersona(**{known!r})"


class People(tuple[LLMPersona, ...], Shown):
    """Personas with different user names, in order.

    Raises
    ------
    PersonaError
        If one has no user name, or two have the same.
    """

    def __init__(self, personas: Iterable[LLMPersona] = ()) -> None:
        first: dict[str, int] = {}
        for number, persona in enumerate(self, start=1):
            if not isinstance(persona, LLMPersona):
                raise PersonaError(f"Entry {number} is {persona!r}, but must be an LLMPersona.", field=str(number - 1))
            if not persona.username:
                raise PersonaError(
                    f"Entry {number} has no username, but whoever takes part in a discussion needs one. Only an "
                    "annotator may have none.",
                    field=f"{number - 1}.username",
                )
            if persona.username in first:
                raise PersonaError(
                    duplicate_names(persona.username, first[persona.username], number), field=f"{number - 1}.username"
                )
            first[persona.username] = number

    @overload
    def __getitem__(self, key: SupportsIndex) -> LLMPersona: ...
    @overload
    def __getitem__(self, key: slice) -> "People": ...
    def __getitem__(self, key: SupportsIndex | slice) -> "LLMPersona | People":
        found = super().__getitem__(key)
        return found if isinstance(found, LLMPersona) else People(found)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per person, one column per field that anyone has."""
        import pandas as pd

        return pd.DataFrame([persona.attributes for persona in self])

    def __repr__(self) -> str:
        return f"<People: {len(self)} personas ({', '.join(p.username for p in self[:4])}{', …' * (len(self) > 4)})>"


def _checked(name: str, value: Any) -> AttributeValue | None:
    """Return the value as it is kept, or raise an error that names the field."""
    value = _as_python(value)
    _refuse_half_characters(name, value)
    if name == "username":
        return _username(value)
    if value is None:
        return None
    if name == "age":
        return _age(value)
    if name == "personality_characteristics" and isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, str):
        return value.strip()
    if name in _TEXT_FIELDS:
        raise PersonaError(f"field {name} is {value!r}, but must be text.", field=name)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        if all(isinstance(item, str) for item in items):
            return tuple(item.strip() for item in items if item.strip())
    if isinstance(value, bool | int | float) and math.isfinite(value) and name != "personality_characteristics":
        return value
    allowed = "a list of texts" if name == "personality_characteristics" else "text, a number or a list of texts"
    raise PersonaError(f"field {name} is {value!r}, but must be {allowed}.", field=name)


def _as_python(value: Any) -> Any:
    """Return numpy's numbers, texts and truth values as Python's."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _refuse_half_characters(name: str, value: Any) -> None:
    """Raise an error at half a character, as JSON's escapes can write it: no file could keep it."""
    for text in value if isinstance(value, list | tuple | set | frozenset) else (name, value):
        if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
            raise PersonaError(
                f"field {name} is {text!r}, which is not valid text. Write the character whole.", field=name
            )


def _username(value: Any) -> str:
    if not isinstance(value, str):
        raise PersonaError(
            f"field username is {value!r}, but must be a name, or an annotator's empty text.", field="username"
        )
    if len(value.strip().splitlines()) > 1:
        raise PersonaError(f"field username is {value!r}, but must be a single line.", field="username")
    return value.strip()


def _age(value: Any) -> int | str | None:
    """Return years as a number, a range of them as it was written, and None if they are unknown."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    text = str(int(value)) if known else value.strip() if isinstance(value, str) else "?"
    if text in ("", "-1"):
        return None
    if re.fullmatch("[0-9]{1,9}", text) and int(text) <= _OLDEST:
        return int(text)
    if not re.fullmatch("-*[0-9]+", text) and _is_age(text):
        return text
    raise PersonaError(
        f'field age is {value!r}, but must be years (0 to {_OLDEST}), or a range such as "25-34" or "65+". Leave it '
        "out if it is unknown.",
        field="age",
    )


def _is_age(text: str) -> bool:
    """Return whether a text tells an age: one or two numbers of years, the lower first, and words that go with them."""
    years = [int(number) for number in re.findall("[0-9]{1,9}", text)]
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return 1 <= len(years) <= 2 and years == sorted(years) and years[-1] <= _OLDEST and words <= set(_OF_AGES.split())


def named(persona: LLMPersona) -> LLMPersona:
    """Return the persona, or raise `PersonaError` if it has no user name."""
    if not persona.username:
        raise PersonaError("field username is '', but must be a name that is not empty.", field="username")
    return persona


def duplicate_names(name: str, first: int, second: int) -> str:
    """Return what is wrong with two people of one name."""
    return (
        f"the name {name!r} is used by entry {first} and again by entry {second}. Give every person a name of "
        "their own."
    )


def _as_text(value: AttributeValue) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
