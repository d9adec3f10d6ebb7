"""The fields of a design: validation of their values, with all faults by path."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.model import Model
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.persona_files import load_personas
from syndisco_nb.backend.population import Sample
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.topic_files import holds_topics, read_topics
from syndisco_nb.backend.topics import Topic, check_topics, plain_topic
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.builder.parts import Part, as_part
from syndisco_nb.errors import (
    InvalidInputError,
    SyndiscoError,
    require,
    require_int,
    require_text,
    short_repr,
    suggestion,
    within,
)
from syndisco_nb.shown import Shown

Data = TypeVar("Data", bound=BaseModel)

_MOST_FAULTS = 50  # that are put in words: a file may hold any number of them
MOST = 1_000_000  # discussions, turns, comments, people
_LONGEST = 1_000_000  # characters of one text


def validate(kind: type[Data], values: Mapping[str, Any]) -> tuple[Data | None, dict[str, str]]:
    """Return the object made of these values, and all faults, from one pass of validation.

    Parameters
    ----------
    kind : type
        A pydantic model, such as `Design`.
    values : mapping
        A value for each setting; the others have their defaults.

    Returns
    -------
    object or None
        None if there is a fault.
    faults : dict of str to str
        By dotted path (``"turns"``, ``"participants.2.age"``), the message of each fault.
    """
    made, faults = _validated(kind, values)
    return made, {path: str(fault) for path, fault in faults.items()}


def checked(kind: type[Data], values: Mapping[str, Any]) -> Data:
    """Return the object made of these values.

    Parameters
    ----------
    kind : type
        A pydantic model, such as `Design`.
    values : mapping
        A value for each setting; the others have their defaults.

    Raises
    ------
    SyndiscoError
        The first fault, usually an `InvalidInputError`; its `field` is the dotted path of the setting.
    """
    made, faults = _validated(kind, values)
    if made is None:
        raise next(iter(faults.values())) from None
    return made


def _validated(kind: type[Data], values: Mapping[str, Any]) -> tuple[Data | None, dict[str, SyndiscoError]]:
    try:
        return kind.model_validate(dict(values)), {}
    except ValidationError as error:
        faults: dict[str, SyndiscoError] = {}
        for details in error.errors()[:_MOST_FAULTS]:
            fault = _fault(kind, details)
            faults.setdefault(fault.field, fault)
        return None, faults


def _fault(kind: type[BaseModel], details: ErrorDetails) -> SyndiscoError:
    """Return the error behind one of pydantic's, with the whole path as its field."""
    location = [str(one) for one in details["loc"]]
    path = ".".join(location)
    fault = details.get("ctx", {}).get("error")
    if details["type"] == "extra_forbidden":
        known = list(kind.model_fields)
        fault = InvalidInputError(
            f"There is no setting {path!r}.{suggestion(path, known)} There are: {', '.join(known)}."
        )
    elif not isinstance(fault, SyndiscoError):
        fault = InvalidInputError(f"{path} is {short_repr(details['input'])}, which cannot be used: {details['msg']}.")
    own = fault.field.split(".") if fault.field else []
    if own and own[0] in location:  # both name the setting itself
        del own[0]
    fault.field = ".".join([*location, *own])
    return fault


def _number(value: Any, info: ValidationInfo) -> int:
    return require_int(str(info.field_name), value, 1, MOST)


def check_seed(value: Any) -> int | None:
    """Return a seed as an int, None for one to be drawn, or raise `InvalidInputError`."""
    return None if value is None else require_int("seed", value, 0)


def _text(value: Any, info: ValidationInfo) -> str:
    require_text(str(info.field_name), value)
    require_length(str(info.field_name), value)
    return str(value)


def _texts(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    require(
        isinstance(value, Iterable) and not isinstance(value, str | Mapping),
        f"{info.field_name} is {short_repr(value)}, but must be a list of texts.",
        str(info.field_name),
    )
    return tuple(_text(text, info) for text in value)


def _topics(value: Any) -> tuple[Topic, ...]:
    if holds_topics(value):
        value = read_topics(value)
    given = tuple(value) if isinstance(value, Iterable) and not isinstance(value, Mapping) else value
    found = check_topics(given) if given not in ((), None) else ()
    for topic in found:
        for text in [topic] if isinstance(topic, str) else [one.text for one in topic]:
            require_length("A topic", text)
    return found


def require_length(name: str, text: str) -> None:
    """Raise `InvalidInputError` if a text is longer than any model could read.

    Parameters
    ----------
    name : str
        Of the setting, for the message.
    text : str
    """
    require(
        len(text) <= _LONGEST,
        f"{name} has {len(text):,} characters, but may have up to {_LONGEST:,}. Shorten it.",
    )


def _plain_topics(topics: Iterable[Topic]) -> list[Any]:
    return [plain_topic(topic) for topic in topics]


def _people(value: Any) -> People:
    if isinstance(value, People):
        return value
    if isinstance(value, str | os.PathLike):
        return load_personas(value)
    if isinstance(value, Mapping) and set(value) == {"people", "quotas"}:
        return Sample(_people(value["people"]), value["quotas"])
    if hasattr(value, "columns"):
        return load_personas(value)
    require(
        isinstance(value, Iterable) and not isinstance(value, Mapping),
        f"participants is {short_repr(value)}, but must be a list of LLMPersona, or the path of a file.",
        "participants",
    )
    value = tuple(value)
    if value and all(isinstance(one, Mapping) and "username" not in one for one in value):
        return load_personas(value)
    return People(_person(place, person) for place, person in enumerate(value))


def _person(place: int, person: Any) -> Any:
    with within(place):
        require(
            not isinstance(person, LLMActor),
            f"participants holds {person!r}, but must hold personas: the design makes an actor of each. Give "
            "LLMPersona(username=...), and the model by .model(...).",
        )
        return LLMPersona(**person) if isinstance(person, Mapping) else person


def _plain_people(people: Iterable[LLMPersona]) -> Any:
    """Return people as plain data; those drawn by quotas together with the quotas and their outcome."""
    plain = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in person.attributes.items()}
        for person in people
    ]
    quotas = [asdict(one) for one in people.quotas] if isinstance(people, Sample) else []
    return {"people": plain, "quotas": quotas} if quotas else plain


@dataclass(frozen=True, eq=False)
class PartOf:
    """Check that makes a value a part of this base; a form reads off the field which kinds there are."""

    base: type[Kind]

    def __call__(self, value: Any, info: ValidationInfo) -> Part | None:
        """Return the `Part`; None stays None."""
        setting = str(info.field_name)
        with within(setting):
            return None if value is None else as_part(setting, value, self.base)


def one_or_more(value: Any, info: ValidationInfo) -> Any:
    """Return a value that may be given alone as a sequence.

    Parameters
    ----------
    value : object or iterable
    info : ValidationInfo
        From pydantic; names the field.
    """
    alone = isinstance(value, Part | Mapping | Shown)
    require(
        alone or (isinstance(value, Iterable) and not isinstance(value, str)),
        f"{info.field_name} is {short_repr(value)}, but must be one, or a list of them.",
        str(info.field_name),
    )
    return (value,) if alone else tuple(value)


def parts(base: type[Kind]) -> BeforeValidator:
    """Return the check that makes a value a part of this base."""
    return BeforeValidator(PartOf(base))


Text = Annotated[str, BeforeValidator(_text)]
Prose = Annotated[Text, "prose"]  # of any length: a form gives it more room
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
ModelPart = Annotated[Part | None, parts(Model)]
Participants = Annotated[tuple[LLMPersona, ...], PlainValidator(_people), PlainSerializer(_plain_people)]
Topics = Annotated[tuple[Topic, ...], BeforeValidator(_topics), PlainSerializer(_plain_topics)]
Number = Annotated[int, Field(ge=1), BeforeValidator(_number)]
Seed = Annotated[int | None, BeforeValidator(check_seed)]
StopPart = Annotated[Part, parts(StopCondition)]
TurnManagerPart = Annotated[Part | None, parts(TurnManager)]
ScalePart = Annotated[Part, parts(Scale)]
