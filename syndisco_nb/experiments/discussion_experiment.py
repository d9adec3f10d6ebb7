"""`DiscussionExperiment`: many discussions from one seed."""

import asyncio
import contextlib
import copy
import functools
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.stop_condition import StopCondition, check_stop
from syndisco_nb.backend.topic_files import holds_topics, read_topics
from syndisco_nb.backend.topics import TopicLike, check_topics, plain_topic
from syndisco_nb.backend.turn_manager import RoundRobin, TurnManager
from syndisco_nb.backend.window import COUNTS, Counts, check_counts
from syndisco_nb.errors import named_arguments, require_bool, require_int
from syndisco_nb.experiments.feasibility import check_feasible
from syndisco_nb.experiments.holding import hold_discussion, hold_turns
from syndisco_nb.experiments.limits import MAX_CONCURRENCY, MAX_COUNT
from syndisco_nb.experiments.model_checks import actor_spec, models_of, refuse_people
from syndisco_nb.jobs import Discussion, check_moderator, check_turn_manager, check_users
from syndisco_nb.jobs.random_draws import draw_participants, draw_topic
from syndisco_nb.jobs.record_matching import message_mismatch, transcript_mismatch
from syndisco_nb.log import warn
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.records.unit_names import discussion_index, discussion_name
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.estimation import Estimate, Probe, Trial, first_estimate, measured_estimate
from syndisco_nb.running.opened_run import OpenedRun
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.running.scheduler import load_all, run_all
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run, RunOrigin
from syndisco_nb.runs.run_part import RunPart
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.seeds import discussion_seed, given_or_drawn
from syndisco_nb.shown import Shown
from syndisco_nb.wording import count

if TYPE_CHECKING:
    from syndisco_nb.doors import Live

_PROBE_SIZE = 16  # discussions of which an estimate holds the first turns with the real models, enough to fill a batch
_PROBE_TURNS = 2
_REHEARSAL_SIZE = 64  # discussions that an estimate holds whole, with recorded answers in place of the models


class DiscussionExperiment(Shown):
    """Hold many discussions, each with random users and a random topic, all from one seed.

    Discussion i depends on the seed and on i alone, not on the number of discussions or their order of finishing.

    Parameters
    ----------
    topics : sequence of str, or of lists of comments; or path; or None
        Each discussion opens with one of them, at random; see `Discussion`. A path names a file with a text on every
        line, a CSV file with a column of texts, or a JSON file with a list. Users whom a topic names take part in its
        discussions. None is for discussions without an opening.
    users : sequence of LLMActor
        All who may take part, with different names.
    moderator : LLMActor or str, optional
        Asked after every comment that is not silent, unless the turn manager has another rule. A text is the
        instructions of a moderator whose answers come from the users' model.
    num_turns : int
        Number of times that a user is asked for a comment, in each discussion.
    num_discussions : int
        Number of discussions.
    num_active_users : int
        Number of users in each discussion, drawn without replacement.
    turn_manager : TurnManager, optional
        Chooses the next speaker; `RoundRobin` by default.
    window : int
        Number of last comments that an actor sees.
    stop : StopCondition or sequence of StopCondition
        Conditions that end a discussion early, such as `AfterSilences`.
    seed : int, optional
        Seed of all random draws. Drawn if not given, and kept in the run folder.
    max_concurrency : int
        Largest number of discussions under way at once. Changes the speed, never the result.
    window_counts : {"participants", "all"}
        Whose comments the window counts. With "participants", comments of moderators and guests come in addition.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.

    Attributes
    ----------
    cast : tuple of str
        As in `Transcript`: the users, or, in a study, those of all conditions.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben", "Cleo")]
    >>> experiment = snb.DiscussionExperiment(
    ...     topics=["Ban cars?"], users=users, num_turns=4, num_discussions=3, num_active_users=2, seed=1
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = experiment.begin(folder)
    ...     [[user.name for user in talk.users] for talk in run]
    [['Ben', 'Ana'], ['Ana', 'Cleo'], ['Cleo', 'Ana']]
    """

    @named_arguments
    def __init__(
        self,
        topics: Sequence[TopicLike] | PathLike | None,
        users: Sequence[LLMActor],
        moderator: LLMActor | str | None = None,
        num_turns: int = 10,
        num_discussions: int = 5,
        num_active_users: int = 2,
        turn_manager: TurnManager | None = None,
        window: int = WINDOW,
        stop: StopCondition | Sequence[StopCondition] = (),
        seed: int | None = None,
        max_concurrency: int = MAX_CONCURRENCY,
        window_counts: Counts = COUNTS,
    ) -> None:
        self.topics = check_topics(read_topics(topics) if holds_topics(topics) else topics)
        self.users = check_users(users)
        self.moderator = check_moderator(moderator, self.users)
        check_turn_manager(turn_manager)
        self.num_turns = require_int("num_turns", num_turns, 1, MAX_COUNT)
        self.num_discussions = require_int("num_discussions", num_discussions, 1, MAX_COUNT)
        self.num_active_users = require_int("num_active_users", num_active_users, 1)
        self.window = require_int("window", window, 1)
        self.window_counts = check_counts(window_counts)
        self.max_concurrency = require_int("max_concurrency", max_concurrency, 1)
        self.seed = None if seed is None else require_int("seed", seed, 0)
        self.turn_manager = turn_manager or RoundRobin()
        self.stop = check_stop(stop)
        check_feasible([user.name for user in self.users], self.topics, self.turn_manager, self.num_active_users)
        self._models = models_of([*self.users, *([self.moderator] if self.moderator else [])])
        self._expected: Cost | None = None
        self.cast = tuple(user.name for user in self.users)

    @named_arguments
    def begin(self, discussions_output_dir: PathLike, *, fresh: bool = False) -> Run[Transcript]:
        """Hold the discussions, showing progress.

        Messages that the folder already holds are kept, so an interrupted run continues. An interrupt stops it.
        A folder with fewer discussions gets the rest. One with more keeps them, and only those of this experiment are
        worked on and returned.

        Parameters
        ----------
        discussions_output_dir : str or path-like
            The run folder; made if it does not exist.
        fresh : bool
            Whether to start anew; a run that is in the folder is moved aside, to ``….old-1``.

        Returns
        -------
        Run
            The finished transcripts, and the failures.

        Raises
        ------
        RunFolderError
            If the folder holds an experiment that differs in more than the number of discussions, or another run is
            writing to it.
        StorageError
            If the folder cannot be written: the disk is full, read-only or gone.
        ModelError
            If a model cannot be loaded.
        RunFailedError
            If ten discussions in a row fail.
        """
        return run_sync(self._begin(discussions_output_dir, fresh))

    @named_arguments
    async def abegin(self, discussions_output_dir: PathLike, *, fresh: bool = False) -> Run[Transcript]:
        """Async form of `begin`.

        Parameters
        ----------
        discussions_output_dir, fresh
            As in `begin`.
        """
        return await run_async(self._begin(discussions_output_dir, fresh))

    @named_arguments
    def start(self, discussions_output_dir: PathLike, *, fresh: bool = False) -> "Live":
        """Begin in the background, and return a view of the run at once.

        A notebook shows progress and the conversation, with buttons to pause, to stop and to say something.
        Other cells can be run meanwhile; once the run is over, the output becomes the `Run`.

        Parameters
        ----------
        discussions_output_dir, fresh
            As in `begin`.

        Returns
        -------
        Live
            With `wait`, `result`, `pause`, `stop` and more. An error is shown, and raised by `wait`.
        """
        as_path("discussions_output_dir", discussions_output_dir)
        require_bool("fresh", fresh)
        return doors.live(discussions_output_dir, lambda: self.abegin(discussions_output_dir, fresh=fresh))

    def estimate(self) -> Estimate:
        """Estimate the cost of `begin`, from the real prompts and a probe of five seconds at most.

        The probe holds the first two turns of some discussions, and discards them. The other turns are held with its
        answers in place of the models. No discussion is expected to end before its last turn.
        `Run.costs` compares the estimate with the actual cost.
        """
        return run_sync(self._estimate())

    def trial(self) -> Trial:
        """Return the parts of the experiment from which its cost is estimated."""
        seed = given_or_drawn(self.seed)
        probed = min(self.num_discussions, self.max_concurrency, _PROBE_SIZE)

        def probe() -> Probe:
            refuse_people(self._models)
            discussions = [self.discussion(index, seed) for index in range(probed)]
            return Probe(
                [functools.partial(hold_turns, discussion, _PROBE_TURNS) for discussion in discussions],
                lambda: [message for discussion in discussions for message in discussion.messages],
            )

        async def rehearse(stand_ins: Mapping[str, Model], limit_s: float) -> float:
            rehearsed = copy.copy(self)
            rehearsed.stop = ()  # the first turns cannot tell when a discussion will end
            rehearsed.users = tuple(user.speaking_for(stand_ins[user.model.name]) for user in self.users)
            moderator = self.moderator
            rehearsed.moderator = moderator.speaking_for(stand_ins[moderator.model.name]) if moderator else None
            end = time.perf_counter() + limit_s
            for index in range(min(self.num_discussions, _REHEARSAL_SIZE)):
                await rehearsed.discussion(index, seed).arun()
                await asyncio.sleep(0)  # the loop is that of everything under way
                if time.perf_counter() > end:
                    break
            return (index + 1) / self.num_discussions

        wanted = probed * min(_PROBE_TURNS, self.num_turns) * (2 if self.moderator else 1)
        asked_in_turn = (self.users, [self.moderator] if self.moderator else [])  # the moderator after each comment
        batches = self.num_turns * sum(any(one.model.in_batches for one in actors) for actors in asked_in_turn)
        return Trial(self.num_discussions * self.num_turns, wanted, self._models, probe, rehearse, batches)

    def expect(self, cost: Cost | None) -> None:
        """Set the estimate that `Run.costs` compares with the actual cost; `estimate` does so, too."""
        self._expected = cost

    def discussion(self, index: int, seed: int, history: Sequence[Message] = ()) -> Discussion:
        """Return a discussion of the experiment, ready to run.

        Parameters
        ----------
        index : int
            The number of the discussion, from 0.
        seed : int
            The seed of the experiment, as in `Run.seed`.
        history : sequence of Message
            Messages of it so far.
        """
        own_seed = discussion_seed(seed, index)
        topic = draw_topic(self.topics, own_seed)
        discussion = Discussion(
            users=draw_participants(self.users, topic, self.turn_manager, self.num_active_users, own_seed),
            moderator=self.moderator,
            topic=topic,
            turn_manager=self.turn_manager,
            num_turns=self.num_turns,
            window=self.window,
            window_counts=self.window_counts,
            stop=self.stop,
            seed=own_seed,
            index=index,
            history=history,
        )
        discussion.cast = self.cast
        return discussion

    @contextlib.contextmanager
    def opened(self, path: Path, fresh: bool = False, only: Collection[str] | None = None) -> Iterator[OpenedRun]:
        """Open the run folder of the experiment, for `run_all`.

        Parameters
        ----------
        path : Path
            The run folder.
        fresh : bool
            As in `begin`.
        only : collection of str, optional
            Names of the discussions to restrict the work to.
        """
        indices = {discussion_name(index): index for index in range(self.num_discussions)}

        async def hold(unit: str, progress: RunProgress, control: RunControl) -> None:
            begun = functools.cache(lambda: self.discussion(indices[unit], folder.seed))  # only if there are lines
            with folder.journal(unit, Message, lambda *lines: message_mismatch(begun(), *lines)) as journal:
                discussion = self.discussion(indices[unit], folder.seed, journal.done)
                await hold_discussion(discussion, unit, journal, control, progress)
            progress.shorten(self.num_turns - discussion.turn)
            folder.finish(unit, discussion.transcript)

        with contextlib.closing(
            RunFolder(path, "discussions", self.spec(), self.num_discussions, fresh, self._mismatch)
        ) as folder:
            folder.keep_estimate(self._expected)
            whole = folder.spec["num_discussions"]
            if whole > self.num_discussions:
                warn(
                    f"{folder.path} has {whole:,} discussions, and the experiment {self.num_discussions:,}: the others "
                    "stay as they are, and are left out of the run that is returned."
                )
            yield OpenedRun(
                folder,
                units=dict.fromkeys(indices, self.num_turns),
                unfinished=folder.pending([discussion_name(index) for index in range(whole)]),
                work=hold,
                models=self._models,
                max_concurrency=self.max_concurrency,
                only=only,
                part=RunPart(frozenset(indices)) if whole > self.num_discussions else None,
            )

    def origin(self, folder: Path) -> RunOrigin[Transcript]:
        """Return the experiment as the origin of its run in a folder."""

        async def remake(unit: str) -> Transcript:
            index = discussion_index(unit)
            assert index is not None  # noqa: S101  (units are named by their indices)
            await load_all(self._models)
            return await self.discussion(index, read_head(folder).seed).arun()

        return RunOrigin(lambda units: self.opened(folder, only=units), remake)

    def spec(self) -> dict[str, Any]:
        """Return the experiment as plain data."""
        spec: dict[str, Any] = {
            "topics": [plain_topic(topic) for topic in self.topics],
            "users": [actor_spec(user) for user in self.users],
            "moderator": actor_spec(self.moderator) if self.moderator else None,
            "num_turns": self.num_turns,
            "num_discussions": self.num_discussions,
            "num_active_users": self.num_active_users,
            "turn_manager": self.turn_manager.settings(),
            "window": self.window,
            "window_counts": self.window_counts,
            "seed": self.seed,
            "models": [model.settings() for model in self._models],
        }
        if self.stop:
            spec["stop"] = [condition.settings() for condition in self.stop]
        return spec

    def _mismatch(self, seed: int, unit: str, record: Transcript | AnnotationSet) -> str:
        """Return the reason why a record is not that of a discussion of the experiment, or ""."""
        index = discussion_index(unit)
        if not isinstance(record, Transcript) or index is None:
            return f"the experiment has only {count(self.num_discussions, 'discussion')}."
        return transcript_mismatch(self.discussion(index, seed), record)

    def __repr__(self) -> str:
        return (
            f"<DiscussionExperiment: {self.num_discussions} discussions of {self.num_turns} turns, by "
            f"{self.num_active_users} of {len(self.users)} users on {count(len(self.topics), 'topic')}>"
        )

    async def _estimate(self) -> Estimate:
        trial = self.trial()
        estimate = await measured_estimate(trial, await first_estimate(trial))
        self._expected = estimate.cost
        return estimate

    async def _begin(self, path: PathLike, fresh: bool = False) -> Run[Transcript]:
        path = as_path("discussions_output_dir", path)
        require_bool("fresh", fresh)
        (opened,) = await run_all([self.opened(path, fresh)])
        return Run(opened.folder.path, self.origin(path), opened.part, self.cast)
