"""Transcripts made by hand, for the analysis of what was said."""

from syndisco_nb.records import ChatMessage, Generation, Message, Participant, Transcript

ROLES = {"Op": "opening", "Mo": "moderator", "Guest": "guest"}


def talk_of(*lines, users=("Ana", "Ben", "Cem"), index=0, **given):
    """Return a transcript of lines as in "Ana: Why?"; Op opens, Mo moderates, and a text of "" is a silence."""
    messages = [_message(place, *line.split(": ", 1)) for place, line in enumerate(lines)]
    return Transcript(
        id=given.pop("id", f"talk-{index}"),
        index=index,
        seed=index,
        topic=given.pop("topic", ""),
        users=tuple(Participant(name, "user", "m") for name in users),
        comments=tuple(message for message in messages if not message.silent),
        silences=tuple(message for message in messages if message.silent),
        **given,
    )


def generated(prompt="", **given):
    """Return the generation of a text, with this system prompt."""
    return Generation((ChatMessage("system", prompt),) if prompt else (), seed=1, **given)


def _message(place, name, text):
    role = ROLES.get(name, "participant")
    made = None if role in ("opening", "guest") else generated()
    return Message(place, place, name, text, "m", role, silent=not text, generation=made)
