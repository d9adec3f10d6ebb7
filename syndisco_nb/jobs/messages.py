"""How the messages of a discussion come to be."""

from dataclasses import replace

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Completion, Request, generation_record
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.jobs.asking import Asked, ask, note
from syndisco_nb.jobs.replies import Said, said, without_name
from syndisco_nb.jobs.sentences import whole_sentences
from syndisco_nb.records import HUMAN, Message, MessageRole, remark


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
    sampling = request.sampling or actor.model.sampling
    if completion.sampling is None and sampling:  # it decides how the reply is trimmed, so it is on record
        completion = replace(completion, sampling=sampling)
    kept = _said(actor, request, completion)
    return Message(
        index=index,
        turn=turn,
        name=actor.name,
        text=kept.text,
        model=actor.model.name,
        role=role,
        silent=not kept.text,
        generation=generation_record(request, completion, kept.text),
        speaks_for=kept.speaks_for,
    )


def _said(actor: LLMActor, request: Request, completion: Completion) -> Said:
    """Return what the actor said, of a model's answer."""
    text = completion.text
    if isinstance(actor.model, HumanModel):  # people mean what they type, and have a button for silence
        return Said(without_name(text.strip(), actor.name))
    trim = completion.sampling and completion.sampling.trim
    if completion.finish_reason == "length" and trim == "sentence":
        text = whole_sentences(text)
    return said(text, actor.name, _others(request))


def _others(request: Request) -> list[str]:
    """Return the names of all whom the speaker may take for somebody in the discussion."""
    situation = request.situation
    if situation is None:
        return []
    names = [*situation.users, situation.moderator, *(message.name for message in situation.talk)]
    return [name for name in dict.fromkeys(names) if name]
