"""Personas: the people who take part in discussions."""

import difflib
import functools
import itertools
import keyword
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ParamSpec, SupportsIndex, overload

from syndisco_nb import doors
from syndisco_nb.backend.persona_fields import FIELDS, AttributeValue, checked_field, field_text
from syndisco_nb.errors import PersonaError, UnknownNameError, named_arguments, require, short_repr, suggestion
from syndisco_nb.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing

P = ParamSpec("P")


def _with_username(function: Callable[P, None]) -> Callable[P, None]:
    """Raise a `PersonaError` for a call without a user name, which may be misspelt."""

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
    """A person: a user name and further attributes.

    Parameters
    ----------
    username : str
        The name in the discussion; unique among its participants. Empty for an annotator, who needs none.
    age : int or str, optional
        Years, or a range such as "25-34". -1, as in some files, means unknown.
    sex, sexual_orientation, demographic_group, current_employment, education_level : str, optional
        Empty means unknown; the model is not told.
    special_instructions : str, optional
        Instructions for this person alone.
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
        checked = {name: checked_field(name, value) for name, value in given.items()}
        self._attributes = {
            name: value
            for name, value in checked.items()
            if value is not None and (name == "username" or value not in ("", ()))
        }

    @property
    def username(self) -> str:
        """The name in the discussion; "" for an annotator without one."""
        return str(self._attributes["username"])

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        """The known attributes, user name included, in order."""
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
        """Return copies of this person with all combinations of other values for some attributes.

        Parameters
        ----------
        **values : iterable
            By attribute. The values also become part of the user names.

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
            changes: dict[str, Any] = {
                name: checked_field(name, value) for name, value in zip(values, combination, strict=True)
            }
            description = ", ".join(
                f"{name.replace('_', ' ')} {'unknown' if value in (None, '', ()) else field_text(value)}"
                for name, value in changes.items()
            )
            made.append(LLMPersona(**{**self._attributes, "username": f"{self.username} {description}", **changes}))
        return People(made)

    def to_attribute_list(self) -> list[str]:
        """Return the known attributes as "field: value" strings, the form that `LLMActor` takes."""
        return [f"{name}: {field_text(value)}" for name, value in self._attributes.items() if value != ""]

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

    Parameters
    ----------
    personas : iterable of LLMPersona

    Raises
    ------
    PersonaError
        If one has no user name, or two have the same.

    Examples
    --------
    >>> People([LLMPersona(username="Maya", age=41), LLMPersona(username="Ben")])
    <People: 2 personas (Maya, Ben)>
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
        chosen = super().__getitem__(key)
        return chosen if isinstance(chosen, LLMPersona) else People(chosen)

    @classmethod
    @named_arguments
    def from_dataframe(
        cls,
        frame: "pd.DataFrame",
        rename: bool = False,
        *,
        columns: "Columns | None" = None,
        labels: "CodeLabels | None" = None,
        missing: "Missing" = (),
    ) -> "People":
        """Return one person per row of a DataFrame.

        Numbers stay numbers, as attributes; fields that are texts become text. The index is left out:
        ``frame.reset_index()`` makes it a column.

        Parameters
        ----------
        frame : DataFrame
        rename, columns, labels, missing
            As in `load_personas`.

        Raises
        ------
        PersonaError, InvalidInputError
            As in `load_personas`.

        Examples
        --------
        >>> import pandas as pd
        >>> survey = pd.DataFrame({"ID": [17, 18], "AGE": [41, -9], "SEX": [2, 1]})
        >>> columns = {"username": "ID", "age": "AGE", "sex": "SEX"}
        >>> people = People.from_dataframe(survey, columns=columns, labels={"SEX": {1: "m", 2: "f"}}, missing=[-9])
        >>> [person.to_attribute_list() for person in people]
        [['username: 17', 'age: 41', 'sex: f'], ['username: 18', 'sex: m']]
        """
        require(
            hasattr(frame, "columns"),
            f"frame is {short_repr(frame)}, but must be a DataFrame. Read files with load_personas(path).",
            "frame",
        )
        return doors.people_of(frame, rename=rename, columns=columns, labels=labels, missing=missing)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per person, with one column per field that any of them has."""
        import pandas as pd

        return pd.DataFrame([persona.attributes for persona in self])

    def __repr__(self) -> str:
        return f"<People: {len(self)} personas ({', '.join(p.username for p in self[:4])}{', …' * (len(self) > 4)})>"


def require_username(persona: LLMPersona) -> LLMPersona:
    """Return the persona, or raise `PersonaError` if it has no user name."""
    if not persona.username:
        raise PersonaError("username is empty. Give every person a name.", field="username")
    return persona


def duplicate_names(name: str, first: int, second: int, noun: str = "entry") -> str:
    """Return the error message about two people with the same name.

    Parameters
    ----------
    name : str
    first, second : int
        Their places, counted from 1.
    noun : str
        The word for a place.
    """
    return (
        f"the name {name!r} is used by {noun} {first} and again by {noun} {second}. Give every person a name of "
        "their own."
    )
