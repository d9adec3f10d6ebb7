"""`ExperimentForm`, the form of a whole study."""

import asyncio
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from syndisco_nb.builder import ExperimentBuilder, Study
from syndisco_nb.builder.construction import build_annotators, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.study_file import check_folder, check_place
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import ANNOTATIONS, PathLike
from syndisco_nb.widgets.forms.action_bar import ActionBar, Results
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.design_form import DesignForm
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.form_field import Faults
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.label_results import label_results
from syndisco_nb.widgets.forms.study_fields import NEEDED, beginning, design_fields
from syndisco_nb.widgets.live import Live

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "People": ("participants", "per_discussion"),
    "Model": ("model", "models"),
    "Topic": ("topics", "context", "instructions"),
    "Moderator": ("moderator",),
    "Turns": ("turns", "window", "window_counts", "turn_taking", "stop"),
    "Conditions": ("discussions", "seed", "vary"),
    "Annotation": ("scales", "annotators", "annotation_window"),
}


class ExperimentForm(DesignForm):
    """The form of a study: its value is an `ExperimentBuilder`.

    Parameters
    ----------
    builder : ExperimentBuilder, optional
        The initial content.
    folder : str or path-like
        The initial content of `folder`.

    Attributes
    ----------
    folder : Input
        The folder of the run.
    file : Input
        The file that Save writes and Load reads.
    study : Study or None
        The last run, finished or not.
    stage : ActionBar
        With `stop`, and `wait` for the end.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.ExperimentForm(snb.ExperimentBuilder(seed=7).topics(["Tax?"]))
    >>> form["turns"].value = 5
    >>> form["participants"].value = [snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")]
    >>> form.value
    <ExperimentBuilder: 1 condition of 5 discussions, 5 turns by 2 of 2 participants>
    """

    def __init__(self, builder: ExperimentBuilder | None = None, folder: PathLike = "runs/study") -> None:
        self.folder = text_input("Run folder", "Created if missing; finished work in it is kept")
        self.folder.value = str(folder)
        self.folder.on_change(self._folder_changed)
        self.study: Study | None = None
        self._last_builder: ExperimentBuilder | None = None
        files = FileActions(self, "Design file", "study.yaml")
        self.files, self.file = files, files.file
        stage = ActionBar(
            [
                self.folder,
                Button("Run", self.run, "Continues from finished work", main=True),
                Button("Annotate", self.annotate, "Label the comments, as set under Annotation"),
            ],
            [
                Button("Preview", self.preview, "The first prompt of every condition"),
                Button("Estimate", self.estimate, "Calls, tokens and time, from a few seconds of the model's work"),
            ],
            files,
        )
        super().__init__(
            design_fields(),
            SECTIONS,
            "New experiment",
            "Change what you need; the rest keeps its default.",
            stage,
        )
        self.value = beginning() if builder is None else builder

    @property
    def builder(self) -> ExperimentBuilder:
        """The same as `value`."""
        builder: ExperimentBuilder = self.value
        return builder

    @builder.setter
    def builder(self, builder: ExperimentBuilder) -> None:
        self.value = builder

    # Buttons

    def run(self) -> None:
        """Hold all discussions that are not finished yet, in the background."""
        if builder := self._complete():
            folder = self.folder.text
            if self._tell_of_folder(lambda path: check_folder(path, builder.design)):
                self.stage.attempt(lambda: self.stage.follow(lambda: builder.start(folder), self._ran))
            else:
                self.folder.focus_on()

    def annotate(self) -> None:
        """Have the annotators label all comments, in the background."""
        if self.ready(self._faults_of_labels):
            self.stage.attempt(self._annotate)

    def preview(self) -> None:
        """Show the real first prompt of every condition."""
        if builder := self._complete():
            names = list(builder.design.levels())
            previews = functools.partial(asyncio.to_thread, lambda: [builder.preview(name) for name in names])
            self.stage.do("Making prompts", previews, lambda shown: shown)

    def estimate(self) -> None:
        """Show an estimate of the cost of a run."""
        if builder := self._complete():
            self.stage.do("Estimating", lambda: builder.aestimate(self.stage.tell), lambda estimate: [estimate])

    def _folder_changed(self) -> None:
        self._tell_of_folder(check_place)

    def _tell_of_folder(self, check: Callable[[Path], None]) -> bool:
        """Return whether a check accepts the run folder; if not, show its error beside the folder."""
        try:
            check(as_path("folder", self.folder.text))
        except SyndiscoError as error:
            self.folder.message = str(error)
            return False
        self.folder.message = ""
        return True

    def _annotate(self) -> None:
        builder = self.builder
        design, models = builder.design, builder.models
        study = Study(self.folder.text)
        given = build_annotators(design, models), build_scales(design), design.annotation_window
        live = functools.partial(Live, study.folder / ANNOTATIONS, lambda: study.aannotate(*given))
        self.stage.follow(live, lambda runs: [*label_results(runs), study, runs])

    def _ran(self, study: Study) -> Results:
        self.study = study
        return [study]

    def _complete(self) -> ExperimentBuilder | None:
        """Return the builder of a complete design; if there is none, show its faults."""
        return self.builder if self.ready(self._unfinished) else None

    def _faults_of_labels(self) -> Faults:
        missing = {} if self["annotators"].given else {"annotators": "There is no annotator yet. Add one, and a scale."}
        return self.errors | missing

    def _unfinished(self) -> Faults:
        varied = self["vary"].given
        return self.errors | {
            name: text for name, text in NEEDED.items() if not self[name].given and name not in varied
        }

    def _code_of(self, design: Design) -> str:
        return ExperimentBuilder.from_design(design, self["model"].models).to_code()

    def _made(self, builder: ExperimentBuilder) -> ExperimentBuilder:
        """Return the builder; the last one if it is equal, since that one knows its estimate."""
        last = self._last_builder
        if last is None or (last.design, last.models) != (builder.design, builder.models):
            self._last_builder = last = builder
        return last
