"""Many jobs at once: experiments that fill a run folder with discussions, or with annotations."""

import asyncio
import contextlib
import copy
import os
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from syndisco_nb.backend.actors import WINDOW, LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.scales import Scale, check_scales
from syndisco_nb.backend.turn_manager import RoundRobin, TurnManager
from syndisco_nb.costs import estimate
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, named_arguments, require, require_int
from syndisco_nb.jobs import Annotation, Discussion, check_annotators, check_turn_manager, check_users
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.run_files import Cost, PathLike, Skipped, record_files
from syndisco_nb.run_folder import RunFolder
from syndisco_nb.running import Progress, run_all
from syndisco_nb.runs import Origin, Run
from syndisco_nb.seeds import derive, generator, given_or_drawn
from syndisco_nb.serialization import read_record
from syndisco_nb.shown import Shown

Item = TypeVar("Item")

_PROBED = 16  # discussions in which a probe holds two turns: so many that a model can show what it does in a batch
_PROBED_ANNOTATIONS = 4
_REHEARSED = 64

MAX_CONCURRENCY = 64
"""How many discussions, or annotations of one, are under way at once, unless told otherwise."""
_LONGEST_NAME = 200  # of a discussion's file, so that its annotations' files can be named after it


class DiscussionExperiment(Shown):
    """Hold many discussions: random users, a random topic, all from one seed.

    Discussion i depends on the seed and on i, and on nothing else: not on how many others there are, nor
    on which finishes first.

    Parameters
    ----------
    topics : sequence of str
        Each discussion opens with one of them, at random.
    users : sequence of LLMActor
        Those who may take part, with different names.
    moderator : LLMActor, optional
        Asked after every kept comment, unless the turn manager has another rule.
    num_turns : int
        How often a user is asked for a comment, in each discussion.
    num_discussions : int
        How many discussions.
    num_active_users : int
        How many of the users take part in each, drawn without replacement.
    turn_manager : TurnManager, optional
        Who speaks next; `RoundRobin` by default.
    window : int
        How many of the last comments an actor sees.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the run folder.
    max_concurrency : int
        How many discussions are under way at once. Changes the speed, never the result.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    """

    @named_arguments
    def __init__(
        self,
        topics: Sequence[str],
        users: Sequence[LLMActor],
        moderator: LLMActor | None = None,
        num_turns: int = 10,
        num_discussions: int = 5,
        num_active_users: int = 2,
        turn_manager: TurnManager | None = None,
        window: int = WINDOW,
        seed: int | None = None,
        max_concurrency: int = MAX_CONCURRENCY,
    ) -> None:
        self.topics = _check_topics(topics)
        self.users = check_users(users, moderator)
        check_turn_manager(turn_manager)
        self.num_turns = require_int("num_turns", num_turns, 1)
        self.num_discussions = require_int("num_discussions", num_discussions, 1)
        self.num_active_users = require_int("num_active_users", num_active_users, 1)
        self.window = require_int("window", window, 1)
        self.max_concurrency = require_int("max_concurrency", max_concurrency, 1)
        self.seed = None if seed is None else require_int("seed", seed, 0)
        require(
            num_active_users <= len(self.users),
            f"num_active_users is {num_active_users}, but only {_count(len(self.users), 'user')} given. "
            "Give more users, or lower num_active_users.",
        )
        self.moderator = moderator
        self.turn_manager = turn_manager or RoundRobin()
        self._check_turn_manager()
        self._models = _models([*self.users, *([moderator] if moderator else [])])
        self._expected: Cost | None = None

    @named_arguments
    def begin(self, discussions_output_dir: PathLike, fresh: bool = False) -> Run[Transcript]:
        """Hold the discussions, showing progress.

        What the folder already holds of this experiment is kept, and not asked again. An interrupt stops
        the rest.

        Parameters
        ----------
        discussions_output_dir : str or path-like
            The run folder; made if it does not exist.
        fresh : bool
            Whether to start anew; a run that is already there is moved aside, to ``….old-1``.

        Returns
        -------
        Run
            The finished transcripts, and what failed.

        Raises
        ------
        RunFolderError
            If the folder holds a different experiment, or another run is writing to it.
        StorageError
            If the folder cannot be written: the disk is full, read-only or gone.
        ModelError
            If a model cannot be loaded.
        RunFailedError
            If one discussion after the other fails, and none gets on.
        """
        return run_sync(self._begin(discussions_output_dir, fresh))

    @named_arguments
    async def abegin(self, discussions_output_dir: PathLike, fresh: bool = False) -> Run[Transcript]:
        """Do what `begin` does, for those who await."""
        return await run_async(self._begin(discussions_output_dir, fresh))

    def estimate(self) -> Cost:
        """Estimate what `begin` will cost, from the real prompts and a probe.

        The probe holds the first two turns of some of the discussions, and throws them away. From then on
        what it was answered stands in for the models. `Run.costs` compares the estimate with the truth.
        """
        return run_sync(self._estimate())

    def discussion(self, index: int, seed: int, history: Sequence[Message] = ()) -> Discussion:
        """Return discussion `index` of the experiment with this seed, ready to run."""
        own_seed = derive(seed, "discussion", index)
        return Discussion(
            users=self._active_users(own_seed),
            moderator=self.moderator,
            topic=generator(own_seed, "topic").choice(self.topics),
            turn_manager=self.turn_manager,
            num_turns=self.num_turns,
            window=self.window,
            seed=own_seed,
            index=index,
            history=history,
        )

    def __repr__(self) -> str:
        return (
            f"<DiscussionExperiment: {self.num_discussions} discussions of {self.num_turns} turns, by "
            f"{self.num_active_users} of {len(self.users)} users on {_count(len(self.topics), 'topic', verb=False)}>"
        )

    def _check_turn_manager(self) -> None:
        names = [user.name for user in self.users]
        strangers = [name for name in self.turn_manager.names_known() if name not in names]
        require(
            not strangers,
            f"{self.turn_manager!r} speaks of {', '.join(strangers)}, but the users are: {', '.join(names)}.",
        )
        needed = self.turn_manager.names_needed()
        require(
            len(needed) <= self.num_active_users,
            f"{self.turn_manager!r} needs {len(needed)} users in every discussion, but num_active_users is "
            f"{self.num_active_users}.",
        )

    def _active_users(self, seed: int) -> list[LLMActor]:
        """Draw who takes part, whom the turn manager needs among them, in random order."""
        rng = generator(seed, "users")
        needed = [user for user in self.users if user.name in self.turn_manager.names_needed()]
        others = [user for user in self.users if user not in needed]
        drawn = needed + rng.sample(others, self.num_active_users - len(needed))
        return rng.sample(drawn, len(drawn)) if needed else drawn

    async def _estimate(self) -> Cost:
        seed = given_or_drawn(self.seed)

        async def probe() -> list[Message]:
            count = min(self.num_discussions, self.max_concurrency, _PROBED)
            probed = [self.discussion(index, seed) for index in range(count)]
            await asyncio.gather(*(_hold(discussion, turns=2) for discussion in probed))
            return [message for discussion in probed for message in discussion.messages if message.generation]

        async def rehearse(model: Model) -> float:
            count = min(self.num_discussions, _REHEARSED)
            rehearsed = copy.copy(self)
            rehearsed.users = tuple(user.speaking_for(model) for user in self.users)
            rehearsed.moderator = self.moderator.speaking_for(model) if self.moderator else None
            for index in range(count):
                await rehearsed.discussion(index, seed).arun()
            return count / self.num_discussions

        await _load(self._models)
        self._expected = await estimate(probe, rehearse)
        return self._expected

    async def _begin(self, path: PathLike, fresh: bool = False, only: Collection[str] | None = None) -> Run[Transcript]:
        spec = {
            "topics": self.topics,
            "users": [asdict(user.describe()) for user in self.users],
            "moderator": asdict(self.moderator.describe()) if self.moderator else None,
            "num_turns": self.num_turns,
            "num_discussions": self.num_discussions,
            "num_active_users": self.num_active_users,
            "turn_manager": self.turn_manager.settings(),
            "window": self.window,
            "seed": self.seed,
            "models": [model.settings() for model in self._models],
        }
        indices = {f"discussion-{index:05d}": index for index in range(self.num_discussions)}

        async def hold(unit: str, progress: Progress) -> None:
            with folder.journal(unit, Message) as journal:
                discussion = self.discussion(indices[unit], folder.seed, journal.done)
                progress.resumed(sum(message.role == "participant" for message in journal.done))
                while (message := await discussion.astep()) is not None:
                    journal.append(message)
                    if message.generation:
                        progress.advance(message.role == "participant")
                    await asyncio.sleep(0)  # an instant model must not keep the loop to itself
            folder.finish(unit, discussion.transcript)

        async def again(units: Collection[str]) -> Run[Transcript]:
            return await self._begin(path, only=units)

        async def remake(unit: str) -> Transcript:
            await _load(self._models)
            return await self.discussion(indices[unit], folder.seed).arun()

        turns = dict.fromkeys(indices, self.num_turns)
        with contextlib.closing(RunFolder(path, "discussions", spec, self.num_discussions, fresh)) as folder:
            folder.expect(self._expected)
            pending = folder.pending(indices)
            await run_all(folder, turns, pending, hold, self._models, self.max_concurrency, "turn", only=only)
        return Run(folder.path, Origin(again, remake))


class AnnotationExperiment(Shown):
    """Have every comment of many discussions labelled by every annotator.

    Parameters
    ----------
    annotators : sequence of LLMActor
        Of type `ActorType.ANNOTATOR`. Their names may be empty, or equal.
    scales : Scale or sequence of Scale
        What is asked, one question each; without any, the annotators' own instructions ask for any text.
    window : int
        How many comments an annotator sees, the one to label included.
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept in the run folder.
    max_concurrency : int
        How many annotations (one annotator, one discussion) are under way at once.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    """

    @named_arguments
    def __init__(
        self,
        annotators: Sequence[LLMActor],
        scales: Scale | Sequence[Scale] = (),
        window: int = WINDOW,
        seed: int | None = None,
        max_concurrency: int = MAX_CONCURRENCY,
    ) -> None:
        self.annotators = check_annotators(annotators)
        self.scales = check_scales(scales)
        self.window = require_int("window", window, 1)
        self.max_concurrency = require_int("max_concurrency", max_concurrency, 1)
        self.seed = None if seed is None else require_int("seed", seed, 0)
        self._models = _models(self.annotators)
        self._expected: Cost | None = None

    @named_arguments
    def begin(self, discussions_dir: PathLike, output_dir: PathLike, fresh: bool = False) -> Run[AnnotationSet]:
        """Annotate all discussions of a folder, showing progress.

        Files in it that are no discussions of ours are reported and stepped around.

        Parameters
        ----------
        discussions_dir : str, path-like or Run
            Where the discussions are.
        output_dir : str or path-like
            The run folder of the annotations; made if it does not exist.
        fresh : bool
            Whether to start anew; a run that is already there is moved aside, to ``….old-1``.

        Returns
        -------
        Run
            One annotation set per discussion and annotator, what failed, and what was skipped.

        Raises
        ------
        InvalidInputError
            If there is no discussion in `discussions_dir`.
        RunFolderError
            If `output_dir` holds a different experiment, or another run is writing to it.
        StorageError
            If `output_dir` cannot be written: the disk is full, read-only or gone.
        ModelError
            If a model cannot be loaded.
        RunFailedError
            If one annotation after the other fails, and none gets on.
        """
        return run_sync(self._begin(Path(discussions_dir).expanduser(), output_dir, fresh))

    @named_arguments
    async def abegin(self, discussions_dir: PathLike, output_dir: PathLike, fresh: bool = False) -> Run[AnnotationSet]:
        """Do what `begin` does, for those who await."""
        return await run_async(self._begin(Path(discussions_dir).expanduser(), output_dir, fresh))

    @named_arguments
    def estimate(self, discussions_dir: PathLike) -> Cost:
        """Estimate what `begin` will cost for these discussions, from the real prompts and a probe.

        The probe annotates a few discussions, and throws the labels away.
        """
        return run_sync(self._estimate(Path(discussions_dir).expanduser()))

    def __repr__(self) -> str:
        return f"<AnnotationExperiment: {_count(len(self.annotators), 'annotator', verb=False)}>"

    async def _estimate(self, source: Path) -> Cost:
        found, _ = _readable_discussions(source)
        seed = given_or_drawn(self.seed)
        units = [(file, number) for file in found for number in range(len(self.annotators))]
        labels = sum(one.comments for one in found.values()) * len(self.annotators) * max(1, len(self.scales))

        async def annotate(units: Sequence[tuple[Path, int]], model: Model | None = None) -> list[Label]:
            annotations = []
            for file, number in units:
                annotator = self.annotators[number]
                annotations.append(
                    Annotation(
                        annotator=annotator.speaking_for(model) if model else annotator,
                        transcript=read_record(Transcript, file),
                        scales=self.scales,
                        window=self.window,
                        seed=derive(seed, "annotation", file.stem, number),
                    )
                )
            await asyncio.gather(*(annotation.arun() for annotation in annotations))
            return [label for annotation in annotations for label in annotation.labels]

        async def rehearse(model: Model) -> float:
            return len(await annotate(_spread(units, _REHEARSED), model)) / labels

        await _load(self._models)
        self._expected = await estimate(lambda: annotate(_spread(units, _PROBED_ANNOTATIONS)), rehearse)
        return self._expected

    async def _begin(
        self, source: Path, path: PathLike, fresh: bool = False, only: Collection[str] | None = None
    ) -> Run[AnnotationSet]:
        found, skipped = _readable_discussions(source)
        spec = {
            "discussions": os.path.relpath(source, Path(path).expanduser()),
            "scales": [scale.settings() for scale in self.scales],
            "annotators": [asdict(annotator.describe()) for annotator in self.annotators],
            "window": self.window,
            "seed": self.seed,
            "models": [model.settings() for model in self._models],
        }
        tasks = {
            f"{file.stem}.annotator-{number:02d}": (file, number)
            for file in found
            for number in range(len(self.annotators))
        }

        def annotation(unit: str, done: Sequence[Label] = ()) -> Annotation:
            file, number = tasks[unit]
            return Annotation(
                annotator=self.annotators[number],
                transcript=read_record(Transcript, file),
                scales=self.scales,
                window=self.window,
                seed=derive(folder.seed, "annotation", file.stem, number),
                index=number,
                discussion=file.stem,
                done=done,
            )

        async def annotate(unit: str, progress: Progress) -> None:
            with folder.journal(unit, Label) as journal:
                job = annotation(unit, journal.done)
                await asyncio.sleep(0)  # an instant model must not keep the loop to itself
                progress.resumed(len(job.labels))

                def keep(label: Label) -> None:
                    journal.append(label)
                    progress.advance(1)

                annotation_set = await job.arun(keep)
            folder.finish(unit, annotation_set)

        async def again(units: Collection[str]) -> Run[AnnotationSet]:
            return await self._begin(source, path, only=units)

        async def remake(unit: str) -> AnnotationSet:
            await _load(self._models)
            return await annotation(unit).arun()

        questions = max(1, len(self.scales))
        labels = {unit: found[file].comments * questions for unit, (file, _) in tasks.items()}
        with contextlib.closing(RunFolder(path, "annotations", spec, len(tasks), fresh)) as folder:
            folder.expect(self._expected)
            pending = _pending_annotations(folder, {unit: found[file].id for unit, (file, _) in tasks.items()})
            await run_all(folder, labels, pending, annotate, self._models, self.max_concurrency, "label", skipped, only)
        return Run(folder.path, Origin(again, remake))


async def _hold(discussion: Discussion, turns: int) -> None:
    """Hold the first turns of a discussion."""
    while (message := await discussion.astep()) is not None and message.turn <= turns:
        if message.turn == turns and message.role == "participant":
            return


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """Return so many of the items, evenly spread."""
    return [items[place * len(items) // min(count, len(items))] for place in range(min(count, len(items)))]


class _Found(NamedTuple):
    """What an annotation run needs to know of a discussion beforehand."""

    id: str
    comments: int


def _pending_annotations(folder: RunFolder, ids: Mapping[str, str]) -> list[str]:
    """Return the units that are not finished; refuse where a discussion is not the one that was annotated."""
    pending = []
    for unit, discussion_id in ids.items():
        done = folder.finished(unit)
        if done is None:
            pending.append(unit)
        elif isinstance(done, AnnotationSet) and done.discussion_id != discussion_id:
            raise RunFolderError(
                f"{folder.path} holds annotations of another discussion than today's {done.discussion}: it has changed "
                "since. Use another folder."
            )
    return pending


def _readable_discussions(source: Path) -> tuple[dict[Path, _Found], list[Skipped]]:
    """Return the files that hold a discussion, and the others, with a warning about those."""
    require(
        source.is_dir(),
        f"discussions_dir is {str(source)!r}, but there is no such folder. Give the folder of a DiscussionExperiment.",
    )
    files, skipped = record_files(source)
    readable = {}
    for file in files:
        try:
            transcript = read_record(Transcript, file)
        except RecordError as error:
            skipped.append(Skipped(file.name, str(error)))
            continue
        if len(os.fsencode(file.stem)) > _LONGEST_NAME:
            skipped.append(Skipped(file.name, f"its name has more than {_LONGEST_NAME} bytes"))
        else:
            readable[file] = _Found(transcript.id, len(transcript.comments))
    reasons = "; ".join(f"{one.file}: {one.reason}" for one in skipped[:5])
    if not readable:
        raise InvalidInputError(
            f"There is no discussion in {source}{f' ({reasons})' if reasons else ''}. Give the folder of a "
            "DiscussionExperiment."
        )
    if skipped:
        more = f"; and {len(skipped) - 5} more" if len(skipped) > 5 else ""
        warnings.warn(f"Skipped {len(skipped)} of the files in {source}: {reasons}{more}", stacklevel=1)
    return readable, skipped


async def _load(models: Iterable[Model]) -> None:
    await asyncio.gather(*(model.load() for model in models))


def _models(actors: Iterable[LLMActor]) -> tuple[Model, ...]:
    """Return the different models behind the actors, in order."""
    models: dict[str, Model] = {}
    for actor in actors:
        known = models.setdefault(actor.model.name, actor.model)
        require(
            known is actor.model or known.settings() == actor.model.settings(),
            f"Two different models are both called {known.name!r}, so transcripts could not tell them apart. "
            "Give them different names.",
        )
    return tuple({id(actor.model): actor.model for actor in actors}.values())


def _check_topics(topics: Any) -> tuple[str, ...]:
    require(
        isinstance(topics, Iterable) and not isinstance(topics, str),
        f"topics is {topics!r}, but must be a list of texts.",
    )
    found = tuple(topics)
    require(found, "topics is empty. Give at least one text that opens a discussion.")
    for topic in found:
        require(isinstance(topic, str) and topic.strip(), f"A topic is {topic!r}, but must be text that is not empty.")
    return found


def _count(number: int, noun: str, verb: bool = True) -> str:
    text = f"{number} {noun}" if number == 1 else f"{number} {noun}s"
    return f"{text} {'was' if number == 1 else 'were'}" if verb else text
