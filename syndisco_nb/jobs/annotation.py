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
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript, Value
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.seeds import given_or_drawn, label_seed
from syndisco_nb.shown import Shown
from syndisco_nb.wording import as_answered

SHOWN = "Shown before answering: "
"""Beginning of the last message in a prompt, where a person had looked at the labels of others."""


class Annotation(Shown):
    """One annotator labels the comments of a discussion, seeing the comments before each.

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
        texts = {comment.index: comment.text for comment in transcript.comments}
        for label in self.labels:
            require(
                texts.get(label.comment) == label.text,
                f"A label of comment {label.comment} of {self.discussion} is about another text: the discussion has "
                "changed since. Annotate it into another folder.",
                "done",
            )

    async def arun(self, on_label: Callable[[Label], None] | None = None) -> AnnotationSet:
        """Label all comments that have no label yet, in any order.

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
        """The labels given so far, in the order of the comments and the scales."""
        order = {scale.name: number for number, scale in enumerate(self.scales)}
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
            labels=tuple(sorted(self.labels, key=lambda label: (label.comment, order.get(label.scale, 0)))),
        )

    @property
    def places(self) -> list[int]:
        """The positions in ``transcript.comments`` of the comments to label."""
        chosen = self.comments
        return [place for place, comment in enumerate(self.transcript) if chosen is None or comment.index in chosen]

    def __repr__(self) -> str:
        name = " ".join(self.annotator.name.split()) or "an annotator"
        total = len(self.places) * max(1, len(self.scales))
        return f"<Annotation of {self.discussion} by {name}: {len(self.labels)} of {total}>"

    async def _run(self, on_label: Callable[[Label], None] | None) -> AnnotationSet:
        done = {(label.comment, label.scale) for label in self.labels}
        asked = [
            (place, scale)
            for place in self.places
            for scale in self.scales or (None,)
            if (self.transcript[place].index, scale.name if scale else "") not in done
        ]
        # Labels do not depend on each other, so all may wait for the model together.
        tasks = [asyncio.create_task(self._label(place, scale, on_label)) for place, scale in asked]
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

    def seed_of(self, place: int, scale: Scale | None = None) -> int:
        """Return the seed of a label.

        Parameters
        ----------
        place : int
            Position of the comment in ``transcript.comments``.
        scale : Scale, optional
        """
        index = self.transcript.comments[place].index
        return label_seed(self.seed, index, scale.name if scale else "")

    def seen(self, place: int) -> tuple[Message, ...]:
        """Return the comments that the annotator sees; the last is ``transcript.comments[place]``, the one to label."""
        return tuple(window_of_label(self.transcript.comments[: place + 1], self.window, self.window_counts))

    def request(self, place: int, scale: Scale | None = None) -> Request:
        """Return the request for a label.

        Parameters
        ----------
        place : int
            Position of the comment in ``transcript.comments``.
        scale : Scale, optional
        """
        comment = self.transcript.comments[place]
        seen = self.seen(place)
        situation = Situation(self.annotator.describe(), self.transcript.index, comment.index, seen)
        return self.annotator.request(seen, self.seed_of(place, scale), scale, situation)

    def keep(
        self, place: int, scale: Scale | None, request: Request, completion: Completion, value: Value | None
    ) -> Label:
        """Make a label of an answer, keep and return it.

        Parameters
        ----------
        place : int
            Position of the comment in ``transcript.comments``.
        scale : Scale or None
        request : Request
            As `request` returned it.
        completion : Completion
            The answer.
        value : bool, int, str or None
            The label that the answer holds; None if it holds none.
        """
        comment = self.transcript.comments[place]
        label = Label(
            comment=comment.index,
            name=comment.name,
            text=comment.text,
            role=comment.role,
            turn=comment.turn,
            annotator=self.index,
            model=self.annotator.model.name,
            generation=generation_record(request, completion, as_answered(value)),
            value=value,
            scale=scale.name if scale else "",
            probabilities=_in_order(completion.probabilities, scale),
            mass=completion.mass,
            options=scale.ordered(request.seed).labels if scale else (),
        )
        self.labels.append(label)
        return label

    async def _label(self, place: int, scale: Scale | None, on_label: Callable[[Label], None] | None) -> None:
        request = self.request(place, scale)
        try:
            completion = await ask(self.annotator.model, request)
        except Exception:
            # Noted in _run, on the error that is raised: a model may raise one error for many requests.
            self._failed = self._failed or FailedRequest(self.transcript.comments[place].index, request.messages)
            raise
        value = scale.parse(completion.text) if scale else completion.text.strip()
        label = self.keep(place, scale, request, completion, value)
        if on_label:
            on_label(label)


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
