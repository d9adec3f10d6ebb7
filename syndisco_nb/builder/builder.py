"""`ExperimentBuilder`: a whole study, put together step by step, checked at each."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydantic_core

from syndisco_nb import doors
from syndisco_nb.builder.assembly import experiments
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import (
    as_document,
    from_document,
    is_json,
    parse_json,
    parse_yaml,
    read_document,
    to_yaml,
)
from syndisco_nb.builder.parts import Models
from syndisco_nb.builder.preview import Preview, preview
from syndisco_nb.builder.python_code import to_code
from syndisco_nb.builder.steps import Steps
from syndisco_nb.builder.study import Study, run_study
from syndisco_nb.builder.trust import guarded
from syndisco_nb.errors import named_arguments, require, require_bool, suggestion
from syndisco_nb.experiments import DiscussionExperiment
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.layout import PathLike, as_path, save_file
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.shown import Exported

if TYPE_CHECKING:
    from syndisco_nb.doors import Live


class ExperimentBuilder(Steps, Exported):
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
    models : Models
        The live models among them.

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
        return run_sync(preview(self.design, chosen))

    def estimate(self) -> Cost:
        """Estimate what the discussions of all conditions will cost, from real prompts and a short probe of each.

        The `Run.costs` of a condition that this builder runs later compare its part of the estimate with the truth.
        """
        costs = {condition: experiment.estimate() for condition, experiment in self.build().items()}
        self._expected = costs
        return Cost(
            calls=sum(cost.calls for cost in costs.values()),
            prompt_tokens=sum(cost.prompt_tokens for cost in costs.values()),
            completion_tokens=sum(cost.completion_tokens for cost in costs.values()),
            seconds=round(sum(cost.seconds for cost in costs.values()), 1),
            memory_mb=max(cost.memory_mb for cost in costs.values()),
            gpu_memory_mb=max(cost.gpu_memory_mb for cost in costs.values()),
        )

    def build(self) -> dict[str, DiscussionExperiment]:
        """Return the experiment of each condition, by the condition's name; all with one seed.

        Raises
        ------
        InvalidInputError
            If model, participants or topics are missing.
        TrustError
            If the design was read from a file and would do more than was allowed; see `load`.
        """
        return experiments(self.design, self.models, given_or_drawn(self.design.seed))

    @named_arguments
    def run(self, folder: PathLike, *, fresh: bool = False) -> Study:
        """Hold all discussions, in one run folder per condition below `folder`, showing progress.

        What is there already is kept, and not asked again: after an interrupt, run the same cell again.

        Parameters
        ----------
        folder : str or path-like
            Made if it does not exist.
        fresh : bool
            Whether to start anew; a study that is already there is moved aside, labels included, to ``….old-1``.

        Returns
        -------
        Study
            The run of each condition, finished or not.

        Raises
        ------
        InvalidInputError
            If the design is not complete.
        TrustError
            If the design was read from a file and would do more than was allowed; see `load`.
        RunFolderError
            If the folder holds a study of another design; the difference is named.
        StorageError, ModelError, RunFailedError
            As in `DiscussionExperiment.begin`.
        """
        return run_sync(run_study(self.design, self.models, as_path("folder", folder), fresh, self._expected))

    @named_arguments
    async def arun(self, folder: PathLike, *, fresh: bool = False) -> Study:
        """Do what `run` does, for those who await."""
        return await run_async(run_study(self.design, self.models, as_path("folder", folder), fresh, self._expected))

    @named_arguments
    def start(self, folder: PathLike, *, fresh: bool = False) -> "Live":
        """Do what `run` does, and return at once, with a view of it.

        A notebook shows how each condition gets on and what is being said, with buttons to pause, to stop and to say
        something. Cells stay usable meanwhile; once it is over, the output becomes the `Study`.

        Parameters
        ----------
        folder : str or path-like
            Made if it does not exist.
        fresh : bool
            As in `run`.

        Returns
        -------
        Live
            With `wait`, `result`, `pause`, `stop` and more. What goes wrong is shown, and raised by `wait`.

        Raises
        ------
        InvalidInputError
            If the design is not complete.
        TrustError
            As in `run`.
        """
        path = as_path("folder", folder)
        require_bool("fresh", fresh)
        self.build()
        return doors.live(path, lambda: self.arun(path, fresh=fresh))

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
    def from_design(cls, design: Design, models: Models | None = None) -> "ExperimentBuilder":
        """Return the builder of a design.

        Parameters
        ----------
        design : Design
        models : Models, optional
            The live models of its parts, where there are any already.

        Raises
        ------
        InvalidInputError
            If its settings do not fit together.
        """
        builder = cls()
        builder.models = models or Models()
        return builder._replaced(**{name: getattr(design, name) for name in Design.model_fields})

    @classmethod
    @named_arguments
    def from_yaml(cls, text: str, trust: str | Iterable[str] = ()) -> "ExperimentBuilder":
        """Return the builder in YAML.

        Parameters
        ----------
        text : str
        trust : list of str
            As in `load`.

        Raises
        ------
        RecordError
            If it is not a design, or was written by a newer version.
        InvalidInputError
            If a setting cannot be used.
        """
        return cls._read(parse_yaml(text, "The text"), "the text", None, trust)

    @classmethod
    @named_arguments
    def from_json(cls, text: str, trust: str | Iterable[str] = ()) -> "ExperimentBuilder":
        """Return the builder in JSON; arguments and errors as in `from_yaml`."""
        return cls._read(parse_json(text.encode(), "The text"), "the text", None, trust)

    @named_arguments
    def save(self, path: PathLike) -> Path:
        """Write the design to a file, as YAML, or as JSON if its name ends in .json; return its path.

        Folders are created if missing.
        """
        file = as_path("path", path)
        return save_file(file, self.to_json() if is_json(file) else self.to_yaml())

    @classmethod
    @named_arguments
    def load(cls, path: PathLike, trust: str | Iterable[str] = ()) -> "ExperimentBuilder":
        """Return the builder in a file that `save` wrote, or that was written by hand.

        A file may come from anybody: loading it does nothing, and running it contacts no server, runs no code and
        uses no file outside its folder unless `trust` allows that. Files of topics or participants that it names are
        read from its own folder alone.

        Parameters
        ----------
        path : str or path-like
        trust : list of str
            What it may do: "code" (run code that comes with a model), "paths" (use files outside its folder),
            "server:HOST" (send requests to this server, with its key if the environment holds it). The error of a
            run names the words that it needs.

        Raises
        ------
        RecordError
            If it is not a design, or was written by a newer version.
        InvalidInputError
            If a setting cannot be used.
        TrustError
            If it reads topics or participants from a file outside its folder.
        """
        file = as_path("path", path)
        return cls._read(read_document(file), str(file), file.absolute().parent, trust)

    @classmethod
    def _read(
        cls, document: Mapping[Any, Any], where: str, folder: Path | None, trust: str | Iterable[str]
    ) -> "ExperimentBuilder":
        settings = from_document(document, where[:1].upper() + where[1:] if folder is None else where, folder)
        builder = cls()._replaced(**settings)
        builder.models.guard = guarded(builder.design, where, folder, trust, "load it with trust=[{}]")
        return builder

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
