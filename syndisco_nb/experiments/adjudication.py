"""`adjudicate`: a person decides where annotators differ, and the labels become one gold set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from syndisco_nb.backend.actors import WINDOW
from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import named_arguments, require
from syndisco_nb.experiments.chosen_comments import ChosenComments
from syndisco_nb.experiments.comment_sample import sampled_roles
from syndisco_nb.experiments.compared_labels import ComparedLabels, Place, compared_labels
from syndisco_nb.experiments.labelling import Labelling
from syndisco_nb.experiments.labelling_sources import LabellingSource, OtherLabels, held_sources
from syndisco_nb.records import AnnotationSet, Label, Participant, Records
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.sources import Material, gather
from syndisco_nb.seeds import Purpose, derive
from syndisco_nb.wording import count

if TYPE_CHECKING:
    from syndisco_nb.doors import Labeller


@dataclass(frozen=True, slots=True)
class DisputedComments(ChosenComments):
    """The comments, or whole discussions, on which annotators differ.

    Attributes
    ----------
    wholes : tuple of str
        Names of the discussions of which participants, or the whole, are in dispute.
    """

    wholes: tuple[str, ...] = ()

    def discussions(self) -> list[LabellingSource]:
        """Return the discussions in dispute, each with its comments in dispute alone."""
        wanted: dict[str, set[int]] = {name: set() for name in self.wholes}
        for name, index in self.comments:
            wanted.setdefault(name, set()).add(index)
        return [one.restricted(wanted[one.name]) for one in self.sources.discussions if one.name in wanted]

    def recorded(self, spec: Mapping[str, Any]) -> Self:
        """Return the comments with those on record before the others, also where the annotators agree by now.

        Parameters
        ----------
        spec : mapping
            As `spec` was at that time; empty if nothing is on record.
        """
        before = self.recorded_comments(spec) if spec else ()
        return replace(self, comments=(*before, *(one for one in self.comments if one not in before)))


class Adjudication(Labelling):
    """A labelling of those comments on which annotators differ; see `adjudicate`.

    Attributes
    ----------
    compared : ComparedLabels
        The labels of the annotators, as they agree and differ.
    sampled_roles : frozenset of str
        The roles of whose comments they labelled a random sample; empty if they did not.
    """

    def __init__(
        self, labels: Sequence[Any], annotator: str, folder: PathLike, scale: Scale | str | None, **settings: Any
    ) -> None:
        material = gather(*labels)
        self.compared = compared_labels(material, scale)
        self._others = Records([held.record for held in material.labels])
        samples = [held.run.spec.get("sample") if held.run else None for held in material.labels]
        self.sampled_roles = sampled_roles(samples)
        self._names = {held.record.discussion_id: held.unit_name for held in material.labels}
        self._names |= {held.record.id: held.unit_name for held in material.transcripts}
        super().__init__(_disputed(material, self.compared), self.compared.scale, annotator, folder, **settings)

    @property
    def adjudicated(self) -> dict[Place, Label]:
        """The person's labels so far where the annotators differ, by discussion and key; skipped ones are left out."""
        disputed = set(self.compared.disputed)
        given = {(one.discussion_id, label.key): label for one in self.labels for label in one.labels}
        return {place: label for place, label in given.items() if place in disputed and label.value is not None}

    @property
    def gold(self) -> Records[AnnotationSet]:
        """The labels agreed on and those adjudicated so far, one set for each discussion; open ones are left out."""
        labels: dict[str, list[Label]] = {}
        for (discussion, _), label in (dict(self.compared.agreed) | self.adjudicated).items():
            labels.setdefault(discussion, []).append(replace(label, annotator=0))
        scale = self.compared.scale.settings()
        names = ", ".join((*self.compared.annotators, self.annotator))
        return Records(
            AnnotationSet(
                discussion_id=discussion,
                discussion=self._names[discussion],
                index=0,
                seed=self._kept.seed,
                annotator=Participant("gold", "annotator", names),
                settings={"scales": [scale]},
                labels=tuple(sorted(own, key=lambda label: (label.comment or 0, label.name))),
            )
            for discussion, own in labels.items()
        )

    @property
    def is_random(self) -> bool:
        """Whether the gold set is a random sample: the annotators labelled one, and nothing of it is open."""
        open_ones = len(self.compared.disputed) - len(self.adjudicated)
        return bool(self.sampled_roles) and not open_ones and not self.compared.single

    @property
    def note(self) -> str:
        """The numbers of labels agreed, adjudicated, open and left out, in words."""
        compared, done = self.compared, len(self.adjudicated)
        single = f"; {compared.single:,} of one annotator alone left out" if compared.single else ""
        return (
            f"{count(len(compared.agreed), 'label')} agreed, {done:,} adjudicated, "
            f"{len(compared.disputed) - done:,} open{single}"
        )

    def widget(self, others: OtherLabels | None = None) -> "Labeller":
        """Return a widget to label with; it shows the labels in dispute when the person asks for them.

        Parameters
        ----------
        others : Run, AnnotationSet or iterable of AnnotationSet, optional
            Labels to show instead.
        """
        return super().widget(self._others if others is None else others)

    def __repr__(self) -> str:
        return f"<Adjudication by {self.annotator}: {self.note}>"


@named_arguments
def adjudicate(
    *labels: Any,
    annotator: str,
    folder: PathLike,
    scale: Scale | str | None = None,
    window: int = WINDOW,
    instructions: str = "",
    seed: int | None = None,
) -> Adjudication:
    """Have a person decide where annotators differ; labels agreed on and decided become one gold set.

    The person is asked in a mixed order, and sees neither the condition nor, until they ask, the labels in dispute.
    Of a scale that is asked of participants, all participants of a discussion in dispute are labelled.

    Parameters
    ----------
    *labels : Run, Study, AnnotationSet, iterable of AnnotationSet, str or path-like
        The labels of two annotators or more; where their discussions cannot be found, the discussions, too.
    annotator : str
        Name of the person who decides.
    folder : str or path-like
        The run folder of the decisions; made if it does not exist. Opened again, it goes on where it was.
    scale : Scale or str, optional
        The scale, or its name; needed if they differ on several.
    window, instructions, seed
        As for `Labelling`.

    Returns
    -------
    Adjudication
        A `Labelling`, with the gold set as ``.gold``, and the numbers agreed, adjudicated and open as ``.note``.

    Raises
    ------
    InvalidInputError
        If there are not two annotators, they differ on several scales, or a discussion in dispute is missing.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Well."), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=3, seed=7).run()
    >>> judges = [
    ...     snb.LLMActor(snb.ScriptedModel(answer), name, actor_type=snb.ActorType.ANNOTATOR)
    ...     for name, answer in {"Dana": "1", "Eli": "3"}.items()
    ... ]
    >>> dana, eli = (snb.Annotation(judge, talk, snb.Likert("toxicity"), seed=1).run() for judge in judges)
    >>> eva = snb.adjudicate(dana, eli, talk, annotator="Eva", folder=tempfile.mkdtemp())
    >>> eva
    <Adjudication by Eva: 0 labels agreed, 0 adjudicated, 3 open>
    >>> _ = eva.label(2)
    >>> eva.note, [label.value for label in eva.gold[0].labels]
    ('0 labels agreed, 1 adjudicated, 2 open', [2])
    """
    return Adjudication(labels, annotator, folder, scale, window=window, instructions=instructions, seed=seed)


def _disputed(material: Material, compared: ComparedLabels) -> DisputedComments:
    """Return the places in dispute, in an order that tells nothing."""
    talks = {held.record.id: held for held in material.transcripts}
    places = sorted(compared.disputed, key=lambda place: derive(0, Purpose.COMMENT_ORDER, place[0], *place[1][:2]))
    missing = [discussion for discussion, _ in places if discussion not in talks]
    require(
        not missing,
        f"The discussion {missing[:1]} was not found, which the person must see. Give the discussions, too, as in "
        "adjudicate(dana, eli, study, …).",
        "labels",
    )
    named = [(talks[discussion].unit_name, key) for discussion, key in places]
    return DisputedComments(
        comments=tuple((name, int(key.place)) for name, key in named if key.unit == COMMENT),
        sources=held_sources(talks.values()),
        wholes=tuple(dict.fromkeys(name for name, key in named if key.unit != COMMENT)),
    )
