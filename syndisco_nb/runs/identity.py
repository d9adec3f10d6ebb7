"""Identifiers of discussions: digests of the seed and all settings."""

import json
from collections.abc import Sequence

from syndisco_nb.records import Message, Transcript
from syndisco_nb.runs.serialization import ADAPTERS
from syndisco_nb.seeds import Purpose, derive

_ASKED = {"topic", "users", "moderator", "settings", "parent"}


def transcript_id(transcript: Transcript, openings: Sequence[Message] | None = None) -> str:
    """Return the id of a discussion, computed from its record; `Transcript.id` is ignored.

    The settings of the models are included, as `Participant.model_digest`. Files of version 1 have no such digest, and
    ids made in another way.

    Parameters
    ----------
    transcript : Transcript
    openings : sequence of Message, optional
        All its openings, if not all are posted yet; by default those in the record.

    Returns
    -------
    str
        14 hexadecimal digits.
    """
    if openings is None:
        openings = [message for message in transcript.messages if message.role == "opening"]
    # In the form of the file, so that a record has the same id before and after it is written.
    asked = ADAPTERS[Transcript].dump_python(transcript, mode="json", exclude_none=True, include=_ASKED)
    document = json.dumps([asked, [[one.name, one.text] for one in openings]], sort_keys=True)
    return f"{derive(transcript.seed or 0, Purpose.ID, transcript.index, document):014x}"
