"""`WrittenLabel`: a label in the metadata of another tool, and back."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel

from syndisco_nb.jobs.labelled_units import LabelledUnit
from syndisco_nb.records import Generation, Label, Unit, Value


def _with_named_scales(settings: dict[str, Any]) -> dict[str, Any]:
    scales = settings.get("scales", [])
    named = isinstance(scales, list) and all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in scales
    )
    if not named:
        raise ValueError("scales must be a list of scales with a name each")
    return settings


LabelSettings = Annotated[dict[str, Any], AfterValidator(_with_named_scales)]
"""`AnnotationSet.settings` in the metadata of another tool."""


class WrittenLabel(BaseModel):
    """A label; fields as in `Label`. The text and the role are those of its comment, and the prompt is left out."""

    comment: int | None = None
    name: str = ""
    unit: Unit = "comment"
    scale: str = ""
    value: Value | None = None
    probabilities: dict[str, float] | None = None
    mass: float | None = None
    options: tuple[str, ...] = ()
    raw: str | None = None
    model: str = ""

    @property
    def place(self) -> tuple[Unit, int | str]:
        """The subject: a comment's index, a participant's name, or "" for the whole discussion."""
        return self.unit, self.name if self.comment is None else self.comment

    def label(self, unit: LabelledUnit, annotator: int) -> Label:
        """Return the label.

        Parameters
        ----------
        unit : LabelledUnit
            The comment, participant or discussion that it is about.
        annotator : int
            Number of the annotator.
        """
        return unit.label(
            annotator=annotator,
            model=self.model,
            generation=Generation((), seed=0, raw=self.raw),
            value=self.value,
            scale=self.scale,
            probabilities=self.probabilities,
            mass=self.mass,
            options=self.options,
        )


def written_fields(label: Label) -> dict[str, Any]:
    """Return the fields of a written label, but for its comment."""
    fields = {name: getattr(label, name) for name in ("unit", "scale", "value", "mass", "options", "model")}
    fields["name"] = label.name if label.unit == "participant" else ""
    fields["probabilities"] = dict(label.probabilities) if label.probabilities is not None else None
    return fields | {"raw": label.generation.raw}
