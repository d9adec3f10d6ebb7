"""The form of a whole study: its design, in sections, and what is done with it."""

import asyncio
import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.backend.topics import plain
from syndisco_nb.builder import ExperimentBuilder, Study
from syndisco_nb.builder.design import Design, Moderator, Settings
from syndisco_nb.builder.fields import checked, faults
from syndisco_nb.builder.parts import MODELS
from syndisco_nb.run_files import PathLike
from syndisco_nb.widgets.forms.controls import Button, Code, Input, read_lines, text_input
from syndisco_nb.widgets.forms.form import Faults, Form
from syndisco_nb.widgets.forms.make import field_of, fields_of, form_of
from syndisco_nb.widgets.forms.model import ModelForm
from syndisco_nb.widgets.forms.offers import missing_engines
from syndisco_nb.widgets.forms.people import PeopleForm
from syndisco_nb.widgets.forms.sectioned import SectionedForm
from syndisco_nb.widgets.forms.several import OptionalForm
from syndisco_nb.widgets.forms.specs import Spec, specs_of
from syndisco_nb.widgets.forms.stage import Shown, Stage
from syndisco_nb.widgets.forms.varying import VaryForm

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "People": ("participants", "per_discussion"),
    "Model": ("model", "models"),
    "Topic": ("topics", "context", "instructions"),
    "Moderator": ("moderator",),
    "Turns": ("turns", "window", "turn_taking", "stop"),
    "Conditions": ("discussions", "seed", "vary"),
    "Annotation": ("scales", "annotators", "annotation_window"),
}
BEGINNING: Mapping[str, Any] = {
    "context": "You are taking part in an online discussion.",
    "instructions": "Say what you think, in one or two sentences.",
}
"""What stands in a form at first, where nothing was given: enough to run it."""
_NEEDED = {
    "participants": "Nobody takes part yet. Add people, by hand or from a file.",
    "topics": "There is no topic yet. Write at least one, on a line of its own.",
    "model": "There is no model yet. Choose one.",
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
        self.stage = Stage(
            [self.folder, Button("Run", self.run, "Go on from what is done already", main=True)],
            [
                Button("Preview", self.preview, "The real first prompt"),
                Button("Estimate", self.estimate, "Calls, tokens and time, from a short probe of the model"),
                Button("Code", self.show_code, "The same study in Python"),
                self.file,
                Button("Save", lambda: self.stage.attempt(self._save), "Write the design to the file"),
                Button("Load", lambda: self.stage.attempt(self._load), "Fill in the design of the file"),
            ],
        )
        special = {"model": lambda one: ModelForm(None, one.label, one.description, optional=True)}
        special |= {"vary": vary_field, "participants": lambda one: PeopleForm(), **OWN}
        super().__init__(
            fields_of(Design, special),
            self._built,
            self._faults,
            SECTIONS,
            "An experiment",
            "Fill in what you want to change; everything else is as usual.",
            [self.stage],
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

    def load(self, path: PathLike) -> None:
        """Fill in the design in a file that `save` wrote, or that was written by hand."""
        self.value = ExperimentBuilder.load(path)

    # What it does

    def run(self) -> None:
        """Hold all discussions, off the kernel's thread, or go on from what is done already."""
        if not self._complete():
            return
        builder, folder = self.builder, self.folder.text
        self.stage.do("Running", lambda: builder.arun(folder), self._ran)

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

    def show_code(self) -> None:
        """Show the Python, to copy."""
        self.show(self.errors, everything=True)
        self.stage.attempt(lambda: self.stage.show(Code(self.code())))

    def _ran(self, study: Study) -> Shown:
        self.study = study
        return [study]

    def _complete(self) -> bool:
        """Return whether it could run; if not, say what is missing, beside the fields."""
        missing = {
            name: text for name, text in _NEEDED.items() if not self[name].given and name not in self["vary"].given
        }
        errors = self.errors | missing
        self.show(errors, everything=True)
        self.stage.say("" if not errors else "Not yet: see what is to be mended above.", wrong=bool(errors))
        return not errors

    def _save(self) -> None:
        self.stage.say(f"Saved as {self.save(self.file.text)}.")

    def _load(self) -> None:
        self.load(self.file.text)
        self.stage.say(f"Loaded {self.file.text}.")

    def _text(self, file: Any) -> str:
        return self.builder.to_json() if file.suffix.lower() == ".json" else self.builder.to_yaml()

    def _built(self, given: Mapping[str, Any]) -> ExperimentBuilder:
        return ExperimentBuilder.from_design(checked(Design, given), self["model"].models)

    def _faults(self, given: Mapping[str, Any]) -> Faults:
        return faults(Design, given)


def beginning() -> ExperimentBuilder:
    """Return what a form shows where nothing was given."""
    builder = ExperimentBuilder().context(BEGINNING["context"]).instructions(BEGINNING["instructions"])
    kind = "bundled_model"
    return builder if kind in missing_engines() else builder.model(MODELS[kind]())


def topics_input(asked: Spec) -> Input:
    """Return the input of topics: one on every line; one of several comments as JSON."""
    hint = f'{asked.description}. One on every line; of several comments: ["One.", {{"name": "Ana", "text": "Two."}}]'
    rows, placeholder = 3, "One on every line"
    return Input("lines", asked.label, hint, _write_topics, _read_topics, rows=rows, placeholder=placeholder)


def _write_topics(topics: Any) -> str:
    if isinstance(topics, str):
        return topics
    lines = (plain(topic) for topic in topics)
    return "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)


def _read_topics(text: str) -> tuple[Any, ...]:
    return tuple(_opening(line) for line in read_lines(text))


def _opening(line: str) -> Any:
    if not line.startswith("["):
        return line
    try:
        return json.loads(line)
    except ValueError:
        return line


def moderator_input(asked: Spec) -> OptionalForm:
    """Return the form of the moderator, or of none."""
    return OptionalForm(form_of(Moderator), "With a moderator", asked.description)


def vary_field(asked: Spec) -> VaryForm:
    """Return the form of what is varied."""
    specs = {one.name: one for one in specs_of(Settings)}
    return VaryForm(specs, lambda one: OWN.get(one.name, field_of)(one), "What differs", asked.description)


OWN: Mapping[str, Callable[[Spec], Input | Form]] = {"moderator": moderator_input, "topics": topics_input}
"""Settings that have a field of their own."""
