"""Pages of the parts of a transcript: a message, how it came about, a participant, a fork's parent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syndisco_nb.display.colours import MODERATOR, Look, looks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Entry, Facts, Page, Prompt, Rating
from syndisco_nb.display.pages.generation_block import cut_off_mark, generation_block, recorded_prompt, sampling_text
from syndisco_nb.display.pages.phrases import metadata, participant_lines, reply_mark, speaks_for_mark, split_facts
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import Generation, Message, Parent, Participant, Sampling
from syndisco_nb.wording import count, cut_text, shortened

CHANGES = 600
"""Characters of the longest description of a fork's changes."""


@make_page.register
def message_page(message: Message, limits: Limits) -> Page:
    """Return the page of one message, with its prompt unfolded."""
    look = MODERATOR if message.role == "moderator" else looks([message.name])[message.name]
    prompt = recorded_prompt(message.generation, "Prompt")
    return Page(
        kind=f"Message {message.index}",
        title=f"{message.name}, {'opening' if message.role == 'opening' else f'turn {message.turn}'}",
        facts=(("model", message.model),),
        blocks=(
            Conversation("", (make_entry(message, look, limits, "message"),)),
            *([replace(prompt, folded=False)] if prompt else []),
            *metadata_block(message.meta),
        ),
    )


@make_page.register
def generation_page(generation: Generation, limits: Limits) -> Page:
    """Return the page of a generation."""
    prompt = generation_block(generation, "Prompt")
    return Page("Generation", prompt.facts_line, (), (replace(prompt, facts=(), folded=False),))


@make_page.register
def sampling_page(sampling: Sampling, limits: Limits) -> Page:
    """Return the page of sampling settings."""
    return Page("Sampling", sampling_text(sampling))


@make_page.register
def participant_page(participant: Participant, limits: Limits) -> Page:
    """Return the page of a participant."""
    facts = (("type", participant.type), ("model", participant.model), ("prompt", participant.prompt_format))
    known = Facts("Profile", split_facts(participant_lines(participant)))
    given = tuple((name, value) for name, value in facts if value)
    recorded = {
        name: value
        for name, value in (participant.meta or {}).items()
        if f"{name}: {value}" not in participant.attributes
    }
    return Page("Participant", participant.name or "no name", given, (known, *metadata_block(recorded)))


@make_page.register
def parent_page(parent: Parent, limits: Limits) -> Page:
    """Return the page of the discussion that a fork continues."""
    changes = tuple((str(number), shortened(change, CHANGES)) for number, change in enumerate(parent.changes, start=1))
    blocks = (Facts("Changes", changes),) if changes else ()
    return Page(
        "Parent", parent.id, (("forked at turn", str(parent.at)), ("shared", count(parent.messages, "message"))), blocks
    )


def metadata_block(recorded: Mapping[str, Any] | None) -> list[Facts]:
    """Return a block of what another tool recorded, in a list; an empty one if there is nothing."""
    return [Facts("Metadata", pairs)] if (pairs := metadata(recorded)) else []


def make_entry(
    message: Message,
    look: Look,
    limits: Limits,
    where: str,
    ratings: tuple[Rating, ...] = (),
    prompt: Prompt | None = None,
    answered: Message | None = None,
) -> Entry:
    """Return the entry of a message in a conversation.

    Parameters
    ----------
    message : Message
    look : Look
        Of its speaker.
    limits : Limits
        `Limits.max_text` is the most characters of its text.
    where : str
        The Python expression for the message.
    ratings : tuple of Rating
    prompt : Prompt, optional
        The prompt behind it.
    answered : Message, optional
        The comment that it answers.
    """
    return Entry(
        number=message.index,
        turn=message.turn,
        name=message.name,
        look=look,
        role=message.role,
        text=cut_text(message.text, limits.max_text, f"{where}.text"),
        silent=message.silent,
        cut=cut_off_mark(message.generation),
        speaks_for=speaks_for_mark(message),
        reply=reply_mark(message, answered),
        prompt=prompt,
        where=where,
        ratings=ratings,
    )
