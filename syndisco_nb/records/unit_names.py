"""Names of a run's units, which name their files: ``discussion-00007``, ``discussion-00007.annotator-01``."""

import re

UNIT_PATTERN = r"^(discussion-[0-9]{5,9}|[^/\\\x00]{1,200}\.annotator-[0-9]{2,9})$"
"""Every name of a unit; none is a path that leads elsewhere."""

_DISCUSSION, _ANNOTATOR = "discussion-", ".annotator-"


def discussion_name(index: int) -> str:
    """Return the name of a discussion.

    Examples
    --------
    >>> discussion_name(7)
    'discussion-00007'
    """
    return f"{_DISCUSSION}{index:05d}"


def annotation_name(discussion: str, annotator: int) -> str:
    """Return the name of one annotator's labels of a discussion.

    Parameters
    ----------
    discussion : str
        Name of the discussion.
    annotator : int
        Number of the annotator, from 0.

    Examples
    --------
    >>> annotation_name("discussion-00007", 1)
    'discussion-00007.annotator-01'
    """
    return f"{discussion}{_ANNOTATOR}{annotator:02d}"


def discussion_index(name: str) -> int | None:
    """Return the index in a discussion's name; None if it is the name of something else.

    Examples
    --------
    >>> discussion_index("discussion-00007"), discussion_index("discussion-7"), discussion_index("notes")
    (7, None, None)
    """
    number = name.removeprefix(_DISCUSSION)
    is_name = number.isascii() and number.isdecimal() and name == discussion_name(int(number))
    return int(number) if is_name else None


def annotation_parts(name: str) -> tuple[str, int] | None:
    """Return discussion and annotator in an annotation's name; None if it is the name of something else.

    Examples
    --------
    >>> annotation_parts("discussion-00007.annotator-01")
    ('discussion-00007', 1)
    """
    discussion, _, number = name.rpartition(_ANNOTATOR)
    is_name = bool(discussion) and number.isascii() and number.isdecimal()
    return (discussion, int(number)) if is_name else None


def is_unit_name(name: str) -> bool:
    """Return whether a file of this name, without its ending, may hold a discussion or an annotation."""
    return re.search(UNIT_PATTERN, name) is not None


def unit_text(name: str) -> str:
    """Return the name of a unit as a person says it; any other name as it is.

    Examples
    --------
    >>> unit_text("discussion-00007"), unit_text("long.discussion-00007"), unit_text("discussion-00007.annotator-01")
    ('discussion 7', 'long, discussion 7', 'discussion 7, annotator 1')
    """
    if parts := annotation_parts(name):
        return f"{unit_text(parts[0])}, annotator {parts[1]}"
    condition, _, discussion = name.rpartition(".")
    index = discussion_index(discussion)
    if index is None:
        return name
    return f"{condition}, discussion {index}" if condition else f"discussion {index}"
