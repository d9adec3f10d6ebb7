"""Pages of a transcript, of one message, and of how it came to be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from syndisco_nb.display.colours import MODERATOR, Look, cast_order, looks
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Entry, Facts, Gap, Note, Page, Prompt, Rating, Speaker, Speakers
from syndisco_nb.display.pages.phrases import about, cut_off, named, sampling_text, spoken_for, value_text, why
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import HARDCODED, Generation, Message, Parent, Participant, Sampling, Transcript
from syndisco_nb.wording import count, cut_text, duration, shortened

Ratings = Mapping[int, tuple[Rating, ...]]

_COLUMNS = 120
"""The finest a strip of who spoke when can be."""
_CHANGES = 600
"""The longest description of what a fork changed."""

# What the markup of a stretch of that strip, an entry, its "why" and a page's frame takes, in bytes, generously.
_STRETCH, _ENTRY, _WHY, _HEAD = 80, 760, 560, 16_000


@make_page.register
def transcript_page(
    transcript: Transcript,
    limits: Limits,
    kind: str = "",
    ratings: Ratings | None = None,
    pool: Iterable[str] = (),
) -> Page:
    """Return the page of a discussion, with the labels of its comments; see `cast_order` for the pool."""
    messages = transcript.messages
    look = speaker_looks(transcript, pool=pool)
    speakers = _speakers(transcript, messages, look, limits)
    talk, left_out, unexplained = _talk(transcript, messages, look, limits, ratings or {}, _head_cost(speakers))
    origin = [Note(shortened(str(transcript.parent), _CHANGES))] if transcript.parent else []
    notes = (
        [] if not left_out else [Note(f"The prompts behind {count(left_out, 'comment')} are not shown here: {_WHERE}.")]
    )
    if unexplained:
        rated = count(unexplained, "comment")
        notes.append(Note(f"The prompts behind the labels of {rated} are not shown here: {_WHERE_OF_LABELS}."))
    return Page(
        kind=kind or f"Discussion {transcript.index}",
        title=cut_text(transcript.topic, limits.max_text, "topic") or "no topic",
        facts=transcript_facts(transcript, messages),
        blocks=(*origin, *([speakers] if speakers.people else []), talk, *notes),
    )


_WHERE = "transcript.comments[i].generation.prompt has them"
_WHERE_OF_LABELS = "annotations[i].labels[j].generation.prompt has them"


@make_page.register
def message_page(message: Message, limits: Limits) -> Page:
    """Return the page of one message, with its prompt unfolded."""
    look = MODERATOR if message.role == "moderator" else looks([message.name])[message.name]
    entry = make_entry(message, look, limits, "message")
    generation = message.generation
    prompt = [] if generation is None else [why(generation, "What the model was sent")]
    return Page(
        kind=f"Message {message.index}",
        title=f"{message.name}, {'the opening' if message.role == 'opening' else f'turn {message.turn}'}",
        facts=(("model", message.model),),
        blocks=(
            Conversation("", (entry,)),
            *[replace(one, folded=False) for one in prompt],
        ),
    )


@make_page.register
def generation_page(generation: Generation, limits: Limits) -> Page:
    """Return the page of how a text came to be."""
    prompt = why(generation, "What the model was sent")
    return Page("Generation", prompt.line, (), (replace(prompt, facts=(), folded=False),))


@make_page.register
def sampling_page(sampling: Sampling, limits: Limits) -> Page:
    """Return the page of sampling settings."""
    return Page("Sampling", sampling_text(sampling))


@make_page.register
def participant_page(participant: Participant, limits: Limits) -> Page:
    """Return the page of someone who takes part."""
    facts = (("type", participant.type), ("model", participant.model), ("prompt", participant.prompt_format))
    known = Facts("What is known", named(about(participant)))
    return Page("Participant", participant.name or "no name", facts, (known,))


@make_page.register
def parent_page(parent: Parent, limits: Limits) -> Page:
    """Return the page of what a fork has its history from."""
    changes = tuple((str(number), shortened(one, _CHANGES)) for number, one in enumerate(parent.changes, start=1))
    blocks = (Facts("What was changed", changes),) if changes else ()
    return Page(
        "Parent", parent.id, (("forked at turn", str(parent.at)), ("shared", count(parent.messages, "message"))), blocks
    )


def transcript_facts(transcript: Transcript, messages: Sequence[Message]) -> tuple[tuple[str, str], ...]:
    """Return what a discussion's head says."""
    said = sum(not message.silent for message in messages)
    silences = len(messages) - said
    generations = [message.generation for message in messages if message.generation]
    models = list(dict.fromkeys(message.model for message in messages if message.model != HARDCODED))
    tokens = sum(one.prompt_tokens + one.completion_tokens for one in generations)
    seconds = sum(one.seconds / max(1, one.batch_size) for one in generations)
    cut = sum(one.finish_reason == "length" for one in generations)
    manager = transcript.settings.get("turn_manager")
    facts = {
        "turns": str(max((message.turn for message in messages), default=0)),
        "ended after": transcript.ended or "",
        "comments": f"{said:,}" + (f" and {silences:,} silent" if silences else ""),
        "cut off": f"{cut:,}" if cut else "",
        "model": shortened(", ".join(models), 80),
        "next speaker": shortened(manager_text(manager), 80) if isinstance(manager, Mapping) else "",
        "seed": str(transcript.seed),
        "tokens": f"{tokens:,}" if tokens else "",
        "time": duration(seconds) if seconds else "",
    }
    return tuple((name, value) for name, value in facts.items() if value)


def make_entry(
    message: Message,
    look: Look,
    limits: Limits,
    where: str,
    ratings: tuple[Rating, ...] = (),
    prompt: Prompt | None = None,
) -> Entry:
    """Return one message as it is shown."""
    return Entry(
        number=message.index,
        turn=message.turn,
        name=message.name,
        look=look,
        role=message.role,
        text=cut_text(message.text, limits.max_text, f"{where}.text"),
        silent=message.silent,
        cut=cut_off(message.generation),
        speaks_for=spoken_for(message),
        why=prompt,
        where=where,
        ratings=ratings,
    )


def speaker_looks(*transcripts: Transcript, pool: Iterable[str] = ()) -> dict[str, Look]:
    """Return how everyone looks, the moderators too; see `cast_order` for the pool."""
    messages = [message for one in transcripts for message in one.messages]
    moderators = {message.name for message in messages if message.role == "moderator"}
    moderators |= {transcript.moderator.name for transcript in transcripts if transcript.moderator}
    users = [user.name for transcript in transcripts for user in transcript.users]
    names = [*cast_order(users, pool), *(message.name for message in messages)]
    found = looks(name for name in names if name not in moderators)
    return {**found, **dict.fromkeys(moderators, MODERATOR)}


def lane(marks: Sequence[bool | None], columns: int) -> tuple[float | None, ...]:
    """Return how much of each stretch is marked, in steps that the eye can tell apart; None for a silence."""
    if len(marks) <= columns:
        return tuple(None if mark is None else float(mark) for mark in marks)
    edges = [place * len(marks) // columns for place in range(columns + 1)]
    return tuple(_stretch(marks[start:end]) for start, end in pairwise(edges))


def _stretch(marks: Sequence[bool | None]) -> float | None:
    said = marks.count(True)
    if said:
        return round(said / len(marks) * 4 + 0.49) / 4
    return None if None in marks else 0.0


def _talk(
    transcript: Transcript,
    messages: Sequence[Message],
    look: Mapping[str, Look],
    limits: Limits,
    ratings: Ratings,
    head_cost: int,
) -> tuple[Conversation, int, int]:
    """Return as much of the conversation as may be shown.

    And how many comments have to do without their prompt, and how many without those of their labels.
    """
    room = limits.max_bytes - head_cost
    head, tail, room = _chosen(messages, room, limits, ratings)
    places = {message.index: place for place, message in enumerate(transcript.comments)}
    left_out = unexplained = 0
    entries: list[Entry | Gap] = []
    hidden = len(messages) - len(head) - len(tail)
    for part in (head, tail):
        for message in part:
            if transcript.parent and message.index == transcript.parent.messages > 0:
                entries.append(Gap("the fork begins here"))
            prompt = why(message.generation) if message.generation else None
            cost = _prompt_cost(prompt)
            if prompt and cost > room:
                prompt, cost = None, 0
                left_out += 1
            room -= cost
            rated = ratings.get(message.index, ())
            cost = sum(_prompt_cost(answer.why) for rating in rated for answer in rating.answers)
            if cost > room:
                rated, cost = tuple(map(_unexplained, rated)), 0
                unexplained += 1
            room -= cost
            where = f"comments[{places[message.index]}]" if message.index in places else "silences"
            entries.append(make_entry(message, look.get(message.name, MODERATOR), limits, where, rated, prompt))
        if part is head and hidden:
            entries.append(Gap(f"{hidden:,} of {len(messages):,} messages not shown"))
    return Conversation("Conversation", tuple(entries)), left_out, unexplained


def _unexplained(rating: Rating) -> Rating:
    return replace(rating, answers=tuple(replace(answer, why=None) for answer in rating.answers))


def _chosen(
    messages: Sequence[Message], room: int, limits: Limits, ratings: Ratings
) -> tuple[Sequence[Message], Sequence[Message], int]:
    """Return the beginning and the end that may be shown, two messages of the one for each of the other."""
    cost: Callable[[Message], int] = lambda message: _cost(message, limits, ratings)  # noqa: E731
    start, end = 0, len(messages)
    while start < end and start + len(messages) - end < limits.max_messages:
        from_end = (start + len(messages) - end) % 3 == 2
        size = cost(messages[end - 1] if from_end else messages[start])
        if size > room and start:
            break
        room -= size
        start, end = (start, end - 1) if from_end else (start + 1, end)
    return messages[:start], messages[end:], room


def _head_cost(speakers: Speakers) -> int:
    return _HEAD + sum(
        500 + _STRETCH * len(one.lane) + 4 * _size(one.name) + sum(40 + 2 * _size(line) for line in one.about)
        for one in speakers.people
    )


def _cost(message: Message, limits: Limits, ratings: Ratings) -> int:
    answers = sum(len(rating.answers) * 700 + 150 for rating in ratings.get(message.index, ()))
    marks = 100 + _size(spoken_for(message)) if message.speaks_for else 0
    return _ENTRY + answers + marks + _size(message.text[: limits.max_text]) + 2 * _size(message.name)


def _prompt_cost(prompt: Prompt | None) -> int:
    if prompt is None:
        return 0
    notes = [value for name, value in prompt.facts if name == "note"]
    return _WHY + sum(150 + _size(text) for text in (*(text for _, text in prompt.sent), *notes))


def _size(text: str) -> int:
    """Return how many bytes a text takes at most, once escaped, without the work of escaping it."""
    written = text.encode("utf-8", "replace")
    acting = len(written) - len(written.translate(None, b"<>&\"'"))
    return len(written) + 5 * acting


def _speakers(
    transcript: Transcript, messages: Sequence[Message], look: Mapping[str, Look], limits: Limits
) -> Speakers:
    people = {user.name: user for user in transcript.users}
    if transcript.moderator:
        people[transcript.moderator.name] = transcript.moderator
    names = list(dict.fromkeys([*people, *(message.name for message in messages)]))[: limits.max_items]
    room = limits.max_bytes // 10 // max(1, len(names))
    columns = max(12, min(_COLUMNS, room // _STRETCH))
    marks: dict[str, list[bool | None]] = {name: [False] * len(messages) for name in names}
    for place, message in enumerate(messages):
        if message.name in marks:
            marks[message.name][place] = None if message.silent else True
    rows = [
        Speaker(
            name=name,
            look=look.get(name, MODERATOR),
            role="moderator" if look.get(name) == MODERATOR else "participant",
            said=_said(marks[name]),
            lane=lane(marks[name], columns),
            about=_within(about(people[name]), room) if name in people else (),
        )
        for name in names
    ]
    return Speakers("Participants", tuple(rows))


def _said(marks: Sequence[bool | None]) -> str:
    silent = marks.count(None)
    return count(marks.count(True), "comment") + (f", {silent:,} silent" if silent else "")


def _within(lines: Sequence[str], room: int) -> tuple[str, ...]:
    """Return as many lines as there is room for; the first always, if shortened."""
    found: list[str] = []
    for line in lines:
        if found and room < len(line):
            return (*found, "…")
        found.append(shortened(line, max(40, min(room, 1_000))))
        room -= len(line) + 40
    return tuple(found)


def manager_text(settings: Mapping[str, object]) -> str:
    """Return a turn manager's settings as one writes them in Python; what was not set is left out."""
    given = [
        f"{name}={manager_text(value) if isinstance(value, Mapping) and 'type' in value else value_text(value)}"
        for name, value in settings.items()
        if name != "type" and value is not None
    ]
    inside = f"({', '.join(given)})" if given else ""
    return f"{settings.get('type', '')}{inside}"
