"""One conversation: the rules, and nothing else."""

from collections.abc import Mapping, Sequence
from types import EllipsisType

from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Situation
from syndisco_nb.backend.stop_condition import StopCondition, check_stop, ended
from syndisco_nb.backend.topics import TopicLike, check_topic, openings
from syndisco_nb.backend.turn_manager import RoundRobin, TurnManager
from syndisco_nb.backend.window import COUNTS, Counts, check_counts, windowed
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int
from syndisco_nb.jobs.checks import check_moderator, check_turn_manager, check_users
from syndisco_nb.jobs.forks import forked
from syndisco_nb.jobs.messages import guest, reply
from syndisco_nb.jobs.recording import transcript_of
from syndisco_nb.jobs.unfolding import Unfolding
from syndisco_nb.records import GUEST, Message, MessageRole, Parent, Participant, Transcript
from syndisco_nb.seeds import Purpose, generator, given_or_drawn, message_seed
from syndisco_nb.shown import Shown


class Discussion(Unfolding, Shown):
    """People discuss a topic, one after the other.

    Iterate over it to see it unfold (``for message in discussion``), or `run` it whole; both go on from
    where it is, and can be mixed.

    Parameters
    ----------
    users : sequence of LLMActor
        The participants, with different names.
    moderator : LLMActor or str, optional
        Asked after every kept comment, unless the turn manager has another rule; stands outside the order. A text
        says what a moderator is to do, for whom the users' model answers.
    topic : str or list of comments
        Posted verbatim as the opening; "" for none. A comment is a text, or a mapping such as
        ``{"name": "Ana", "text": "I agree."}``; anyone may be named, also somebody who takes no other part.
    opener : str, optional
        Name of the user who posts what names nobody, the next user the next such comment; a random one by default.
    turn_manager : TurnManager, optional
        Who speaks next; `RoundRobin` by default.
    num_turns : int
        How often a user is asked for a comment; silence counts.
    window : int
        How many of the last comments an actor sees; see `window_counts`.
    stop : StopCondition or sequence of StopCondition
        What ends the discussion before all turns were held, such as `AfterSilences`.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the transcript.
    index : int
        The number of the discussion in its experiment.
    history : sequence of Message
        What has already happened, to go on from there.
    parent : Parent, optional
        Where the history comes from, if this goes on with a fork; see `fork`.
    window_counts : {"participants", "all"}
        Whose comments count in the window; those of moderators and guests come in addition, unless it counts "all".

    Attributes
    ----------
    messages : list of Message
        What has happened so far; without silences in `comments`.
    openings : list of Message
        With what it opens, posted or not.
    opener : str
        Who posts the opening, or the first comment of it.
    turn : int
        The last turn that was held; 0 for the opening.
    speaking : Situation or None
        Who is being asked for a comment just now, and what it is so far.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
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
        # Whoever has posted the opening of a fork need not be the one whom its seed would choose, nor still be there.
        self.openings = [*posted, *openings(self.topic, first, names)[len(posted) :]]
        self.opener = self.openings[0].name if self.openings else first
        self.comments = [message for message in self.messages if not message.silent]
        self._held = [message for message in self.messages if message.role != "guest"]  # all that the rules look at
        self.turn = max((message.turn for message in self.messages), default=0)
        self.speaking: Situation | None = None
        self._people: dict[str, Participant] = {}

    @named_arguments
    def inject(self, text: str, name: str = GUEST) -> Message:
        """Say something as a person from outside, between two steps.

        Whoever speaks next sees it. It is no turn: it changes neither who speaks next nor how long the discussion is.

        Parameters
        ----------
        text : str
            The comment.
        name : str
            Who says it.

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
            "The discussion has not begun, so nobody could have heard that. Let it take a step first.",
        )
        return self._keep(guest(len(self.messages), self.turn, text, name))

    @property
    def transcript(self) -> Transcript:
        """What has been said so far."""
        return transcript_of(self)

    @property
    def opened(self) -> bool:
        """Whether the whole opening has been posted."""
        return bool(self.turn) or self._posted == len(self.openings)

    @property
    def ended(self) -> str | None:
        """Which of the stop conditions has ended it, in words; None if none has."""
        return ended(self.stop, self._held)

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
        moderator : LLMActor, str or None, optional
            Another moderator, as in `Discussion`; None for none. If the last comment of turn `at` has not been
            moderated, a moderator goes on from there.
        topic : str or list of comments, optional
            Another opening, with ``at=0`` alone; "" for none. It is posted by whoever posted the first.
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
        return forked(
            self, at, users, replace, moderator, topic, turn_manager, num_turns, window, stop, seed, window_counts
        )

    def __repr__(self) -> str:
        names = " ".join(", ".join(self._users).split())  # in one line, whatever people are called
        return f"<Discussion by {names}: turn {self.turn} of {self.num_turns}>"

    async def _step(self) -> Message | None:
        if not self.opened:
            return self._keep(self.openings[self._posted])
        if self.ended:
            return None
        if self.moderator and self._moderator_is_due():
            return self._keep(await self._ask(self.moderator, "moderator", self.turn))
        if self.turn < self.num_turns:
            turn = self.turn + 1
            names = list(self._users)
            speaker = self.turn_manager.choose(names, list(self._held), generator(self.seed, Purpose.SPEAKER, turn))
            if speaker not in self._users:
                raise InvalidInputError(
                    f"{self.turn_manager!r} chose {speaker!r}, who does not take part. It may choose: "
                    f"{', '.join(self._users)}.",
                    field="turn_manager",
                )
            return self._keep(await self._ask(self._users[speaker], "participant", turn))
        return None

    @property
    def _posted(self) -> int:
        return sum(message.role == "opening" for message in self.messages[: len(self.openings)])

    def _moderator_is_due(self) -> bool:
        """Return whether the moderator has the floor; never twice in one turn."""
        spoken = bool(self._held) and self._held[-1].role == "moderator"
        return not spoken and self.turn_manager.moderates(list(self._held))

    async def _ask(self, actor: LLMActor, role: MessageRole, turn: int) -> Message:
        seed = message_seed(self.seed, role, turn)
        moderator = self.moderator.name if self.moderator else ""
        self.speaking = Situation(
            self._described(actor), self.index, turn, tuple(self.messages), tuple(self._users), moderator
        )
        seen = windowed(self.comments, self.window, self.window_counts)
        request = actor.request(seen, seed, situation=self.speaking)
        try:
            return await reply(actor, request, len(self.messages), turn, role)
        finally:
            self.speaking = None

    def _described(self, actor: LLMActor) -> Participant:
        """Return who this is; to ask a model for its settings takes longer than all else of a turn."""
        if actor.name not in self._people:
            self._people[actor.name] = actor.describe()
        return self._people[actor.name]

    def _keep(self, message: Message) -> Message:
        self.messages.append(message)
        self.turn = message.turn
        if message.role != "guest":
            self._held.append(message)
        if not message.silent:
            self.comments.append(message)
        return message
