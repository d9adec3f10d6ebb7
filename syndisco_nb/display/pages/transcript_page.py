"""The page of a transcript, cut to the bytes that an output may take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from syndisco_nb.backend.setting_words import setting_words
from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Entry, Gap, Note, Page, Rating
from syndisco_nb.display.pages.discussion_facts import discussion_facts
from syndisco_nb.display.pages.generation_block import recorded_prompt
from syndisco_nb.display.pages.html_size import message_size, page_size, prompt_size
from syndisco_nb.display.pages.message_pages import CHANGES, make_entry, metadata_block
from syndisco_nb.display.pages.phrases import Pairs
from syndisco_nb.display.pages.speakers_block import speaker_looks, speakers_block
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import HARDCODED, Message, Transcript
from syndisco_nb.wording import count, cut_text, duration, shortened

Ratings = Mapping[int, tuple[Rating, ...]]
"""Ratings of comments, by `Message.index`."""

_PROMPTS = "transcript.comments[i].generation.prompt has them"
_LABEL_PROMPTS = "annotations[i].labels[j].generation.prompt has them"


@make_page.register
def transcript_page(
    transcript: Transcript,
    limits: Limits,
    kind: str = "",
    ratings: Ratings | None = None,
) -> Page:
    """Return the page of a discussion.

    Parameters
    ----------
    transcript : Transcript
    limits : Limits
    kind : str
        The page's kind, where it is not just that of a discussion.
    ratings : mapping of int to tuple of Rating, optional
        Labels to show on the comments.
    """
    looks_of = speaker_looks(transcript)
    speakers = speakers_block(transcript, looks_of, limits)
    name = shortened(transcript.known_as or "")
    named = f" · {name}" if name and transcript.topic else ""
    recorded = metadata_block(transcript.meta)
    title = cut_text(transcript.topic, limits.max_text, "topic") or name or "no topic"
    room = limits.max_bytes - page_size(speakers, recorded, title)
    conversation, unexplained, unexplained_labels = _conversation(transcript, looks_of, limits, ratings or {}, room)
    origin = [Note(shortened(str(transcript.parent), CHANGES))] if transcript.parent else []
    notes = []
    if unexplained:
        notes.append(Note(f"The prompts behind {count(unexplained, 'comment')} are not shown here: {_PROMPTS}."))
    if unexplained_labels:
        rated = count(unexplained_labels, "comment")
        notes.append(Note(f"The prompts behind the labels of {rated} are not shown here: {_LABEL_PROMPTS}."))
    return Page(
        kind=kind or f"Discussion {transcript.index}{named}",
        title=title,
        facts=_facts(transcript),
        origin=_origin(transcript),
        blocks=(*origin, *recorded, *([speakers] if speakers.people else []), conversation, *notes),
    )


def _facts(transcript: Transcript) -> Pairs:
    """Return the facts of the talk itself."""
    facts = discussion_facts(transcript)
    asked = transcript.settings.get("num_turns")
    if facts.ended:
        end = [("ended after", facts.ended) if facts.finished else ("status", facts.ended)]
    else:
        end = [("status", "finished")] if asked == facts.turns else []  # one that goes on has no end yet
    return (
        ("turns", f"{facts.turns:,}"),
        ("comments", f"{facts.comments:,}"),
        *([("silent turns", f"{facts.silences:,}")] if facts.silences else []),
        *([("cut off", f"{facts.cut_off:,}")] if facts.cut_off else []),
        *end,
    )


def _origin(transcript: Transcript) -> Pairs:
    """Return the facts about how it was made."""
    messages = transcript.messages
    generations = [message.generation for message in messages if message.generation]
    models = list(dict.fromkeys(message.model for message in messages if message.model != HARDCODED))
    tokens = sum(generation.prompt_tokens + generation.completion_tokens for generation in generations)
    seconds = sum(generation.seconds / max(1, generation.batch_size) for generation in generations)
    manager = transcript.settings.get("turn_manager")
    facts = {
        "model": shortened(", ".join(models), 80),
        "turn-taking": shortened(setting_words(manager), 80) if isinstance(manager, Mapping) else "",
        "seed": "" if transcript.seed is None else str(transcript.seed),
        "tokens": f"{tokens:,}" if tokens else "",
        "time": duration(seconds) if seconds else "",
    }
    return tuple((name, value) for name, value in facts.items() if value)


def _conversation(
    transcript: Transcript, looks_of: Mapping[str, Look], limits: Limits, ratings: Ratings, room: int
) -> tuple[Conversation, int, int]:
    """Return as much of the conversation as fits into `room` bytes.

    And the number of comments without their prompt, and of those without the prompts of their labels.
    """
    messages = transcript.messages
    head, tail, room = _shown_messages(messages, room, limits, ratings)
    places = {message.index: place for place, message in enumerate(transcript.comments)}
    unexplained = unexplained_labels = 0
    by_index = {message.index: message for message in messages}
    entries: list[Entry | Gap] = []
    hidden = len(messages) - len(head) - len(tail)
    for part in (head, tail):
        for message in part:
            if transcript.parent and message.index == transcript.parent.messages > 0:
                entries.append(Gap("the fork begins here"))
            prompt = recorded_prompt(message.generation)
            size = prompt_size(prompt)
            if prompt and size > room:
                prompt, size = None, 0
                unexplained += 1
            room -= size
            rated = ratings.get(message.index, ())
            size = sum(prompt_size(answer.prompt) for rating in rated for answer in rating.answers)
            if size > room:
                rated, size = tuple(map(_without_prompts, rated)), 0
                unexplained_labels += 1
            room -= size
            where = f"comments[{places[message.index]}]" if message.index in places else "silences"
            answered = None if message.reply_to is None else by_index.get(message.reply_to)
            look = looks_of.get(message.name, MODERATOR)
            entries.append(make_entry(message, look, limits, where, rated, prompt, answered))
        if part is head and hidden:
            entries.append(Gap(f"{hidden:,} of {len(messages):,} messages not shown"))
    return Conversation("Conversation", tuple(entries)), unexplained, unexplained_labels


def _without_prompts(rating: Rating) -> Rating:
    return replace(rating, answers=tuple(replace(answer, prompt=None) for answer in rating.answers))


def _shown_messages(
    messages: Sequence[Message], room: int, limits: Limits, ratings: Ratings
) -> tuple[Sequence[Message], Sequence[Message], int]:
    """Return the beginning and the end that may be shown, twice as much of the beginning, and the room that is left."""
    start, end = 0, len(messages)
    while start < end and start + len(messages) - end < limits.max_messages:
        from_end = (start + len(messages) - end) % 3 == 2
        message = messages[end - 1] if from_end else messages[start]
        size = message_size(message, ratings.get(message.index, ()), limits)
        if size > room and start:
            break
        room -= size
        start, end = (start, end - 1) if from_end else (start + 1, end)
    return messages[:start], messages[end:], room
