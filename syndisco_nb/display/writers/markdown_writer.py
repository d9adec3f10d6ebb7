"""A page as Markdown (CommonMark with tables), in which no text of the user's can act as Markdown."""

import functools
import html
import re
from collections.abc import Iterator, Sequence

from syndisco_nb.display.page import (
    Block,
    Entry,
    Facts,
    Fold,
    Gap,
    Note,
    Page,
    Prompt,
    Share,
    Sides,
    Speakers,
    Table,
    Talk,
    Trajectory,
)
from syndisco_nb.display.writers.plain_writer import answered, flat, headline, spark
from syndisco_nb.display.writers.safe_html import clean

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>&~$|#@^]")
_FORMULA = {"$": r"<span>\$</span>", "\\": "<span>&#92;</span>"}
"""What would begin a formula: JupyterLab looks for these in what it shows, escaped or not, but not across elements."""
_FIRST = re.compile(r"([ \t]*)([-+=]|\d+[.)])|[ \t]+")
"""What would begin a code block or a list, on a line of its own."""


def write(page: Page, whole: bool = False) -> str:
    """Return the page; with all messages that models were sent, if it is to be `whole`."""
    return "\n\n".join(_parts(page, whole, level=2)) + "\n"


def escape(text: str) -> str:
    r"""Return text as Markdown that shows just this text, on lines of its own.

    Examples
    --------
    >>> print(escape("*no* <b>"))
    \*no\* \<b\>
    """
    return "\n".join(map(_inactive, clean(text).split("\n")))


def _parts(page: Page, whole: bool, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_line(page.kind)}: {_line(page.title)}"
    if page.facts:
        yield " · ".join(
            f"{_line(name)} **{_line(value)}**" if value.strip() else _line(name) for name, value in page.facts
        )
    if page.progress:
        yield _line(page.progress.text)
    for block in page.blocks:
        if not isinstance(block, Note | Fold) and block.title:
            yield f"{'#' * (level + 1)} {_line(block.title)}"
        yield from _block(block, whole, level)


@functools.singledispatch
def _block(block: Block, whole: bool, level: int) -> Iterator[str]:
    """Return the paragraphs of a section, without its title."""
    raise TypeError(f"{block!r} is no section.")


@_block.register
def _talk(block: Talk, whole: bool, level: int) -> Iterator[str]:
    for entry in block.entries:
        yield from _entry(entry, whole)


@_block.register
def _speakers(block: Speakers, whole: bool, level: int) -> Iterator[str]:
    lines = []
    for person in block.people:
        role = "" if person.role == "participant" else f" ({person.role})"
        about = f": {'; '.join(map(_line, person.about))}" if person.about else ""
        lines.append(f"- **{_line(person.name)}**{role}, {person.said} `|{spark(person.lane)}|`{about}")
    yield "\n".join(lines)


@_block.register
def _facts(block: Facts, whole: bool, level: int) -> Iterator[str]:
    yield "\n".join(f"- {_line(name)}: {_line(value)}" for name, value in block.pairs)


@_block.register
def _table(block: Table, whole: bool, level: int) -> Iterator[str]:
    yield _rows(block.head, [tuple(map(_cell, row)) for row in block.rows])
    if block.more:
        yield _line(block.more)


@_block.register
def _note(block: Note, whole: bool, level: int) -> Iterator[str]:
    yield f"**{_line(block.text)}**" if block.warning else _line(block.text)


@_block.register
def _prompt(block: Prompt, whole: bool, level: int) -> Iterator[str]:
    if block.facts:
        yield _line(block.line)
    for role, text in block.sent:
        sent = clean(text)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", sent)), default=0))
        yield f"{_line(role)}\n\n{fence}text\n{sent}\n{fence}"


@_block.register
def _trajectory(block: Trajectory, whole: bool, level: int) -> Iterator[str]:
    yield "\n".join(f"- {_line(point.label)}: {_line(point.text)}" for point in block.points)


@_block.register
def _sides(block: Sides, whole: bool, level: int) -> Iterator[str]:
    rows = [(_line(turn), _side(left), "the same" if same else _side(right)) for turn, left, right, same in block.rows]
    yield _rows(("turn", *block.heads), rows)
    if block.more:
        yield _line(block.more)


@_block.register
def _fold(block: Fold, whole: bool, level: int) -> Iterator[str]:
    if whole:
        yield from _folded(block.summary, _parts(block.page, whole, level + 1))
    else:
        yield f"- {_line(block.summary)}"


def _entry(entry: Entry | Gap, whole: bool) -> Iterator[str]:
    if isinstance(entry, Gap):
        yield f"*… {_line(entry.text)} …*"
        return
    if entry.silent:
        yield f"*{_line(entry.name)} says nothing · turn {entry.turn}*"
    else:
        name = flat(entry.name)
        yield f"**{_line(name)}** {_line(headline(entry).removeprefix(name))}"
        yield "\n".join(f"> {line}" for line in _body(entry.text))
        if entry.ratings:
            yield "\n".join(f"- {_line(line)}" for line in answered(entry.ratings))
    if whole:
        for prompt in (entry.why, *(answer.why for rating in entry.ratings for answer in rating.answers)):
            if prompt:
                yield from _folded(prompt.title, _prompt(prompt, whole, 0))


def _folded(summary: str, parts: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{html.escape(clean(flat(summary)))}</summary>"
    yield from parts
    yield "</details>"


def _body(text: str) -> list[str]:
    """Return the lines of a comment, each line break a hard one."""
    lines = escape(text).split("\n")
    return [
        line + "\\" if line and following else line for line, following in zip(lines, [*lines[1:], ""], strict=True)
    ]


def _side(entries: tuple[Entry, ...]) -> str:
    return "<br>".join(
        f"*{_line(entry.name)} says nothing*" if entry.silent else f"**{_line(entry.name)}:** {_line(entry.text)}"
        for entry in entries
    )


def _rows(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [tuple(map(_line, head)), ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: str | int | Share) -> str:
    if isinstance(value, Share):
        return _line(value.text)
    return f"{value:,}" if isinstance(value, int) else _line(value)


def _line(text: str) -> str:
    """Return text as Markdown in a single line."""
    return escape(flat(text))


def _inactive(line: str) -> str:
    """Return a line as Markdown that shows just this line."""
    begin = ""
    if first := _FIRST.match(line):
        begin, line = _held(first), line[first.end() :]
    return begin + _ACTIVE.sub(_quoted, line).replace("://", ":/&#47;").replace("www.", "www\\.")


def _held(first: re.Match[str]) -> str:
    if first[2] is None:
        return "&nbsp;" * len(first[0])
    return f"{'&nbsp;' * len(first[1])}{first[2][:-1]}\\{first[2][-1]}"


def _quoted(found: re.Match[str]) -> str:
    return _FORMULA.get(found.group()) or f"\\{found.group()}"
