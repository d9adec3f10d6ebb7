"""`ExperimentBuilder`: a whole study, put together step by step, checked at each."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pydantic_core

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.scales import Scale, check_scales
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.builder.assembly import check_fit, experiments
from syndisco_nb.builder.code import to_code
from syndisco_nb.builder.design import Design, checked
from syndisco_nb.builder.files import as_document, from_document, parse_yaml, to_yaml
from syndisco_nb.builder.parts import Models, Part
from syndisco_nb.builder.preview import Preview, preview
from syndisco_nb.builder.study import Study, run_study
from syndisco_nb.errors import RecordError, named_arguments, require, suggestion
from syndisco_nb.experiments import DiscussionExperiment
from syndisco_nb.files import read_bounded, write_atomically
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.run_files import Cost, PathLike, storage_error
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.serialization import parse_object


class ExperimentBuilder:
    """The design of a study: who discusses what, how, and what is compared.

    Every method returns a new builder and leaves this one as it is; what cannot work is an error at once. All that a
    builder holds can be written down, as YAML, JSON or Python.

    Conditions are paired: discussion i has the same topic and the same participants in each of them (unless these
    are varied), drawn from the seed.

    Parameters
    ----------
    seed : int, optional
        Decides all that is random. Drawn if not given, and kept with the study.

    Attributes
    ----------
    design : Design
        All settings, as plain, validated data.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> study = (
    ...     snb.ExperimentBuilder(seed=7)
    ...     .model(snb.ScriptedModel(["I agree.", "Why?"]))
    ...     .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
    ...     .topics(["Should city centres be closed to cars?"])
    ...     .vary(moderator={"none": None, "facilitator": "Keep it civil."}, window={"short": 1, "long": 5})
    ... )
    >>> study
    <ExperimentBuilder: 4 conditions (moderator × window) of 5 discussions, 10 turns by 2 of 2 participants>
    >>> list(study.build())
    ['none+short', 'none+long', 'facilitator+short', 'facilitator+long']
    """

    @named_arguments
    def __init__(self, seed: int | None = None) -> None:
        self._models = Models()
        self.design = checked(Design, {"seed": seed})

    @named_arguments
    def model(self, model: Model | Part, of: Iterable[str] | None = None) -> "ExperimentBuilder":
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
    ) -> "ExperimentBuilder":
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
    def context(self, context: str) -> "ExperimentBuilder":
        """Set the situation that participants and moderator are told."""
        return self._with(context=context)

    @named_arguments
    def instructions(self, instructions: str) -> "ExperimentBuilder":
        """Set what participants are to do."""
        return self._with(instructions=instructions)

    @named_arguments
    def topics(self, topics: Iterable[str] | PathLike) -> "ExperimentBuilder":
        """Set the openings: each discussion gets one, at random; a path names a file with one on every line."""
        return self._with(topics=topics)

    @named_arguments
    def moderator(
        self, instructions: str | None, name: str = "Moderator", attributes: Iterable[str] = ()
    ) -> "ExperimentBuilder":
        """Set what a moderator is to do; None for no moderator."""
        given = {"instructions": instructions, "name": name, "attributes": attributes}
        return self._replaced(moderator=None if instructions is None else given)

    @named_arguments
    def turn_taking(self, turn_manager: TurnManager | Part) -> "ExperimentBuilder":
        """Set who speaks next; by default one after the other."""
        return self._with(turn_taking=turn_manager)

    @named_arguments
    def window(self, window: int) -> "ExperimentBuilder":
        """Set how many of the last comments an actor sees."""
        return self._with(window=window)

    @named_arguments
    def turns(self, turns: int) -> "ExperimentBuilder":
        """Set how often a participant is asked for a comment, in each discussion."""
        return self._with(turns=turns)

    @named_arguments
    def discussions(self, discussions: int) -> "ExperimentBuilder":
        """Set how many discussions each condition has."""
        return self._with(discussions=discussions)

    @named_arguments
    def annotators(
        self,
        annotators: LLMActor | Sequence[LLMActor | Mapping[str, Any]] | None = None,
        scales: Scale | Sequence[Scale] | None = None,
    ) -> "ExperimentBuilder":
        """Set who labels the comments, and what is asked; what is not given stays.

        Parameters
        ----------
        annotators : list of LLMActor or of mapping
            Actors of type `ActorType.ANNOTATOR`; a mapping has the settings of one (`name`, `attributes`, `context`,
            `instructions`, `model`), where the design's model answers unless it names another.
        scales : list of Scale
            One question each.
        """
        given = [annotators] if isinstance(annotators, LLMActor | Mapping) else annotators
        for one in given or ():
            self._models.keep(one.model if isinstance(one, LLMActor) else one.get("model"))
        return self._with(annotators=given, scales=None if scales is None else check_scales(scales))

    def vary(self, **settings: Mapping[str, Any]) -> "ExperimentBuilder":
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
    def seed(self, seed: int | None) -> "ExperimentBuilder":
        """Set the seed, which decides all that is random; None to have one drawn."""
        return self._replaced(seed=seed)

    def preview(self, condition: str | None = None) -> Preview:
        """Return what the first speaker, and the first annotator, would be sent in discussion 0.

        Parameters
        ----------
        condition : str, optional
            The first one by default.
        """
        names = list(self.design.levels())
        chosen = names[0] if condition is None else condition
        require(
            chosen in names,
            f"There is no condition {chosen!r}.{suggestion(str(chosen), names)} There are: {', '.join(names)}.",
        )
        return run_sync(preview(self.design, self._models, chosen))

    def estimate(self) -> Cost:
        """Estimate what the discussions of all conditions will cost, from real prompts and a short probe of each."""
        costs = [experiment.estimate() for experiment in self.build().values()]
        return Cost(
            calls=sum(cost.calls for cost in costs),
            prompt_tokens=sum(cost.prompt_tokens for cost in costs),
            completion_tokens=sum(cost.completion_tokens for cost in costs),
            seconds=round(sum(cost.seconds for cost in costs), 1),
            memory_mb=max(cost.memory_mb for cost in costs),
            gpu_memory_mb=max(cost.gpu_memory_mb for cost in costs),
        )

    def build(self) -> dict[str, DiscussionExperiment]:
        """Return the experiment of each condition, by the condition's name; all with one seed.

        Raises
        ------
        InvalidInputError
            If model, participants or topics are missing.
        """
        return experiments(self.design, self._models, given_or_drawn(self.design.seed))

    @named_arguments
    def run(self, folder: PathLike) -> Study:
        """Hold all discussions, in one run folder per condition below `folder`, showing progress.

        What is there already is kept, and not asked again: after an interrupt, run the same cell again.

        Parameters
        ----------
        folder : str or path-like
            Made if it does not exist.

        Returns
        -------
        Study
            The run of each condition, finished or not.

        Raises
        ------
        InvalidInputError
            If the design is not complete.
        RunFolderError
            If the folder holds a study of another design; the difference is named.
        StorageError, ModelError, RunFailedError
            As in `DiscussionExperiment.begin`.
        """
        return run_sync(run_study(self.design, self._models, folder))

    @named_arguments
    async def arun(self, folder: PathLike) -> Study:
        """Do what `run` does, for those who await."""
        return await run_async(run_study(self.design, self._models, folder))

    def to_yaml(self) -> str:
        """Return the whole design as YAML."""
        return to_yaml(self.design)

    def to_json(self) -> str:
        """Return the whole design as JSON."""
        return pydantic_core.to_json(as_document(self.design), indent=2).decode() + "\n"

    def to_code(self) -> str:
        """Return Python that makes an equal builder, named `study`."""
        return to_code(self.design)

    @classmethod
    def from_yaml(cls, text: str) -> "ExperimentBuilder":
        """Return the builder in YAML.

        Raises
        ------
        RecordError
            If it is not a design, or was written by a newer version.
        InvalidInputError
            If a setting cannot be used.
        """
        return cls()._replaced(**from_document(parse_yaml(text, "The text"), "The text"))

    @classmethod
    def from_json(cls, text: str) -> "ExperimentBuilder":
        """Return the builder in JSON; errors as in `from_yaml`."""
        return cls()._replaced(**from_document(parse_object(text.encode(), "The text"), "The text"))

    @named_arguments
    def save(self, path: PathLike) -> Path:
        """Write the design to a file, as YAML, or as JSON if its name ends in .json; return its path."""
        file = Path(path).expanduser()
        text = self.to_json() if _is_json(file) else self.to_yaml()
        try:
            write_atomically(file, text.encode())
        except OSError as error:
            raise storage_error(file, error) from error
        return file

    @classmethod
    def load(cls, path: PathLike) -> "ExperimentBuilder":
        """Return the builder in a file that `save` wrote, or that was written by hand."""
        file = Path(path).expanduser()
        try:
            data = read_bounded(file)
        except OSError as error:
            raise RecordError(f"{file} cannot be read: {error.strerror}. Give a file that `save` wrote.") from None
        document = parse_object(data, str(file)) if _is_json(file) else parse_yaml(data, str(file))
        return cls()._replaced(**from_document(document, str(file)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExperimentBuilder) and self.design == other.design

    __hash__ = None  # type: ignore[assignment]  # equal by content, and that holds lists

    def __repr__(self) -> str:
        design = self.design
        conditions = len(design.levels())
        varied = f" ({' × '.join(design.vary)})" if design.vary else ""
        return (
            f"<ExperimentBuilder: {conditions} condition{'s' * (conditions > 1)}{varied} of {design.discussions} "
            f"discussions, {design.turns} turns by {design.per_discussion} of {len(design.participants)} participants>"
        )

    def _with(self, **changes: Any) -> "ExperimentBuilder":
        """Return the builder with what is given changed; what is None stays."""
        return self._replaced(**{name: value for name, value in changes.items() if value is not None})

    def _replaced(self, **changes: Any) -> "ExperimentBuilder":
        values = {name: getattr(self.design, name) for name in Design.model_fields}
        kept = {name: self._kept(name, value) for name, value in changes.items()}
        design = checked(Design, values | kept)
        check_fit(design, self._models)
        other = copy.copy(self)
        other.design = design
        return other

    def _kept(self, setting: str, value: Any) -> Any:
        """Return a value to be set, live models as their parts, which are found again when it comes to running."""
        if setting == "model":
            return self._models.keep(value)
        if setting == "models" and isinstance(value, Mapping):
            return {name: self._models.keep(model) for name, model in value.items()}
        return value


def _is_json(file: Path) -> bool:
    return file.suffix.lower() == ".json"
