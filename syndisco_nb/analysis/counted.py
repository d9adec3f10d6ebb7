"""Comments that count in a result, and the number of those left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syndisco_nb.errors import require, short_repr
from syndisco_nb.records import Message, Transcript

ROLES = ("participant", "moderator", "opening", "guest")
ALL_ROLES = "all"
PARTICIPANTS = frozenset({"participant"})
"""The roles that count by default: nobody generated an opening, and a moderator is the treatment."""

SILENCE, NO_LABEL, NOT_DEFINED = "silence", "no label", "not defined"

_NOUNS = {
    "participant": ("participant's comment", "participants' comments"),
    "moderator": ("moderator's comment", "moderators' comments"),
    "opening": ("opening", "openings"),
    "guest": ("guest's comment", "guests' comments"),
    SILENCE: ("silence", "silences"),
    NO_LABEL: ("answer without a label", "answers without a label"),
    NOT_DEFINED: ("value that is not defined", "values that are not defined"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Number of comments, or labels, that a result does not count, by reason.

    Attributes
    ----------
    counts : mapping of str to int
        Reasons are roles ("opening", "moderator" …), "silence", "no label" and "not
        defined".

    Examples
    --------
    >>> str(LeftOut({"opening": 12, "silence": 1})), bool(LeftOut())
    ('12 openings, 1 silence', False)
    """

    counts: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.counts.values())

    def __str__(self) -> str:
        return ", ".join(f"{number:,} {_noun(reason, number)}" for reason, number in self.counts.items() if number)


def check_roles(roles: Any, default: Collection[str] = PARTICIPANTS) -> frozenset[str]:
    """Return the roles that count.

    Parameters
    ----------
    roles : str, iterable of str or None
        Some of "participant", "moderator", "opening" and "guest"; "all" for all; None for the default.
    default : collection of str

    Raises
    ------
    InvalidInputError
        If there is no such role.

    Examples
    --------
    >>> sorted(check_roles(None)), sorted(check_roles("all"))
    (['participant'], ['guest', 'moderator', 'opening', 'participant'])
    """
    if roles is None:
        return frozenset(default)
    given = [roles] if isinstance(roles, str) else list(roles) if isinstance(roles, Iterable) else [roles]
    for role in given:
        require(
            role in (*ROLES, ALL_ROLES),
            f"roles holds {short_repr(role)}, but a role is one of: {', '.join(ROLES)}; or give 'all'.",
            "roles",
        )
    require(given, f"roles is empty. Give some of: {', '.join(ROLES)}; or 'all'.", "roles")
    return frozenset(ROLES if ALL_ROLES in given else given)


def counted(messages: Iterable[Message], roles: Collection[str] = PARTICIPANTS) -> tuple[list[Message], Counter[str]]:
    """Return the comments that count, and the number of messages that do not, by reason.

    Parameters
    ----------
    messages : iterable of Message
    roles : collection of str
        As `check_roles` returns them.

    Examples
    --------
    >>> opening = Message(0, 0, "Ana", "Tax?", "hardcoded", "opening")
    >>> comments, left_out = counted([opening, Message(1, 1, "Ben", "No.", "m")])
    >>> [comment.text for comment in comments], left_out
    (['No.'], Counter({'opening': 1}))
    """
    kept, left_out = [], Counter[str]()
    for message in messages:
        if message.role not in roles:
            left_out[message.role] += 1
        elif message.silent:
            left_out[SILENCE] += 1
        else:
            kept.append(message)
    return kept, left_out


@dataclass(frozen=True, slots=True)
class CountedComments:
    """The comments of several transcripts that count, by their indices.

    Attributes
    ----------
    indices : tuple of tuple of int
        For each transcript, `Message.index` of the comments that count.
    roles : tuple of str
        Whose comments count.
    left_out : LeftOut
    """

    indices: tuple[tuple[int, ...], ...]
    roles: tuple[str, ...]
    left_out: LeftOut


def counted_comments(transcripts: Iterable[Transcript], roles: Any = None) -> CountedComments:
    """Return the comments that count; of an iterator, one transcript is in memory at a time.

    Parameters
    ----------
    transcripts : iterable of Transcript
    roles : str or collection of str, optional
        As for `check_roles`.
    """
    wanted = check_roles(roles)
    indices, left_out = [], Counter[str]()
    for transcript in transcripts:
        kept, others = counted(transcript.messages, wanted)
        indices.append(tuple(message.index for message in kept))
        left_out += others
    return CountedComments(tuple(indices), tuple(role for role in ROLES if role in wanted), LeftOut(left_out))


def _noun(reason: str, number: int) -> str:
    one, several = _NOUNS.get(reason, (reason, reason))
    return one if number == 1 else several
