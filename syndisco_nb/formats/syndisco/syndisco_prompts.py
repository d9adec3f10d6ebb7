"""The prompts in SynDisco's logs: plain text in 1.x, a JSON object of context, instructions, type and persona later."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

import pydantic_core

from syndisco_nb.records import Participant

_FIELDS = ("context", "instructions", "type", "persona")
_BLANK: dict[str, Any] = {
    "username": "",
    "age": -1,
    "sex": "",
    "sexual_orientation": "",
    "demographic_group": "",
    "current_employment": "",
    "education_level": "",
    "special_instructions": "",
    "personality_characteristics": [],
}
"""A persona of whom nothing is known, as SynDisco writes it."""

TYPES = {"1": "user", "2": "annotator"}
"""Types of actors in SynDisco 2.0 and 2.1.0, and their names since."""


@dataclass(frozen=True, slots=True)
class SynDiscoPrompt:
    """A prompt of an actor.

    Attributes
    ----------
    context, instructions : str
    type : str
        "user" or "annotator"; another text if the log has that; "" in plain text.
    persona : mapping
        As in the log.
    """

    context: str = ""
    instructions: str = ""
    type: str = ""
    persona: Mapping[str, Any] = field(default_factory=dict)

    def participant(self, name: str, model: str, raw: Any, kind: str = "user") -> Participant:
        """Return the actor.

        Parameters
        ----------
        name, model : str
        raw : str, mapping or None
            The prompt as the log has it, which is kept in `Participant.meta`.
        kind : str
            The type of an actor whose prompt does not tell it.
        """
        attributes = tuple(f"{key}: {_text(value)}" for key, value in self.persona.items() if _is_known(key, value))
        meta = None if raw is None else {"prompt": raw}
        return Participant(name, self.type or kind, model, attributes, self.context, self.instructions, meta=meta)


NOBODY = SynDiscoPrompt(type="user")
"""The prompt beside a comment that nobody generated."""


def read_prompt(raw: Any) -> SynDiscoPrompt:
    """Return a prompt of a log: an object, one written as JSON, plain text, or None.

    Examples
    --------
    >>> prompt = read_prompt('{"context": "A debate.", "instructions": "", "type": "2", "persona": {"age": 38}}')
    >>> prompt.context, prompt.type, prompt.persona
    ('A debate.', 'annotator', {'age': 38})
    >>> read_prompt("Your name is Ana.").context
    'Your name is Ana.'
    """
    return _of_text(raw) if isinstance(raw, str) else _of_object(raw)


def plain_prompt(participant: Participant) -> str:
    """Return the prompt of an actor as SynDisco 1.x logs it."""
    raw = (participant.meta or {}).get("prompt")
    if isinstance(raw, str) and not read_prompt(raw).type:
        return raw
    traits = ", ".join(f"{key}: {value}" for key, value in _persona(participant).items())
    parts = [participant.context, f"Your name is {participant.name}.", f"Your traits: {traits}"]
    return " ".join([*parts, f"Your instructions: {participant.instructions}"]).lstrip()


def object_prompt(participant: Participant, numbered: bool) -> Any:
    """Return the prompt of an actor as SynDisco 2.x logs it: as JSON, or as it was read.

    Parameters
    ----------
    participant : Participant
    numbered : bool
        Whether types are numbers, as up to 2.1.0.
    """
    raw = (participant.meta or {}).get("prompt")
    read = read_prompt(raw)
    if raw == "" and participant.type == "user":
        return raw  # as in logs that SynDisco 2.2 has read and written again
    if read.type == participant.type and (str(_written_type(raw)) in TYPES) == numbered:
        return raw
    persona = read.persona or _persona(participant)
    prompt = SynDiscoPrompt(participant.context, participant.instructions, participant.type, persona)
    return prompt_json(prompt, numbered)


def prompt_json(prompt: SynDiscoPrompt, numbered: bool) -> str:
    """Return a prompt as SynDisco 2.x writes it.

    Parameters
    ----------
    prompt : SynDiscoPrompt
    numbered : bool
        Whether types are numbers, as up to 2.1.0.
    """
    fields = asdict(prompt)
    if numbered:
        fields["type"] = {name: number for number, name in TYPES.items()}.get(prompt.type, prompt.type)
    return json.dumps(fields)


@lru_cache(maxsize=4096)
def _of_text(raw: str) -> SynDiscoPrompt:
    found = _json_object(raw)
    return _of_object(found) if found else SynDiscoPrompt(raw)


def _of_object(raw: Any) -> SynDiscoPrompt:
    if not isinstance(raw, dict):
        return SynDiscoPrompt()
    kind, persona = str(raw.get("type") or "user"), raw.get("persona")
    return SynDiscoPrompt(
        context=_string(raw.get("context")),
        instructions=_string(raw.get("instructions")),
        type=TYPES.get(kind, kind),
        persona=persona if isinstance(persona, dict) else {},
    )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _json_object(text: str) -> dict[str, Any] | None:
    """Return the object that a text is, if it has the fields of a prompt."""
    if not text.startswith("{"):
        return None
    try:
        found = pydantic_core.from_json(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and not found.keys().isdisjoint(_FIELDS) else None


def _written_type(raw: Any) -> Any:
    found = _json_object(raw) if isinstance(raw, str) else raw
    return found.get("type") if isinstance(found, dict) else None


def _persona(participant: Participant) -> dict[str, Any]:
    """Return the persona that "field: value" attributes describe; attributes of another form are a field of their own.

    SynDisco's own reader of logs fails where one of its fields is missing.
    """
    persona = {**_BLANK, "username": participant.name}
    others = []
    for attribute in participant.attributes:
        key, colon, value = attribute.partition(": ")
        if colon:
            persona[key] = _value(key, value)
        else:
            others.append(attribute)
    return persona | ({"attributes": others} if others else {})


def _value(key: str, text: str) -> Any:
    if key == "personality_characteristics":
        return text.split(", ")
    return int(text) if key == "age" and text.isascii() and text.isdecimal() else text


def _is_known(key: str, value: Any) -> bool:
    return value not in (None, "", [], {}) and not (key == "age" and value in (-1, "-1"))


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
