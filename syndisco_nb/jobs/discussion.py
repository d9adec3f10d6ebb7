"""The rules of one conversation."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import EllipsisType
from typing import Any

from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.request import Draft, Situation
from syndisco_nb.backend.stop_condition import StopCondition, check_stop, ended
from syndisco_nb.backend.topics import TopicLike, check_topic, opening_messages, topic_title
from syndisco_nb.backend.turn_manager import RoundRobin, TurnManager
from syndisco_nb.backend.window import COUNTS, Counts, check_counts, windowed
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int
from syndisco_nb.jobs.actor_checks import check_moderator, check_turn_manager, check_users
from syndisco_nb.jobs.forks import check_fork_point, described_changes, replace_users
from syndisco_nb.jobs.messages import generated_message, guest_message
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import GUEST, Message, MessageRole, Parent, Participant, Transcript
from syndisco_nb.runs.identity import transcript_id
from syndisco_nb.seeds import Purpose, generator, given_or_drawn, message_seed
from syndisco_nb.shown import Shown


class Discussion(Shown):
    """People discuss a topic, one after the other.

    Iterate over it to get one message after the other (``for message in discussion``), or `run` it to the end. Both
    continue from the last message, and can be mixed.

    Parameters
    ----------
    users : sequence of LLMActor
        The participants, with different names.
    moderator : LLMActor or str, optional
        Asked after every comment that is not silent, unless the turn manager has another rule; has no place in the
        order of speakers. A text is the instructions of a moderator whose answers come from the users' model.
    topic : str or list of comments
        Posted verbatim as the opening; "" for none. A comment is a text, or a mapping such as
        ``{"name": "Ana", "text": "I agree."}``; anyone may be named, also somebody who takes no other part.
    opener : str, optional
        Name of the user who posts the first comment without a name, the next user the next such comment; a random
        user by default.
    turn_manager : TurnManager, optional
        Chooses the next speaker; `RoundRobin` by default.
    num_turns : int
        Number of times that a user is asked for a comment; silences count.
    window : int
        Number of last comments that an actor sees; see `window_counts`.
    stop : StopCondition or sequence of StopCondition
        Conditions that end the discussion early, such as `AfterSilences`.
    seed : int, optional
        Seed of all random draws. Drawn if not given, and kept in the transcript.
    index : int
        The number of the discussion in its experiment.
    history : sequence of Message
        Earlier messages of the discussion, which continues after them.
    parent : Parent, optional
        Discussion that the history comes from, if this is a fork; see `fork`.
    window_counts : {"participants", "all"}
        Whose comments the window counts. With "participants", comments of moderators and guests come in addition.

    Attributes
    ----------
    messages : list of Message
        All messages so far, silences included.
    openings : list of Message
        The comments of the opening, posted or not.
    opener : str
        Poster of the opening, or of its first comment.
    speaking : Situation or None
        The actor who is being asked for a comment just now, and the draft of the answer.
    cast : tuple of str
        As in `Transcript`; the users by default, and for a fork those of its parent before them.
    is_watched : callable
        Returns whether anybody may be looking at `speaking`; True by default.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> ana = snb.LLMActor(snb.ScriptedModel("Why?"), "Ana")
    >>> ben = snb.LLMActor(snb.ScriptedModel("Why not?"), "Ben")
    >>> for message in snb.Discussion([ana, ben], topic="Ban cars?", opener="Ben", num_turns=2, seed=1):
    ...     print(f"{message.name}: {message.text}")
    Ben: Ban cars?
    Ana: Why?
    Ben: Why not?
    """

    @named_arguments
    def __init__(
        self,
        users: Sequence[LLMActor],
        moderator: LLMActor | str | None = None,
        topic: TopicLike = "",
        opener: str | None = None,
        turn_manager: TurnManager | None = None,
        num_turns: int = 10,
        window: int = WINDOW,
        stop: StopCondition | Sequence[StopCondition] = (),
        seed: int | None = None,
        index: int = 0,
        history: Sequence[Message] = (),
        parent: Parent | None = None,
        window_counts: Counts = COUNTS,
    ) -> None:
        require(
            not isinstance(moderator, str) or topic or history,
            "moderator is a text, and there is no topic. Was it meant as the topic? Give topic=... by name; a "
            "moderator's instructions as moderator=..., beside a topic.",
            "moderator",
        )
        check_turn_manager(turn_manager)
        self.users = check_users(users)
        self._users = {user.name: user for user in self.users}
        names = list(self._users)
        require(
            opener is None or opener in names, f"opener is {opener!r}, but the users are: {', '.join(names)}.", "opener"
        )
        self.moderator = check_moderator(moderator, self.users)
        self.topic = check_topic(topic)
        self.turn_manager = turn_manager or RoundRobin()
        self.num_turns = require_int("num_turns", num_turns, 1)
        self.window = require_int("window", window, 1)
        self.window_counts = check_counts(window_counts)
        self.stop = check_stop(stop)
        self.seed = given_or_drawn(seed)
        self.index = index
        self.parent = parent
        self.messages: list[Message] = list(history)
        posted = [message for message in self.messages if message.role == "opening"]
        first = opener or generator(self.seed, Purpose.OPENER).choice(names)
        # The opening of a fork is its parent's, whose poster need not take part any more.
        self.openings = [*posted, *opening_messages(self.topic, first, names)[len(posted) :]]
        self.opener = self.openings[0].name if self.openings else first
        self.speaking: Situation | None = None
        self.cast: tuple[str, ...] = tuple(names)
        self.is_watched: Callable[[], bool] = lambda: True
        self._participants: dict[str, Participant] = {}

    def step(self) -> Message | None:
        """Let the next actor speak; return the comment or silence, or None once the discussion is over."""
        return run_sync(self._step())

    async def astep(self) -> Message | None:
        """Async form of `step`."""
        return await run_async(self._step())

    def run(self) -> Transcript:
        """Run to the end. After an interrupt, `messages` holds the messages so far."""
        return run_sync(self._run())

    async def arun(self) -> Transcript:
        """Async form of `run`."""
        return await run_async(self._run())

    def __iter__(self) -> Iterator[Message]:
        while (message := self.step()) is not None:
            yield message

    @named_arguments
    def inject(self, text: str, name: str = GUEST) -> Message:
        """Let a person from outside say something, between two steps.

        The next speaker sees it. It takes no turn, so the order of speakers and the length stay the same.

        Parameters
        ----------
        text : str
            The comment.
        name : str
            Name of the person.

        Returns
        -------
        Message
            With the role "guest" and the model "human".

        Raises
        ------
        InvalidInputError
            If `text` or `name` are empty, or the opening has not been posted yet.
        """
        require(
            self.opened,
            "The discussion has not started, so nobody would see this. Take a step first.",
        )
        return self._keep(guest_message(len(self.messages), self.turn, text, name))

    @property
    def comments(self) -> list[Message]:
        """All messages so far, without silences."""
        return [message for message in self.messages if not message.silent]

    @property
    def turn(self) -> int:
        """The last turn that was held; 0 for the opening."""
        return self.messages[-1].turn if self.messages else 0

    @property
    def opened(self) -> bool:
        """True once the whole opening is posted."""
        return bool(self.turn) or self._num_posted == len(self.openings)

    @property
    def ended(self) -> str | None:
        """The stop condition that ended the discussion, in words; None if none did."""
        return ended(self.stop, self._without_guests) if self.stop else None

    @property
    def transcript(self) -> Transcript:
        """The record of the discussion so far."""
        settings: dict[str, Any] = {
            "num_turns": self.num_turns,
            "window": self.window,
            "window_counts": self.window_counts,
            "turn_manager": self.turn_manager.settings(),
        }
        if self.stop:
            settings["stop"] = [condition.settings() for condition in self.stop]
        transcript = Transcript(
            id="",
            index=self.index,
            seed=self.seed,
            topic=topic_title(self.topic),
            users=tuple(user.describe() for user in self.users),
            moderator=self.moderator.describe() if self.moderator else None,
            settings=settings,
            comments=tuple(self.comments),
            silences=tuple(message for message in self.messages if message.silent),
            parent=self.parent,
            ended=self.ended,
            cast=self.cast,
        )
        return dataclasses.replace(transcript, id=transcript_id(transcript, self.openings))

    @named_arguments
    def fork(
        self,
        at: int,
        users: Sequence[LLMActor] | None = None,
        replace: Mapping[str, LLMActor] | None = None,
        moderator: LLMActor | str | EllipsisType | None = ...,
        topic: TopicLike | None = None,
        turn_manager: TurnManager | None = None,
        num_turns: int | None = None,
        window: int | None = None,
        stop: StopCondition | Sequence[StopCondition] | None = None,
        seed: int | None = None,
        window_counts: Counts | None = None,
    ) -> "Discussion":
        """Return another discussion with the same history up to a turn, which continues with other settings.

        Settings that are not given stay; with none given, the fork continues exactly as this discussion does. Its
        transcript names its parent, and `compare` shows the two side by side. This discussion does not change.

        A transcript holds no models, so to fork a discussion of a run, have its experiment make it again:
        ``experiment.discussion(i, run.seed, history=transcript.messages).fork(at=4)``, with i `Transcript.index`.

        Parameters
        ----------
        at : int
            The last turn in common, the moderator's part in it included; 0 for the opening alone.
        users : sequence of LLMActor, optional
            The participants from then on.
        replace : mapping of str to LLMActor, optional
            The new actor for the name of a participant, in the same place in the order of speakers. An actor of the
            same name takes the earlier comments under that name for its own; an actor of another name does not.
        moderator : LLMActor, str or None, optional
            Another moderator, as in `Discussion`; None for none. If the last comment of turn `at` has not been
            moderated, a moderator goes on from there.
        topic : str or list of comments, optional
            Another opening, with ``at=0`` alone; "" for none. The poster stays the same.
        turn_manager, num_turns, window, stop, seed, window_counts : optional
            As in `Discussion`; `num_turns` counts from the beginning, and ``stop=()`` is for no condition.

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
        turns = self.num_turns if num_turns is None else require_int("num_turns", num_turns, 1)
        at = check_fork_point(at, self.turn, turns)
        require(
            topic is None or at == 0,
            f"topic is {topic!r}, but at is {at}, and what follows answers the opening. Give at=0 to change it.",
            "topic",
        )
        require(users is None or replace is None, "users and replace are both given. Give one of them.", "replace")
        if users is None:
            users = replace_users(self.users, {} if replace is None else replace)
        posted = [] if self.turn else self.openings  # all of them, even if only some are posted
        history = [*posted, *(message for message in self.messages[len(posted) :] if message.turn <= at)]
        shared = len(history)
        topic = self.topic if topic is None else check_topic(topic)
        if topic != self.topic:
            history, shared = opening_messages(topic, self.opener, [user.name for user in users]), 0
        if isinstance(moderator, EllipsisType):
            moderator = self.moderator
        elif isinstance(moderator, str):  # made here, since the constructor might take the text for the topic
            moderator = check_moderator(moderator, check_users(users))
        fork = type(self)(
            users=users,
            moderator=moderator,
            topic=topic,
            turn_manager=turn_manager or self.turn_manager,
            num_turns=turns,
            window=self.window if window is None else window,
            stop=self.stop if stop is None else stop,
            seed=self.seed if seed is None else seed,
            index=self.index,
            history=history,
            window_counts=window_counts or self.window_counts,
        )
        require(
            not fork.ended,
            f"at is {at}, but by then {fork.ended}, so no turn would follow. Fork earlier, or give another stop.",
            "at",
        )
        fork.cast = tuple(dict.fromkeys([*self.cast, *fork.cast]))
        fork.parent = Parent(self.transcript.id, at, shared, described_changes(self, fork))
        return fork

    def __repr__(self) -> str:
        names = " ".join(", ".join(self._users).split())  # on one line, whatever names hold
        return f"<Discussion by {names}: turn {self.turn} of {self.num_turns}>"

    async def _run(self) -> Transcript:
        while await self._step() is not None:
            pass
        return self.transcript

    async def _step(self) -> Message | None:
        """Take one step: post the opening, let the moderator speak, or hold the next turn."""
        if not self.opened:
            return self._keep(self.openings[self._num_posted])
        history = self._without_guests  # other code gets copies, which it may empty
        if ended(self.stop, history):
            return None
        if self.moderator and self._moderator_is_due(history):
            return self._keep(await self._ask(self.moderator, "moderator", self.turn))
        if self.turn < self.num_turns:
            turn = self.turn + 1
            return self._keep(await self._ask(self._speaker(turn, history), "participant", turn))
        return None

    def _moderator_is_due(self, history: list[Message]) -> bool:
        """Return whether the moderator speaks next; never twice in a row."""
        has_spoken = bool(history) and history[-1].role == "moderator"
        return not has_spoken and self.turn_manager.moderates(list(history))

    def _speaker(self, turn: int, history: list[Message]) -> LLMActor:
        """Return the user who speaks in a turn."""
        names = list(self._users)
        name = self.turn_manager.choose(names, list(history), generator(self.seed, Purpose.SPEAKER, turn))
        if name not in self._users:
            raise InvalidInputError(
                f"{self.turn_manager!r} chose {name!r}, who does not take part. It may choose: {', '.join(names)}.",
                field="turn_manager",
            )
        return self._users[name]

    async def _ask(self, actor: LLMActor, role: MessageRole, turn: int) -> Message:
        """Ask an actor for a comment on the window of the discussion."""
        self.speaking = Situation(
            self._participant(actor),
            self.index,
            turn,
            tuple(self.messages),
            tuple(self._users),
            self.moderator.name if self.moderator else "",
            self.cast,
            Draft(self.is_watched()),
        )
        seen = windowed(self.messages, self.window, self.window_counts)
        request = actor.request(seen, message_seed(self.seed, role, turn), situation=self.speaking)
        try:
            return await generated_message(actor, request, len(self.messages), turn, role)
        finally:
            self.speaking = None

    def _keep(self, message: Message) -> Message:
        self.messages.append(message)
        return message

    @property
    def _num_posted(self) -> int:
        """The number of comments of the opening that are posted."""
        return sum(message.role == "opening" for message in self.messages[: len(self.openings)])

    @property
    def _without_guests(self) -> list[Message]:
        """The history for turn managers and stop conditions: guests change neither the order nor the end."""
        return [message for message in self.messages if message.role != "guest"]

    def _participant(self, actor: LLMActor) -> Participant:
        """Return an actor's description, made once: a model's settings may take longer than the rest of a turn."""
        if actor.name not in self._participants:
            self._participants[actor.name] = actor.describe()
        return self._participants[actor.name]
