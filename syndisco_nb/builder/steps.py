"""How a design is put together: a method for each setting."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.scales import Scale, check_scales
from syndisco_nb.backend.stopping import StopCondition
from syndisco_nb.backend.topics import TopicLike
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.backend.window import Counts
from syndisco_nb.builder.assembly import check_fit
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.fields import checked
from syndisco_nb.builder.parts import Models, Part
from syndisco_nb.errors import named_arguments, require
from syndisco_nb.run_files import PathLike


class Steps:
    """The methods of an `ExperimentBuilder` that set something; each returns a new builder."""

    @named_arguments
    def __init__(self, seed: int | None = None) -> None:
        self.models = Models()
        self.design = checked(Design, {"seed": seed})

    @named_arguments
    def model(self, model: Model | Part, of: Iterable[str] | None = None) -> Self:
        """Set who answers.

        Parameters
        ----------
        model : Model
            One that can be written down: any of this package, and no function as a script. A server's key is never
            written; where a design is read, it comes from the environment.
        of : list of str, optional
            The participants, or the moderator, for whom this model answers; by default all who have no other.
        """
        if of is None:
            return self._with(model=model)
        require(not isinstance(of, str), f"of is {of!r}, but must be a list of names.")
        return self._with(models={**self.design.models, **dict.fromkeys(of, model)})

    @named_arguments
    def participants(
        self, people: Iterable[LLMPersona] | PathLike | None = None, per_discussion: int | None = None
    ) -> Self:
        """Set who may take part.

        Parameters
        ----------
        people : list of LLMPersona, or path
            Or `sample_people(...)`, or the path of a file for `load_personas`. The design keeps the people, not the
            path.
        per_discussion : int, optional
            How many of them are drawn for each discussion; 2 unless ever set.
        """
        return self._with(participants=people, per_discussion=per_discussion)

    @named_arguments
    def context(self, context: str) -> Self:
        """Set the situation that participants and moderator are told."""
        return self._with(context=context)

    @named_arguments
    def instructions(self, instructions: str) -> Self:
        """Set what participants are to do."""
        return self._with(instructions=instructions)

    @named_arguments
    def topics(self, topics: Iterable[TopicLike] | PathLike) -> Self:
        """Set the openings: each discussion gets one, at random.

        Parameters
        ----------
        topics : list of str, or of lists of comments; or path
            An opening is a text, or several comments: a comment is a text, or a mapping such as
            ``{"name": "Ana", "text": "I agree."}``, where anyone may be named, also somebody who takes no other part.
            A path names a file with one text on every line.
        """
        return self._with(topics=topics)

    @named_arguments
    def moderator(self, instructions: str | None, name: str = "Moderator", attributes: Iterable[str] = ()) -> Self:
        """Set what a moderator is to do; None for no moderator."""
        given = {"instructions": instructions, "name": name, "attributes": attributes}
        return self._replaced(moderator=None if instructions is None else given)

    @named_arguments
    def turn_taking(self, turn_manager: TurnManager | Part) -> Self:
        """Set who speaks next; by default one after the other."""
        return self._with(turn_taking=turn_manager)

    @named_arguments
    def window(self, window: int | None = None, counts: Counts | None = None) -> Self:
        """Set how many of the last comments an actor sees; what is not given stays.

        Parameters
        ----------
        window : int, optional
            3 unless ever set.
        counts : {"participants", "all"}, optional
            Whose comments count. Unless ever set, those of participants; those of moderators and guests come in
            addition. Holds for annotators, too.
        """
        return self._with(window=window, window_counts=counts)

    @named_arguments
    def turns(self, turns: int) -> Self:
        """Set how often a participant is asked for a comment, in each discussion."""
        return self._with(turns=turns)

    @named_arguments
    def stop(self, conditions: StopCondition | Part | Iterable[StopCondition | Part]) -> Self:
        """Set what ends a discussion before all turns were held, such as `AfterSilences`; [] for nothing."""
        return self._with(stop=conditions)

    @named_arguments
    def discussions(self, discussions: int) -> Self:
        """Set how many discussions each condition has."""
        return self._with(discussions=discussions)

    @named_arguments
    def annotators(
        self,
        annotators: LLMActor | Sequence[LLMActor | Mapping[str, Any]] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
        window: int | None = None,
    ) -> Self:
        """Set who labels the comments, and what is asked; what is not given stays.

        Parameters
        ----------
        annotators : list of LLMActor or of mapping
            Actors of type `ActorType.ANNOTATOR`; a mapping has the settings of one (`name`, `attributes`, `context`,
            `instructions`, `model`), where the design's model answers unless it names another.
        scales : list of Scale
            One question each.
        window : int, optional
            How many comments an annotator sees, the one to label included; 3 unless ever set.
        """
        given = [annotators] if isinstance(annotators, LLMActor | Mapping) else annotators
        for one in given or ():
            self.models.keep(one.model if isinstance(one, LLMActor) else one.get("model"))
        asked = None if scales is None else check_scales(scales)
        return self._with(annotators=given, scales=asked, annotation_window=window)

    def vary(self, **settings: Mapping[str, Any]) -> Self:
        """Compare conditions: all combinations of these levels.

        Parameters
        ----------
        **settings
            For each setting to vary, its levels: a mapping of names to values, as in
            ``moderator={"none": None, "facilitator": "Keep it civil."}``. In these conditions they stand in for
            what is otherwise set.
        """
        for setting, levels in settings.items():
            require(
                isinstance(levels, Mapping),
                f"{setting} is varied over {levels!r}, but must map the names of levels to values, as in "
                f'{setting}={{"one": ..., "other": ...}}.',
            )
        kept = {
            setting: {level: self._kept(setting, value) for level, value in levels.items()}
            for setting, levels in settings.items()
        }
        return self._with(vary={**self.design.vary, **kept})

    @named_arguments
    def seed(self, seed: int | None) -> Self:
        """Set the seed, which decides all that is random; None to have one drawn."""
        return self._replaced(seed=seed)

    def _with(self, **changes: Any) -> Self:
        """Return the builder with what is given changed; what is None stays."""
        return self._replaced(**{name: value for name, value in changes.items() if value is not None})

    def _replaced(self, **changes: Any) -> Self:
        values = {name: getattr(self.design, name) for name in Design.model_fields}
        kept = {name: self._kept(name, value) for name, value in changes.items()}
        design = checked(Design, values | kept)
        check_fit(design, self.models)
        other = copy.copy(self)
        other.design = design
        return other

    def _kept(self, setting: str, value: Any) -> Any:
        """Return a value to be set, live models as their parts, which are found again when it comes to running."""
        if setting == "model":
            return self.models.keep(value)
        if setting == "models" and isinstance(value, Mapping):
            return {name: self.models.keep(model) for name, model in value.items()}
        return value
