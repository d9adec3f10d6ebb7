"""Text of a source of a QDA project, and the places of comments in it."""

import itertools
import re
import uuid
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from syndisco_nb.records import Message, MessageRole, Transcript

DISCUSSION_ID, TOPIC, MODEL, ROLE = "discussion_id", "topic", "model", "role"
"""Variables that hold what a text cannot tell: two of sources, two of speakers."""

MODERATOR = "moderator"

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:syndisco_nb:qdpx")
_NAME = re.compile(r"(?=\S)([^:\n]{1,40}?)[ \t]*:[ \t]+(?=\S)")
_WIDE, _BREAK = re.compile("[\U00010000-\U0010ffff]"), re.compile("\r\n")
_PART = re.compile(r"comment ([0-9]{1,9}), turn ([0-9]{1,9}), (opening|participant|moderator|guest)")
_MOST_WORDS = 4  # of a speaker's name; "I would say this: no" names nobody


@dataclass(frozen=True, slots=True)
class Block:
    """The place of a comment in a text, in characters.

    Attributes
    ----------
    index : int
        `Message.index`.
    name : str
        The speaker; "" if the text tells none.
    start, begin, end : int
        The first character of the speaker's name, that of the comment, and the one behind the comment.
    """

    index: int
    name: str
    start: int
    begin: int
    end: int


def guid_of(*parts: object) -> str:
    """Return the GUID of a thing; the same parts always give the same."""
    return str(uuid.uuid5(_SPACE, "\x1f".join(map(str, parts))))


def source_text(talk: Transcript) -> tuple[str, list[Block]]:
    r"""Return a discussion as a text, one comment a paragraph behind its speaker's name, and the comments' places.

    Examples
    --------
    >>> messages = (Message(0, 1, "Ana", "Why?", "m"), Message(2, 2, "Ben", "No.", "m"))
    >>> source_text(Transcript("", 0, 0, "", (), comments=messages))[0]
    'Ana: Why?\n\nBen: No.\n'
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    start = 0
    for comment in talk.comments:
        name, text = (unix_lines(part) for part in (comment.name, comment.text))
        begin = start + len(name) + 2
        blocks.append(Block(comment.index, comment.name, start, begin, begin + len(text)))
        pieces.append(f"{name}: {text}")
        start = blocks[-1].end + 2
    return "\n\n".join(pieces) + "\n" * bool(pieces), blocks


def part_name(comment: Message) -> str:
    """Return the name of the selection that holds a comment."""
    return f"comment {comment.index}, turn {comment.turn}, {comment.role}"


def comment_of_part(name: str) -> tuple[int, int, MessageRole] | None:
    """Return index, turn and role of the comment in a selection, from its name; None if it has another name.

    Examples
    --------
    >>> comment_of_part("comment 3, turn 2, guest"), comment_of_part("my selection")
    ((3, 2, 'guest'), None)
    """
    found = _PART.fullmatch(name)
    return (int(found[1]), int(found[2]), cast("MessageRole", found[3])) if found else None


def unix_lines(text: str) -> str:
    """Return a text whose lines end in a line feed alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def paragraphs(text: str) -> list[Block]:
    r"""Return the comments of a text of unknown origin: a paragraph each, with a leading "Name:" its speaker.

    A paragraph ends at an empty line, and before a line that begins with a name; in a text without empty lines, at
    every line. One without a name is by the speaker before.

    Examples
    --------
    >>> [(block.name, block.start, block.end) for block in paragraphs("Ana: Why?\nWhy not?\n\nBen: No.")]
    [('Ana', 0, 18), ('Ben', 20, 28)]
    """
    gaps = re.search(r"\n\s*\n", text.strip()) is not None
    blocks: list[Block] = []
    offset, apart = 0, True
    for line in text.split("\n"):
        words = line.strip()
        start = offset + line.find(words)
        offset += len(line) + 1
        if not words:
            apart = True
            continue
        found = _NAME.match(words)
        named = found if found and len(found[1].split()) <= _MOST_WORDS else None
        before = blocks[-1] if blocks else Block(-1, "", 0, 0, 0)
        if named:
            blocks.append(Block(before.index + 1, named[1], start, start + named.end(), start + len(words)))
        elif apart or not gaps:
            blocks.append(Block(before.index + 1, before.name, start, start, start + len(words)))
        else:
            blocks[-1] = replace(before, end=start + len(words))
        apart = False
    return blocks


def block_of(blocks: Sequence[Block], start: int, end: int) -> Block | None:
    """Return the comment that holds most of a selection; None if none holds any.

    Parameters
    ----------
    blocks : sequence of Block
    start, end : int
        First character of the selection, and the one behind it.
    """
    shares = [min(end, block.end) - max(start, block.start) for block in blocks]
    most = max(shares, default=0)
    return blocks[shares.index(most)] if most > 0 else None


class SourceText:
    """A text as another program counts its characters.

    Some count a line break of Windows as one, some as two; some count characters outside the basic plane, such as
    emojis, as two, although the standard counts characters. Of these, that counts by which most selections begin and
    end between words.

    Parameters
    ----------
    raw : str
        The text as in the file.
    positions : sequence of int
        All positions at which selections begin or end.

    Attributes
    ----------
    plain : str
        The text with the line breaks of Unix.
    """

    def __init__(self, raw: str, positions: Sequence[int]) -> None:
        self.plain = unix_lines(raw)
        self._length = len(raw)
        self._wide = [found.start() for found in _WIDE.finditer(raw)]
        self._breaks = [found.start() + 1 for found in _BREAK.finditer(raw)]
        ways = list(itertools.product((0, 1) if self._wide else (0,), (0, 1) if self._breaks else (0,)))
        self._way = ways[0]
        if len(ways) > 1:
            self._way = max(ways, key=lambda way: sum(self._fits(way, position) for position in positions))

    def place(self, position: int) -> int:
        """Return the place in the plain text of a position, which is moved inside the text if it is not."""
        return self._place(self._way, position)

    def _place(self, way: tuple[int, int], position: int) -> int:
        if not self._wide and not self._breaks:
            return min(position, self._length)
        raw = bisect_left(range(self._length), position, key=lambda place: self._count(way, place))
        return raw - bisect_left(self._breaks, raw)

    def _count(self, way: tuple[int, int], place: int) -> int:
        """Return the position of a character of the raw text, as a kind of program counts.

        Parameters
        ----------
        way : tuple of int
            By how much more a wide character counts, and by how much less a line break of Windows.
        place : int
        """
        wider, narrower = way
        return place + wider * bisect_left(self._wide, place) - narrower * bisect_left(self._breaks, place)

    def _fits(self, way: tuple[int, int], position: int) -> bool:
        """Return whether a position is between words."""
        place = self._place(way, position)
        around = self.plain[place - 1 : place + 1] if place else ""
        inside = 0 <= position <= self._count(way, self._length)
        return inside and not (len(around) == 2 and around.isalnum())
