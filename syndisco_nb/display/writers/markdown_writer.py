"""Write a page as Markdown (CommonMark with tables)."""

import base64
import hashlib
import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from syndisco_nb.display.page import (
    Block,
    Chapter,
    Conversation,
    Entry,
    Facts,
    Fold,
    Gap,
    Graphic,
    Image,
    Listing,
    Note,
    Page,
    Prompt,
    Share,
    SideBySide,
    Silence,
    Speakers,
    Table,
    Trajectory,
)
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.formats import file_format, notebook_format
from syndisco_nb.display.writers.markdown_text import escape_flat, escape_markdown
from syndisco_nb.display.writers.number_columns import NUMBER_SPACES, aligned_rows, number_columns
from syndisco_nb.display.writers.plain_text import flat, headline, rating_lines, sparkline, trajectory_lines

_LEVEL = 2
"""The level of a page's heading."""


@notebook_format("text/markdown")
def markdown_output(page: Page) -> str:
    """Return a page as Markdown, for a cell of a notebook; of folds, only the summaries."""
    return _joined(_page(page, _LEVEL, whole=False))


@file_format("markdown")
def markdown_document(page: Page) -> str:
    """Return a page as Markdown, with all folded pages and prompts."""
    return _joined(_page(page, _LEVEL, whole=True))


def _joined(paragraphs: Iterator[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"


def _page(page: Page, level: int, *, whole: bool) -> Iterator[str]:
    yield f"{'#' * level} {escape_flat(page.kind)}: {escape_flat(page.title)}"
    for facts in filter(None, (page.facts, page.origin)):
        yield " · ".join(
            f"{escape_flat(name)} **{escape_flat(value)}**" if value.strip() else escape_flat(name)
            for name, value in facts
        )
    if page.progress:
        yield escape_flat(page.progress.text)
    yield from _blocks(page.blocks, level, whole=whole)


def _blocks(blocks: Iterable[Block], level: int, *, whole: bool) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block, Note | Fold) and block.title:
            yield f"{'#' * (level + 1)} {escape_flat(block.title)}"
        yield from _block(block, level, whole=whole)


def _block(block: Block, level: int, *, whole: bool) -> Iterator[str]:
    """Return the paragraphs of a block, without its title."""
    match block:
        case Conversation():
            return (paragraph for part in block.parts for paragraph in _entry(part, whole=whole))
        case Speakers():
            return iter([_speakers(block)])
        case Facts():
            return iter(["\n".join(f"- {escape_flat(name)}: {escape_flat(value)}" for name, value in block.pairs)])
        case Table():
            rows = [tuple(map(_cell, row)) for row in aligned_rows(block)]
            return _with_more(_table(block.head, rows, number_columns(block)), block.more)
        case Note():
            return iter([_remark(block)])
        case Prompt():
            return _prompt(block)
        case Trajectory() | Image():
            return _graphic(block, whole=whole)
        case SideBySide():
            return _with_more(_side_by_side(block), block.more)
        case Fold() | Chapter() | Listing():
            return _inner(block, level, whole=whole)


def _graphic(block: Graphic, *, whole: bool) -> Iterator[str]:
    if isinstance(block, Image):
        return _image(block, whole=whole)
    strips = (f"`|{strip}|` {escape_flat(name)}" for name, strip in trajectory_lines(block))
    points = (f"- {escape_flat(point.label)}: {escape_flat(point.text)}" for point in block.points)
    return iter(["\\\n".join(strips), escape_flat(block.legend), "\n".join(points)])


def _image(block: Image, *, whole: bool) -> Iterator[str]:
    """Return the alternative text, or the image with its bytes in a definition of its own, away from the sentences."""
    alt = escape_flat(block.alt)
    if not whole:
        return iter([alt])
    name = f"figure-{hashlib.blake2b(block.png, digest_size=4).hexdigest()}"
    address = f"data:image/png;base64,{base64.b64encode(block.png).decode()}"
    return iter([f"![{alt}][{name}]", *([escape_flat(block.caption)] if block.caption else []), f"[{name}]: {address}"])


def _with_more(table: str, more: str) -> Iterator[str]:
    yield table
    if more:
        yield escape_flat(more)


def _speakers(block: Speakers) -> str:
    lines = []
    for person in block.people:
        role = "" if person.role == "participant" else f" ({person.role})"
        about = f": {'; '.join(map(escape_flat, person.about))}" if person.about else ""
        lines.append(
            f"- **{escape_flat(person.name)}**{role}, {person.contribution} `|{sparkline(person.lane)}|`{about}"
        )
    return "\n".join(lines)


def _prompt(block: Prompt) -> Iterator[str]:
    if block.facts:
        yield escape_flat(block.facts_line)
    for role, text in block.texts:
        yield f"{escape_flat(role)}\n\n{_fenced(text, 'text')}"


def _remark(note: Note) -> str:
    if note.code:
        return _fenced(note.text.rstrip(), "python")
    return f"**{escape_flat(note.text)}**" if note.warning else escape_flat(note.text)


def _fenced(text: str, language: str) -> str:
    shown = clean(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"


def _side_by_side(block: SideBySide) -> str:
    rows = [
        (escape_flat(turn), _side(left), "the same" if same else _side(right)) for turn, left, right, same in block.rows
    ]
    return _table(("turn", *block.heads), rows)


def _entry(part: Entry | Gap | Silence, *, whole: bool) -> Iterator[str]:
    if isinstance(part, Gap):
        yield f"*… {escape_flat(part.text)} …*"
    elif isinstance(part, Silence):
        yield f"*{escape_flat(part.names)} silent · {part.turns}*"
    else:
        name = flat(part.name)
        yield f"**{escape_flat(name)}** {escape_flat(headline(part).removeprefix(name))}"
        yield "\n".join(f"> {line}" for line in _comment_lines(part.text))
        if part.ratings:
            yield "\n".join(f"- {escape_flat(line)}" for line in rating_lines(part.ratings))
    if whole:
        for prompt in _prompts(part):
            yield from _details(prompt.title, _prompt(prompt))


def _prompts(part: Entry | Gap | Silence) -> list[Prompt]:
    """Return the prompts behind a comment and its labels, or behind silences."""
    entries = part.entries if isinstance(part, Silence) else (part,) if isinstance(part, Entry) else ()
    given = (
        (entry.prompt, *(answer.prompt for rating in entry.ratings for answer in rating.answers)) for entry in entries
    )
    return [prompt for of_entry in given for prompt in of_entry if prompt]


def _inner(block: Fold | Chapter | Listing, level: int, *, whole: bool) -> Iterator[str]:
    if isinstance(block, Listing):
        return _listing(block, level, whole=whole)
    if isinstance(block, Chapter):
        return _blocks(block.blocks, level + 1, whole=whole)
    if whole:
        return _details(block.summary, _page(block.page, level + 1, whole=True))
    return iter([f"- {escape_flat(block.summary)}"])


def _listing(block: Listing, level: int, *, whole: bool) -> Iterator[str]:
    """Return a table of all rows and, in a document, the page of each, folded."""
    yield from _block(block.table, level, whole=whole)
    for row in block.rows:
        if whole and row.page:
            yield from _details(block.summary(row), _page(row.page, level + 1, whole=True))


def _details(summary: str, paragraphs: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{html.escape(clean(flat(summary)))}</summary>"
    yield from paragraphs
    yield "</details>"


def _comment_lines(text: str) -> list[str]:
    """Return the lines of a comment, each line break a hard one."""
    lines = escape_markdown(text).split("\n")
    return [
        line + "\\" if line and following else line for line, following in zip(lines, [*lines[1:], ""], strict=True)
    ]


def _side(entries: tuple[Entry, ...]) -> str:
    return "<br>".join(
        f"*{escape_flat(entry.name)} silent*"
        if entry.silent
        else f"**{escape_flat(entry.name)}:** {escape_flat(entry.text)}"
        for entry in entries
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: Collection[int] = ()) -> str:
    rule = tuple("---:" if place in numbers else "---" for place in range(len(head)))
    lines = [tuple(map(escape_flat, head)), rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: str | Share) -> str:
    if isinstance(value, Share):
        return escape_flat(value.text)
    return escape_flat(value) + value[len(value.rstrip(NUMBER_SPACES)) :]
