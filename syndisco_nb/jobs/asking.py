"""Ask a model: check its answer, and note the prompt on the error if it fails."""

import asyncio
import contextlib
import inspect
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.completion_check import checked_completion
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import ModelError
from syndisco_nb.records import ChatMessage

_NOTED = "_syndisco_nb_failed_request"


@dataclass(frozen=True, slots=True)
class FailedRequest:
    """A request that a model failed to answer.

    Attributes
    ----------
    turn : int
        The turn of the discussion, or the index of the comment to label.
    prompt : tuple of ChatMessage
    """

    turn: int
    prompt: tuple[ChatMessage, ...]


def failed_request(error: BaseException) -> FailedRequest | None:
    """Return the request behind the error of a job, or None if no model was asked."""
    request = getattr(error, _NOTED, None)
    return request if isinstance(request, FailedRequest) else None


def note_failed_request(error: Exception, request: FailedRequest) -> None:
    """Note on an error the request behind it.

    Parameters
    ----------
    error : Exception
    request : FailedRequest
    """
    with contextlib.suppress(Exception):  # some errors take no attributes; the job's own error must still be raised
        setattr(error, _NOTED, request)


async def ask(model: Model, request: Request) -> Completion:
    """Return a model's answer to a request.

    Parameters
    ----------
    model : Model
    request : Request

    Raises
    ------
    ModelError
        If the model returns no answer, or raises CancelledError though the task was not cancelled.
    Exception
        Any other error of the model.
    """
    try:
        answer: Any = model.complete(request)
        if inspect.isawaitable(answer):
            answer = await answer
        else:
            raise ModelError(
                f"The model {model.name!r} has a plain complete(), but a model is awaited. Write it as: async def "
                "complete(self, request)."
            )
    except asyncio.CancelledError as error:
        if cancelled():
            raise
        raise ModelError(f"The model {model.name!r} raised CancelledError, though nobody cancelled it.") from error
    return checked_completion(model.name, request, answer)


def cancelled() -> bool:
    """Return whether the current task was cancelled; any code may raise a CancelledError without that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
