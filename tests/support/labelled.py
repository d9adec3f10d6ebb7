"""Hand-made transcripts and labels, without any model."""

from syndisco_nb.records import AnnotationSet, Generation, Label, Message, Participant, Transcript

LIKERT = {
    "type": "Likert",
    "name": "toxicity",
    "labels": ["1", "2", "3", "4", "5"],
    "instruction": "How much toxicity is in the comment, from 1 (least) to 5 (most)? Answer with the number alone.",
}
FLAG = {
    "type": "Flag",
    "name": "sarcasm",
    "labels": ["yes", "no"],
    "instruction": "Does the comment show sarcasm? Answer with yes or no.",
    "shuffle": False,
}
NOTHING = Generation((), 0, 0, 0.0, 0)


def participant(name, *attributes):
    return Participant(name, "user", "m", tuple(attributes))


def talk(texts=("Well.", "No.", "Why?"), index=0, talk_id="t0", moderated=(), names=("Ana", "Ben"), **settings):
    """Return a transcript: an opening, then participants in turn, and the moderator after the turns in `moderated`."""
    messages = [Message(0, 0, names[-1], "Tax?", "hardcoded", "opening")]
    for turn, text in enumerate(texts, start=1):
        name = names[(turn - 1) % len(names)]
        messages.append(Message(len(messages), turn, name, text, "m", silent=not text, generation=NOTHING))
        if turn in moderated:
            messages.append(Message(len(messages), turn, "Mo", "Be civil.", "m", "moderator", generation=NOTHING))
    return Transcript(
        id=talk_id,
        index=index,
        seed=index,
        topic="Tax?",
        users=tuple(participant(name, f"age: {30 + place}", "likes tea") for place, name in enumerate(names)),
        moderator=participant("Mo") if moderated else None,
        settings={"num_turns": len(texts), **settings},
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
    )


def labelled(transcript, values, annotator="judge", index=0, scale=LIKERT, probabilities=None):
    """Return labels of the comments of a transcript, in order.

    `probabilities` holds, for each comment, one number for each label of the scale.
    """
    given = probabilities or [None] * len(transcript.comments)
    labels = tuple(
        Label(
            comment=comment.index,
            name=comment.name,
            text=comment.text,
            annotator=index,
            model="j",
            generation=NOTHING,
            value=value,
            scale=scale["name"],
            probabilities=dict(zip(scale["labels"], numbers, strict=True)) if numbers else None,
            mass=1.0 if numbers else None,
            options=tuple(scale["labels"]),
        )
        for comment, value, numbers in zip(transcript.comments, values, given, strict=True)
    )
    return AnnotationSet(
        discussion_id=transcript.id,
        discussion=f"discussion-{transcript.index:05d}",
        index=index,
        seed=0,
        annotator=Participant(annotator, "annotator", "j"),
        settings={"window": 3, "scales": [scale]},
        labels=labels,
    )
