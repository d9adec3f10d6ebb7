"""Asking a model: its answer is checked, and an error keeps with it what was asked."""

import asyncio
import contextlib
import inspect
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.model.base import Completion, Model, Request
from syndisco_nb.backend.model.completion_check import checked_completion
from syndisco_nb.errors import ModelError
from syndisco_nb.records import ChatMessage

_ASKED = "_syndisco_nb_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked.

    Attributes
    ----------
    turn : int
        The turn of the discussion, or the index of the comment to label.
    prompt : tuple of ChatMessage
        What the model was sent.
    """

    turn: int
    prompt: tuple[ChatMessage, ...]


def asked_when(error: BaseException) -> Asked | None:
    """Return what a model was asked when a job failed with this error, if it was asked."""
    asked = getattr(error, _ASKED, None)
    return asked if isinstance(asked, Asked) else None


def note(error: Exception, asked: Asked) -> None:
    """Keep with an error what was asked."""
    with contextlib.suppress(Exception):  # there are errors that take no attributes, and they fail all the same
        setattr(error, _ASKED, asked)


async def ask(model: Model, request: Request) -> Completion:
    """Return the model's answer to a request.

    Raises
    ------
    ModelError
        If what it returns is no answer, or it gives up as if it had been cancelled, though nobody did that.
    Exception
        Whatever else the model raises.
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
    """Return whether somebody did ask this task to stop; a CancelledError alone may come from anywhere."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
