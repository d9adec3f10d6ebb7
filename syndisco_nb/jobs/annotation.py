"""The rules of one labelling."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.request import Completion, Request, Situation, generation_record
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.backend.window import COUNTS, Counts, check_counts, window_of_label
from syndisco_nb.errors import named_arguments, require, require_int, short_repr
from syndisco_nb.jobs.actor_checks import check_annotators
from syndisco_nb.jobs.asking import FailedRequest, ask, note_failed_request
from syndisco_nb.jobs.labelled_units import LabelledUnit, labelled_units
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript, Value
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.seeds import given_or_drawn, label_seed
from syndisco_nb.shown import Shown
from syndisco_nb.wording import as_answered

SHOWN = "Shown before answering: "
"""Beginning of the last message in a prompt, where a person had looked at the labels of others."""


class Annotation(Shown):
    """One annotator labels the comments of a discussion, seeing the comments before each; or its participants, or all.

    Parameters
    ----------
    annotator : LLMActor
        Of type `ActorType.ANNOTATOR`; its name may be empty.
    transcript : Transcript
        The discussion; silences are not labelled.
    scales : Scale or sequence of Scale
        One question each; without any, the annotator's own instructions ask for a text.
    window : int
        Number of comments that the annotator sees, the one to label included.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept with the labels.
    index : int
        The number of the annotator in its experiment.
    discussion : str
        Name of the discussion; in an experiment, that of its file, without the suffix.
    done : sequence of Label
        Labels given already, to go on from there.
    window_counts : {"participants", "all"}
        Whose comments count in the window; those of moderators and guests come in addition, unless it counts "all".
    comments : iterable of int, optional
        `Message.index` of each comment to label, as of a sample; kept in the settings of the labels. All by default.

    Attributes
    ----------
    asked : tuple of AskedLabel
        All its labels, those that are given already included; see `labelled_units`.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=2, seed=1).run()
    >>> judge = snb.LLMActor(snb.ScriptedModel("4"), "Judge", actor_type=snb.ActorType.ANNOTATOR)
    >>> [label.value for label in snb.Annotation(judge, talk, snb.Likert("toxicity", 1, 5)).run().labels]
    [4, 4]
    """

    @named_arguments
    def __init__(
        self,
        annotator: LLMActor,
        transcript: Transcript,
        scales: Scale | Sequence[Scale] = (),
        window: int = WINDOW,
        seed: int | None = None,
        index: int = 0,
        discussion: str = "",
        done: Sequence[Label] = (),
        window_counts: Counts = COUNTS,
        comments: Iterable[int] | None = None,
    ) -> None:
        check_annotators([annotator])
        self.annotator = annotator
        self.transcript = transcript
        self.scales = check_scales(scales)
        self.window = require_int("window", window, 1)
        self.window_counts = check_counts(window_counts)
        self.seed = given_or_drawn(seed)
        self.index = index
        self.discussion = discussion or discussion_name(transcript.index)
        self.comments = None if comments is None else _checked_comments(comments, transcript)
        self.labels = list(done)
        self._failed: FailedRequest | None = None
        self.asked = labelled_units(transcript, self.scales, self.comments)
        texts = {one.key: one.unit.text for one in self.asked}
        for label in self.labels:
            require(
                texts.get(label.key) == label.text,
                f"A label of {label.key} of {self.discussion} is about another text: the discussion has changed "
                "since. Annotate it into another folder.",
                "done",
            )

    async def arun(self, on_label: Callable[[Label], None] | None = None) -> AnnotationSet:
        """Give all labels that are not given yet, in any order.

        Parameters
        ----------
        on_label : callable, optional
            Called with each label.
        """
        return await run_async(self._run(on_label))

    def run(self, on_label: Callable[[Label], None] | None = None) -> AnnotationSet:
        """Do what `arun` does, and wait for it. After an interrupt, `labels` holds the labels given so far."""
        return run_sync(self._run(on_label))

    @property
    def annotation_set(self) -> AnnotationSet:
        """The labels given so far, in the order in which `asked` lists them."""
        order = {one.key: number for number, one in enumerate(self.asked)}
        return AnnotationSet(
            discussion_id=self.transcript.id,
            discussion=self.discussion,
            index=self.index,
            seed=self.seed,
            annotator=self.annotator.describe(),
            settings={
                "window": self.window,
                "window_counts": self.window_counts,
                "scales": [scale.settings() for scale in self.scales],
                **({} if self.comments is None else {"comments": list(self.comments)}),
            },
            labels=tuple(sorted(self.labels, key=lambda label: order[label.key])),
        )

    def __repr__(self) -> str:
        name = " ".join(self.annotator.name.split()) or "an annotator"
        return f"<Annotation of {self.discussion} by {name}: {len(self.labels)} of {len(self.asked)}>"

    async def _run(self, on_label: Callable[[Label], None] | None) -> AnnotationSet:
        done = {label.key for label in self.labels}
        # Labels do not depend on each other, so all may wait for the model together.
        tasks = [asyncio.create_task(self._label(*one, on_label)) for one in self.asked if one.key not in done]
        try:
            await asyncio.gather(*tasks)
        except Exception as error:
            if self._failed:
                note_failed_request(error, self._failed)
            raise
        finally:
            for task in tasks:
                task.cancel()
        return self.annotation_set

    def seed_of(self, unit: LabelledUnit, scale: Scale | None = None) -> int:
        """Return the seed of a label.

        Parameters
        ----------
        unit : LabelledUnit
        scale : Scale, optional
        """
        return label_seed(self.seed, *unit.key(scale))

    def seen(self, unit: LabelledUnit) -> tuple[Message, ...]:
        """Return the comments that the annotator sees: up to the one to label, the last, or the whole discussion."""
        comments = self.transcript.comments
        if unit.comment is None:
            return comments
        before = [comment for comment in comments if comment.index <= unit.comment]
        return tuple(window_of_label(before, self.window, self.window_counts))

    def request(self, unit: LabelledUnit, scale: Scale | None = None) -> Request:
        """Return the request for a label.

        Parameters
        ----------
        unit : LabelledUnit
        scale : Scale, optional
        """
        seen = self.seen(unit)
        situation = Situation(self.annotator.describe(), self.transcript.index, _turn(unit), seen)
        return self.annotator.request(seen, self.seed_of(unit, scale), scale, situation, unit.name)

    def label_of(
        self, unit: LabelledUnit, scale: Scale | None, request: Request, completion: Completion, value: Value | None
    ) -> Label:
        """Return the label that an answer gives.

        Parameters
        ----------
        unit : LabelledUnit
        scale : Scale or None
        request : Request
            As `request` returned it.
        completion : Completion
            The answer.
        value : bool, int, str or None
            The label that the answer holds; None if it holds none.
        """
        return unit.label(
            annotator=self.index,
            model=self.annotator.model.name,
            generation=generation_record(request, completion, as_answered(value)),
            value=value,
            scale=scale.name if scale else "",
            probabilities=_in_order(completion.probabilities, scale),
            mass=completion.mass,
            options=scale.ordered(request.seed).labels if scale else (),
        )

    async def _label(self, unit: LabelledUnit, scale: Scale | None, on_label: Callable[[Label], None] | None) -> None:
        request = self.request(unit, scale)
        try:
            completion = await ask(self.annotator.model, request)
        except Exception:
            # Noted in _run, on the error that is raised: a model may raise one error for many requests.
            self._failed = self._failed or FailedRequest(_turn(unit), request.messages)
            raise
        value = scale.parse(completion.text) if scale else completion.text.strip()
        label = self.label_of(unit, scale, request, completion, value)
        self.labels.append(label)
        if on_label:
            on_label(label)


def _turn(unit: LabelledUnit) -> int:
    """Return the number by which a failure and a person's request tell a label: 0 of a whole discussion."""
    return unit.comment or 0


def _in_order(probabilities: Mapping[str, float] | None, scale: Scale | None) -> dict[str, float] | None:
    """Return the probabilities in the order of the scale, which is not that of a prompt with shuffled options."""
    if probabilities is None:
        return None
    place = {label: number for number, label in enumerate(scale.labels if scale else ())}
    return dict(sorted(probabilities.items(), key=lambda pair: place.get(pair[0], len(place))))


def _checked_comments(comments: Iterable[int], transcript: Transcript) -> tuple[int, ...]:
    """Return the indices in order, or raise `InvalidInputError` if the discussion has no such comment."""
    require(
        isinstance(comments, Iterable) and not isinstance(comments, str),
        f"comments is {short_repr(comments)}, but must be a list of numbers, the index of each comment to label.",
        "comments",
    )
    chosen = sorted({require_int("comments", index, 0) for index in comments})
    there = [comment.index for comment in transcript]
    missing = [index for index in chosen if index not in there]
    # A discussion that was not read has no comments: it stands for its name.
    require(
        not there or not missing,
        f"comments holds {missing[:3]}, but the discussion has comments {there}. A silence has no label.",
        "comments",
    )
    return tuple(chosen)
