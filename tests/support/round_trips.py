"""Discussions for round trips through other tools' formats."""

from dataclasses import replace

from hypothesis import strategies as st
from strategies import METAS, SETTINGS

from syndisco_nb.records import HUMAN, Generation, Message, Participant, Transcript

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda text: text.strip() == text)
TEXTS = WORDS.filter(lambda text: text not in ('""', "''"))
RECORDED = METAS.map(lambda meta: {k: v for k, v in (meta or {}).items() if k not in ("reply_to", "text")} or None)


def held(record):
    """Return a record without the facts that other tools' formats cannot hold."""
    if isinstance(record, Transcript):
        comments, silences = (
            tuple(replace(message, generation=None) for message in part) for part in (record.comments, record.silences)
        )
        return replace(record, comments=comments, silences=silences, index=0, known_as=None)
    labels = [replace(label, generation=Generation((), 0, raw=label.generation.raw)) for label in record.labels]
    return replace(record, discussion="", labels=tuple(labels))


@st.composite
def transcripts(draw):
    """Draw a discussion as another tool may have recorded it."""
    names = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    users = [
        Participant(
            name,
            "user",
            draw(st.sampled_from(["m", HUMAN])),
            tuple(draw(st.lists(TEXTS, max_size=2))),
            draw(st.text(max_size=3)),
            meta=draw(RECORDED),
        )
        for name in names
    ]
    messages = []
    for place in range(draw(st.integers(1, 4))):
        silent = draw(st.booleans())
        message = Message(
            place,
            place + 1,
            draw(st.sampled_from([*names, "Guest"])),
            "" if silent else draw(TEXTS),
            draw(WORDS),
            draw(st.sampled_from(["participant", "moderator", "guest"])),
            silent,
            reply_to=draw(st.none() | st.integers(0, place - 1)) if place else None,
            meta=draw(RECORDED),
        )
        messages.append(message)
    return Transcript(
        id=draw(WORDS),
        index=0,
        seed=draw(st.none() | st.integers(0, 9)),
        topic=draw(st.text(max_size=4)),
        users=tuple(users[1:]),
        moderator=users[0],
        settings=draw(SETTINGS),
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
        meta=draw(RECORDED),
    )
