"""The id of a discussion: a digest of its seed and of all that was asked."""

import json
from collections.abc import Sequence

from syndisco_nb.records import Message, Transcript
from syndisco_nb.runs.serialization import ADAPTERS
from syndisco_nb.seeds import Purpose, derive

_ASKED = {"topic", "users", "moderator", "settings", "parent"}


def transcript_id(transcript: Transcript, openings: Sequence[Message] | None = None) -> str:
    """Return the id of a discussion, from its record alone; `Transcript.id` is not looked at.

    The settings of everyone's model count, as `Participant.model_digest`. A file of version 1 has none, and an id that
    was made in another way.

    Parameters
    ----------
    transcript : Transcript
    openings : sequence of Message, optional
        All comments it opens with, where they are not all posted yet; by default those in the record.

    Returns
    -------
    str
        14 hexadecimal digits.
    """
    if openings is None:
        openings = [message for message in transcript.messages if message.role == "opening"]
    # As the file holds it, so that a record has the same id before it is written and after.
    asked = ADAPTERS[Transcript].dump_python(transcript, mode="json", exclude_none=True, include=_ASKED)
    document = json.dumps([asked, [[one.name, one.text] for one in openings]], sort_keys=True)
    return f"{derive(transcript.seed, Purpose.ID, transcript.index, document):014x}"
