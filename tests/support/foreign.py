"""A corpus as from another tool, made by hand: no seed, no generation, names and meta of its own."""

from pathlib import Path

from syndisco_nb.records import HUMAN, AnnotationSet, Generation, Label, Message, Participant, Transcript
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.layout import Skipped

TEXTS = ("We should ban cars.", "No, we should not.", "Why not?", "", "They are useful, and you know it well.")
NAMES = ("Ana", "Ben", "Cem")


def foreign_talk(index=0, known_as="", texts=TEXTS):
    """Return a discussion of people that another tool recorded; a text of "" is a silence."""
    users = tuple(
        Participant(name, "user", HUMAN, (f"age: {30 + place}",), meta={"age": 30 + place})
        for place, name in enumerate(NAMES)
    )
    messages = [
        Message(
            place,
            place + 1,
            NAMES[place % len(NAMES)],
            text,
            HUMAN,
            silent=not text,
            reply_to=place - 1 if place else None,
            meta={"score": place * (index + 1), "flags": ["edited"]},
        )
        for place, text in enumerate(texts)
    ]
    return Transcript(
        id=f"thread-{index}",
        index=index,
        seed=None,
        topic="",
        users=users,
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
        known_as=known_as or f"thread {index}: é",
        meta={"forum": "transport", "stars": index},
    )


def foreign_labels(talk, annotator="coder A", index=0, shift=0):
    """Return the labels that a person gave to its comments elsewhere."""
    labels = tuple(
        Label(
            comment.index,
            comment.name,
            comment.text,
            role=comment.role,
            turn=comment.turn,
            annotator=index,
            model=HUMAN,
            generation=Generation((), 0, raw=None),
            value=(comment.index + shift) % 5 + 1,
            scale="toxicity",
            options=("1", "2", "3", "4", "5"),
        )
        for comment in talk
    )
    scale = {"type": "Likert", "name": "toxicity", "labels": ["1", "2", "3", "4", "5"], "instruction": "How toxic?"}
    return AnnotationSet(
        talk.id,
        talk.name,
        index,
        None,
        Participant(annotator, "annotator", HUMAN, meta={"trained": True}),
        {"scales": [scale]},
        labels,
        meta={"batch": 3},
    )


def foreign_corpus(number=3, source=None):
    """Return a corpus of such discussions, labelled by two people, with a skipped file."""
    talks = [foreign_talk(index) for index in range(number)]
    sets = [foreign_labels(talk, f"coder {'AB'[index]}", index, shift=index) for talk in talks for index in (0, 1)]
    return Corpus(
        talks, sets, [Skipped("notes.txt", "notes.txt is of no format that is read.")], source and Path(source)
    )
