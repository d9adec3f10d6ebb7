"""`AnnotationForm`, the form of an annotation: comments, scales, and annotators or a person who labels by hand."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.builder import ExperimentBuilder, Study
from syndisco_nb.builder.construction import build_annotators, build_scales
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.job_code import annotation_code, labelling_code
from syndisco_nb.errors import InvalidInputError, require, require_text
from syndisco_nb.experiments import AnnotationExperiment, Labelling
from syndisco_nb.field_labels import field_label
from syndisco_nb.formats.load_files import check_there
from syndisco_nb.records import Transcript
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import own_folder
from syndisco_nb.widgets.forms.action_bar import ActionBar
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.design_form import DesignForm
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.form_field import Faults, Listener
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.label_results import label_results
from syndisco_nb.widgets.forms.study_fields import beginning, design_fields

_FIELDS = ("scales", "annotators", "annotation_window", "window_counts", "model", "seed")
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Discussions": ("run",),
    "Scales": ("scales", "annotation_window", "window_counts"),
    "Annotators": ("annotators", "seed"),
    "Model": ("model",),
}


class AnnotationForm(DesignForm):
    """The form of an annotation, by models or by hand: its value is an `AnnotationExperiment`.

    Parameters
    ----------
    run : Run, Study, Corpus, str or path-like, optional
        The discussions, or the folder of their run or study, or any file or folder that `syndisco_nb.load` reads.
    builder : ExperimentBuilder, optional
        The study whose model, annotators and scales are the initial content.

    Attributes
    ----------
    folder : Input
        The folder of the labels.
    person : Input
        The name of the person who labels by hand.
    stage : ActionBar
        With `stop`, and `wait` for the end.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.AnnotationForm()  # or of a run: snb.AnnotationForm("runs/pilot")
    >>> _ = form["scales"].add(snb.Likert("toxicity", 1, 5))
    >>> _ = form["annotators"].add({"name": "judge", "instructions": "You rate comments."})
    >>> form.value
    <AnnotationExperiment: 1 annotator>
    """

    def __init__(self, run: Study | Corpus | PathLike = "", builder: ExperimentBuilder | None = None) -> None:
        self.folder = text_input("Labels folder", "Created if missing; finished work in it is kept")
        given = run.folder if isinstance(run, Study) else _source(run) if isinstance(run, Corpus) else run
        path = os.fspath(given) if given != "" and as_path("run", given) else ""
        self.folder.value = f"{path}-labels" if path else "runs/labels"
        self.person = text_input("Your name", "For labels given by hand")
        by_hand = Button("Label by hand", self.label, "Comment by comment, into a folder with your name")
        self.files = files = FileActions(self, "Design file", "annotation.yaml")
        stage = ActionBar(
            [self.folder, Button("Run", self.start, "The annotators label every comment", main=True)],
            [self.person, by_hand],
            files,
        )
        fields = design_fields(leave_out=set(Design.model_fields) - set(_FIELDS))
        fields["run"] = text_input(field_label("run"), "A run, a study, or files of another tool")
        title, hint = "New annotation", "Change what you need; the rest keeps its default."
        super().__init__(fields, _SECTIONS, title, hint, stage)
        self.value = beginning() if builder is None else builder
        self["run"].value = path
        self["run"].touched = bool(path)
        self.show(self.errors)

    def start(self) -> None:
        """Have the annotators label all comments that are not labelled yet, in the background."""
        self._act(self._start)

    def label(self) -> None:
        """Label by hand, or go on with that."""
        self._act(lambda: self.stage.show(self._labelling().widget()), by_hand=True)
        if not self.person.text.strip():
            self.person.focus_on()

    def _code_of(self, design: Design) -> str:
        """Return Python that does the same: by the annotators, or by hand if there are none."""
        run = self["run"].text
        if not design.annotators:
            return labelling_code(design, run, self._folder_by_hand, self.person.text.strip())
        return annotation_code(design, run, self.folder.text)

    def _start(self) -> None:
        experiment = self.value
        run, folder = self["run"].text, self.folder.text
        self.stage.follow(lambda: experiment.start(run, folder), lambda labels: [*label_results(labels), labels])

    def _labelling(self) -> Labelling:
        design, person = self._design(), self.person.text.strip()
        require(person, "Give your name first: the labels are listed under it.")
        return Labelling(
            self["run"].text,
            build_scales(design),
            person,
            self._folder_by_hand,
            window=design.annotation_window,
            window_counts=design.window_counts,
        )

    def _act(self, act: Listener, *, by_hand: bool = False) -> None:
        """Call a function unless there are faults; by hand, those of annotators do not count."""
        if self.ready(self._faults_by_hand if by_hand else self._all_faults):
            self.stage.attempt(act)

    def _all_faults(self) -> Faults:
        empty = not self["run"].text.strip()
        return self.errors | ({"run": "Give the folder of the discussions to label."} if empty else {})

    def _faults_by_hand(self) -> Faults:
        return {path: text for path, text in self._all_faults().items() if not path.startswith("annotators")}

    def _unfinished(self) -> Faults:
        return self._all_faults() if self["annotators"].given else self._faults_by_hand()

    @property
    def _folder_by_hand(self) -> str:
        return f"{self.folder.text}-{self.person.text.strip()}"

    def _fill(self, value: Any) -> None:
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            value = {name: getattr(value.design, name) for name in _FIELDS}
        super()._fill(value)

    def _settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: content for name, content in given.items() if name != "run"}

    def _missing(self, given: Mapping[str, Any]) -> Faults:
        missing = {} if given["annotators"] else {"annotators": "There is no annotator yet. Add one."}
        missing |= _folder_faults(str(given["run"]).strip())
        if given["annotators"] and not given["model"] and not all(one["model"] for one in given["annotators"]):
            missing["model"] = "There is no model yet. Choose one, or one for each annotator."
        return missing

    def _made(self, builder: ExperimentBuilder) -> AnnotationExperiment:
        design = builder.design
        return AnnotationExperiment(
            build_annotators(design, builder.models),
            build_scales(design),
            window=design.annotation_window,
            seed=design.seed,
            window_counts=design.window_counts,
        )


def _folder_faults(folder: str) -> Faults:
    """Return the reason why a folder holds no discussions; an empty field is a fault only when a button is pressed."""
    if not folder:
        return {}
    try:
        require_text("run", folder)
        path = as_path("run", folder)
        check_there(path)
        held = own_folder(path)  # files of other tools are read when they are labelled: there may be thousands
    except ValueError as error:  # ours, and Python's about names that no file can have
        return {"run": str(error)}
    if isinstance(held, Run) and held.holds is not Transcript:
        return {"run": f"{folder} holds labels. Give the folder of the discussions."}
    return {}


def _source(corpus: Corpus) -> Path:
    if corpus.source is None:
        raise InvalidInputError(
            "run is a corpus in memory, but the form needs files. Save it first: run = corpus.save(folder).",
            field="run",
        )
    return corpus.source
