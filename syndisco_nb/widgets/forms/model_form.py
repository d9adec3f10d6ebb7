"""`ModelForm`, the form of a model, with a question to try it out."""

from typing import Any

import ipywidgets

from syndisco_nb.backend.model import HumanModel
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.builder.python_code import IMPORT, call
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import require
from syndisco_nb.records import ChatMessage
from syndisco_nb.widgets.forms.action_bar import ActionBar
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.fold_section import Section
from syndisco_nb.widgets.forms.generator import fields_of
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.part_form import PartForm
from syndisco_nb.widgets.forms.unfinished_code import comments, without
from syndisco_nb.wording import count, duration


class ModelForm(PartForm):
    """The form of a model: its engine, among those installed, and the settings of that engine.

    Parameters
    ----------
    model : Model, optional
        The initial content.
    title, hint : str
    optional : bool
        Whether None may be chosen.
    nested : bool
        Whether it is a part of another form, which has Code, Save and Load for all.

    Attributes
    ----------
    prompt : Input
        The question of `try_it`.
    stage : ActionBar
        With `stop`, and `wait` for the answer.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.ModelForm(snb.ScriptedModel(["Good morning."]))
    >>> form.try_it()
    >>> form.stage.wait().text
    'Good morning.'
    """

    def __init__(
        self,
        model: Model | None = None,
        title: str = "Model",
        hint: str = "",
        optional: bool = False,
        nested: bool = False,
    ) -> None:
        if not nested:
            self.files = FileActions(self, "Model file", "model.yaml")
        self.prompt = text_input("Question", "Asked without any persona")
        self.prompt.value = "Say hello, in one sentence."
        self.stage = ActionBar([Button("Ask", self.try_it, "Loads the model first if needed")])
        self._trial = Section("Try it out", [self.prompt, self.stage])
        super().__init__("model", Model, fields_of, title, hint, optional, "None")
        if model is not None:
            self.value = model

    def try_it(self) -> None:
        """Ask the model, and show its answer or its error."""
        if self.ready():
            self.stage.attempt(self._ask)

    def code(self) -> str:
        """Return Python that makes an equal model; where the form is not finished, as far as it goes."""
        faults = self.errors
        if not faults:
            return f"{IMPORT}\nmodel = {super().code()}"
        given = self._plain() or {}
        arguments = {name: value for name, value in without(given, ["type", *faults]).items() if self[name].touched}
        made = call(f"snb.{self.chosen}", **arguments) if self.chosen else None
        return f"{comments(faults, given)}{IMPORT}\nmodel = {made}\n"

    def _ask(self) -> None:
        model = self.value
        require(model is not None, "Choose a model first.")
        require(not isinstance(model, HumanModel), "A person answers, once a discussion asks for it.")
        require(not model.in_batches, "It answers in batches, within hours. Try its model without batches.")
        request = Request((ChatMessage("user", self.prompt.text),), seed=0)

        async def ask() -> Completion:
            await model.load()
            answer: Completion = await model.complete(request)
            return answer

        self.stage.do("Loading and asking", ask, lambda answer: [_answer(answer)])

    def _rows(self) -> list[Any]:
        return [*super()._rows(), self._trial]


def _answer(answer: Completion) -> ipywidgets.HTML:
    cost = f"{count(answer.completion_tokens, 'token')}, {duration(answer.seconds)}" if answer.completion_tokens else ""
    text = tag("div", answer.text or "(empty reply)", class_="snb-answer")
    return ipywidgets.HTML(tag("div", text, tag("div", cost, class_="snb-sub") if cost else None))
