"""The form of a whole study: its design, in sections, and what is done with it."""

import asyncio
import functools
from collections.abc import Mapping
from typing import Any

from syndisco_nb.builder import ExperimentBuilder, Study
from syndisco_nb.builder.construction import build_annotators, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import is_json
from syndisco_nb.builder.fields import checked, faults
from syndisco_nb.builder.study_file import ANNOTATIONS
from syndisco_nb.errors import require
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.action_bar import Shown, Stage
from syndisco_nb.widgets.forms.controls import Button, text_input
from syndisco_nb.widgets.forms.form import Faults
from syndisco_nb.widgets.forms.sectioned_form import SectionedForm
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


class ExperimentForm(SectionedForm):
    """A whole study, filled in; it writes the same Python as somebody who types would.

    Parameters
    ----------
    builder : ExperimentBuilder, optional
        What is shown at first.
    folder : str or path-like
        Where it runs, unless another is filled in.

    Attributes
    ----------
    folder : Input
    study : Study or None
        What came of the last run, finished or not.
    stage : Stage
        Where it runs: `run`, `stop`, and `wait` for those who do not click.

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
        self._last: ExperimentBuilder | None = None
        stage = Stage(
            [
                self.folder,
                Button("Run", self.run, "Go on from what is done already", main=True),
                Button("Annotate", self.annotate, "Have what was said labelled, as the design says"),
            ],
            [
                Button("Preview", self.preview, "The real first prompt"),
                Button("Estimate", self.estimate, "Calls, tokens and time, from a short probe of the model"),
                Button("Code", self.show_code, "The same study in Python"),
                self.file,
                Button("Save", lambda: self.stage.attempt(self._save), "Write the design to the file"),
                Button("Load", lambda: self.stage.attempt(self._load), "Fill in the design of the file"),
            ],
        )
        super().__init__(
            design_fields(),
            self._built,
            self._faults,
            SECTIONS,
            "An experiment",
            "Fill in what you want to change; everything else is as usual.",
            stage,
        )
        self.value = beginning() if builder is None else builder

    # What it makes

    @property
    def builder(self) -> ExperimentBuilder:
        """The same as `value`."""
        built: ExperimentBuilder = self.value
        return built

    @builder.setter
    def builder(self, builder: ExperimentBuilder) -> None:
        self.value = builder

    def fill(self, value: Any) -> None:
        """Show a builder, a design, or some settings."""
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            value = value.design
        super().fill(value)

    def code(self) -> str:
        """Return Python that makes an equal builder, named `study`."""
        return self.builder.to_code()

    # What it does

    def run(self) -> None:
        """Hold all discussions, off the kernel's thread, or go on from what is done already."""
        if not self._complete():
            return
        builder, folder = self.builder, self.folder.text
        self.stage.attempt(lambda: self.stage.follow(lambda: builder.start(folder), self._ran))

    def annotate(self) -> None:
        """Have all comments labelled, by the annotators and on the scales that are filled in."""
        self.show(self.errors, everything=True)
        self.stage.attempt(self._annotate)

    def preview(self) -> None:
        """Show the real first prompt of every condition."""
        if self._complete():
            builder = self.builder
            names = list(builder.design.levels())
            previews = functools.partial(asyncio.to_thread, lambda: [builder.preview(name) for name in names])
            self.stage.do("Making the prompts", previews, lambda made: made)

    def estimate(self) -> None:
        """Show what a run will cost."""
        if self._complete():
            self.stage.do(
                "Trying out", functools.partial(asyncio.to_thread, self.builder.estimate), lambda cost: [cost]
            )

    def _annotate(self) -> None:
        design, models = self.builder.design, self.builder.models
        require(design.annotators, "Nobody labels yet. Add an annotator, and a scale, under Annotation.")
        study = Study(self.folder.text)
        given = build_annotators(design, models), build_scales(design), design.annotation_window
        live = functools.partial(Live, study.folder / ANNOTATIONS, lambda: study.aannotate(*given))
        self.stage.follow(live, lambda runs: [study, runs])

    def _ran(self, study: Study) -> Shown:
        self.study = study
        return [study]

    def _complete(self) -> bool:
        """Return whether it could run; if not, say what is missing, beside the fields."""
        missing = {
            name: text for name, text in NEEDED.items() if not self[name].given and name not in self["vary"].given
        }
        return self.ready(self.errors | missing)

    def _save(self) -> None:
        self.stage.say(f"Saved as {self.save(self.file.text)}.")

    def _load(self) -> None:
        self.load(self.file.text)
        self.stage.say(f"Loaded {self.file.text}.")

    def _text(self, file: Any) -> str:
        return self.builder.to_json() if is_json(file) else self.builder.to_yaml()

    def _built(self, given: Mapping[str, Any]) -> ExperimentBuilder:
        design, models = checked(Design, given), self["model"].models
        if self._last is None or (self._last.design, self._last.models) != (design, models):
            self._last = ExperimentBuilder.from_design(design, models)
        return self._last  # the same as long as nothing changes, so that a run knows its estimate

    def _faults(self, given: Mapping[str, Any]) -> Faults:
        return faults(Design, given)
