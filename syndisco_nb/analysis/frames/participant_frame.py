"""Table of participants: one row per speaker and discussion."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from syndisco_nb.analysis.counted import check_roles, counted
from syndisco_nb.analysis.frames.columns import Row, make_frame, place, place_dtypes, speaker_dtypes, speakers_of
from syndisco_nb.analysis.frames.mean_values import mean_values
from syndisco_nb.analysis.words import number_of_words
from syndisco_nb.records import Message, Participant, Transcript
from syndisco_nb.runs.sources import Material

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {
    "name": "string",
    "role": "string",
    "model": "string",
    "comments": "int64",
    "words": "int64",
    "silences": "int64",
    "share": "float64",
}


def participant_frame(material: Material, roles: str | Collection[str] | None = None) -> "pd.DataFrame":
    """Return one row per speaker and discussion, those who said nothing included.

    Parameters
    ----------
    material : Material
    roles : str or collection of str, optional
        Whose comments count; by default participants'. See `check_roles`.
    """
    wanted = check_roles(roles)
    means = mean_values(material, wanted)
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    attributes = [speakers_of(held.record) for held in material.transcripts]
    for held, cells in zip(material.transcripts, attributes, strict=True):
        talk = held.record
        comments, without = counted(talk.messages, wanted)
        left_out += without
        for speaker, role in _speakers(talk, wanted):
            rows.append(
                place(held, talk.index, material.settings)
                | {"name": speaker.name, "role": role, "model": speaker.model}
                | _counts(talk, comments, speaker.name)
                | dict(means.of_speaker.get((talk.id, speaker.name), {}))
                | cells[speaker.name]
            )
    dtypes = place_dtypes(material) | _DTYPES | dict.fromkeys(means.scales, "float64") | speaker_dtypes(attributes)
    return make_frame(rows, dtypes, left_out)


def _speakers(talk: Transcript, roles: Collection[str]) -> list[tuple[Participant, str]]:
    moderators = [talk.moderator] if talk.moderator and "moderator" in roles else []
    return [(user, "participant") for user in talk.users] + [(one, "moderator") for one in moderators]


def _counts(talk: Transcript, comments: list[Message], name: str) -> Row:
    own = [comment for comment in comments if comment.name == name]
    return {
        "comments": len(own),
        "words": sum(number_of_words(comment.text) for comment in own),
        "silences": sum(message.name == name for message in talk.silences),
        "share": len(own) / len(comments) if comments else None,
    }
