"""Labels of one annotator for one discussion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from syndisco_nb.analysed import Tabulated
from syndisco_nb.errors import require
from syndisco_nb.records.generation import Generation
from syndisco_nb.records.transcript import MessageRole, Participant
from syndisco_nb.shown import Exported, Shown
from syndisco_nb.wording import label_text, percent, shortened

Value = bool | int | str
"""The value of a label: of a flag, a number, or a text."""

Unit = Literal["comment", "participant", "discussion"]
"""The subject of a label: one comment, all comments of a participant in a discussion, or the whole discussion."""


class LabelKey(NamedTuple):
    """The place of a label among all that an annotator gives to a discussion; no two have the same.

    Attributes
    ----------
    unit : {"comment", "participant", "discussion"}
    place : int or str
        `Message.index` of the comment, name of the participant, or "" for the whole discussion.
    scale : str
        Name of the scale; "" where any text was asked for.
    """

    unit: Unit
    place: int | str
    scale: str

    def __str__(self) -> str:
        words = {"comment": f"comment {self.place}", "participant": shortened(str(self.place), 60)}
        return words.get(self.unit, "the whole discussion")


@dataclass(frozen=True, slots=True)
class Label(Shown):
    """The answer of an annotator about a comment, a participant or a whole discussion.

    Attributes
    ----------
    comment : int or None
        `Message.index` of the comment; None if the label is not about one.
    name, text : str
        Author and text of the comment; a participant, and their comments; or "", and all comments.
    unit : {"comment", "participant", "discussion"}
        The subject of the label.
    role : {"opening", "participant", "moderator", "guest", ""}
        `Message.role` of the comment, or "participant"; "" for a whole discussion, and in files of earlier versions,
        which do not tell it.
    turn : int or None
        `Message.turn` of the comment; None if it is not about one, and in files of earlier versions.
    annotator : int
        Number of the annotator in its experiment, from 0, which tells annotators of one name apart.
    model : str
        Name of the model that answered.
    generation : Generation
        Its prompt and cost; `raw` holds an answer from which no label could be read.
    value : bool, int, str or None
        The label; None if the answer holds none.
    scale : str
        Name of the scale; "" where any text was asked for.
    probabilities : mapping of str to float, or None
        The model's probability of each allowed label, adding up to 1, if they were requested.
    mass : float or None
        The probability, in [0, 1], of all allowed labels together, before normalization. If it is low, the model
        preferred another answer, and its label means little.
    options : tuple of str
        The allowed labels, in the order in which the prompt names them; none where any text is allowed.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=2, seed=1).run()
    >>> judge = snb.LLMActor(snb.ScriptedModel("yes"), "Judge", actor_type=snb.ActorType.ANNOTATOR)
    >>> label = snb.Annotation(judge, talk, snb.Flag("polite")).run().labels[0]
    >>> label.name, label.role, label.text, label.scale, label.value
    ('Ana', 'participant', 'Why?', 'polite', True)
    """

    comment: Annotated[int | None, Field(default=None)]  # left out of a file where it is None
    name: str
    text: str
    unit: Unit = field(default="comment", kw_only=True)
    role: MessageRole | Literal[""] = field(default="", kw_only=True)
    turn: int | None = field(default=None, kw_only=True)
    annotator: int
    model: str
    generation: Generation
    value: Value | None = None
    scale: str = ""
    probabilities: Mapping[str, float] | None = None
    mass: float | None = None
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(
            (self.comment is None) == (self.unit != "comment"),
            f"comment is {self.comment} for a label of a {self.unit}, but labels of comments have one, and no others.",
            "comment",
        )

    @property
    def key(self) -> LabelKey:
        """Its place among all labels that its annotator gives to the discussion."""
        return LabelKey(self.unit, self.name if self.comment is None else self.comment, self.scale)

    def __repr__(self) -> str:
        author = f" by {shortened(self.name, 60)}" if self.unit == "comment" else ""
        return f"<Label of {self.key}{author}: {shortened(label_text(self.value))}>"


LOW_MASS = 0.5
"""Median mass below which labels come with a warning: most of the time, the model preferred another answer."""


def median_mass(labels: Iterable[Label]) -> float | None:
    """Return the median of the labels' masses; None if no label has one."""
    masses = sorted(label.mass for label in labels if label.mass is not None)
    middle = len(masses) // 2
    return (masses[middle] + masses[~middle]) / 2 if masses else None


@dataclass(frozen=True, slots=True)
class AnnotationSet(Tabulated, Exported):
    """The labels of one annotator for one discussion.

    Attributes
    ----------
    discussion_id : str
        `Transcript.id`.
    discussion : str
        Name of the discussion's file, without its ending.
    index : int
        The number of the annotator in its experiment, from 0.
    seed : int or None
        The seed of this annotation; None if another tool recorded it.
    annotator : Participant
        Its name may be empty.
    settings : mapping
        The window, whose comments it counts, the scales and, where only some comments are labelled, their indices.
    labels : tuple of Label
        One per comment and scale, in order (``logs`` in the file); then those of participants, in the order of the
        discussion, and of the whole discussion.
    meta : mapping or None
        Further facts that another tool recorded, as plain data; None for our own.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana = snb.LLMActor(snb.ScriptedModel("Why?"), "Ana")
    >>> ben = snb.LLMActor(snb.ScriptedModel("No."), "Ben")
    >>> judge = snb.LLMActor(snb.ScriptedModel("yes"), "Judge", actor_type=snb.ActorType.ANNOTATOR)
    >>> talk = snb.Discussion([ana, ben], num_turns=2, seed=1).run()
    >>> labels = snb.Annotation(judge, talk, snb.Flag("polite")).run()
    >>> [(label.name, label.value) for label in labels.labels]
    [('Ana', True), ('Ben', True)]
    """

    discussion_id: str
    discussion: str
    index: int
    seed: Annotated[int | None, Field(default=None)]
    annotator: Participant
    settings: Mapping[str, Any] = field(default_factory=dict)
    labels: Annotated[tuple[Label, ...], Field(alias="logs")] = ()
    meta: Mapping[str, Any] | None = None

    @property
    def annotator_name(self) -> str:
        """The annotator's name, or their number where they have none."""
        return self.annotator.name or f"annotator {self.index}"

    def __repr__(self) -> str:
        annotator = shortened(self.annotator_name, 60)
        mass = median_mass(self.labels)
        low = f", with a probability of {percent(mass)} together" if mass is not None and mass < LOW_MASS else ""
        return f"<AnnotationSet of {shortened(self.discussion, 60)} by {annotator}: {len(self.labels)} labels{low}>"

    def __str__(self) -> str:
        return "\n\n".join(
            f"{label.name or 'The whole discussion'}: {shortened(label.text)}\n"
            f"  → {label.scale and f'{label.scale}: '}{shortened(label_text(label.value))}"
            for label in self.labels
        )
