"""Make the messages of a discussion: a model's comment, a guest's remark."""

from dataclasses import replace

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.request import Completion, Request, generation_record
from syndisco_nb.jobs.asking import FailedRequest, ask, note_failed_request
from syndisco_nb.jobs.reply_cleaning import CleanedReply, clean_reply, without_name
from syndisco_nb.jobs.sentences import whole_sentences
from syndisco_nb.records import HUMAN, Message, MessageRole, remark


def guest_message(index: int, turn: int, text: str, name: str) -> Message:
    """Return a remark from outside, or raise `InvalidInputError` if text or name are empty.

    Parameters
    ----------
    index, turn : int
        As in `Message`.
    text : str
        The remark.
    name : str
        The guest.
    """
    text, name = remark(text, name)
    return Message(index, turn, name, text, HUMAN, "guest")


async def generated_message(actor: LLMActor, request: Request, index: int, turn: int, role: MessageRole) -> Message:
    """Ask an actor for a comment; return it, or the silence.

    Parameters
    ----------
    actor : LLMActor
    request : Request
        The prompt of the actor.
    index, turn : int
        As in `Message`.
    role : {"participant", "moderator"}
    """
    try:
        completion = await ask(actor.model, request)
    except Exception as error:
        note_failed_request(error, FailedRequest(turn, request.messages))
        raise
    sampling = request.sampling or actor.model.sampling
    if completion.sampling is None and sampling:  # recorded, since it decides how the reply is trimmed
        completion = replace(completion, sampling=sampling)
    cleaned = _cleaned(actor, request, completion)
    return Message(
        index=index,
        turn=turn,
        name=actor.name,
        text=cleaned.text,
        model=actor.model.name,
        role=role,
        silent=not cleaned.text,
        generation=generation_record(request, completion, cleaned.text),
        speaks_for=cleaned.speaks_for,
    )


def _cleaned(actor: LLMActor, request: Request, completion: Completion) -> CleanedReply:
    text = completion.text
    if isinstance(actor.model, HumanModel):  # people mean what they type, and have a button for silence
        return CleanedReply(without_name(text.strip(), actor.name))
    trim = completion.sampling and completion.sampling.trim
    if completion.finish_reason == "length" and trim == "sentence":
        text = whole_sentences(text)
    return clean_reply(text, actor.name, _others(request))


def _others(request: Request) -> list[str]:
    """Return the names of everybody in the discussion for whom the speaker might write lines."""
    situation = request.situation
    if situation is None:
        return []
    names = [*situation.users, situation.moderator, *(message.name for message in situation.history)]
    return [name for name in dict.fromkeys(names) if name]
