"""The check that models answer alike, so that it does not matter which one of them is asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.cached import CachedModel
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.server.openai_model import OpenAIModel
from syndisco_nb.errors import require, short_repr, within

_PLACE = ("base_url", "device")
"""The settings that say where a model runs, and so may differ."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ABSENT = object()


def checked_alike(models: Any) -> tuple[Model, ...]:
    """Return the models as a tuple.

    Raises
    ------
    InvalidInputError
        If they are not models that answer alike, each given once; the message names the first difference.
    """
    with within("models"):
        require(
            isinstance(models, Sequence) and not isinstance(models, str),
            f"models must be a list of models that answer alike, but {short_repr(models)} was given.",
        )
        require(models, "models holds no model. Give at least one.")
        for number, model in enumerate(models):
            with within(number):
                _check(model, models[:number])
    return tuple(models)


def address(model: Model) -> str:
    """Return the words that tell a model from others like it: the address of its server, or else its repr."""
    return model.base_url if isinstance(model, OpenAIModel) else repr(model)


def _check(model: Any, before: Sequence[Model]) -> None:
    """Raise `InvalidInputError` unless the model may stand beside those before it."""
    place = ordinal(len(before))
    require(isinstance(model, Model), f"models holds {short_repr(model)}, but may hold only models.")
    require(
        not isinstance(model, HumanModel),
        f"The {place} model is a person, and no two people answer alike. Give each a name and a seat of their own.",
    )
    require(
        not isinstance(model, CachedModel),
        f"The {place} model has a store of its own. Share one among all: CachedModel(Replicas([...]), path).",
    )
    for number, other in enumerate(before):
        same_server = isinstance(model, OpenAIModel) and address(model) == address(other)
        require(
            model is not other and not same_server,
            f"The {ordinal(number)} and the {place} model are the same, {address(model)}. Give each once; "
            "max_concurrency sets the number of requests that a server gets at once.",
        )
    if before:
        known, asked = (dict(_leaves(one.settings())) for one in (before[0], model))
        for name in {**known, **asked}:
            old, new = known.get(name, _ABSENT), asked.get(name, _ABSENT)
            require(
                old == new or name in _PLACE,
                f"{name.rpartition('.')[2]!r} is {_value(old)} in the first and {_value(new)} in the {place} model. "
                "Replicas must answer alike, so that it does not matter which one is asked: make them equal, or use "
                "them as different models.",
            )


def ordinal(number: int) -> str:
    """Return the word for the place of an item, counted from 0."""
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number + 1}th"


def _leaves(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each setting that is no mapping, with its dotted path."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _value(value: Any) -> str:
    return "missing" if value is _ABSENT else short_repr(value)
