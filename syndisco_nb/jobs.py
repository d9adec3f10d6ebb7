"""One conversation, one labelling: the rules, and nothing else.

This module knows no batch, no thread and no file. It asks models one thing at a time, and whoever runs
many jobs at once has their requests answered together.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.model.base import generation_record
from syndisco_nb.backend.scales import Scale, check_scales
from syndisco_nb.backend.turn_manager import RoundRobin, TurnManager
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int, require_text
from syndisco_nb.forks import changes, reseated
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import (
    HARDCODED,
    AnnotationSet,
    ChatMessage,
    Label,
    Message,
    MessageRole,
    Parent,
    Transcript,
)
from syndisco_nb.seeds import derive, generator, given_or_drawn
from syndisco_nb.shown import Shown

_SILENCES = ("", '""', "''")
_ASKED = "_syndisco_nb_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked.

    Attributes
    ----------
    turn : int
        The turn of the discussion, or the index of the comment to label.
    prompt : tuple of ChatMessage
        What the model was sent.
    """

    turn: int
    prompt: tuple[ChatMessage, ...]


def asked_when(error: Exception) -> Asked | None:
    """Return what a model was asked when a job failed with this error, if it was asked."""
    asked = getattr(error, _ASKED, None)
    return asked if isinstance(asked, Asked) else None


def _note(error: Exception, asked: Asked) -> None:
    setattr(error, _ASKED, asked)


class Discussion(Shown):
    """People discuss a topic, one after the other.

    Iterate over it to see it unfold (``for message in discussion``), or `run` it whole; both go on from
    where it is, and can be mixed.

    Parameters
    ----------
    users : sequence of LLMActor
        The participants, with different names.
    moderator : LLMActor, optional
        Asked after every kept comment, unless the turn manager has another rule; stands outside the order.
    topic : str
        Posted verbatim as the opening; "" for none.
    opener : str, optional
        Name of the user who posts it; a random one by default.
    turn_manager : TurnManager, optional
        Who speaks next; `RoundRobin` by default.
    num_turns : int
        How often a user is asked for a comment; silence counts.
    window : int
        How many of the last comments an actor sees.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the transcript.
    index : int
        The number of the discussion in its experiment.
    history : sequence of Message
        What has already happened, to go on from there.
    parent : Parent, optional
        Where the history comes from, if this goes on with a fork; see `fork`.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    """

    @named_arguments
    def __init__(
        self,
        users: Sequence[LLMActor],
        moderator: LLMActor | None = None,
        topic: str = "",
        opener: str | None = None,
        turn_manager: TurnManager | None = None,
        num_turns: int = 10,
        window: int = WINDOW,
        seed: int | None = None,
        index: int = 0,
        history: Sequence[Message] = (),
        parent: Parent | None = None,
    ) -> None:
        check_turn_manager(turn_manager)
        require_text("topic", topic)
        require(not topic or topic.strip(), "topic is white space. Give a text, or leave it out.")
        self.users = check_users(users, moderator)
        self._users = {user.name: user for user in self.users}
        names = list(self._users)
        require(opener is None or opener in names, f"opener is {opener!r}, but the users are: {', '.join(names)}.")
        self.moderator = moderator
        self.topic = topic
        self.turn_manager = turn_manager or RoundRobin()
        self.num_turns = require_int("num_turns", num_turns, 1)
        self.window = require_int("window", window, 1)
        self.seed = given_or_drawn(seed)
        self.index = index
        self.parent = parent
        self.messages: list[Message] = list(history)
        # Whoever has posted the opening of a fork need not be the one whom its seed would choose, nor still be there.
        posted = next((message.name for message in self.messages if message.role == "opening"), None)
        self._opener = opener or posted or generator(self.seed, "opener").choice(names)
        self._comments = [message for message in self.messages if not message.silent]
        self._turn = max((message.turn for message in self.messages), default=0)

    async def astep(self) -> Message | None:
        """Let the next one speak; return the comment or silence, or None once the discussion is over."""
        return await run_async(self._step())

    async def arun(self) -> Transcript:
        """Run to the end."""
        return await run_async(self._run())

    def step(self) -> Message | None:
        """Do what `astep` does, and wait for it."""
        return run_sync(self._step())

    def run(self) -> Transcript:
        """Run to the end, and wait for it. After an interrupt, what was said is in `messages`."""
        return run_sync(self._run())

    def __iter__(self) -> Iterator[Message]:
        while (message := self.step()) is not None:
            yield message

    @property
    def transcript(self) -> Transcript:
        """What has been said so far."""
        users = tuple(user.describe() for user in self._users.values())
        moderator = self.moderator.describe() if self.moderator else None
        settings = {
            "num_turns": self.num_turns,
            "window": self.window,
            "turn_manager": self.turn_manager.settings(),
        }
        asked = repr((self.topic, self._opener, users, moderator, settings, *([self.parent] if self.parent else [])))
        return Transcript(
            id=f"{derive(self.seed, 'id', self.index, asked):014x}",
            index=self.index,
            seed=self.seed,
            topic=self.topic,
            users=users,
            moderator=moderator,
            settings=settings,
            comments=tuple(self._comments),
            silences=tuple(message for message in self.messages if message.silent),
            parent=self.parent,
        )

    @named_arguments
    def fork(
        self,
        at: int,
        users: Sequence[LLMActor] | None = None,
        replace: Mapping[str, LLMActor] | None = None,
        moderator: LLMActor | EllipsisType | None = ...,
        topic: str | None = None,
        turn_manager: TurnManager | None = None,
        num_turns: int | None = None,
        window: int | None = None,
        seed: int | None = None,
    ) -> "Discussion":
        """Return another discussion with the same history up to a turn, to go on under other circumstances.

        What is not given stays as it is; with nothing given, the fork goes on exactly as this one does. Its
        transcript says what it is a fork of, and `compare` shows the two side by side. This one does not change.

        A transcript holds no models, so to fork a discussion of a run, have its experiment make it again:
        ``experiment.discussion(i, run.seed, history=transcript.messages).fork(at=4)``, with i `Transcript.index`.

        Parameters
        ----------
        at : int
            The last turn that they have in common, the moderator's part in it included; 0 is the opening alone.
        users : sequence of LLMActor, optional
            Who takes part from then on.
        replace : mapping of str to LLMActor, optional
            Who takes whose place, by name, in the order of turns, too. An actor of the same name takes what was said
            under it for its own; of anyone else's, it is another person's.
        moderator : LLMActor or None, optional
            Another moderator; None for none. If the last comment of turn `at` has not been moderated, a moderator
            goes on from there.
        topic : str, optional
            Another opening, with ``at=0`` alone; "" for none. It is posted by whoever posted the first.
        turn_manager, num_turns, window, seed : optional
            As in `Discussion`; `num_turns` counts from the beginning.

        Raises
        ------
        InvalidInputError
            If an argument cannot be used, turn `at` has not been held yet, or no turn would follow.

        Examples
        --------
        >>> from syndisco_nb import LLMActor, ScriptedModel
        >>> people = [LLMActor(ScriptedModel("Well."), name) for name in ("Ana", "Ben")]
        >>> talk = Discussion(people, topic="Tax?", num_turns=4, seed=7)
        >>> _ = talk.run()
        >>> talk.fork(at=2, moderator=LLMActor(ScriptedModel("Calm down."), "Mo")).run().parent.changes
        ('moderator none → Mo',)
        """
        at = require_int("at", at, 0)
        turns = self.num_turns if num_turns is None else require_int("num_turns", num_turns, 1)
        require(
            at <= self._turn,
            f"at is {at}, but the discussion is at turn {self._turn}. Give a turn from 0 (the opening) to "
            f"{self._turn}, or let it go on first.",
        )
        require(
            at < turns,
            f"at is {at} and num_turns is {turns}, so no turn would follow. Fork earlier, or give a larger num_turns.",
        )
        require(
            topic is None or at == 0,
            f"topic is {topic!r}, but at is {at}, and what follows answers the opening. Give at=0 to change it.",
        )
        require(users is None or replace is None, "users and replace are both given. Give one of them.")
        if users is None:
            users = reseated(self.users, {} if replace is None else replace)
        history = [message for message in self.messages or self._opening(self.topic) if message.turn <= at]
        shared = len(history)
        if topic is not None and topic != self.topic:
            history, shared = self._opening(topic), 0
        fork = Discussion(
            users=users,
            moderator=self.moderator if isinstance(moderator, EllipsisType) else moderator,
            topic=self.topic if topic is None else topic,
            turn_manager=turn_manager or self.turn_manager,
            num_turns=turns,
            window=self.window if window is None else window,
            seed=self.seed if seed is None else seed,
            index=self.index,
            history=history,
        )
        fork.parent = Parent(self.transcript.id, at, shared, changes(self, fork))
        return fork

    def __repr__(self) -> str:
        return f"<Discussion by {', '.join(self._users)}: turn {self._turn} of {self.num_turns}>"

    async def _run(self) -> Transcript:
        while await self._step() is not None:
            pass
        return self.transcript

    async def _step(self) -> Message | None:
        if self.topic and not self.messages:
            return self._keep(*self._opening(self.topic))
        if self.moderator and self._moderator_is_due():
            return self._keep(await self._ask(self.moderator, "moderator", self._turn))
        if self._turn < self.num_turns:
            turn = self._turn + 1
            names = list(self._users)
            speaker = self.turn_manager.choose(names, self.messages, generator(self.seed, "speaker", turn))
            if speaker not in self._users:
                raise InvalidInputError(
                    f"{self.turn_manager!r} chose {speaker!r}, who does not take part. It may choose: "
                    f"{', '.join(names)}."
                )
            return self._keep(await self._ask(self._users[speaker], "participant", turn))
        return None

    def _opening(self, topic: str) -> list[Message]:
        return [Message(0, 0, self._opener, topic, HARDCODED, "opening")] if topic else []

    def _moderator_is_due(self) -> bool:
        """Return whether the moderator has the floor; never twice in one turn."""
        spoken = bool(self.messages) and self.messages[-1].role == "moderator"
        return not spoken and self.turn_manager.moderates(self.messages)

    async def _ask(self, actor: LLMActor, role: MessageRole, turn: int) -> Message:
        seed = derive(self.seed, "sampling", role, turn)
        request = actor.request(self._comments[-self.window :], seed)
        try:
            completion = await actor.model.complete(request)
        except Exception as error:
            _note(error, Asked(turn, request.messages))
            raise
        text = _kept_text(completion.text, actor.name)
        return Message(
            index=len(self.messages),
            turn=turn,
            name=actor.name,
            text=text,
            model=actor.model.name,
            role=role,
            silent=not text,
            generation=generation_record(request, completion, text),
        )

    def _keep(self, message: Message) -> Message:
        self.messages.append(message)
        self._turn = message.turn
        if not message.silent:
            self._comments.append(message)
        return message


class Annotation(Shown):
    """An annotator labels every comment of a discussion, seeing the comments before it.

    Parameters
    ----------
    annotator : LLMActor
        Of type `ActorType.ANNOTATOR`; its name may be empty.
    transcript : Transcript
        The discussion; silences are passed over.
    scales : Scale or sequence of Scale
        What is asked, one question each; without any, the annotator's own instructions ask for any text.
    window : int
        How many comments the annotator sees, the one to label included.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept with the labels.
    index : int
        The number of the annotator in its experiment.
    discussion : str
        What to call the discussion; its file's name, without ending, in an experiment.
    done : sequence of Label
        What has already been labelled, to go on from there.
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
    ) -> None:
        check_annotators([annotator])
        self.annotator = annotator
        self.transcript = transcript
        self.scales = check_scales(scales)
        self.window = require_int("window", window, 1)
        self.seed = given_or_drawn(seed)
        self.index = index
        self.discussion = discussion or f"discussion-{transcript.index:05d}"
        self.labels = list(done)
        self._failed: Asked | None = None
        texts = {comment.index: comment.text for comment in transcript.comments}
        for label in self.labels:
            require(
                texts.get(label.comment) == label.text,
                f"A label of comment {label.comment} of {self.discussion} is about another text: the discussion has "
                "changed since. Annotate it into another folder.",
            )

    async def arun(self, on_label: Callable[[Label], None] | None = None) -> AnnotationSet:
        """Label all comments that have no label yet, in any order, calling back at each."""
        return await run_async(self._run(on_label))

    def run(self, on_label: Callable[[Label], None] | None = None) -> AnnotationSet:
        """Do what `arun` does, and wait for it. After an interrupt, what was labelled is in `labels`."""
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
            settings={"window": self.window, "scales": [scale.settings() for scale in self.scales]},
            labels=tuple(sorted(self.labels, key=lambda label: (label.comment, order.get(label.scale, 0)))),
        )

    def __repr__(self) -> str:
        name = self.annotator.name or "an annotator"
        total = len(self.transcript.comments) * max(1, len(self.scales))
        return f"<Annotation of {self.discussion} by {name}: {len(self.labels)} of {total}>"

    async def _run(self, on_label: Callable[[Label], None] | None) -> AnnotationSet:
        done = {(label.comment, label.scale) for label in self.labels}
        asked = [
            (place, scale)
            for place, comment in enumerate(self.transcript.comments)
            for scale in self.scales or (None,)
            if (comment.index, scale.name if scale else "") not in done
        ]
        # Labels do not depend on each other, so all may wait for the model together.
        tasks = [asyncio.create_task(self._label(place, scale, on_label)) for place, scale in asked]
        try:
            await asyncio.gather(*tasks)
        except Exception as error:
            if self._failed:
                _note(error, self._failed)
            raise
        finally:
            for task in tasks:
                task.cancel()
        return self.annotation_set

    async def _label(self, place: int, scale: Scale | None, on_label: Callable[[Label], None] | None) -> None:
        comment = self.transcript.comments[place]
        seen = self.transcript.comments[max(0, place + 1 - self.window) : place + 1]
        purpose = ("label", comment.index, scale.name) if scale else ("label", comment.index)
        request = self.annotator.request(seen, derive(self.seed, *purpose), scale)
        try:
            completion = await self.annotator.model.complete(request)
        except Exception:
            # Noted by whoever sees the error: a model may raise the same one to many who wait.
            self._failed = self._failed or Asked(comment.index, request.messages)
            raise
        value = scale.parse(completion.text) if scale else completion.text.strip()
        label = Label(
            comment=comment.index,
            name=comment.name,
            text=comment.text,
            annotator=self.index,
            model=self.annotator.model.name,
            generation=generation_record(request, completion, str(value)),
            value=value,
            scale=scale.name if scale else "",
            probabilities=completion.probabilities,
        )
        self.labels.append(label)
        if on_label:
            on_label(label)


def check_users(users: Iterable[LLMActor], moderator: LLMActor | None = None) -> tuple[LLMActor, ...]:
    """Return the users, or raise `InvalidInputError` if these cannot hold a discussion."""
    actors = _actors("users", users)
    for actor in [*actors, *([moderator] if moderator is not None else [])]:
        require(isinstance(actor, LLMActor), f"{actor!r} was given as a participant, but must be an LLMActor.")
        require(
            actor.actor_type is ActorType.USER,
            f"{actor.name!r} is an annotator, so it cannot take part in a discussion. Make it with "
            "actor_type=ActorType.USER, or give it to an AnnotationExperiment.",
        )
    names = [actor.name for actor in actors]
    for name in names:
        require(
            names.count(name) == 1,
            f"{names.count(name)} users are called {name!r}. Give every user a name of their own.",
        )
    require(
        moderator is None or moderator.name not in names,
        f"The moderator and a user are both called {moderator.name if moderator else ''!r}. Rename one of them.",
    )
    return actors


def check_annotators(annotators: Iterable[LLMActor]) -> tuple[LLMActor, ...]:
    """Return the annotators, or raise `InvalidInputError` if these cannot annotate."""
    actors = _actors("annotators", annotators)
    for actor in actors:
        require(isinstance(actor, LLMActor), f"{actor!r} was given as an annotator, but must be an LLMActor.")
        require(
            actor.actor_type is ActorType.ANNOTATOR,
            f"{actor.name!r} is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR.",
        )
    return actors


def check_turn_manager(turn_manager: Any) -> None:
    """Raise `InvalidInputError` unless this is a turn manager, or None."""
    require(
        turn_manager is None or isinstance(turn_manager, TurnManager),
        f"turn_manager is {turn_manager!r}, but must be a turn manager, such as RoundRobin().",
    )


def _actors(what: str, actors: Any) -> tuple[Any, ...]:
    require(
        isinstance(actors, Iterable) and not isinstance(actors, str),
        f"{what} is {actors!r}, but must be a list of LLMActor.",
    )
    found = tuple(actors)
    require(found, f"{what} is empty. Give at least one LLMActor.")
    return found


def _kept_text(reply: str, name: str) -> str:
    """Return the comment in a model's reply, "" for silence; models like to start with their own name."""
    text = reply.strip()
    for label in (f"{name} (you):", f"{name}:"):
        text = text.removeprefix(label).strip()
    return "" if text in _SILENCES else text
