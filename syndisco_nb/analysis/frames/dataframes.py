"""`to_dataframe`: one grammar for all tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.frames.discussion_frame import discussion_frame
from syndisco_nb.analysis.frames.label_frame import label_frame
from syndisco_nb.analysis.frames.message_frame import message_frame
from syndisco_nb.analysis.frames.participant_frame import participant_frame
from syndisco_nb.errors import InvalidInputError, require, require_bool, short_repr, suggestion
from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import Material, gather

if TYPE_CHECKING:
    import pandas as pd

_FRAMES: dict[str, Callable[[Material, Any], "pd.DataFrame"]] = {
    "messages": message_frame,
    "labels": label_frame,
    "discussions": discussion_frame,
    "participants": participant_frame,
}


def to_dataframe(source: Any, what: str | None = None, wide: bool = False, roles: Any = None) -> "pd.DataFrame":
    """Return a table of records; see `Tabulated.to_dataframe`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    what, wide, roles
        As in `Tabulated.to_dataframe`.
    """
    what = ("labels" if holds_labels(source) else "messages") if what is None else what
    if what not in _FRAMES:
        raise InvalidInputError(
            f"what is {short_repr(what)}.{suggestion(str(what), _FRAMES)} There are: {', '.join(_FRAMES)}.",
            field="what",
        )
    require_bool("wide", wide)
    require(not wide or what == "labels", f"wide=True is for labels, but what is {what!r}. Leave it out.", "wide")
    material = gather(source)
    frame = label_frame(material, roles, wide) if what == "labels" else _FRAMES[what](material, roles)
    frame.attrs["unfinished"] = list(material.unfinished)
    return frame


def holds_labels(source: Any) -> bool:
    """Return whether an object holds labels rather than discussions."""
    if isinstance(source, ConditionRuns):
        return any(run.holds is AnnotationSet for run in source.values())
    if isinstance(source, Run):
        return source.holds is AnnotationSet
    if isinstance(source, AnnotationSet):
        return True
    return isinstance(source, list) and bool(source) and all(isinstance(one, AnnotationSet) for one in source)
