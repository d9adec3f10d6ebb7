"""Models, turn managers, stop conditions and scales as plain data: what they are called, and of what they are made.

A live object is taken apart into its part, and made again from it. What no file can hold (a function, an object of
a class of the user's own) is refused when it is given, not when it is saved.
"""

import functools
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_serializer

from syndisco_nb.backend import scales, turn_manager
from syndisco_nb.backend.model import (
    CachedModel,
    HumanModel,
    OpenAIModel,
    OpenVINOModel,
    ScriptedModel,
    TransformersModel,
    bundled_model,
)
from syndisco_nb.backend.model.base import DEFAULT_SAMPLING
from syndisco_nb.backend.model.local import bundled
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.stopping import STOP_CONDITIONS
from syndisco_nb.errors import InvalidInputError, SyndiscoError, require, short_repr, suggestion
from syndisco_nb.records import Sampling

Maker = Callable[..., Any]

MODELS: Mapping[str, Maker] = {
    "bundled_model": bundled_model,
    "CachedModel": CachedModel,
    "HumanModel": HumanModel,
    "OpenAIModel": OpenAIModel,
    "OpenVINOModel": OpenVINOModel,
    "ScriptedModel": ScriptedModel,
    "TransformersModel": TransformersModel,
}
TURN_MANAGERS: Mapping[str, Maker] = {
    kind.__name__: kind
    for kind in (
        turn_manager.RoundRobin,
        turn_manager.RandomOther,
        turn_manager.RespondWithProbability,
        turn_manager.Weighted,
        turn_manager.Hosted,
    )
}
SCALES: Mapping[str, Maker] = {
    kind.__name__: kind for kind in (scales.Likert, scales.Choice, scales.Flag, scales.FreeText)
}
_MAKERS: Mapping[str, Maker] = {**MODELS, **TURN_MANAGERS, **STOP_CONDITIONS, **SCALES}
_NOT_KEPT = ("api_key", "mode", "names", "seed")  # a secret, what the environment says, what an experiment gives
_SPOKEN = ("script", "model")  # words of a discussion are no settings, and a model within has been looked at
_INNER = {"CachedModel": "model", "Hosted": "then"}  # the argument that is a part itself


class Part(BaseModel):
    """A model, a turn manager, a stop condition or a scale, as plain data.

    Parameters
    ----------
    type : str
        What makes it: the name of a class, or "bundled_model".
    arguments : dict
        The keyword arguments, as JSON has them; a part within (what a `CachedModel` keeps the answers of) and
        `Sampling` as objects.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    arguments: dict[str, Any]

    @model_serializer
    def plain(self) -> dict[str, Any]:
        """Return type and arguments as one flat object."""
        return {"type": self.type, **self.arguments}

    @property
    def key(self) -> str:
        """A text that equal parts share."""
        return json.dumps(self.plain(), sort_keys=True)

    def make(self) -> Any:
        """Return the object.

        Raises
        ------
        InvalidInputError
            If an argument has a value that cannot work.
        UnknownArgumentError
            If there is no such argument.
        """
        arguments = dict(self.arguments)
        if (inner := _INNER.get(self.type)) and isinstance(arguments.get(inner), Mapping):
            arguments[inner] = from_plain(arguments[inner], inner, _MAKERS).make()
        if arguments.get("sampling") is not None:
            arguments["sampling"] = _sampling(arguments["sampling"])
        try:
            return _MAKERS[self.type](**arguments)
        except SyndiscoError:
            raise
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"{self.type} cannot be made of {arguments!r}: {error}.") from None

    def code(self) -> str:
        """Return the Python that makes it."""
        return f"snb.{self.type}({', '.join(self._arguments_code())})"

    def _arguments_code(self) -> Iterator[str]:
        known = inspect.signature(_MAKERS[self.type]).parameters
        for name, value in self.arguments.items():
            if value == known[name].default:
                continue
            if name == _INNER.get(self.type):
                yield f"{name}={from_plain(value, name, _MAKERS).code()}"
            elif name == "sampling":
                yield f"{name}=snb.{_sampling(value)!r}"
            else:
                yield f"{name}={value!r}"


def kept_arguments(maker: Maker) -> list[inspect.Parameter]:
    """Return the arguments of a maker that a part holds, as its signature has them."""
    given = inspect.signature(maker, eval_str=True).parameters.values()
    return [parameter for parameter in given if parameter.name not in _NOT_KEPT]


@functools.cache
def meaning_none(maker: Maker) -> frozenset[str]:
    """Return the arguments of a maker for which None is something else than not given.

    Examples
    --------
    >>> meaning_none(OpenAIModel)
    frozenset({'max_out_tokens'})
    """
    return frozenset(
        parameter.name
        for parameter in kept_arguments(maker)
        if parameter.default is not None and type(None) in get_args(parameter.annotation)
    )


def as_part(what: str, value: Any, makers: Mapping[str, Maker]) -> Part:
    """Return the part of a live object, or of plain data, which is tried out, and completed by defaults.

    Raises
    ------
    InvalidInputError
        If it is neither, or cannot be written down.
    """
    if isinstance(value, Part):
        require(value.type in makers, f"{what} is a {value.type}, but must be one of: {', '.join(makers)}.")
        return value
    if isinstance(value, Mapping):
        value = from_plain(value, what, makers).make()
    kind = type(value).__name__
    if type(value) in (bundled.BundledModel, bundled.BundledOpenVINOModel):
        kind = "bundled_model"
    elif makers.get(kind) is not type(value):
        raise InvalidInputError(
            f"{what} is {short_repr(value)}, which no file could hold. A design takes: {', '.join(makers)}. Use "
            "another class with a DiscussionExperiment."
        )
    taken = _TAKEN_APART[kind](value)
    kept = meaning_none(_MAKERS[kind])
    return _part(kind, {name: part for name, part in taken.items() if part is not None or name in kept})


def from_plain(value: Mapping[str, Any], what: str, makers: Mapping[str, Maker]) -> Part:
    """Return the part in plain data, without trying it out."""
    kind = str(value.get("type"))
    if kind not in makers:
        near = suggestion(kind, makers)
        raise InvalidInputError(f"{what} has type {kind!r}, but must have one of: {', '.join(makers)}.{near}")
    return _part(kind, {str(name): part for name, part in value.items() if name != "type"})


def _part(kind: str, arguments: dict[str, Any]) -> Part:
    """Return a part whose arguments are exactly what JSON gives back."""
    for name, value in arguments.items():
        try:
            arguments[name] = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError):
            raise InvalidInputError(
                f"{kind} has {name}={short_repr(value)}, which no file could hold. Use it with a DiscussionExperiment, "
                "or give text, numbers, lists and mappings of these."
            ) from None
    if kind in MODELS:
        refuse_secrets(kind, {name: value for name, value in arguments.items() if name not in _SPOKEN})
    return Part(type=kind, arguments=arguments)


def _sampling(value: Any) -> Sampling:
    try:
        return Sampling(**value)
    except TypeError as error:
        raise InvalidInputError(f"sampling is {short_repr(value)}, which is none: {error}.") from None


def _model(model: Any, usual: Sampling, **arguments: Any) -> dict[str, Any]:
    """Return what most models have in common, and these arguments; usual sampling is left out."""
    limit = model.sampling.max_tokens
    special = model.sampling != replace(usual, max_tokens=limit)
    sampling = asdict(model.sampling) if special else {}
    return {**arguments, "name": model.name, "max_out_tokens": limit, "sampling": sampling or None}


def _bundled(model: Any) -> dict[str, Any]:
    engine = "openvino" if isinstance(model, bundled.BundledOpenVINOModel) else "transformers"
    return {"name": model.name, "max_out_tokens": model.sampling.max_tokens, "engine": engine}


def _transformers(model: TransformersModel) -> dict[str, Any]:
    return _model(
        model,
        DEFAULT_SAMPLING,
        model_path=model.model_path,
        dtype=model.dtype,
        device=model.device,
        model_kwargs=model.model_kwargs or None,
        tokenizer_kwargs=model.tokenizer_kwargs or None,
        generation_kwargs=model.generation_kwargs or None,
        batch_tokens=model.batch_tokens,
        **_template(model),
    )


def _openvino(model: OpenVINOModel) -> dict[str, Any]:
    own = {"model_path": str(model.path), "cache_gb": model.cache_gb}
    return _model(model, DEFAULT_SAMPLING, **own, **_template(model))


def _template(model: TransformersModel | OpenVINOModel) -> dict[str, Any]:
    """Return what a model's chat template is told."""
    extra = model.chat_template_kwargs or None
    return {"thinking": model.thinking, "date": model.date, "chat_template_kwargs": extra}


def _openai(model: OpenAIModel) -> dict[str, Any]:
    own = {"model_name": model.model_name, "base_url": model.base_url, "extra_body": model.extra_body or None}
    return _model(model, Sampling(), **own, thinking=model.thinking, **model.patience)


def _scripted(model: ScriptedModel) -> dict[str, Any]:
    if callable(model.script):
        raise InvalidInputError(
            f"{model!r} answers by a function, which no file could hold. Give it a list of replies, or use it with a "
            "DiscussionExperiment."
        )
    return {"script": list(model.script), "name": model.name}


def _hosted(manager: turn_manager.Hosted) -> dict[str, Any]:
    require(
        isinstance(manager.rule, int),
        f"{manager!r} hosts by a function, which no file could hold. Give a number, or use a DiscussionExperiment.",
    )
    then = as_part("then", manager.then, TURN_MANAGERS)
    return {"rule": manager.rule, "host": manager.host, "then": then.plain()}


_TAKEN_APART: dict[str, Callable[[Any], dict[str, Any]]] = {
    "bundled_model": _bundled,
    "CachedModel": lambda model: {"model": as_part("model", model.model, MODELS).plain(), "path": str(model.path)},
    "HumanModel": lambda model: {"name": model.name, "timeout_s": model.timeout_s},
    "OpenAIModel": _openai,
    "OpenVINOModel": _openvino,
    "ScriptedModel": _scripted,
    "TransformersModel": _transformers,
    "RoundRobin": lambda manager: {},
    "RandomOther": lambda manager: {},
    "RespondWithProbability": lambda manager: {"p": manager.p},
    "Weighted": lambda manager: {"weights": manager.weights},
    "Hosted": _hosted,
    "AfterPhrase": lambda condition: {"phrase": condition.phrase, "by": condition.by},
    "AfterSilences": lambda condition: {"silences": condition.silences},
    "Likert": lambda scale: {**asdict(scale), "question": scale.question or None},
    "Choice": lambda scale: {**asdict(scale), "question": scale.question or None},
    "Flag": lambda scale: {**asdict(scale), "question": scale.question or None},
    "FreeText": lambda scale: {**asdict(scale), "question": scale.question or None},
}
