"""The last speakers of a discussion, and everybody but them."""

from collections.abc import Sequence

from syndisco_nb.records import Message


def last_two_speakers(names: Sequence[str], history: Sequence[Message]) -> tuple[str | None, str | None]:
    """Return the last speaker and the last one before who is someone else, among these names.

    Parameters
    ----------
    names : sequence of str
        The participants.
    history : sequence of Message
        Silences and moderators' messages are passed over.
    """
    last: str | None = None
    for message in reversed(history):
        if message.silent or message.role == "moderator" or message.name not in names:
            continue
        if last is None:
            last = message.name
        elif message.name != last:
            return last, message.name
    return last, None


def without(names: Sequence[str], *taken: str | None) -> list[str]:
    """Return the names without those taken; the later ones return first if nobody would be left.

    Examples
    --------
    >>> without(["Ana", "Ben", "Cem"], "Ana", "Ben"), without(["Ana", "Ben"], "Ana", "Ben"), without(["Ana"], "Ana")
    (['Cem'], ['Ben'], ['Ana'])
    """
    for count in range(len(taken), -1, -1):
        left = [name for name in names if name not in taken[:count]]
        if left:
            return left
    return list(names)
