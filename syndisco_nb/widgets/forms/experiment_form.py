"""`ExperimentForm`, the form of a whole study."""

import asyncio
import functools
from collections.abc import Mapping

from syndisco_nb.builder import ExperimentBuilder, Study
from syndisco_nb.builder.construction import build_annotators, build_scales
from syndisco_nb.errors import require
from syndisco_nb.runs.layout import ANNOTATIONS, PathLike
from syndisco_nb.widgets.forms.action_bar import ActionBar, Results
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.design_form import DesignForm
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
        self.folder = text_input("Folder of the run", "Made if it does not exist; what is there already is kept")
        self.folder.value = str(folder)
        self.file = text_input("File of the design", "YAML, or JSON if its name ends in .json")
        self.file.value = "study.yaml"
        self.study: Study | None = None
        self._last_builder: ExperimentBuilder | None = None
        stage = ActionBar(
            [
                self.folder,
                Button("Run", self.run, "Go on from what is done already", main=True),
                Button("Annotate", self.annotate, "Have what was said labelled, as the design says"),
            ],
            [
                Button("Preview", self.preview, "The real first prompt"),
                Button("Estimate", self.estimate, "Calls, tokens and time, from a few seconds of the model's work"),
                Button("Code", self.show_code, "The same study in Python"),
                self.file,
                Button("Save", lambda: self.stage.attempt(self._save), "Write the design to the file"),
                Button("Load", lambda: self.stage.attempt(self._load), "Fill in the design of the file"),
            ],
        )
        super().__init__(
            design_fields(),
            SECTIONS,
            "An experiment",
            "Fill in what you want to change; everything else is as usual.",
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

    def code(self) -> str:
        """Return Python that makes an equal builder, named `study`."""
        return self.builder.to_code()

    # Buttons

    def run(self) -> None:
        """Hold all discussions that are not finished yet, in the background."""
        if builder := self._complete():
            folder = self.folder.text
            self.stage.attempt(lambda: self.stage.follow(lambda: builder.start(folder), self._ran))

    def annotate(self) -> None:
        """Have the annotators label all comments, in the background."""
        self.show(self.errors, everything=True)
        self.stage.attempt(self._annotate)

    def preview(self) -> None:
        """Show the real first prompt of every condition."""
        if builder := self._complete():
            names = list(builder.design.levels())
            previews = functools.partial(asyncio.to_thread, lambda: [builder.preview(name) for name in names])
            self.stage.do("Making the prompts", previews, lambda shown: shown)

    def estimate(self) -> None:
        """Show an estimate of the cost of a run."""
        if builder := self._complete():
            self.stage.do("Estimating", lambda: builder.aestimate(self.stage.tell), lambda estimate: [estimate])

    def _annotate(self) -> None:
        builder = self.builder
        design, models = builder.design, builder.models
        require(design.annotators, "Nobody labels yet. Add an annotator, and a scale, under Annotation.")
        study = Study(self.folder.text)
        given = build_annotators(design, models), build_scales(design), design.annotation_window
        live = functools.partial(Live, study.folder / ANNOTATIONS, lambda: study.aannotate(*given))
        self.stage.follow(live, lambda runs: [*label_results(runs), study, runs])

    def _ran(self, study: Study) -> Results:
        self.study = study
        return [study]

    def _complete(self) -> ExperimentBuilder | None:
        """Return the builder of a complete design; if there is none, show its faults."""
        builder, faults = self._check_all()
        missing = {
            name: text for name, text in NEEDED.items() if not self[name].given and name not in self["vary"].given
        }
        return self._made(builder) if self.ready(faults | missing) else None

    def _save(self) -> None:
        self.stage.say(f"Saved as {self.save(self.file.text)}.")

    def _load(self) -> None:
        self.load(self.file.text)
        self.stage.say(f"Loaded {self.file.text}.")

    def _made(self, builder: ExperimentBuilder) -> ExperimentBuilder:
        """Return the builder; the last one if it is equal, since that one knows its estimate."""
        last = self._last_builder
        if last is None or (last.design, last.models) != (builder.design, builder.models):
            self._last_builder = last = builder
        return last
