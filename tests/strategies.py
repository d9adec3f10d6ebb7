"""Records to test with: any, by hypothesis, and one of each kind."""

import pytest
from hypothesis import strategies as st

from syndisco_nb.records import (
    AnnotationSet,
    ChatMessage,
    Generation,
    Label,
    Message,
    Parent,
    Participant,
    Sampling,
    Transcript,
)

NUMBERS = st.integers(0, 2**53 - 1)
SECONDS = st.floats(0, 1e9)
SAMPLINGS = st.builds(
    Sampling,
    temperature=st.none() | st.floats(0, 100),
    top_p=st.none() | st.floats(0, 1, exclude_min=True),
    top_k=st.none() | NUMBERS,
    repetition_penalty=st.none() | st.floats(0, 10, exclude_min=True),
    max_tokens=st.none() | st.integers(1, 10**6),
    trim=st.sampled_from([None, "sentence"]),
)
CHATS = st.builds(ChatMessage, role=st.sampled_from(["system", "user", "assistant"]), content=st.text())
GENERATIONS = st.builds(
    Generation,
    prompt=st.lists(CHATS, max_size=2).map(tuple),
    seed=NUMBERS,
    sampling=st.none() | SAMPLINGS,
    finish_reason=st.sampled_from(["stop", "length"]),
    prompt_tokens=NUMBERS,
    completion_tokens=NUMBERS,
    seconds=SECONDS,
    batch_size=st.integers(1, 1000),
    raw=st.none() | st.text(),
)
SETTINGS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)  # fmt: skip
METAS = st.none() | SETTINGS
MESSAGES = st.builds(
    Message,
    index=NUMBERS,
    turn=NUMBERS,
    name=st.text(),
    text=st.text(),
    model=st.text(),
    role=st.sampled_from(["opening", "participant", "moderator"]),
    silent=st.booleans(),
    generation=st.none() | GENERATIONS,
    reply_to=st.none() | NUMBERS,
    meta=METAS,
)
PARTICIPANTS = st.builds(
    Participant,
    name=st.text(),
    type=st.sampled_from(["user", "annotator"]),
    model=st.text(),
    attributes=st.lists(st.text(), max_size=2).map(tuple),
    context=st.text(),
    instructions=st.text(),
    prompt_format=st.text(),
    meta=METAS,
)
PARENTS = st.builds(
    Parent, id=st.text(), at=NUMBERS, messages=NUMBERS, changes=st.lists(st.text(), max_size=2).map(tuple)
)
TRANSCRIPTS = st.builds(
    Transcript,
    id=st.text(),
    index=NUMBERS,
    seed=st.none() | NUMBERS,
    topic=st.text(),
    users=st.lists(PARTICIPANTS, max_size=2).map(tuple),
    moderator=st.none() | PARTICIPANTS,
    settings=SETTINGS,
    comments=st.lists(MESSAGES, max_size=2).map(tuple),
    silences=st.lists(MESSAGES, max_size=1).map(tuple),
    parent=st.none() | PARENTS,
    ended=st.none() | st.text(),
    known_as=st.none() | st.text(),
    meta=METAS,
)
LABELS = st.builds(
    Label,
    comment=NUMBERS,
    name=st.text(),
    text=st.text(),
    value=st.none() | st.booleans() | NUMBERS | st.text(),
    scale=st.text(),
    probabilities=st.none() | st.dictionaries(st.text(), st.floats(0, 1), max_size=3),
    annotator=NUMBERS,
    model=st.text(),
    generation=GENERATIONS,
)
ANNOTATION_SETS = st.builds(
    AnnotationSet,
    discussion_id=st.text(),
    discussion=st.text(),
    index=NUMBERS,
    seed=st.none() | NUMBERS,
    annotator=PARTICIPANTS,
    settings=SETTINGS,
    labels=st.lists(LABELS, max_size=2).map(tuple),
    meta=METAS,
)


BEN = Participant("Ben", "user", "m", meta={"id": [4]})
JUDGE = Participant("", "annotator", "m", meta={"coder": 1})


def a_generation(**changes):
    prompt = (ChatMessage("system", "Be kind."), ChatMessage("user", "Ana: „Hallo“\n\nWrite."))
    return Generation(prompt, 7, Sampling(trim="sentence"), raw=" é ", reasoning="Hm.", **changes)


def a_transcript():
    return Transcript(
        id="00ab",
        index=3,
        seed=7,
        topic="Cars?\nOr “bikes”?",
        users=(Participant("Ana", "user", "m", ("age: 3",)), BEN),
        moderator=Participant("Mo", "user", "m", meta={"id": 3}),
        settings={"num_turns": 3, "turn_manager": {"type": "Hosted", "host": None}},
        comments=(
            Message(0, 0, "Ana", "Cars?\nOr “bikes”?", "hardcoded", "opening"),
            Message(
                2, 2, "Ana", "é", "m", generation=a_generation(finish_reason="length"), reply_to=0, meta={"votes": 2}
            ),
            Message(3, 2, "Mo", "Thanks.", "m", "moderator", generation=a_generation()),
        ),
        silences=(Message(1, 1, "Ben", "", "m", silent=True, generation=a_generation(), reply_to=0, meta={"x": None}),),
        parent=Parent("00cd", 1, 2, ("moderator none → Mo",)),
        ended="3 silences in a row",
        known_as="thread-3",
        meta={"forum": "é"},
    )


def an_annotation_set():
    label = Label(2, "Ana", "é", 1, "m", a_generation(), "3 – polite", "tone", {"3 – polite": 1.0}, 0.25)
    return AnnotationSet("00ab", "discussion-00003", 1, 9, JUDGE, {"window": 3}, (label,), {"source": "a"})


BOTH = pytest.mark.parametrize("record", [a_transcript(), an_annotation_set()], ids=["transcript", "annotations"])
