"""Table 1 of a paper: the size of a study by condition."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.counted import LeftOut, check_roles
from syndisco_nb.analysis.frames.columns import RECORDED
from syndisco_nb.analysis.frames.discussion_frame import discussion_frame
from syndisco_nb.analysis.frames.message_frame import message_frame
from syndisco_nb.analysis.paper_tables import save_table
from syndisco_nb.errors import require
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import decimal, percent

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.runs.layout import PathLike

ALL = "all"
"""Name of the column of all conditions together."""

_MEANS = {
    "participants": "Participants per discussion",
    "comments": "Comments per discussion",
    "words_per_comment": "Words per comment",
}
_BEFORE_SCALES = "ended"
"""The last column of `discussion_frame` before those of the scales."""


def save_descriptive_table(source: Any, path: "PathLike", roles: str | Collection[str] | None = None) -> Path:
    """Write the table; see `Analysed.table`.

    Parameters
    ----------
    source : whatever `gather` takes
    path : str or path-like
    roles : str or collection of str, optional
        See `check_roles`.
    """
    frame = descriptive_table(source, roles)
    left_out = LeftOut(frame.attrs["left_out"])
    notes = "Means, with standard deviations between discussions in parentheses."
    notes += f" Not counted as comments: {left_out}." if left_out else ""
    return save_table(frame, path, "Discussions by condition.", notes)


def descriptive_table(source: Any, roles: str | Collection[str] | None = None) -> "pd.DataFrame":
    """Return the size of each condition, as text: a row for each figure, a column for each condition, and for all.

    Parameters
    ----------
    source : whatever `gather` takes
    roles : str or collection of str, optional
        See `check_roles`.

    Raises
    ------
    InvalidInputError
        If there are no discussions.
    """
    import pandas as pd

    material = gather(source)
    require(material.transcripts, "There are no discussions to describe. Give the study, or a run of it.", "source")
    rows = discussion_frame(material, roles)
    rows["words_per_comment"] = (rows.words / rows.comments).astype("float64")
    messages = message_frame(material)
    groups = rows.groupby("condition", sort=False) if material.levels else ()
    wanted = check_roles(roles)
    columns = {str(name): _figures(of_condition, messages, wanted) for name, of_condition in groups}
    if len(columns) != 1:
        columns[ALL] = _figures(rows, messages, wanted)
    table = pd.DataFrame(columns)
    table.attrs["left_out"] = rows.attrs["left_out"]
    return table


def _figures(rows: "pd.DataFrame", messages: "pd.DataFrame", roles: Collection[str]) -> dict[str, str]:
    """Return the figures of some discussions, by name."""
    names = list(map(str, rows))
    others = names[names.index(_BEFORE_SCALES) + 1 : names.index("words_per_comment")]
    scales = [name for name in others if not name.startswith(RECORDED)]
    of_these = messages[messages.discussion_id.isin(rows.discussion_id)]
    silences = int((of_these.role.isin(roles) & of_these.silent).sum())
    comments = int(rows.comments.sum())
    figures = {"Discussions": f"{len(rows):,}", "Comments": f"{comments:,}"}
    figures |= {name: _mean(rows[column]) for column, name in _MEANS.items()}
    figures |= {
        "Silences": f"{silences:,}" + (f" ({percent(silences / (silences + comments))})" if silences else ""),
        "Truncated comments": f"{int((of_these.finish_reason == 'length').sum()):,}",
        "Moderators' comments": f"{int(((of_these.role == 'moderator') & ~of_these.silent).sum()):,}",
    }
    return figures | {scale[:1].upper() + scale[1:]: _mean(rows[scale]) for scale in scales}


def _mean(values: "pd.Series[float]") -> str:
    """Return mean and standard deviation of the defined values."""
    if values.count() == 0:
        return "–"
    return (
        f"{decimal(float(values.mean()))} ({decimal(float(values.std()))})"
        if values.count() > 1
        else decimal(float(values.mean()))
    )
