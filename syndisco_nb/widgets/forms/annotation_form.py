"""The form of an annotation: who labels what was said, on which scales; models, or a person by hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.construction import build_annotators, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import is_json
from syndisco_nb.builder.fields import checked, faults
from syndisco_nb.errors import require, require_text
from syndisco_nb.experiments import AnnotationExperiment, Labelling
from syndisco_nb.records import Transcript
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.forms.action_bar import Stage
from syndisco_nb.widgets.forms.controls import Button, Changed, Code, text_input
from syndisco_nb.widgets.forms.form import Faults
from syndisco_nb.widgets.forms.job_code import annotation_code, labelling_code
from syndisco_nb.widgets.forms.sectioned_form import SectionedForm
from syndisco_nb.widgets.forms.study_fields import beginning, design_fields

_FIELDS = ("scales", "annotators", "annotation_window", "window_counts", "model", "seed")
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Comments": ("run",),
    "Scales": ("scales", "annotation_window", "window_counts"),
    "Annotators": ("annotators", "seed"),
    "Model": ("model",),
}


class AnnotationForm(SectionedForm):
    """Labels for what was said, by models or by hand.

    Parameters
    ----------
    run : str or path-like, optional
        The run folder of the discussions.
    builder : ExperimentBuilder, optional
        Whose model, annotators and scales are shown at first.

    Attributes
    ----------
    folder : Input
        Where the labels go.
    person : Input
        Who labels by hand.
    stage : Stage
        Where it runs: `start`, `stop`, and `wait` for those who do not click.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.AnnotationForm()  # or of a run: snb.AnnotationForm("runs/pilot")
    >>> _ = form["scales"].add(snb.Likert("toxicity", 1, 5))
    >>> _ = form["annotators"].add({"name": "judge", "instructions": "You rate comments."})
    >>> form.value
    <AnnotationExperiment: 1 annotator>
    """

    def __init__(self, run: PathLike = "", builder: ExperimentBuilder | None = None) -> None:
        self.folder = text_input("Folder of the labels", "Made if it does not exist; what is there already is kept")
        self.folder.value = f"{run}-labels" if str(run) else "runs/labels"
        self.person = text_input("Your name", "Who labels by hand; the labels are listed under it")
        stage = Stage(
            [self.folder, Button("Run", self.start, "Have the annotators label every comment", main=True)],
            [
                self.person,
                Button("Label by hand", self.label, "Comment by comment, in a folder that bears your name"),
                Button("Code", self.show_code, "The same in Python"),
            ],
        )
        fields = design_fields(leave_out=set(Design.model_fields) - set(_FIELDS))
        fields["run"] = text_input("Folder of the discussions", "A run folder, or that of one condition of a study")
        title, hint = "An annotation", "Whose comments are labelled, on which scales, and by whom?"
        super().__init__(fields, self._made, self._faults, _SECTIONS, title, hint, stage)
        self.value = {**_settings(beginning() if builder is None else builder), "run": str(run)}
        self["run"].touched = bool(str(run))
        self.show(self.errors)

    def fill(self, value: Any) -> None:
        """Show the settings of a builder, or some settings."""
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            value = _settings(value)
        super().fill(value)

    def start(self) -> None:
        """Have the annotators label every comment, off the kernel's thread, or go on from what is done already."""
        self._act(self._start)

    def label(self) -> None:
        """Label by hand, or go on with that."""
        self._act(lambda: self.stage.show(self._labelling().widget()), by_hand=True)

    def show_code(self) -> None:
        """Show the Python, to copy."""
        self._act(lambda: self.stage.show(Code(self.code())), by_hand=not self["annotators"].given)

    def code(self) -> str:
        """Return Python that does the same: by the annotators, or by hand, if there are none."""
        design, run = self._design(), self["run"].text
        if not design.annotators:
            return labelling_code(design, run, self._own_folder, self.person.text.strip())
        return annotation_code(design, run, self.folder.text)

    def _start(self) -> None:
        experiment = self.value
        run, folder = self["run"].text, self.folder.text
        self.stage.follow(lambda: experiment.start(run, folder), lambda labels: [labels])

    def _labelling(self) -> Labelling:
        design = self._design()
        require(self.person.text.strip(), "Write your name first: the labels are listed under it.")
        asked = build_scales(design)
        return Labelling(
            self["run"].text,
            asked,
            self.person.text.strip(),
            self._own_folder,
            window=design.annotation_window,
            window_counts=design.window_counts,
        )

    def _act(self, act: Changed, *, by_hand: bool = False) -> None:
        """Do something, unless something is missing; that is said beside its field."""
        errors = self.errors
        if not self["run"].text.strip():
            errors["run"] = "Write the folder of the run whose comments are to be labelled."
        if by_hand:
            errors = {place: text for place, text in errors.items() if not place.startswith("annotators")}
        if self.ready(errors):
            self.stage.attempt(act)

    @property
    def _own_folder(self) -> str:
        """Where the labels of a person go."""
        return f"{self.folder.text}-{self.person.text.strip()}"

    def _design(self) -> Design:
        return checked(Design, _as_design(self.given))

    def _text(self, file: Path) -> str:
        builder = ExperimentBuilder.from_design(self._design(), self["model"].models)
        return builder.to_json() if is_json(file) else builder.to_yaml()

    def _made(self, given: Mapping[str, Any]) -> AnnotationExperiment:
        design, models = checked(Design, _as_design(given)), self["model"].models
        return AnnotationExperiment(
            build_annotators(design, models),
            build_scales(design),
            window=design.annotation_window,
            seed=design.seed,
            window_counts=design.window_counts,
        )

    def _faults(self, given: Mapping[str, Any]) -> Faults:
        missing = {} if given["annotators"] else {"annotators": "Nobody labels yet. Add an annotator."}
        missing |= _folder_faults(str(given["run"]).strip())
        if given["annotators"] and not given["model"] and not all(one["model"] for one in given["annotators"]):
            missing["model"] = "There is no model yet. Choose one, or one for each annotator."
        return missing or faults(Design, _as_design(given))


def _settings(builder: ExperimentBuilder) -> dict[str, Any]:
    return {name: getattr(builder.design, name) for name in _FIELDS}


def _folder_faults(folder: str) -> Faults:
    """Return the reason why a folder holds no discussions; an empty field is a matter of the button pressed."""
    if not folder:
        return {}
    try:
        require_text("run", folder)
        run: Run[Any] = Run(folder)
    except ValueError as error:  # ours among them, and those of names that no file can have
        return {"run": str(error)}
    if run.holds is not Transcript:
        return {"run": f"{folder} holds labels. Give the folder of the discussions."}
    return {}


def _as_design(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "run"}
