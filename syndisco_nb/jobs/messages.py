"""How the messages of a discussion come to be."""

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Request, generation_record
from syndisco_nb.jobs.asking import Asked, ask, note
from syndisco_nb.records import HUMAN, Message, MessageRole, remark

_SILENCES = ("", '""', "''")


def guest(index: int, turn: int, text: str, name: str) -> Message:
    """Return what a person from outside says, or raise `InvalidInputError` if it is nothing."""
    text, name = remark(text, name)
    return Message(index, turn, name, text, HUMAN, "guest")


async def reply(actor: LLMActor, request: Request, index: int, turn: int, role: MessageRole) -> Message:
    """Ask an actor for a comment; return it, or their silence."""
    try:
        completion = await ask(actor.model, request)
    except Exception as error:
        note(error, Asked(turn, request.messages))
        raise
    text = _kept_text(completion.text, actor.name)
    return Message(
        index=index,
        turn=turn,
        name=actor.name,
        text=text,
        model=actor.model.name,
        role=role,
        silent=not text,
        generation=generation_record(request, completion, text),
    )


def _kept_text(reply: str, name: str) -> str:
    """Return the comment in a model's reply, "" for silence; models like to start with their own name."""
    text = reply.strip()
    for label in (f"{name} (you):", f"{name}:"):
        text = text.removeprefix(label).strip()
    return "" if text in _SILENCES else text
