"""`DiscussionForm`, the form of a single discussion."""

import re
from collections.abc import Mapping
from typing import Any

from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.design import Design, Settings
from syndisco_nb.builder.job_code import discussion_code
from syndisco_nb.jobs import Discussion
from syndisco_nb.records import Transcript
from syndisco_nb.widgets.forms.action_bar import ActionBar
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.design_form import DesignForm
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.form_field import Faults
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.study_fields import NEEDED, beginning, design_fields
from syndisco_nb.widgets.live import LiveDiscussion

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "People": ("participants",),
    "Model": ("model", "models"),
    "Topic": ("topic", "context", "instructions"),
    "Moderator": ("moderator",),
    "Turns": ("turns", "window", "window_counts", "seed", "turn_taking", "stop"),
}


class DiscussionForm(DesignForm):
    """The form of a single discussion: its value is a `Discussion`.

    Parameters
    ----------
    builder : ExperimentBuilder, optional
        The study whose people, model, first topic and other settings are the initial content.

    Attributes
    ----------
    stage : ActionBar
        With `stop`, and `wait` for the end.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.DiscussionForm()
    >>> form["participants"].value = [snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")]
    >>> form["model"].value = snb.ScriptedModel(["I agree."])
    >>> form["topic"].value = "Tax?"
    >>> form["turns"].value = 2
    >>> form.value
    <Discussion by Ana, Ben: turn 0 of 2>
    """

    def __init__(self, builder: ExperimentBuilder | None = None) -> None:
        self._begun: tuple[Design, Discussion] | None = None
        run = Button("Run", self.run, "Continues a discussion that was stopped", main=True)
        self.files = files = FileActions(self, "Design file", "discussion.yaml")
        stage = ActionBar([run], files=files)
        fields = design_fields(leave_out=set(Design.model_fields) - set(Settings.model_fields) - {"seed"})
        fields.pop("per_discussion")
        fields.pop("topics")
        fields["topic"] = text_input("Topic", "Opens the discussion, word for word", rows=3)
        title, hint = "New discussion", "Change what you need; the rest keeps its default."
        super().__init__(fields, _SECTIONS, title, hint, stage)
        self.value = beginning() if builder is None else builder

    @property
    def transcript(self) -> Transcript | None:
        """The transcript of the last run, finished or not; None before there is any."""
        return self._begun[1].transcript if self._begun else None

    def run(self) -> None:
        """Hold the discussion in the background; if it was stopped, go on with it."""
        if self.stage.busy or not self.ready():
            return
        design = self._design()
        if self._begun is None or self._begun[0] != design:
            self._begun = design, self.value
        discussion = self._begun[1]
        self.stage.follow(lambda: LiveDiscussion(discussion), lambda transcript: [transcript])

    def _code_of(self, design: Design) -> str:
        return discussion_code(design)

    def _fill(self, value: Any) -> None:
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            design = value.design
            topic = design.topics[0] if design.topics else ""
            settings = {name: getattr(design, name) for name in self.fields if name != "topic"}
            value = {**settings, "topic": topic if isinstance(topic, str) else "\n".join(map(str, topic))}
        super()._fill(value)

    def _settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of a study with one discussion, in which everybody takes part."""
        settings = {name: content for name, content in given.items() if name != "topic"}
        everybody = max(1, len(given["participants"]))
        return {**settings, "topics": [given["topic"]], "per_discussion": everybody, "discussions": 1}

    def _missing(self, given: Mapping[str, Any]) -> Faults:
        missing = {name: text for name, text in NEEDED.items() if name != "topics" and not given[name]}
        if not given["topic"].strip():
            missing["topic"] = "There is no topic yet. Write the opening of the discussion."
        return missing

    def _check(self, given: Any) -> tuple[ExperimentBuilder | None, Faults]:
        builder, faults = super()._check(given)
        return builder, {re.sub(r"^topics\b", "topic", path): text for path, text in faults.items()}

    def _made(self, builder: ExperimentBuilder) -> Discussion:
        (experiment,) = builder.build().values()
        return Discussion(
            users=experiment.users,
            moderator=experiment.moderator,
            topic=experiment.topics[0],
            turn_manager=experiment.turn_manager,
            num_turns=experiment.num_turns,
            window=experiment.window,
            window_counts=experiment.window_counts,
            stop=experiment.stop,
            seed=builder.design.seed,
        )
