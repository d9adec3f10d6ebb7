"""Shape of Label Studio's tasks and results, as in its plain JSON export and import."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from syndisco_nb.records import LabelKey

TEXT, DIALOGUE = "the_text", "the_dialogue"
"""Names of the tags that show the text to label, and the comments around it."""


class LabelStudioScale(BaseModel):
    """A scale as its settings describe it; see `Scale.settings`."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(min_length=1)
    labels: list[str]
    instruction: str
    unit: Literal["comment", "participant", "discussion"] = "comment"


class LabelStudioData(BaseModel):
    """The ``data`` of a task that we wrote: the subject of its labels.

    Attributes
    ----------
    discussion_id, discussion : str
        Id and name of the discussion.
    unit : {"comment", "participant", "discussion"}
    place : int or str
        As in `LabelKey`.
    text : str or None
        What was labelled, of a comment.
    scales : list of LabelStudioScale
    """

    discussion_id: str
    discussion: str = ""
    unit: Literal["comment", "participant", "discussion"]
    place: int | str
    text: Any = None
    scales: list[LabelStudioScale] = []

    def key(self, scale: str) -> LabelKey:
        """Return the place of the label on a scale."""
        return LabelKey(self.unit, self.place, scale)


class LabelStudioItem(BaseModel):
    """One part of a result: the answer to one question."""

    from_name: str = ""
    type: str = ""
    value: dict[str, Any] = {}

    def texts(self) -> Iterator[str]:
        """Yield the answers; none of other types than choices, rating, number and textarea."""
        given = self.value.get({"textarea": "text"}.get(self.type, self.type))
        if self.type in ("choices", "textarea", "rating", "number"):
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, str):
                    yield one
                elif isinstance(one, int | float) and not isinstance(one, bool):
                    yield f"{one:g}"


class LabelStudioResult(BaseModel):
    """The labels of one annotator, or one model, for a task.

    Attributes
    ----------
    completed_by : int, str or dict or None
        The person: a number, an address, or both and more.
    model_version : str or None
        The model, of predictions.
    model : str or None
        The model of a prediction that we wrote, whose `model_version` is the annotator's name.
    """

    model_config = ConfigDict(protected_namespaces=())

    result: list[LabelStudioItem] = []
    was_cancelled: bool = False
    completed_by: int | str | dict[str, Any] | None = None
    model_version: str | None = None
    model: str | None = None

    @property
    def person(self) -> str:
        """The name of the person: an address, else a name, else "user 3"; "" if it is not known."""
        given = self.completed_by
        if isinstance(given, dict):
            names = " ".join(str(given[part]) for part in ("first_name", "last_name") if given.get(part))
            given = given.get("email") or names or given.get("username") or given.get("id")
        return f"user {given}" if isinstance(given, int) else given or ""


class LabelStudioTask(BaseModel):
    """A task with its results."""

    data: dict[str, Any]
    annotations: list[LabelStudioResult] = []
    predictions: list[LabelStudioResult] = []
