"""What a study is to be, as validated, immutable data: what `ExperimentBuilder` builds, and YAML and JSON hold."""

import itertools
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
)

from syndisco_nb.backend.actors import WINDOW, ActorType, LLMActor
from syndisco_nb.backend.persona import LLMPersona, People, load_personas
from syndisco_nb.backend.prompts import BUILT_IN
from syndisco_nb.backend.scales import check_scales
from syndisco_nb.builder.parts import MODELS, SCALES, TURN_MANAGERS, Maker, Part, as_part
from syndisco_nb.errors import InvalidInputError, SyndiscoError, require, require_int, require_text, suggestion
from syndisco_nb.files import read_bounded

Data = TypeVar("Data", bound=BaseModel)

_ONLY = "all"  # the one condition of a study that varies nothing
_JOINT = "+"
_RESERVED = ("annotations",)  # other folders of a study
_LEVEL = r"[^\x00-\x1f/\\:*?\"<>|+]{1,60}"  # a part of a folder's name on any system


def _whole(minimum: int) -> BeforeValidator:
    return BeforeValidator(lambda value, info: require_int(info.field_name, value, minimum))


def _seed(value: Any) -> int | None:
    return None if value is None else require_int("seed", value, 0)


def _text(value: Any, info: ValidationInfo) -> str:
    require_text(str(info.field_name), value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(
            f"{info.field_name} is {value!r}, which holds half a character. Write the character whole."
        ) from None
    return str(value)


def _texts(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    require(
        isinstance(value, Iterable) and not isinstance(value, str | Mapping),
        f"{info.field_name} is {value!r}, but must be a list of texts.",
    )
    return tuple(_text(text, info) for text in value)


def _topics(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    if isinstance(value, str | os.PathLike):
        value = _lines(Path(value).expanduser())
    topics = _texts(value, info)
    for topic in topics:
        require(topic.strip(), "A topic is empty. Give every topic a text that opens the discussion.")
    return topics


def _lines(file: Path) -> list[str]:
    try:
        text = read_bounded(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidInputError(
            f"topics is {str(file)!r}, which cannot be read: {reason}. Give a list of texts, or a file with a topic on "
            "every line."
        ) from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _people(value: Any) -> People:
    if isinstance(value, str | os.PathLike):
        return load_personas(value)
    require(
        isinstance(value, Iterable) and not isinstance(value, Mapping),
        f"participants is {value!r}, but must be a list of LLMPersona, or the path of a file.",
    )
    return People(LLMPersona(**one) if isinstance(one, Mapping) else one for one in value)


def _plain_people(people: Iterable[LLMPersona]) -> list[dict[str, Any]]:
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in person.attributes.items()}
        for person in people
    ]


def _parts(makers: Mapping[str, Maker]) -> BeforeValidator:
    def check(value: Any, info: ValidationInfo) -> Part | None:
        return None if value is None else as_part(str(info.field_name), value, makers)

    return BeforeValidator(check)


def _moderator(value: Any) -> Any:
    if isinstance(value, str):
        return Moderator(instructions=value)
    require(
        value is None or isinstance(value, Moderator | Mapping),
        f"moderator is {value!r}, but must be its instructions, or None for nobody.",
    )
    return value


def _annotators(value: Any) -> list[Any]:
    given = [value] if isinstance(value, LLMActor | Annotator | Mapping) else list(value)
    return [_annotator(one) if isinstance(one, LLMActor) else one for one in given]


def _annotator(actor: LLMActor) -> "Annotator":
    require(
        actor.actor_type is ActorType.ANNOTATOR,
        f"{actor.name!r} is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR.",
    )
    require(
        actor.prompt_format in BUILT_IN,
        f"The annotator {actor.name!r} has a prompt format of its own, which no file could hold. Use an "
        "AnnotationExperiment.",
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


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
ModelPart = Annotated[Part | None, _parts(MODELS)]
Participants = Annotated[tuple[LLMPersona, ...], BeforeValidator(_people), PlainSerializer(_plain_people)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Moderator(_Data):
    """Who is asked after every kept comment, or as the turn manager says."""

    instructions: Text = Field(default="", description="What the moderator is to do")
    name: Text = Field(default="Moderator", description="The name in the discussion; no participant may have it")
    attributes: Texts = Field(default=(), description="What the moderator knows about itself")


class Annotator(_Data):
    """Who labels every comment."""

    model: ModelPart = Field(default=None, description="Who answers; by default the participants' model")
    name: Text = Field(default="", description="What the labels are listed under")
    attributes: Texts = Field(default=(), description="What the annotator knows about itself")
    context: Text = Field(default="", description="The situation")
    instructions: Text = Field(default="", description="What to do, beside the question that a scale asks")


class Settings(_Data):
    """What one condition is: all that may be varied."""

    model: ModelPart = Field(default=None, description="Who answers")
    models: dict[str, Annotated[Part, _parts(MODELS)]] = Field(default={}, description="Who answers for some, by name")
    participants: Participants = Field(default=(), description="Who may take part")
    per_discussion: Annotated[int, _whole(1)] = Field(
        default=2, ge=1, description="How many take part in each discussion"
    )
    context: Text = Field(default="", description="The situation, as all are told")
    instructions: Text = Field(default="", description="What participants are to do")
    topics: Annotated[tuple[str, ...], BeforeValidator(_topics)] = Field(
        default=(), description="Each discussion opens with one of them"
    )
    moderator: Annotated[Moderator | None, BeforeValidator(_moderator)] = Field(
        default=None, description="Who moderates"
    )
    turn_taking: Annotated[Part | None, _parts(TURN_MANAGERS)] = Field(
        default=None, description="Who speaks next; by default one after the other"
    )
    window: Annotated[int, _whole(1)] = Field(
        default=WINDOW, ge=1, description="How many of the last comments an actor sees"
    )
    turns: Annotated[int, _whole(1)] = Field(
        default=10, ge=1, description="How often a participant is asked for a comment"
    )


class Design(Settings):
    """A whole study: its settings, what it varies, and how often."""

    VARIABLE: ClassVar[tuple[str, ...]] = tuple(Settings.model_fields)

    vary: dict[str, dict[str, Any]] = Field(
        default={}, description="By setting: the names of its levels, and their values"
    )
    discussions: Annotated[int, _whole(1)] = Field(
        default=5, ge=1, description="How many discussions in each condition"
    )
    seed: Annotated[int | None, BeforeValidator(_seed)] = Field(default=None, description="Decides all that is random")
    annotators: Annotated[tuple[Annotator, ...], BeforeValidator(_annotators)] = Field(
        default=(), description="Who labels the comments"
    )
    scales: tuple[Annotated[Part, _parts(SCALES)], ...] = Field(default=(), description="What annotators are asked")

    @field_validator("vary")
    @classmethod
    def _levels(cls, vary: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for setting, levels in vary.items():
            require(
                setting in cls.VARIABLE,
                f"{setting!r} cannot be varied.{suggestion(setting, cls.VARIABLE)} What can be: "
                f"{', '.join(cls.VARIABLE)}.",
            )
            _check_names(setting, levels)
        return {
            setting: {level: _value(setting, level, value) for level, value in levels.items()}
            for setting, levels in vary.items()
        }

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
        combinations = [dict(zip(self.vary, names, strict=True)) for names in itertools.product(*self.vary.values())]
        return {_JOINT.join(names.values()) or _ONLY: names for names in combinations}

    def conditions(self) -> dict[str, Settings]:
        """Return the settings of each condition, by name."""
        base = {name: getattr(self, name) for name in self.VARIABLE}
        return {
            condition: Settings.model_construct(
                **base | {setting: self.vary[setting][level] for setting, level in names.items()}
            )
            for condition, names in self.levels().items()
        }


def checked(kind: type[Data], values: Mapping[str, Any]) -> Data:
    """Return the data made of these values, or say what is wrong with one of them, in words.

    Raises
    ------
    InvalidInputError
        If a value cannot be used, or there is no such setting.
    """
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            known = list(kind.model_fields)
            raise InvalidInputError(
                f"There is no setting {place!r}.{suggestion(place, known)} There are: {', '.join(known)}."
            ) from None
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, SyndiscoError):
            raise cause from None
        raise InvalidInputError(f"{place} is {first['input']!r}, which cannot be used: {first['msg']}.") from None


def _value(setting: str, level: str, value: Any) -> Any:
    try:
        return getattr(checked(Settings, {setting: value}), setting)
    except InvalidInputError as error:
        raise InvalidInputError(f"In the level {level!r} of {setting}: {error}") from None


def _check_names(setting: str, levels: Mapping[Any, Any]) -> None:
    """Raise `InvalidInputError` unless these can be told apart, also as names of folders."""
    require(
        len(levels) > 1,
        f"{setting} is varied over {len(levels)} level, but a comparison needs two. Give another, or set it.",
    )
    for level in levels:
        require(
            re.fullmatch(_LEVEL, level) and level.strip(" .") == level and level.casefold() not in _RESERVED,
            f"A level of {setting} is called {level!r}, but folders will have that name: it must be a short text "
            f'without / \\ : * ? " < > | + and line breaks, and not be {", ".join(_RESERVED)}.',
        )
    folded = [level.casefold() for level in levels]
    for level in levels:
        require(
            folded.count(level.casefold()) == 1,
            f"Two levels of {setting} are called {level!r}, but for capitals. Give them different names.",
        )
