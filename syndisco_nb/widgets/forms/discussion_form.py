"""The form of a single discussion, which is watched as it unfolds."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.design import Design, Settings
from syndisco_nb.builder.documents import is_json
from syndisco_nb.builder.fields import checked, faults
from syndisco_nb.jobs import Discussion
from syndisco_nb.records import Transcript
from syndisco_nb.widgets.forms.action_bar import Stage
from syndisco_nb.widgets.forms.controls import Button, text_input
from syndisco_nb.widgets.forms.form import Faults
from syndisco_nb.widgets.forms.job_code import discussion_code
from syndisco_nb.widgets.forms.sectioned_form import SectionedForm
from syndisco_nb.widgets.forms.study_fields import NEEDED, beginning, design_fields

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "People": ("participants",),
    "Model": ("model", "models"),
    "Topic": ("topic", "context", "instructions"),
    "Moderator": ("moderator",),
    "Turns": ("turns", "window", "window_counts", "seed", "turn_taking", "stop"),
}


class DiscussionForm(SectionedForm):
    """A single discussion, filled in.

    Parameters
    ----------
    builder : ExperimentBuilder, optional
        Whose people, model, first topic and so on are shown at first.

    Attributes
    ----------
    transcript : Transcript or None
        What was said when it was last run.
    stage : Stage
        Where it runs: `run`, `stop`, and `wait` for those who do not click.

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
        self.transcript: Transcript | None = None
        self._going: tuple[Design, Discussion] | None = None
        run = Button("Run", self.run, "Hold the discussion, or go on with it", main=True)
        stage = Stage([run, Button("Code", self.show_code, "The same discussion in Python")])
        fields = design_fields(leave_out=set(Design.model_fields) - set(Settings.model_fields) - {"seed"})
        fields.pop("per_discussion")
        fields.pop("topics")
        fields["topic"] = text_input("Topic", "What the discussion opens with, word for word", rows=3)
        title, hint = "A discussion", "Who takes part, and what is it about? Everything else is as usual."
        super().__init__(fields, self._made, self._faults, _SECTIONS, title, hint, stage)
        self.value = beginning() if builder is None else builder

    def fill(self, value: Any) -> None:
        """Show the settings of a builder, or some settings."""
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            design = value.design
            topic = design.topics[0] if design.topics else ""
            own = {name: getattr(design, name) for name in self.fields if name != "topic"}
            value = {**own, "topic": topic if isinstance(topic, str) else "\n".join(map(str, topic))}
        super().fill(value)

    def run(self) -> None:
        """Hold the discussion, off the kernel's thread; go on with it, if it was stopped."""
        if self.stage.busy or not self.ready(self.errors):
            return
        design = self._design(self.given)
        if self._going is None or self._going[0] != design:
            self._going = design, self.value
        discussion = self._going[1]
        self.stage.do("Discussing", lambda: self._hold(discussion), lambda transcript: [transcript])

    def code(self) -> str:
        """Return Python that makes an equal discussion."""
        _ = self.value  # raises if it is not filled in right
        return discussion_code(self._design(self.given))

    async def _hold(self, discussion: Discussion) -> Transcript:
        try:
            while await discussion.astep() is not None:
                self.transcript = discussion.transcript
                self.stage.tell(self.transcript)
        finally:
            self.transcript = discussion.transcript
        return self.transcript

    def _text(self, file: Path) -> str:
        builder = ExperimentBuilder.from_design(self._design(self.given), self["model"].models)
        return builder.to_json() if is_json(file) else builder.to_yaml()

    def _made(self, given: Mapping[str, Any]) -> Discussion:
        builder = ExperimentBuilder.from_design(self._design(given), self["model"].models)
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

    def _design(self, given: Mapping[str, Any]) -> Design:
        return checked(Design, _as_design(given))

    def _faults(self, given: Mapping[str, Any]) -> Faults:
        missing = {name: text for name, text in NEEDED.items() if name != "topics" and not given[name]}
        if not given["topic"].strip():
            missing["topic"] = "There is no topic yet. Write what the discussion opens with."
        found = faults(Design, _as_design(given))
        return missing or {re.sub(r"^topics\b", "topic", place): text for place, text in found.items()}


def _as_design(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is filled in as the settings of a study with one discussion in which all take part."""
    settings = {name: value for name, value in given.items() if name != "topic"}
    everybody = max(1, len(given["participants"]))
    return {**settings, "topics": [given["topic"]], "per_discussion": everybody, "discussions": 1}
