"""The fields of a request to a server, the settings they amount to, and the label in an answer to one."""

import re
from collections.abc import Mapping
from typing import Any

from syndisco_nb.backend.model.base import Request
from syndisco_nb.backend.model.server.server_answer import loaded_json
from syndisco_nb.records import Sampling

_SEED_LIMIT = 2**31  # llama.cpp keeps 32 bits of a seed, and the highest number means "draw one" to it
_DEFAULTS = {"temperature": 1, "top_p": 1, "top_k": 0, "repetition_penalty": 1}
"""The protocol's own values: they are not sent, as many a server refuses the very names."""

OURS = ("max_completion_tokens", "max_tokens", "messages", "model", "n", "response_format", "seed", "stream")
"""The fields that only we set."""

_FENCE = re.compile(r"\A\s*```\w*\s*(.*?)\s*```\s*\Z", re.DOTALL)


def request_body(model_name: str, request: Request, sampling: Sampling, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a chat completion request.

    Parameters
    ----------
    model_name : str
        What the server calls the model.
    request : Request
        Messages, seed and labels.
    sampling : Sampling
        What is None, or the protocol's default, is not sent.
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
    """Return the settings that a request really had: None for each that was left to the server."""
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    return Sampling(**{name: body.get(name) for name in _DEFAULTS}, max_tokens=limit, trim=asked.trim)


def label_in(text: str) -> str | None:
    """Return what an answer gives as its label, in the form asked for or bare; None if that form is empty.

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
    """Return the form of an answer that can hold one of the labels, and nothing else."""
    properties = {"label": {"type": "string", "enum": list(labels)}}
    schema = {"type": "object", "properties": properties, "required": ["label"], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}}
