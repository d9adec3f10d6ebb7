"""`Design`: a whole study as validated, immutable data, in builders, forms, YAML and JSON."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer, field_validator

from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.model import Model
from syndisco_nb.backend.prompts import BUILT_IN
from syndisco_nb.backend.scale import check_scales
from syndisco_nb.backend.window import COUNTS, Counts, check_counts
from syndisco_nb.builder.fields import (
    ModelPart,
    Number,
    Participants,
    Prose,
    ScalePart,
    Seed,
    StopPart,
    Text,
    Texts,
    Topics,
    TurnManagerPart,
    checked,
    one_or_more,
    parts,
)
from syndisco_nb.builder.parts import Part
from syndisco_nb.errors import InvalidInputError, require, short_repr, suggestion, within
from syndisco_nb.jobs import check_annotator_names
from syndisco_nb.jobs.actor_checks import MODERATOR
from syndisco_nb.runs.layout import JOINT, condition_levels

CONTEXT = "You are taking part in an online discussion."
INSTRUCTIONS = "Say what you think, in one to three sentences. Answer what the others said."

_RESERVED = ("annotations", "study.json")  # what else a study has in its folder
_MOST_CONDITIONS = 1_000
_LONGEST_NAME = 255  # bytes of a folder's name, on most systems
LEVEL_PATTERN = r'[^\x00-\x1f/\\:*?"<>|+]{1,60}'
"""Regular expression of a level's name: a part of a folder's name on any system."""


def _moderator(value: Any) -> Any:
    if isinstance(value, str):
        return Moderator(instructions=value)
    require(
        value is None or isinstance(value, Moderator | Mapping),
        f"moderator is {short_repr(value)}, but must be its instructions, or None for nobody.",
        "moderator",
    )
    return value


def _annotators(value: Any) -> list[Any]:
    alone = isinstance(value, LLMActor | Annotator | Mapping)
    require(
        alone or (isinstance(value, Iterable) and not isinstance(value, str)),
        f"annotators is {short_repr(value)}, but must be a list of LLMActor, or of mappings such as "
        '{"name": "judge", "instructions": "You rate comments."}.',
        "annotators",
    )
    given = [value] if alone else list(value)
    return [_annotator(place, one) if isinstance(one, LLMActor) else one for place, one in enumerate(given)]


def _annotator(place: int, actor: LLMActor) -> "Annotator":
    with within(place):
        return _from_actor(actor)


def _from_actor(actor: LLMActor) -> "Annotator":
    require(
        actor.actor_type is ActorType.ANNOTATOR,
        f"{actor.name!r} is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR.",
        "actor_type",
    )
    require(
        actor.prompt_format in BUILT_IN,
        f"The annotator {actor.name!r} has a prompt format of its own, which no file could hold. Use an "
        "AnnotationExperiment.",
        "prompt_format",
    )
    return checked(
        Annotator,
        {
            "model": actor.model,
            "name": actor.name,
            "attributes": actor.attributes,
            "context": actor.context,
            "instructions": actor.instructions,
        },
    )


WindowCounts = Annotated[Counts, BeforeValidator(check_counts)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Moderator(_Data):
    """The moderator, asked after every kept comment, or as the turn manager says."""

    instructions: Prose = Field(default="", description="Instructions of the moderator")
    name: Text = Field(default=MODERATOR, description="In the discussion; no participant may have it")
    attributes: Texts = Field(default=(), description="Facts that the moderator knows about itself")


class Annotator(_Data):
    """An annotator, who labels every comment."""

    model: ModelPart = Field(default=None, description="By default that of the participants")
    name: Text = Field(default="", description="Shown with the labels")
    attributes: Texts = Field(default=(), description="Facts that the annotator knows about itself")
    context: Prose = Field(default="", description="Context given to the annotator")
    instructions: Prose = Field(default="", description="In addition to the questions of the scales")


class Settings(_Data):
    """The settings of one condition, all of which may be varied."""

    model: ModelPart = Field(default=None, description="Answers for all who have no other model")
    models: dict[str, Annotated[Part, parts(Model)]] = Field(
        default={}, description="For particular participants, by name"
    )
    participants: Participants = Field(default=(), description="Those of each discussion are drawn from them")
    per_discussion: Number = Field(default=2, description="Drawn at random for each discussion")
    context: Prose = Field(default=CONTEXT, description="Context given to everyone")
    instructions: Prose = Field(default=INSTRUCTIONS, description="Instructions given to participants")
    topics: Topics = Field(
        default=(), description="Each discussion opens with one of them: a text, or several comments"
    )
    moderator: Annotated[Moderator | None, BeforeValidator(_moderator)] = Field(
        default=None, description="Asked after every comment, unless the speaking order says otherwise"
    )
    turn_taking: TurnManagerPart = Field(default=None, description="By default one after the other")
    window: Number = Field(default=WINDOW, description="Number of last comments that a participant sees")
    window_counts: WindowCounts = Field(
        default=COUNTS,
        description="Comments of moderators and guests are shown in addition, or count, too",
    )
    turns: Number = Field(default=10, description="Requests for a comment in each discussion")
    stop: Annotated[tuple[StopPart, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Conditions that end a discussion before its last turn"
    )

    def names(self) -> list[str]:
        """Return the names of all who may speak: participants and moderator."""
        moderator = [self.moderator.name] if self.moderator else []
        return [*(person.username for person in self.participants), *moderator]

    def model_of(self, name: str) -> Part | None:
        """Return the model that answers for somebody, or None if none is set yet."""
        return self.models.get(name) or self.model


class Design(Settings):
    """A whole study: its settings, the levels of varied ones, the number of discussions, its annotation."""

    VARIABLE: ClassVar[tuple[str, ...]] = tuple(Settings.model_fields)

    vary: dict[str, dict[str, Any]] = Field(
        default={}, description="Every combination of levels is one condition; everything else stays the same"
    )
    discussions: Number = Field(default=5, description="Number of discussions in each condition")
    seed: Seed = Field(default=None, description="Decides everything random; drawn if empty")
    annotators: Annotated[tuple[Annotator, ...], BeforeValidator(_annotators)] = Field(
        default=(), description="Label every comment"
    )
    scales: tuple[ScalePart, ...] = Field(default=(), description="Questions that annotators answer")
    annotation_window: Number = Field(
        default=WINDOW, description="Number of comments that an annotator sees, the one to label included"
    )

    @field_validator("vary")
    @classmethod
    def _levels(cls, vary: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for setting, levels in vary.items():
            require(
                setting in cls.VARIABLE,
                f"{setting!r} cannot be varied.{suggestion(setting, cls.VARIABLE)} These can be: "
                f"{', '.join(cls.VARIABLE)}.",
                "vary",
            )
            _check_names(setting, levels)
        conditions = math.prod(map(len, vary.values()))
        require(
            conditions <= _MOST_CONDITIONS,
            f"vary makes {short_repr(conditions)} conditions, but a study has up to {_MOST_CONDITIONS:,}. Vary less.",
            "vary",
        )
        longest = JOINT.join(max(levels, key=_size) for levels in vary.values())
        require(
            _size(longest) <= _LONGEST_NAME,
            f"The name of the condition {longest!r} has {_size(longest)} bytes, but the name of its folder may have up "
            f"to {_LONGEST_NAME}. Give levels shorter names.",
            "vary",
        )
        return {
            setting: {level: _value(setting, level, value) for level, value in levels.items()}
            for setting, levels in vary.items()
        }

    @field_validator("annotators")
    @classmethod
    def _different_annotators(cls, annotators: tuple[Annotator, ...]) -> tuple[Annotator, ...]:
        check_annotator_names(one.name for one in annotators)
        return annotators

    @field_validator("scales")
    @classmethod
    def _different_scales(cls, scales: tuple[Part, ...]) -> tuple[Part, ...]:
        check_scales([scale.make() for scale in scales])
        return scales

    @field_serializer("vary")
    def _plain_levels(self, vary: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {
            setting: {
                level: Settings.model_construct(**{setting: value}).model_dump(mode="json", include={setting})[setting]
                for level, value in levels.items()
            }
            for setting, levels in vary.items()
        }

    def levels(self) -> dict[str, dict[str, str]]:
        """Return for each condition, by name, the level of every varied setting: all combinations."""
        return condition_levels(self.vary)

    def cast(self) -> tuple[str, ...]:
        """Return the names of all who may take part, those of the first condition first."""
        people = (person for settings in self.conditions().values() for person in settings.participants)
        return tuple(dict.fromkeys(person.username for person in people))

    def model_parts(self) -> list[Part]:
        """Return the models of all participants, moderators and annotators, each once."""
        found = [one for settings in self.conditions().values() for one in (settings.model, *settings.models.values())]
        found += [annotator.model for annotator in self.annotators]
        return list({part.key: part for part in found if part}.values())

    def conditions(self) -> dict[str, Settings]:
        """Return the settings of each condition, by name."""
        base = {name: getattr(self, name) for name in self.VARIABLE}
        return {
            condition: Settings.model_construct(
                **base | {setting: self.vary[setting][level] for setting, level in names.items()}
            )
            for condition, names in self.levels().items()
        }


def _size(name: str) -> int:
    return len(name.encode(errors="replace"))


def _value(setting: str, level: str, value: Any) -> Any:
    try:
        return getattr(checked(Settings, {setting: value}), setting)
    except InvalidInputError as error:
        path = ".".join([setting, level, *error.field.split(".")[1:]])
        raise InvalidInputError(f"In the level {level!r} of {setting}: {error}", field=path) from None


def _check_names(setting: str, levels: Mapping[Any, Any]) -> None:
    """Raise `InvalidInputError` unless levels have different names that folders can have."""
    require(
        len(levels) > 1,
        f"{setting} is varied over {len(levels)} level, but a comparison needs two. Give another, or set it.",
        setting,
    )
    for level in levels:
        require(
            re.fullmatch(LEVEL_PATTERN, level) and level.strip(" .") == level and level.casefold() not in _RESERVED,
            f"A level of {setting} is called {level!r}, but folders will have that name: it must be a short text "
            f'without / \\ : * ? " < > | + and line breaks, and not be {" or ".join(_RESERVED)}.',
            setting,
        )
    folded = [level.casefold() for level in levels]
    for level in levels:
        require(
            folded.count(level.casefold()) == 1,
            f"Two levels of {setting} are called {level!r}, but for capitals. Give them different names.",
            setting,
        )
