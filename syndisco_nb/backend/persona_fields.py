"""The fields of a persona, and the values that they may have."""

import math
import re
from typing import Any

from syndisco_nb.errors import PersonaError
from syndisco_nb.field_labels import field_label

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
_HEADINGS = {field_label(name).casefold(): name for name in FIELDS} | {"intent": "special_instructions"}
_OLDEST = 150
# The words that a text about an age may hold beside its numbers, as in "65 and over" or "mid-30s".
_AGE_WORDS = (
    "a about age aged and around at below between early from high late least less low lower mid more most of old older "
    "or over plus s than the to under up upper year years yo young younger yr yrs"
)


def field_of_heading(heading: str) -> str:
    """Return the field that the heading of a column means: its name or label, in any case; other headings as they are.

    Parameters
    ----------
    heading : str

    Examples
    --------
    >>> [field_of_heading(heading) for heading in ("AGE", "Occupation", "Education level", "Hobby")]
    ['age', 'current_employment', 'education_level', 'Hobby']
    """
    words = " ".join(heading.casefold().replace("_", " ").split())
    name = words.replace(" ", "_")
    return name if name in FIELDS else _HEADINGS.get(words, heading)


def checked_field(name: str, value: Any) -> AttributeValue | None:
    """Return a field's value as a persona stores it; None if it is unknown.

    Parameters
    ----------
    name : str
        The field.
    value : object

    Raises
    ------
    PersonaError
        If the field cannot have this value.
    """
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
        raise PersonaError(f"{name} is {value!r}, but must be text.", field=name)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        if all(isinstance(item, str) for item in items):
            return tuple(item.strip() for item in items if item.strip())
    if isinstance(value, bool | int | float) and math.isfinite(value) and name != "personality_characteristics":
        return value
    allowed = "a list of texts" if name == "personality_characteristics" else "text, a number or a list of texts"
    raise PersonaError(f"{name} is {value!r}, but must be {allowed}.", field=name)


def _as_python(value: Any) -> Any:
    """Return a NumPy scalar as a Python value, and other values as they are."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def _refuse_half_characters(name: str, value: Any) -> None:
    """Raise an error at half a character, which JSON's escapes can write but no file can hold."""
    for text in value if isinstance(value, list | tuple | set | frozenset) else (name, value):
        if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
            raise PersonaError(f"{name} is {text!r}, which is not valid text. Write the character whole.", field=name)


def _username(value: Any) -> str:
    if not isinstance(value, str):
        raise PersonaError(
            f"username is {value!r}, but must be a name, or an annotator's empty text.", field="username"
        )
    if len(value.strip().splitlines()) > 1:
        raise PersonaError(f"username is {value!r}, but must be a single line.", field="username")
    return value.strip()


def _age(value: Any) -> int | str | None:
    """Return years as a number and a range as text; None if the age is unknown."""
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    text = str(int(value)) if is_whole else value.strip() if isinstance(value, str) else "?"
    text = re.sub(r"(?<=[0-9])\.0$", "", text)  # pandas writes a column with empty cells so
    if text in ("", "-1"):
        return None
    if re.fullmatch("[0-9]{1,9}", text) and int(text) <= _OLDEST:
        return int(text)
    if not re.fullmatch("-*[0-9]+", text) and _is_age(text):
        return text
    raise PersonaError(
        f'age is {value!r}, but must be years (0 to {_OLDEST}), or a range such as "25-34" or "65+". Leave it '
        "out if it is unknown.",
        field="age",
    )


def _is_age(text: str) -> bool:
    """Return True for one or two numbers of years, the lower first, with nothing but words about age."""
    years = [int(number) for number in re.findall("[0-9]{1,9}", text)]
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return 1 <= len(years) <= 2 and years == sorted(years) and years[-1] <= _OLDEST and words <= set(_AGE_WORDS.split())


def field_text(value: AttributeValue) -> str:
    """Return a value as text; lists with commas."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)
