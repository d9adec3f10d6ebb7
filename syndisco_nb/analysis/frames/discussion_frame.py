"""Table of discussions: one row each."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from syndisco_nb.analysis.counted import check_roles, counted
from syndisco_nb.analysis.frames.columns import (
    Row,
    make_frame,
    place,
    place_dtypes,
    recorded_cells,
    recorded_dtypes,
)
from syndisco_nb.analysis.frames.mean_values import mean_values
from syndisco_nb.analysis.words import number_of_words
from syndisco_nb.runs.sources import Material

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {
    "seed": "Int64",
    "topic": "string",
    "participants": "int64",
    "moderator": "string",
    "turns": "int64",
    "comments": "int64",
    "words": "int64",
    "silences": "int64",
    "ended": "string",
}


def discussion_frame(material: Material, roles: str | Collection[str] | None = None) -> "pd.DataFrame":
    """Return one row per discussion: its size, and the mean value of its comments on each scale.

    Parameters
    ----------
    material : Material
    roles : str or collection of str, optional
        Whose comments count; by default participants'. See `check_roles`.
    """
    wanted = check_roles(roles)
    means = mean_values(material, wanted)
    recorded = [recorded_cells(held.record.meta) for held in material.transcripts]
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for held, facts in zip(material.transcripts, recorded, strict=True):
        talk = held.record
        comments, without = counted(talk.messages, wanted)
        left_out += without
        rows.append(
            place(held, talk.index, material.settings)
            | {
                "seed": talk.seed,
                "topic": talk.topic,
                "participants": len(talk.users),
                "moderator": talk.moderator.name if talk.moderator else None,
                "turns": max((message.turn for message in talk.messages), default=0),
                "comments": len(comments),
                "words": sum(number_of_words(comment.text) for comment in comments),
                "silences": len(talk.silences),
                "ended": talk.ended,
            }
            | dict(means.of_discussion.get(talk.id, {}))
            | facts
        )
    measured = dict.fromkeys(means.scales, "float64")
    dtypes = place_dtypes(material) | _DTYPES | measured | recorded_dtypes(recorded)
    return make_frame(rows, dtypes, left_out)
