"""Check that a model returned a `Completion` with values that records can keep."""

import math
import numbers
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import ModelError, short_repr
from syndisco_nb.records import FinishReason, Sampling

_REASONS = get_args(FinishReason)
_COUNTS = {"prompt_tokens": 0, "completion_tokens": 0, "reasoning_tokens": 0, "batch_size": 1}
_MOST = 2**63 - 1  # larger counts cannot be read by every JSON reader
_ROUNDING = 1e-3  # tolerance of a sum of probabilities


def checked_completion(name: str, request: Request, answer: Any) -> Completion:
    """Return a model's answer, with its numbers as plain Python numbers.

    Parameters
    ----------
    name : str
        The model's name.
    request : Request
        The question.
    answer : object
        The value that the model's `complete` returned.

    Raises
    ------
    ModelError
        If it is not a `Completion`, or one of its fields has a value that no record can keep.
    """
    if not isinstance(answer, Completion):
        raise ModelError(
            f"The model {name!r} returned {short_repr(answer)}, but complete() must return a Completion, such as "
            "Completion('I agree.')."
        )
    if _is_usual(answer):
        return answer
    fault = _fault(request, answer)
    if fault:
        raise ModelError(f"The model {name!r} returned a Completion {fault}.")
    counts: dict[str, Any] = {field: int(getattr(answer, field)) for field in _COUNTS}
    return replace(answer, seconds=float(answer.seconds), **counts)


def _is_usual(answer: Completion) -> bool:
    """Return True for the usual answer, a text with plain numbers, whose check must be fast."""
    return (
        type(answer.text) is str
        and answer.reasoning is None
        and answer.mass is None
        and answer.probabilities is None
        and type(answer.finish_reason) is str
        and answer.finish_reason in ("stop", "length")
        and type(answer.prompt_tokens) is type(answer.completion_tokens) is int
        and type(answer.reasoning_tokens) is type(answer.batch_size) is int
        and type(answer.seconds) is float
        and 0 <= answer.prompt_tokens <= _MOST
        and 0 <= answer.completion_tokens <= _MOST
        and 0 <= answer.reasoning_tokens <= _MOST
        and 1 <= answer.batch_size <= _MOST
        and 0 <= answer.seconds < math.inf
        and (answer.sampling is None or type(answer.sampling) is Sampling)
        and answer.notes == ()
    )


def _fault(request: Request, answer: Completion) -> str:
    """Return an error about the first unusable field and its allowed values; "" if there is none."""
    for field in ("text", "reasoning"):
        if not isinstance(value := getattr(answer, field), str) and (field == "text" or value is not None):
            return f"whose {field} is {short_repr(value)}, but must be text"
    if not (isinstance(answer.finish_reason, str) and answer.finish_reason in _REASONS):
        return f"whose finish_reason is {short_repr(answer.finish_reason)}, but must be one of: {', '.join(_REASONS)}"
    for field, least in _COUNTS.items():
        if not _counts(getattr(answer, field), least):
            value = short_repr(getattr(answer, field))
            return f"whose {field} is {value}, but must be a whole number of {least} or more, and below 2**63"
    if not (_is_number(answer.seconds) and answer.seconds >= 0):
        return f"whose seconds is {short_repr(answer.seconds)}, but must be a number of 0 or more"
    if not (answer.sampling is None or isinstance(answer.sampling, Sampling)):
        return f"whose sampling is {short_repr(answer.sampling)}, but must be a Sampling or None"
    if not (isinstance(answer.notes, tuple) and all(isinstance(note, str) for note in answer.notes)):
        return f"whose notes is {short_repr(answer.notes)}, but must be a tuple of texts"
    if not (answer.mass is None or (_is_number(answer.mass) and 0 <= answer.mass <= 1 + _ROUNDING)):
        return f"whose mass is {short_repr(answer.mass)}, but must be a number from 0 to 1, or None"
    return "" if answer.probabilities is None else _probabilities_fault(request, answer.probabilities)


def _probabilities_fault(request: Request, probabilities: Any) -> str:
    if not isinstance(probabilities, Mapping):
        return f"whose probabilities is {short_repr(probabilities)}, but must map labels to numbers"
    if set(probabilities) != set(request.labels):
        asked = f"the labels are: {', '.join(request.labels)}" if request.labels else "no labels were asked for"
        return f"with probabilities of {', '.join(map(short_repr, probabilities)) or 'nothing'}, but {asked}"
    if not all(_is_number(share) and share >= 0 for share in probabilities.values()):
        return f"whose probabilities are {short_repr(dict(probabilities))}, but each must be a number from 0 to 1"
    total = sum(probabilities.values())
    return "" if abs(total - 1) <= _ROUNDING else f"whose probabilities add up to {total:g}, but must add up to 1"


def _counts(value: Any, least: int) -> bool:
    whole = type(value) is int or (isinstance(value, numbers.Integral) and not isinstance(value, bool))
    return whole and least <= value <= _MOST


def _is_number(value: Any) -> bool:
    real = type(value) is float or (isinstance(value, numbers.Real) and not isinstance(value, bool))
    try:
        return real and math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False
