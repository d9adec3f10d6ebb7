"""Records made of the data of other tools: silences, turns, speakers and ids are the same whatever the format."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pydantic_core

from syndisco_nb.records import HUMAN, Message, Participant, Transcript
from syndisco_nb.wording import replace_surrogates

_NOTHING = ('""', "''")
"""Texts that SynDisco, and models, write for no text."""


def foreign_message(index: int, name: str, text: str, **fields: Any) -> Message:
    r"""Return a comment; a text without a word, or a literal pair of quotes, is a silence.

    The text of a silence is kept in `Message.meta` if it is not empty.

    Parameters
    ----------
    index : int
    name, text : str
    **fields
        Further fields of `Message`. By default, `model` is "human" and `turn` 0; `foreign_transcript` counts turns.

    Examples
    --------
    >>> foreign_message(3, "Ana", "'' \n").meta
    {'text': "'' \n"}
    """
    name, text = replace_surrogates(name), replace_surrogates(text)
    given: dict[str, Any] = {"turn": 0, "model": HUMAN} | fields
    if text.strip() and text.strip() not in _NOTHING:
        return Message(index=index, name=name, text=text, **given)
    meta = dict(given.pop("meta", None) or {}) | ({"text": text} if text else {})
    return Message(index=index, name=name, text="", silent=True, meta=meta or None, **given)


def foreign_participant(
    name: str, model: str = HUMAN, meta: Mapping[str, Any] | None = None, **fields: Any
) -> Participant:
    """Return a speaker; single values of the meta are attributes, too, such as "age: 34".

    Parameters
    ----------
    name, model : str
    meta : mapping, optional
    **fields
        Further fields of `Participant`.

    Examples
    --------
    >>> foreign_participant("Ana", meta={"age": 34, "pets": ["cat"]}).attributes
    ('age: 34',)
    """
    single = {key: value for key, value in (meta or {}).items() if isinstance(value, str | int | float)}
    attributes = tuple(f"{key}: {value}" for key, value in single.items())
    given: dict[str, Any] = {"type": "user", "attributes": attributes} | fields
    return Participant(name=replace_surrogates(name), model=model, meta=meta or None, **given)


def foreign_transcript(messages: Sequence[Message], speakers: Iterable[Participant] = (), **fields: Any) -> Transcript:
    """Return a transcript.

    Parameters
    ----------
    messages : sequence of Message
        Comments and silences, in order. If all have turn 0, turns are counted: openings are on turn 0, each comment of
        a participant begins the next turn, and moderators and guests share the turn that they follow.
    speakers : iterable of Participant, optional
        Those who are described. Of others, the name and model are known. A speaker is the moderator if nobody else has
        comments of that role.
    **fields
        Further fields of `Transcript`. By default, `id` is a digest of the comments, and `topic` the first opening.
    """
    counted = list(messages) if any(message.turn for message in messages) else _with_turns(messages)
    described = {speaker.name: speaker for speaker in speakers}
    models = first_models(counted)
    for message in counted:
        if message.name not in described and message.role != "guest":
            described[message.name] = foreign_participant(message.name, models[message.name])
    moderators = list(dict.fromkeys(message.name for message in counted if message.role == "moderator"))
    moderator = described.pop(moderators[0]) if len(moderators) == 1 else None
    given: dict[str, Any] = {
        "index": 0,
        "seed": None,
        "topic": next((message.text for message in counted if message.role == "opening"), ""),
        "users": tuple(described.values()),
        "moderator": moderator,
    }
    if "id" not in fields:
        given["id"] = digest_of([[message.name, message.text] for message in counted])
    return Transcript(
        comments=tuple(message for message in counted if not message.silent),
        silences=tuple(message for message in counted if message.silent),
        **given | fields,
    )


def digest_of(data: Any) -> str:
    """Return a digest of plain data, of 16 characters, as an id for a record without one."""
    return hashlib.sha256(pydantic_core.to_json(data)).hexdigest()[:16]


def first_models(messages: Sequence[Message]) -> dict[str, str]:
    """Return the model of each speaker's first comment; of an opening, only if there is no other."""
    openings = [message for message in messages if message.role == "opening"]
    others = [message for message in messages if message.role != "opening"]
    return {message.name: message.model for message in (*openings, *reversed(others))}


def _with_turns(messages: Iterable[Message]) -> list[Message]:
    turn, made = 0, []
    for message in messages:
        turn += message.role == "participant"
        made.append(replace(message, turn=0 if message.role == "opening" else turn))
    return made
