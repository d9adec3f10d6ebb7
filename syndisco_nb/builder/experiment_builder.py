"""`ExperimentBuilder`: a whole study, put together and checked step by step."""

import copy
import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import EllipsisType
from typing import TYPE_CHECKING, Any, get_overloads, overload

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.persona_files import load_personas
from syndisco_nb.backend.scale import Scale, check_scales
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.topic_files import holds_topics, read_topics
from syndisco_nb.backend.topics import TopicLike
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.backend.window import Counts
from syndisco_nb.builder.compatibility import check_compatible
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import from_document, parse_json, parse_yaml, read_document
from syndisco_nb.builder.fields import check_seed, checked
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.parts import Part
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.builder.study_plan import StudyPlan
from syndisco_nb.builder.trust import guarded
from syndisco_nb.errors import named_arguments, require, short_repr, unknown_name
from syndisco_nb.jobs.actor_checks import MODERATOR
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import STUDY_FILE, PathLike

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing

Levels = Mapping[str, Any] | None
"""Values of a setting by their names, to be compared; None for one that is not varied any more."""

_REMEDY = "load it with trust=[{}]"


class ExperimentBuilder(StudyPlan):
    """The design of a study: participants, topics, rules, and the conditions to compare.

    Every method that sets something returns a new builder and leaves this one as it is; None sets the default again. A
    setting that cannot work is an error at once. The whole builder can be written as YAML, JSON or Python.

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
    models : LiveModels
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

    @named_arguments
    def __init__(self, seed: int | None = None) -> None:
        super().__init__(Design.model_construct(seed=check_seed(seed)), LiveModels())

    @named_arguments
    def model(self, model: Model | Part | None, of: Iterable[str] | None = None) -> "ExperimentBuilder":
        """Set the model that answers.

        Parameters
        ----------
        model : Model or None
            One that can be written down: any of this package, and no function as a script. A server's key is never
            written; where a design is read, it comes from the environment.
        of : list of str, optional
            Names of participants, or of the moderator, for whom this model answers; by default all who have no other.
        """
        if of is None:
            return self._with(model=model)
        require(not isinstance(of, str), f"of is {of!r}, but must be a list of names.", "of")
        models = {**self.design.models, **dict.fromkeys(of, model)}
        return self._with(models={name: one for name, one in models.items() if one is not None})

    @named_arguments
    def participants(
        self,
        people: "Iterable[LLMPersona] | PathLike | pd.DataFrame | EllipsisType | None" = ...,
        per_discussion: int | EllipsisType | None = ...,
        *,
        rename: bool = False,
        columns: "Columns | None" = None,
        labels: "CodeLabels | None" = None,
        missing: "Missing" = (),
        sheet: str | None = None,
    ) -> "ExperimentBuilder":
        """Set the participants; an argument that is not given stays as it was.

        Parameters
        ----------
        people : list of LLMPersona, path or DataFrame
            Or `sample_people(...)`. Files, DataFrames and lists of dicts are read as by `load_personas`. The design
            keeps the people, not the path.
        per_discussion : int, optional
            Number of people drawn for each discussion; 2 by default.
        rename, columns, labels, missing, sheet
            As in `load_personas`, for a file, a DataFrame or a list of dicts.
        """
        if rename or columns is not None or labels is not None or missing or sheet is not None:
            require(
                people is not ... and people is not None,
                "rename, columns, labels, missing and sheet say how people are read, but there are none to read. Give "
                "people, too: a file, a DataFrame or a list of dicts.",
                "people",
            )
            table: Any = people
            people = load_personas(table, rename, columns=columns, labels=labels, missing=missing, sheet=sheet)
        return self._with(participants=people, per_discussion=per_discussion)

    @named_arguments
    def context(self, context: str | None) -> "ExperimentBuilder":
        """Set the situation, as participants and moderator are told; "" for none."""
        return self._with(context=context)

    @named_arguments
    def instructions(self, instructions: str | None) -> "ExperimentBuilder":
        """Set the instructions of participants; "" for none."""
        return self._with(instructions=instructions)

    @named_arguments
    def topics(
        self, topics: "Iterable[TopicLike] | PathLike | pd.DataFrame | None", column: str | None = None
    ) -> "ExperimentBuilder":
        """Set the topics: each discussion opens with one, at random.

        Parameters
        ----------
        topics : list of str, or of lists of comments; or path or DataFrame
            An opening is a text, or several comments: a comment is a text, or a mapping such as
            ``{"name": "Ana", "text": "I agree."}``, where anyone may be named, also somebody who takes no other part.
            A path names a file: a text on every line; JSON or JSON Lines with a list of topics, or of objects with a
            field called topic, text or title; or a table (CSV, Excel) with a column of that name, as in a DataFrame.
        column : str, optional
            Column of the topics in a table, or their field in JSON, as in ``topics("claims.csv", column="claim")``.
        """
        if holds_topics(topics):
            topics = read_topics(topics, column)
        else:
            require(
                column is None, f"column is {column!r}, but topics is no file or DataFrame. Leave it out.", "column"
            )
        return self._with(topics=topics)

    @named_arguments
    def moderator(
        self, instructions: str | None, name: str = MODERATOR, attributes: Iterable[str] = ()
    ) -> "ExperimentBuilder":
        """Set the moderator; None for no moderator.

        Parameters
        ----------
        instructions : str or None
        name : str
            No participant may have it.
        attributes : list of str
            Facts that the moderator knows about itself.
        """
        given = {"instructions": instructions, "name": name, "attributes": attributes}
        return self._with(moderator=None if instructions is None else given)

    @named_arguments
    def turn_taking(self, turn_manager: TurnManager | Part | None) -> "ExperimentBuilder":
        """Set the rule for the next speaker; by default, one after the other."""
        return self._with(turn_taking=turn_manager)

    @named_arguments
    def window(
        self, window: int | EllipsisType | None = ..., counts: Counts | EllipsisType | None = ...
    ) -> "ExperimentBuilder":
        """Set the number of last comments that an actor sees; an argument that is not given stays as it was.

        Parameters
        ----------
        window : int, optional
            3 by default.
        counts : {"participants", "all"}, optional
            Whose comments count. By default, those of participants; those of moderators and guests come in addition.
            Holds for annotators, too.
        """
        return self._with(window=window, window_counts=counts)

    @named_arguments
    def turns(self, turns: int | None) -> "ExperimentBuilder":
        """Set the number of times that a participant is asked for a comment, in each discussion."""
        return self._with(turns=turns)

    @named_arguments
    def stop(self, conditions: StopCondition | Part | Iterable[StopCondition | Part] | None) -> "ExperimentBuilder":
        """Set conditions that end a discussion early, such as `AfterSilences`; [] for none."""
        return self._with(stop=conditions)

    @named_arguments
    def discussions(self, discussions: int | None) -> "ExperimentBuilder":
        """Set the number of discussions in each condition."""
        return self._with(discussions=discussions)

    @named_arguments
    def annotators(
        self,
        annotators: LLMActor | Sequence[LLMActor | Mapping[str, Any]] | EllipsisType | None = ...,
        scales: Scale | Sequence[Scale] | EllipsisType | None = ...,
        window: int | EllipsisType | None = ...,
    ) -> "ExperimentBuilder":
        """Set annotators and their questions; an argument that is not given stays as it was.

        Parameters
        ----------
        annotators : list of LLMActor or of mapping
            Actors of type `ActorType.ANNOTATOR`; a mapping has the settings of one (`name`, `attributes`, `context`,
            `instructions`, `model`), where the design's model answers unless it names another.
        scales : list of Scale
            One question each.
        window : int, optional
            Number of comments that an annotator sees, the one to label included; 3 by default.
        """
        given = [annotators] if isinstance(annotators, LLMActor | Mapping) else annotators
        asked = scales if scales is None or scales is ... else check_scales(scales)
        return self._with(annotators=given, scales=asked, annotation_window=window)

    @overload
    def vary(
        self,
        *,
        model: Levels = ...,
        models: Levels = ...,
        participants: Levels = ...,
        per_discussion: Levels = ...,
        context: Levels = ...,
        instructions: Levels = ...,
        topics: Levels = ...,
        moderator: Levels = ...,
        turn_taking: Levels = ...,
        window: Levels = ...,
        window_counts: Levels = ...,
        turns: Levels = ...,
        stop: Levels = ...,
    ) -> "ExperimentBuilder": ...

    @overload
    def vary(self, **settings: Levels) -> "ExperimentBuilder": ...

    def vary(self, **settings: Levels) -> "ExperimentBuilder":
        """Compare conditions: all combinations of these levels.

        Parameters
        ----------
        **settings
            For each setting to vary, its levels: a mapping of names to values, as in
            ``moderator={"none": None, "facilitator": "Keep it civil."}``. They replace the setting in these
            conditions. None: the setting is not varied any more.
        """
        varied = dict(self.design.vary)
        for setting, levels in settings.items():
            require(
                levels is None or isinstance(levels, Mapping),
                f"{setting} is varied over {short_repr(levels)}, but must map the names of levels to values, as in "
                f'{setting}={{"one": ..., "other": ...}}.',
                f"vary.{setting}",
            )
            if levels is None:
                varied.pop(setting, None)
            else:
                varied[setting] = {level: self._kept(setting, value) for level, value in levels.items()}
        return self._with(vary=varied)

    vary.__signature__ = inspect.signature(get_overloads(vary)[0])  # type: ignore[attr-defined]  # for completion

    @named_arguments
    def seed(self, seed: int | None) -> "ExperimentBuilder":
        """Set the seed, which decides everything random; None to have one drawn."""
        return self._with(seed=seed)

    @classmethod
    def from_design(cls, design: Design, models: LiveModels | None = None) -> "ExperimentBuilder":
        """Return the builder of a design.

        Parameters
        ----------
        design : Design
        models : LiveModels, optional
            The live models of its parts, where there are any already.

        Raises
        ------
        InvalidInputError
            If its settings do not fit together.
        """
        builder = cls()
        builder.design, builder.models = design, models or LiveModels()
        check_compatible(design, builder.models)
        return builder

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
        """Return the builder in JSON; errors as in `from_yaml`.

        Parameters
        ----------
        text : str
        trust : list of str
            As in `load`.
        """
        return cls._read(parse_json(text.encode(), "The text"), "the text", None, trust)

    @classmethod
    @named_arguments
    def load(cls, path: PathLike, trust: str | Iterable[str] = ()) -> "ExperimentBuilder":
        """Return the builder in a file that `save` wrote, or that was written by hand, or of a study that was begun.

        A file may come from anybody: loading it does nothing, and running it contacts no server, runs no code and
        uses no file outside its folder unless `trust` allows that. Files of topics or participants that it names are
        read from its own folder alone.

        Parameters
        ----------
        path : str or path-like
            A YAML or JSON file, or the folder of a study: then `run` on the same folder goes on with it.
        trust : list of str
            Permissions: "code" (run code that comes with a model), "paths" (use files outside its folder),
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
        if file.is_dir():
            builder = cls.from_design(read_study(file).design)
            builder.models.guard = guarded(builder.design, str(file / STUDY_FILE), file, trust, _REMEDY)
            return builder
        return cls._read(read_document(file), str(file), file.absolute().parent, trust)

    def __getattr__(self, name: str) -> Any:
        """Raise an error that names the right method where one is misspelt."""
        raise unknown_name(self, name)

    def _with(self, **changes: Any) -> "ExperimentBuilder":
        """Return the builder with some settings changed: ... stays as it was, None sets the default."""
        usual = {name: Design.model_fields[name].default for name in changes}
        given = {name: value for name, value in changes.items() if value is not ...}
        return self._replaced(**{name: usual[name] if value is None else value for name, value in given.items()})

    def _replaced(self, **changes: Any) -> "ExperimentBuilder":
        values = {name: getattr(self.design, name) for name in Design.model_fields}
        kept = {name: self._kept(name, value) for name, value in changes.items()}
        design = checked(Design, values | kept)
        check_compatible(design, self.models)
        other = copy.copy(self)
        other.design, other._estimates = design, {}
        return other

    def _kept(self, setting: str, value: Any) -> Any:
        """Return the value of a setting with live models kept, and replaced by their parts."""
        if setting == "model":
            return self._keep(value)
        if setting == "models" and isinstance(value, Mapping):
            return {name: self._keep(model) for name, model in value.items()}
        if setting == "annotators" and isinstance(value, Iterable) and not isinstance(value, str | Mapping):
            value = list(value)
            for one in value:
                self._keep(one.get("model") if isinstance(one, Mapping) else getattr(one, "model", None))
        return value

    def _keep(self, value: Any) -> Any:
        """Keep a live model and return its part; a model that the user gave needs no permission."""
        part = self.models.keep(value)
        if self.models.guard and isinstance(value, Model):
            self.models.guard = self.models.guard.without(part)
        return part

    @classmethod
    def _read(
        cls, document: Mapping[Any, Any], where: str, folder: Path | None, trust: str | Iterable[str]
    ) -> "ExperimentBuilder":
        settings = from_document(document, where[:1].upper() + where[1:] if folder is None else where, folder)
        builder = cls()._replaced(**settings)
        builder.models.guard = guarded(builder.design, where, folder, trust, _REMEDY)
        return builder
