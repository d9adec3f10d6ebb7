"""The entries of persona files: objects of our own, and those of TinyTroupe, EDSL, sdialog and PersonaHub."""

from collections.abc import Iterator, Mapping
from typing import Any

from syndisco_nb.backend.lenient_json import only_list, refuse_nested
from syndisco_nb.errors import PersonaError, short_repr

# About the file or the tool that wrote it, not about the person
_BOOKKEEPING = ("_meta", "_metadata", "_type", "schema_version", "edsl_version", "edsl_class_name")
_DISCUSSIONS = ("logs", "messages", "conversations")  # keys of the comments in files of discussions
_ABOUT_EDSL = {"name", "traits", "instruction", "codebook", "traits_presentation_template", "trait_categories"}


def persona_entries(document: Any) -> list[dict[str, Any]]:
    """Return the fields of each person in a JSON value, values within values each under a name of its own.

    It is a list of objects, an object around one list, or a single object: of our own; of TinyTroupe, whose person is
    the object ``persona``; of EDSL, whose ``traits`` are the person; of sdialog; of PersonaHub, whose ``persona`` is a
    text.

    Parameters
    ----------
    document : object

    Raises
    ------
    PersonaError
        If an entry is no object, or a discussion.
    ValueError
        If it is an object of objects.

    Examples
    --------
    >>> persona_entries({"type": "TinyPerson", "persona": {"name": "Ana", "occupation": {"title": "nurse"}}})
    [{'name': 'Ana', 'occupation title': 'nurse'}]
    """
    agents = document.get("agent_list") if isinstance(document, Mapping) else None
    inner = agents if isinstance(agents, list) else only_list(document)
    if not (isinstance(inner, Mapping) and {"persona", "traits"} & set(inner)):
        refuse_nested(inner)
    entries = inner if isinstance(inner, list | tuple) else [inner]
    return [dict(_flat(_person(number, entry))) for number, entry in enumerate(entries, start=1) if not _is_head(entry)]


def _is_head(entry: Any) -> bool:
    """Return whether an entry is the first line of an AgentList of EDSL, as JSON Lines."""
    return isinstance(entry, Mapping) and entry.get("edsl_class_name") == "AgentList"


def _person(number: int, entry: Any) -> Mapping[Any, Any]:
    if not isinstance(entry, Mapping):
        raise PersonaError(
            f"entry {number}: it is {short_repr(entry)}, but must be an object with fields such as username and age.",
            field=str(number - 1),
        )
    if any(isinstance(said := entry.get(key), list) and said and not isinstance(said[0], str) for key in _DISCUSSIONS):
        raise PersonaError(
            f"entry {number}: it is a discussion, not a person. Discussions are read by load(path).",
            field=str(number - 1),
        )
    inner, traits = entry.get("persona"), entry.get("traits")
    if isinstance(inner, Mapping) and "username" not in entry:
        return inner
    if isinstance(traits, Mapping) and set(entry) <= {*_ABOUT_EDSL, *_BOOKKEEPING}:
        about = {"name": entry.get("name"), "special_instructions": entry.get("instruction")}
        return {**{name: value for name, value in about.items() if value}, **traits}
    return entry


def _flat(entry: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield names and values; those of an inner mapping with both names, as in "occupation title"."""
    for name, value in entry.items():
        full_name = f"{above} {str(name).strip()}".lstrip()
        if full_name in _BOOKKEEPING:
            continue
        if isinstance(value, Mapping) and value:
            yield from _flat(value, full_name)
        else:
            yield full_name, _texts(value)


def _texts(value: Any) -> Any:
    """Return a list of objects as a list of texts; other values as they are."""
    if not (isinstance(value, list) and any(isinstance(item, Mapping) for item in value)):
        return value
    return [
        ", ".join(f"{name}: {part}" for name, part in _flat(item)) if isinstance(item, Mapping) else str(item)
        for item in value
    ]
