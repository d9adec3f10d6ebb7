"""Table of messages: one row each."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from syndisco_nb.analysis.counted import PARTICIPANTS, ROLES, check_roles
from syndisco_nb.analysis.frames.columns import (
    Row,
    make_frame,
    place,
    place_dtypes,
    recorded_cells,
    recorded_dtypes,
    speaker_dtypes,
    speakers_of,
)
from syndisco_nb.records import Message
from syndisco_nb.runs.sources import Material

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {
    "index": "int64",
    "turn": "int64",
    "name": "string",
    "role": "string",
    "text": "string",
    "silent": "bool",
    "counted": "bool",
    "speaks_for": "string",
    "model": "string",
    "finish_reason": "string",
    "prompt_tokens": "int64",
    "completion_tokens": "int64",
    "seconds": "float64",
}


def message_frame(material: Material, roles: str | Collection[str] | None = None) -> "pd.DataFrame":
    """Return one row per message, silences included; all roles by default.

    Parameters
    ----------
    material : Material
    roles : str or collection of str, optional
        Whose messages; see `check_roles`.
    """
    wanted = check_roles(roles, ROLES)
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    recorded: list[Row] = []
    attributes = [speakers_of(held.record) for held in material.transcripts]
    for held, speakers in zip(material.transcripts, attributes, strict=True):
        messages = [message for message in held.record.messages if message.role in wanted]
        left_out.update(message.role for message in held.record.messages if message.role not in wanted)
        start = place(held, held.record.index, material.settings)
        found = [recorded_cells(message.meta) for message in messages]
        recorded += found
        rows += [
            start | _cells(message) | facts | speakers.get(message.name, {})
            for message, facts in zip(messages, found, strict=True)
        ]
    replies = {"reply_to": "Int64"} if any(row["reply_to"] is not None for row in rows) else {}
    dtypes = place_dtypes(material) | _DTYPES | replies | recorded_dtypes(recorded) | speaker_dtypes(attributes)
    return make_frame(rows, dtypes, left_out)


def _cells(message: Message) -> Row:
    generation = message.generation
    return {
        "index": message.index,
        "turn": message.turn,
        "name": message.name,
        "role": message.role,
        "text": message.text,
        "silent": message.silent,
        "counted": message.role in PARTICIPANTS and not message.silent,
        "speaks_for": ", ".join(message.speaks_for),
        "model": message.model,
        "finish_reason": generation.finish_reason if generation else None,
        "prompt_tokens": generation.prompt_tokens if generation else 0,
        "completion_tokens": generation.completion_tokens if generation else 0,
        "seconds": generation.seconds if generation else 0.0,
        "reply_to": message.reply_to,
    }
