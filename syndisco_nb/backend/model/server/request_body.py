"""The body of a chat completion request, its sampling settings, and the label in the answer to one."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from syndisco_nb.backend.model.request import Request
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.server.server_answer import loaded_json
from syndisco_nb.errors import InvalidInputError, require, within
from syndisco_nb.records import Sampling

_SEED_LIMIT = 2**31  # llama.cpp keeps 32 bits of a seed, and its highest number means "draw one"
_DEFAULTS = {"temperature": 1, "top_p": 1, "top_k": 0, "repetition_penalty": 1}
"""The protocol's defaults. They are not sent, because some servers refuse the very names."""

RESERVED = ("max_completion_tokens", "max_tokens", "messages", "model", "n", "response_format", "seed", "stream")
"""The fields that `extra_body` may not set."""

STREAMED: Mapping[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
"""The fields that ask for an answer piece by piece, and for its tokens in the last one."""

_FENCE = re.compile(r"\A\s*```\w*\s*(.*?)\s*```\s*\Z", re.DOTALL)


def request_body(model_name: str, request: Request, sampling: Sampling, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a chat completion request.

    Parameters
    ----------
    model_name : str
        The model's name on the server.
    request : Request
        Messages, seed and labels.
    sampling : Sampling
        Settings that are None or the protocol's default are not sent.
    more : mapping
        Further fields.
    """
    body: dict[str, Any] = {
        "model": model_name,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "seed": request.seed % _SEED_LIMIT,
        **differing_settings(sampling),
    }
    if sampling.max_tokens is not None:
        body["max_tokens"] = sampling.max_tokens
    if request.labels:
        body["response_format"] = _schema(request.labels)
    return {**body, **more}


def checked_extra(extra_body: Mapping[str, Any] | None, taken: Collection[str]) -> dict[str, Any]:
    """Return the user's own fields for every request, or raise `InvalidInputError`.

    Parameters
    ----------
    extra_body : mapping or None
        Fields of plain data, without secrets.
    taken : collection of str
        The fields that other arguments set.
    """
    extra = dict(extra_body or {})
    refuse_secrets({"extra_body": extra})
    try:
        json.dumps(extra, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(
            f"extra_body cannot be sent: {error}. Give texts, numbers, lists and mappings.",
            field="extra_body",
        ) from None
    clash = sorted({*extra} & {*RESERVED, *taken})
    require(
        not clash, f"extra_body has {clash}. Use sampling=Sampling(...), max_out_tokens and thinking.", "extra_body"
    )
    with within("extra_body"):
        sampling_sent(extra, Sampling())  # refuses values that no record could hold
    return extra


def differing_settings(sampling: Sampling) -> dict[str, float]:
    """Return the settings that differ from the protocol's defaults.

    Examples
    --------
    >>> differing_settings(Sampling(temperature=0.7, top_p=None))
    {'temperature': 0.7}
    """
    values = {name: getattr(sampling, name) for name in _DEFAULTS}
    return {name: value for name, value in values.items() if value is not None and value != _DEFAULTS[name]}


def sampling_sent(body: Mapping[str, Any], asked: Sampling) -> Sampling:
    """Return the sampling settings that were sent: None for each that was left to the server.

    Parameters
    ----------
    body : mapping
        The body as it was sent.
    asked : Sampling
        The settings asked for, whose `trim` no server is sent.
    """
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    return Sampling(**{name: body.get(name) for name in _DEFAULTS}, max_tokens=limit, trim=asked.trim)


def label_in(text: str) -> str | None:
    """Return the label in an answer, in JSON or bare; None if the JSON holds no label.

    Examples
    --------
    >>> label_in('{"label": "2"}'), label_in("2"), label_in('{"label": null}'), label_in('{"category": "x"}')
    ('2', '2', None, None)
    """
    fence = _FENCE.match(text)
    text = fence[1] if fence else text.strip()
    try:
        answer = loaded_json(text)
    except ValueError:
        return text
    if not isinstance(answer, dict):
        return answer.strip() if isinstance(answer, str) else text
    label = answer.get("label")
    return str(label).strip() if isinstance(label, str | int) and not isinstance(label, bool) else None


def _schema(labels: tuple[str, ...]) -> dict[str, Any]:
    """Return the `response_format` that allows one of the labels and nothing else."""
    properties = {"label": {"type": "string", "enum": list(labels)}}
    schema = {"type": "object", "properties": properties, "required": ["label"], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}}
