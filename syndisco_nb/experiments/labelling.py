"""A person labels discussions by hand, one comment after the other, into the files of an annotation run."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.model.base import Completion
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.window import COUNTS, Counts
from syndisco_nb.errors import InvalidInputError, RunFolderError, named_arguments, require, require_text
from syndisco_nb.experiments.annotation_experiment import (
    AnnotationExperiment,
    Found,
    pending_annotations,
    readable_discussions,
)
from syndisco_nb.experiments.common import counted
from syndisco_nb.jobs import Annotation
from syndisco_nb.jobs.annotation import SHOWN
from syndisco_nb.records import AnnotationSet, ChatMessage, Label, Message, Transcript, Value
from syndisco_nb.records.unit_names import annotation_name, annotation_parts, discussion_name
from syndisco_nb.runs.files import as_path, path_to
from syndisco_nb.runs.journal import Journal
from syndisco_nb.runs.layout import PathLike, Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.shown import Shown
from syndisco_nb.wording import label_text

if TYPE_CHECKING:
    from syndisco_nb.doors import Labeller

Others = Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet]
"""Labels of others: a run, or the sets themselves."""


@dataclass(frozen=True, slots=True)
class OpenLabel(Shown):
    """What a person is to label next.

    Attributes
    ----------
    discussion : str
        The name of the discussion.
    transcript : Transcript
    comments : tuple of Message
        The comments of the window; the last is the one to label.
    scale : Scale
        What is asked, its labels in the order in which they are shown.
    given : mapping of str to value
        The comment's labels so far, by scale; None where it was skipped.
    """

    discussion: str
    transcript: Transcript
    comments: tuple[Message, ...]
    scale: Scale
    given: Mapping[str, Value | None]

    @property
    def comment(self) -> Message:
        """The comment to label."""
        return self.comments[-1]

    def __repr__(self) -> str:
        return f"<OpenLabel: {self.scale.name} of comment {self.comment.index} of {self.discussion}>"


class _Source(NamedTuple):
    """A discussion to label, read when its turn comes."""

    name: str
    found: Found
    read: Callable[[], Transcript]


class Labelling(Shown):
    """Have a person label every comment of some discussions, on every scale, in order.

    Each label is on file before the next is asked for. The folder is that of an `AnnotationExperiment` with one
    annotator, who is a `HumanModel`; opened again, it goes on where it was. Whatever other annotators said is not
    read, unless asked for by `reveal`.

    Parameters
    ----------
    discussions : str, path-like, Run, Transcript or iterable of Transcript
        What to label: the folder of a run, or some of its transcripts, as in ``run[:5]``.
    scales : Scale or sequence of Scale
        What is asked, one question each.
    annotator : str
        Who labels.
    folder : str or path-like
        The run folder of the labels; made if it does not exist.
    window : int
        How many comments the person sees, the one to label included.
    instructions : str
        What to keep in mind, shown beside the comments.
    seed : int, optional
        Decides nothing of what a person says; kept, as in every run.
    window_counts : {"participants", "all"}
        Whose comments count in the window; those of moderators and guests come in addition, unless it counts "all".

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    RunFolderError
        If the folder holds a different experiment, or another process is writing to it.
    StorageError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> people = [snb.LLMActor(snb.ScriptedModel("Well."), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(people, topic="Tax?", num_turns=2, seed=7).run()
    >>> labelling = Labelling(talk, snb.Likert("toxicity"), "Dana", tempfile.mkdtemp())
    >>> for value in (1, 3, 2):
    ...     _ = labelling.label(value)
    >>> labelling
    <Labelling by Dana: 3 of 3 labels>
    >>> [label.value for label in labelling.run[0].labels]
    [1, 3, 2]
    """

    @named_arguments
    def __init__(
        self,
        discussions: PathLike | Transcript | Iterable[Transcript],
        scales: Scale | Sequence[Scale],
        annotator: str,
        folder: PathLike,
        window: int = WINDOW,
        instructions: str = "",
        seed: int | None = None,
        window_counts: Counts = COUNTS,
    ) -> None:
        require_text("annotator", annotator)
        require(annotator.strip(), "annotator is empty. Say who labels, for example 'Dana'.", "annotator")
        model = HumanModel(annotator)
        person = LLMActor(model, annotator, instructions=instructions, actor_type=ActorType.ANNOTATOR)
        self._experiment = AnnotationExperiment([person], scales, window, seed, window_counts=window_counts)
        require(self.scales, "scales is empty. Give what to label by, for example Likert('toxicity', 1, 5).", "scales")
        self.annotator = annotator
        self.instructions = instructions
        self.folder = as_path("folder", folder)
        self._sources, self._skipped, asked = _sources(discussions, self.folder)
        self._spec = self._experiment.spec(asked)
        self._lock = threading.RLock()
        self._shown: dict[tuple[str, int], str] = {}
        self._place = 0
        self._job: Annotation | None = None
        with self._opened() as opened:
            self._resume(opened)

    @property
    def scales(self) -> tuple[Scale, ...]:
        """What is asked of each comment."""
        return self._experiment.scales

    @property
    def current(self) -> OpenLabel | None:
        """What is to be labelled next; None once everything is."""
        with self._lock:
            if self._job is None:
                return None
            place, scale = self._next(self._job)
            transcript = self._job.transcript
            comment = transcript.comments[place]
            given = {label.scale: label.value for label in self._job.labels if label.comment == comment.index}
            asked = scale.ordered(self._job.seed_of(place, scale))
            return OpenLabel(self._job.discussion, transcript, self._job.seen(place), asked, given)

    @property
    def progress(self) -> tuple[int, int]:
        """How many labels there are, skipped ones included, and how many there will be."""
        with self._lock:
            finished = sum(source.found.comments for source in self._sources[: self._place]) * len(self.scales)
            total = sum(source.found.comments for source in self._sources) * len(self.scales)
            return finished + (len(self._job.labels) if self._job else 0), total

    @property
    def run(self) -> Run[AnnotationSet]:
        """The discussions that are labelled, as a run of annotations."""
        return Run(self.folder)

    def label(self, value: Value) -> Label:
        """Label what is `current`; when this returns, the label is on file.

        Parameters
        ----------
        value : bool, int or str
            A label that the scale allows, as such or as text.

        Raises
        ------
        InvalidInputError
            If the scale does not allow it, or everything is labelled.
        RunFolderError
            If the folder was written elsewhere meanwhile; `current` then is what is next.
        StorageError
            If the folder cannot be written; nothing has changed then.
        """
        with self._lock:
            kept = self._asked().scale.accept(value)
            return self._keep(Completion(label_text(kept)), kept)

    def skip(self) -> Label:
        """Pass over what is `current`: its label is None."""
        with self._lock:
            self._asked()
            return self._keep(Completion("", "passed"), None)

    def undo(self) -> Label:
        """Take back the last label, also one of an earlier day; return it. Its comment is `current` again."""
        with self._lock, self._opened() as folder:
            self._check_unchanged(folder)
            place, labels = self._last(folder)
            folder.put_back(self._unit(place), labels[:-1])
            self._go_to(place, labels[:-1])
            return labels[-1]

    def reveal(self, others: Others) -> list[tuple[str, Label]]:
        """Return what others said of the current comment, with their names.

        From then on, the prompt behind the person's own labels of this comment says what they had seen.

        Parameters
        ----------
        others : Run, AnnotationSet or iterable of AnnotationSet
            Only what is about this discussion is read.
        """
        with self._lock:
            asked = self._asked()
            found = [
                (labels.annotator_name, label)
                for labels in _about(others, asked)
                for label in labels.labels
                if label.comment == asked.comment.index
            ]
            texts = [f"{name}: {f'{one.scale} ' if one.scale else ''}{label_text(one.value)}" for name, one in found]
            self._shown[asked.discussion, asked.comment.index] = SHOWN + ("; ".join(texts) or "no labels")
            return found

    def widget(self, others: Others | None = None) -> "Labeller":
        """Return a widget to label with: the comment in its context, and the scale by mouse and number keys.

        Parameters
        ----------
        others : Run, AnnotationSet or iterable of AnnotationSet, optional
            Labels of others, for a look at them when the person asks for it; see `reveal`.
        """
        return doors.labeller(self, others)

    def __repr__(self) -> str:
        done, total = self.progress
        return f"<Labelling by {self.annotator}: {done:,} of {counted(total, 'label', verb=False)}>"

    @contextlib.contextmanager
    def _opened(self) -> Iterator[RunFolder]:
        """Hold the folder for one step alone, since a notebook may hold any number of labellings for days."""
        with contextlib.closing(self._folder()) as folder:
            yield folder

    def _folder(self) -> RunFolder:
        places = {self._unit(place): source.name for place, source in enumerate(self._sources)}

        def check(seed: int, unit: str, found: Transcript | AnnotationSet) -> str:
            if unit not in places:
                return "no such discussion was given."
            return self._experiment.foreign(places[unit], 0, seed, found)

        return RunFolder(self.folder, "annotations", self._spec, len(self._sources), check=check)

    def _journal(self, folder: RunFolder, place: int) -> Journal[Label]:
        source = self._sources[place]
        check = self._experiment.label_check(source.name, 0, folder.seed, source.found)
        return folder.journal(self._unit(place), Label, check)

    def _resume(self, folder: RunFolder) -> None:
        """Go to what is to be labelled next, and finish what a kill has left unfinished."""
        self._seed = folder.seed
        asked = {self._unit(place): source.found for place, source in enumerate(self._sources)}
        pending = pending_annotations(folder, asked, self._skipped)
        units = [self._unit(place) for place in range(len(self._sources))]
        self._advance(folder, next((place for place, unit in enumerate(units) if unit in pending), len(units)))

    def _advance(self, folder: RunFolder, place: int) -> None:
        """Go to a discussion, or to the next that has something to label."""
        while place < len(self._sources):
            if folder.finished(self._unit(place)) is None:
                with self._journal(folder, place) as journal:
                    self._go_to(place, journal.done)
                if self._job and self._rest(self._job):
                    return
                if self._job:
                    folder.finish(self._unit(place), self._job.annotation_set)
            place += 1
        self._place, self._job = len(self._sources), None
        folder.write_status("finished")

    def _go_to(self, place: int, done: Sequence[Label]) -> None:
        source = self._sources[place]
        self._place = place
        self._job = self._experiment.annotation(source.read(), source.name, 0, self._seed, done)
        self._since = time.monotonic()

    def _keep(self, completion: Completion, value: Value | None) -> Label:
        """Write the label of what is current, and go on."""
        asked, job = self._asked(), self._job
        assert job is not None  # noqa: S101  (there is something to label)
        place, scale = self._next(job)
        request = job.request(place, scale)
        if shown := self._shown.get((job.discussion, asked.comment.index)):
            request = replace(request, messages=(*request.messages, ChatMessage("user", shown)))
        completion = replace(completion, seconds=round(time.monotonic() - self._since, 3))
        with self._opened() as folder:
            self._check_unchanged(folder)
            label = job.keep(place, scale, request, completion, value)
            try:
                with self._journal(folder, self._place) as journal:
                    journal.append(label)
            except BaseException:
                job.labels.remove(label)
                raise
            self._since = time.monotonic()
            if not self._rest(job):
                folder.finish(self._unit(self._place), job.annotation_set)
                self._advance(folder, self._place + 1)
        return label

    def _check_unchanged(self, folder: RunFolder) -> None:
        """Refuse to go on from anything but what is on file, where another notebook may have labelled meanwhile."""
        if self._job is None:
            same = all(folder.finished(self._unit(place)) is not None for place in range(len(self._sources)))
        else:
            unit = self._unit(self._place)
            same = folder.finished(unit) is None
            if same:
                with self._journal(folder, self._place) as journal:
                    same = journal.done == self._job.labels
        if not same:
            self._resume(folder)
            raise RunFolderError(
                f"{self.folder} was written elsewhere meanwhile, perhaps in another notebook. What is there now was "
                "read: look at what is to be labelled next, and label that."
            )

    def _last(self, folder: RunFolder) -> tuple[int, Sequence[Label]]:
        """Return the discussion with the last label, by its place, and its labels."""
        if self._job and self._job.labels:
            return self._place, self._job.labels
        for place in reversed(range(self._place)):
            done = folder.finished(self._unit(place))
            if isinstance(done, AnnotationSet) and done.labels:
                return place, done.labels
        raise InvalidInputError("There is no label to take back.")

    def _rest(self, job: Annotation) -> list[tuple[int, Scale]]:
        done = {(label.comment, label.scale) for label in job.labels}
        comments = enumerate(job.transcript.comments)
        return [(n, scale) for n, one in comments for scale in self.scales if (one.index, scale.name) not in done]

    def _next(self, job: Annotation) -> tuple[int, Scale]:
        return self._rest(job)[0]

    def _asked(self) -> OpenLabel:
        asked = self.current
        if asked is None:
            raise InvalidInputError("Everything is labelled. To change the last label, undo() it first.")
        return asked

    def _unit(self, place: int) -> str:
        return annotation_name(self._sources[place].name, 0)


def _sources(
    discussions: PathLike | Transcript | Iterable[Transcript], folder: Path
) -> tuple[list[_Source], list[Skipped], str | list[str]]:
    """Return the discussions, the files that are none, and what the folder's run.json is to call the discussions."""
    if isinstance(discussions, str | os.PathLike):
        path = Path(discussions).expanduser()
        found, skipped = readable_discussions(path)
        asked = path_to(path, folder)
        return [_Source(file.stem, one, _reader(file)) for file, one in found.items()], skipped, asked
    given = [discussions] if isinstance(discussions, Transcript) else list(discussions)
    require(given, "discussions is empty. Give at least one transcript, or the folder of a run.", "discussions")
    names = []
    for one in given:
        require(isinstance(one, Transcript), f"discussions holds {one!r}, but must hold Transcripts.", "discussions")
        names.append(discussion_name(one.index))
        require(
            names.count(names[-1]) == 1,
            f"Two transcripts are called {names[-1]}. Label those of different runs into folders of their own.",
            "discussions",
        )
    held = [_Source(name, Found.of(one), _holder(one)) for name, one in zip(names, given, strict=True)]
    return held, [], [one.id for one in given]


def _reader(file: Path) -> Callable[[], Transcript]:
    return lambda: read_record(Transcript, file)


def _holder(transcript: Transcript) -> Callable[[], Transcript]:
    return lambda: transcript


def _about(others: Others, asked: OpenLabel) -> list[AnnotationSet]:
    """Return the annotation sets about a discussion; of a run, only their files are read."""
    if isinstance(others, Run):
        require(others.holds is AnnotationSet, f"others is {others!r}, but must hold annotation sets.", "others")
        parts = map(annotation_parts, others.names)
        given = [others[place] for place, name in enumerate(parts) if name and name[0] == asked.discussion]
    else:
        given = [others] if isinstance(others, AnnotationSet) else list(others)
    for one in given:
        require(isinstance(one, AnnotationSet), f"others holds {one!r}, but must hold AnnotationSets.", "others")
    return [one for one in given if one.discussion_id == asked.transcript.id]
