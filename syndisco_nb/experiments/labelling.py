"""`Labelling`: a person labels discussions by hand, into the files of an annotation run."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.request import Completion
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.window import COUNTS, Counts
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_text
from syndisco_nb.experiments.annotation_experiment import AnnotationExperiment
from syndisco_nb.experiments.kept_labels import KeptLabels
from syndisco_nb.experiments.label_queue import LabelQueue
from syndisco_nb.experiments.labelling_files import LabellingFiles
from syndisco_nb.experiments.labelling_sources import OtherLabels, labels_about
from syndisco_nb.experiments.open_label import GivenLabel, OpenLabel
from syndisco_nb.jobs import Annotation
from syndisco_nb.jobs.annotation import SHOWN
from syndisco_nb.jobs.labelled_units import LabelledUnit
from syndisco_nb.records import AnnotationSet, ChatMessage, Label, LabelKey, Records, Unit, Value
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run
from syndisco_nb.shown import Shown
from syndisco_nb.wording import count, label_text

if TYPE_CHECKING:
    from syndisco_nb.doors import Labeller


class Labelling(Shown):
    """Have a person label the comments of a sample, or of whole discussions, on every scale.

    Each label is on file before the next is asked for. The folder is that of an `AnnotationExperiment` with one
    annotator, who is a `HumanModel`; opened again, it goes on where it was. Labels of other annotators are read
    only by `reveal`.

    The person sees the comment and those before it, but neither the condition nor the models. A moderator among the
    comments before is seen as in the discussion; with ``window=1``, the comment stands alone.

    Parameters
    ----------
    discussions : CommentSample, Study, Run, Transcript, iterable of Transcript, str or path-like
        A sample of comments, as from ``study.sample(20)``, which come in the order of the sample, or discussions, of
        which every comment is labelled. A path is that of a run or study.
    scales : Scale or sequence of Scale
        One question each.
    annotator : str
        Name of the person.
    folder : str or path-like
        The run folder of the labels; made if it does not exist.
    window : int
        Number of comments that the person sees, the one to label included.
    instructions : str
        Guidance for the person, shown beside the comments.
    seed : int, optional
        Decides the order of shuffled options. Drawn if not given, and kept in the run folder.
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
        discussions: Any,
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
        self._files = LabellingFiles(self._experiment, discussions, self.folder)
        self._steps = self._files.steps()
        self._positions = {step: position for position, step in enumerate(self._steps)}
        self._lock = threading.RLock()
        self._shown: dict[tuple[str, tuple[Unit, int | str]], str] = {}
        self._kept = KeptLabels(self._files, self._experiment)
        self._begin()

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The questions; each says what it is asked of, as `Scale.unit`."""
        return self._experiment.scales

    @property
    def window(self) -> int:
        """The number of comments that the person sees."""
        return self._experiment.window

    @property
    def discussions(self) -> list[str]:
        """The names of the discussions, in order."""
        return [source.name for source in self._files.sources]

    @property
    def current(self) -> OpenLabel | None:
        """The label to give; None once everything is labelled, or what is left was skipped twice.

        Labels that were skipped come up again after the last one.
        """
        with self._lock:
            position = self._queue.position
            if position is None:
                return None
            place, (about, subject, _) = self._steps[position]
            job, unit, scale = self._asked(position)
            keys = (LabelKey(about, subject, other.name) for other in self.scales)
            positions = (self._positions[place, key] for key in keys if (place, key) in self._positions)
            values = self._queue.values
            given = {self._steps[one][1].scale: values[one] for one in positions if one in values}
            shown = scale.ordered(job.seed_of(unit, scale)).about(unit.name)
            return OpenLabel(job.discussion, job.transcript, job.seen(unit), unit, shown, given, self._files.blind)

    @property
    def position(self) -> int | None:
        """The position of `current` in the order in which labels are asked for, from 0."""
        return self._queue.position

    @property
    def progress(self) -> tuple[int, int]:
        """The number of labels given so far, without those skipped, and of all labels."""
        with self._lock:
            return self._queue.labelled, len(self._steps)

    @property
    def skipped(self) -> list[int]:
        """The positions of the labels that were skipped."""
        with self._lock:
            return self._queue.skipped

    @property
    def is_away(self) -> bool:
        """Whether `go_on` leads elsewhere: the person looks at an earlier label, or at those skipped."""
        return self._queue.is_away

    @property
    def progress_in_discussion(self) -> tuple[int, int, int] | None:
        """The number of the `current` discussion, from 1, and of labels given and asked for in it.

        None where it would tell the condition, where comments of many discussions are mixed, and at the end.
        """
        with self._lock:
            position = self._queue.position
            if position is None or self._files.blind or any(one.sample is not None for one in self._files.sources):
                return None
            place = self._steps[position][0]
            asked = [self._positions[place, key] for key in self._files.labels(place)]
            given = sum(self._queue.values.get(one) is not None for one in asked)
            return place + 1, given, len(asked)

    def history(self, most: int | None = None) -> list[GivenLabel]:
        """Return the labels given or skipped so far, the last first.

        Parameters
        ----------
        most : int, optional
            Return no more than these.
        """
        with self._lock:
            found = []
            for position in self._queue.history[:most]:
                place, key = self._steps[position]
                name, text = self._files.labels(place)[key]
                found.append(GivenLabel(position, name, text, key.scale, self._queue.values[position]))
            return found

    @property
    def run(self) -> Run[AnnotationSet]:
        """The run of annotations: a sequence of the discussions that are all labelled.

        Its tables and agreement count the labels of the others, too.
        """
        return Run(self.folder)

    @property
    def labels(self) -> Records[AnnotationSet]:
        """The labels so far, by discussion, of those that are not all labelled, too."""
        with self._lock:
            under_way = [self._kept.annotation(place).annotation_set for place in self._kept.under_way]
            return Records([*self.run, *under_way])

    def label(self, value: Value) -> Label:
        """Give the `current` label, or replace it if there is one; when this returns, it is on file.

        Parameters
        ----------
        value : bool, int or str
            A label that the scale allows, as such or as text.

        Raises
        ------
        InvalidInputError
            If the scale does not allow it, or everything is labelled.
        RunFolderError
            If the folder was written elsewhere meanwhile; `current` is then read again from it.
        StorageError
            If the folder cannot be written; then nothing has changed.
        """
        with self._lock:
            kept = self._required().scale.accept(value)
            return self._keep(Completion(label_text(kept)), kept)

    def skip(self) -> Label:
        """Skip the `current` label: its value is None. It comes up again at the end."""
        with self._lock:
            self._required()
            return self._keep(Completion("", "passed"), None)

    def undo(self) -> Label:
        """Take back the last label, of an earlier day, too, and return it. It is `current` again.

        If it had replaced an earlier label, that one counts again.
        """
        with self._lock, self._kept.writing(self._begin) as folder:
            if self._queue.last is None:
                raise InvalidInputError("There is no label to undo.")
            position, replaced = self._queue.last
            place, key = self._steps[position]
            labels = self._kept.labels(folder, place)
            last = next(label for label in labels if label.key == key)
            left = [label for label in labels if label is not last]
            self._kept.rewrite(folder, place, [*left, replaced] if replaced else left)
            self._queue.undo()
            self._since = time.monotonic()
            self._kept.finish(folder, place)
            return last

    def go_to(self, position: int) -> None:
        """Make a label `current`, to look at it or give it anew; after that, `current` is where it was.

        Parameters
        ----------
        position : int
            As in `history` and `skipped`.
        """
        self._move(lambda queue: queue.go_to(position))

    def step_back(self) -> None:
        """Go to the label that was given before the one shown."""
        self._move(LabelQueue.step_back)

    def step_forward(self) -> None:
        """Go to the label that was given after the one shown; from the last one, to where one was."""
        self._move(LabelQueue.step_forward)

    def take_up_skipped(self) -> None:
        """Go through the labels that were skipped, one after the other."""
        self._move(LabelQueue.take_up_skipped)

    def go_on(self) -> None:
        """Return to where one was before `go_to` or `step_back`, or from those skipped to the first open label."""
        self._move(LabelQueue.go_on)

    def reveal(self, others: OtherLabels) -> list[tuple[str, Label]]:
        """Return the labels of other annotators on the current comment, with their names.

        The person's own labels of this comment then record, in their prompt, which labels the person had seen.

        Parameters
        ----------
        others : Run, AnnotationSet or iterable of AnnotationSet
            Of a run, only the files about this discussion are read.
        """
        with self._lock:
            current = self._required()
            revealed = [
                (labels.annotator_name, label)
                for labels in labels_about(current.discussion, current.transcript, others)
                for label in labels.labels
                if label.key[:2] == current.key[:2]
            ]
            texts = [f"{name}: {f'{one.scale} ' if one.scale else ''}{label_text(one.value)}" for name, one in revealed]
            self._shown[current.discussion, current.key[:2]] = SHOWN + ("; ".join(texts) or "no labels")
            return revealed

    def widget(self, others: OtherLabels | None = None) -> "Labeller":
        """Return a widget to label with: the comment in its context, and the scale by mouse and number keys.

        Parameters
        ----------
        others : Run, AnnotationSet or iterable of AnnotationSet, optional
            Labels to show when the person asks for them; see `reveal`.
        """
        return doors.labeller(self, others)

    def __fspath__(self) -> str:
        return str(self.folder)

    def __repr__(self) -> str:
        done, total = self.progress
        skipped = f", {len(self.skipped):,} skipped" if self.skipped else ""
        return f"<Labelling by {self.annotator}: {done:,} of {count(total, 'label')}{skipped}>"

    def _begin(self) -> None:
        """Go to the first label that is not on file."""
        values = self._kept.values.items()
        places = {self._positions[step]: value for step, value in values if step in self._positions}
        self._queue = LabelQueue(len(self._steps), places)
        self._jobs: dict[int, Annotation] = {}
        self._since = time.monotonic()

    def _move(self, move: Callable[[LabelQueue], None]) -> None:
        with self._lock:
            move(self._queue)
            self._since = time.monotonic()

    def _asked(self, position: int) -> tuple[Annotation, LabelledUnit, Scale]:
        """Return the annotation of a label, the unit that it is about, and the scale."""
        place, key = self._steps[position]
        if place not in self._jobs:
            self._jobs = {place: self._kept.annotation(place)}  # that of the last one asked for stays in memory
        job = self._jobs[place]
        unit = next(one.unit for one in job.asked if one.key == key)
        return job, unit, next(scale for scale in self.scales if scale.name == key.scale)

    def _keep(self, completion: Completion, value: Value | None) -> Label:
        """Write the current label, and go on to the next."""
        position = self._queue.position or 0
        job, unit, scale = self._asked(position)
        request = job.request(unit, scale)
        if shown := self._shown.get((job.discussion, unit.key()[:2])):
            request = replace(request, messages=(*request.messages, ChatMessage("user", shown)))
        completion = replace(completion, seconds=round(time.monotonic() - self._since, 3))
        label = job.label_of(unit, scale, request, completion, value)
        with self._kept.writing(self._begin) as folder:
            place = self._steps[position][0]
            replaced = None
            if position in self._queue.values:
                labels = self._kept.labels(folder, place)
                replaced = next(one for one in labels if one.key == label.key)
                self._kept.rewrite(folder, place, [*(one for one in labels if one is not replaced), label])
            else:
                self._kept.add(folder, place, label)
            self._queue.give(position, value, replaced)
            self._since = time.monotonic()
            self._kept.finish(folder, place)
        return label

    def _required(self) -> OpenLabel:
        """Return the current label, or raise `InvalidInputError` if there is none."""
        current = self.current
        if current is None:
            raise InvalidInputError(
                "Everything is labelled, or was skipped. To change a label, undo() it, go_to(position) or "
                "take_up_skipped() first."
            )
        return current
