"""Find the columns of a table of comments: by the names that a user gave, or by usual headings."""

import re
from collections.abc import Iterable, Mapping, Sequence

from syndisco_nb.errors import RecordError, require, short_repr, suggestion
from syndisco_nb.wording import listed

HEADINGS: Mapping[str, Sequence[str]] = {
    "discussion": (
        "discussion", "discussion_id", "discussion_name", "conversation", "conversation_id", "conv", "conv_id",
        "thread", "thread_id", "dialogue", "dialogue_id", "dialog", "dialog_id", "chat_id", "debate", "debate_id",
        "link_id", "submission_id",
    ),
    "name": (
        "name", "speaker", "speaker_name", "speaker_id", "author", "author_name", "author_id", "user", "user_name",
        "username", "user_id", "participant", "sender",
    ),
    "text": ("text", "comment", "comment_text", "body", "message", "message_text", "utterance", "content", "post"),
    "index": ("index", "comment_index", "position"),
    "comment_id": ("comment_id", "message_id", "utterance_id", "post_id", "id"),
    "reply_to": ("reply_to", "in_reply_to", "parent_id", "parent"),
    "role": ("role",),
    "topic": ("topic",),
    "model": ("model",),
}  # fmt: skip
"""Headings that are found without being named, by argument; the first is our own and goes before all others."""

NEEDED = ("discussion", "name", "text")
"""The columns that a table of comments must have."""

_LISTED = 20
_PEOPLE = {"age", "sex", "gender", "education_level"}  # headings of tables of people
_ALL_HEADINGS = {heading for headings in HEADINGS.values() for heading in headings}


def named_columns(**columns: str | None) -> dict[str, str]:
    """Return the columns that are named, by argument; raise `InvalidInputError` if a name is no text."""
    for argument, column in columns.items():
        require(
            column is None or isinstance(column, str),
            f"{argument} is {short_repr(column)}, but must be the name of a column, as text.",
            argument,
        )
    return {argument: column for argument, column in columns.items() if column is not None}


def comment_columns(
    known: Sequence[str], given: Mapping[str, str], where: str, needed: Iterable[str] = NEEDED
) -> dict[str, str]:
    """Return the columns of a table, by argument; those that need not be there may be missing.

    Parameters
    ----------
    known : sequence of str
        All columns of the table.
    given : mapping of str to str
        The columns that the user named, by argument. "" says that there is none.
    where : str
        Name of the table in an error.
    needed : iterable of str
        The arguments that must have a column, unless "" is given.

    Raises
    ------
    RecordError
        If a column is not there, or several could be meant; says how to name it.

    Examples
    --------
    >>> comment_columns(["Thread ID", "author", "body", "votes"], {}, "The table")
    {'discussion': 'Thread ID', 'name': 'author', 'text': 'body'}
    """
    found = {}
    for argument, heading in given.items():
        if argument == "text" and not heading and "text" in needed:
            raise RecordError(f'text is "", but comments need a column of texts. {_columns_of(known)} Name it.')
        if heading and heading not in known:
            near = suggestion(heading, known) or f" {_columns_of(known)}"
            raise RecordError(f"{where} has no column {heading!r}, which {argument} names.{near}")
        if heading:
            found[argument] = heading
    taken = set(found.values())
    if "text" in needed and "text" not in given and not has_headings(known, ["text"]):
        raise RecordError(
            _unclear("text", [], known, where)
        )  # rather than that another is missing: it is no such table
    for argument, headings in HEADINGS.items():
        if argument in given:
            continue
        fitting = [name for name in known if name not in taken and _plain(name) in headings]
        own = [name for name in fitting if name == argument]
        if argument in needed and len(own or fitting) != 1:
            used = (f" {one}={name!r} is given." for one, name in found.items() if name and _plain(name) in headings)
            raise RecordError(_unclear(argument, own or fitting, known, where) + next(used, ""))
        if len(own or fitting) == 1:
            found[argument] = (own or fitting)[0]
            taken.add(found[argument])
    return found


def has_headings(known: Iterable[str], arguments: Iterable[str]) -> bool:
    """Return whether there is a usual heading for each of some arguments.

    Parameters
    ----------
    known : iterable of str
        All columns.
    arguments : iterable of str
    """
    plain = {_plain(name) for name in known}
    return all(plain & set(HEADINGS[argument]) for argument in arguments)


def _plain(heading: str) -> str:
    return re.sub(r"[\s_.-]+", "_", heading.strip()).casefold()


def _unclear(argument: str, fitting: Sequence[str], known: Sequence[str], where: str) -> str:
    kinds = {
        "discussion": (
            "discussions",
            "tells discussions apart",
            ', or give discussion="" if all of it is one discussion',
        ),
        "name": ("speakers", "names the speakers", ', or give name="" if nobody is named'),
        "text": ("comments", "holds the comments", ""),
        "index": (
            "comment numbers",
            "numbers the comments of a discussion",
            ", or have a row for each comment, in order, with its text",
        ),
    }
    noun, purpose, otherwise = kinds[argument]
    example = fitting[0] if fitting else next((name for name in known if _plain(name) not in _ALL_HEADINGS), "…")
    remedy = f"Name the column that {purpose}, as in {argument}={example!r}{otherwise}"
    if fitting:
        return f"{where} has several columns that may be meant by {argument}: {listed(fitting, 12)}. {remedy}."
    of_people = argument != "index" and _PEOPLE & set(map(_plain, known))
    people = " People are read by load_personas." if of_people else ""
    return f"{where} has no column of {noun}. {_columns_of(known)} {remedy}.{people}"


def _columns_of(known: Sequence[str]) -> str:
    return f"Its columns are {listed(known, _LISTED)}." if known else "It has no columns."
