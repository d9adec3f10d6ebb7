"""Short histories of discussions."""

from syndisco_nb.records import Message


def history_of(*texts):
    """Return a history: "" is a participant's silence, "mo: x" the moderator's comment, "op: x" an opening."""
    roles = {"mo": "moderator", "op": "opening"}
    return [
        Message(place, place, "x", text.split(": ")[-1], "m", roles.get(text.split(": ")[0], "participant"), not text)
        for place, text in enumerate(texts)
    ]
