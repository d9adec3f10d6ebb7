"""Write a page as plain text, for terminals and hosts that show nothing better."""

import textwrap
from collections.abc import Iterable, Iterator

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
from syndisco_nb.display.writers.formats import notebook_format
from syndisco_nb.display.writers.number_columns import NUMBER_SPACES, aligned_rows, number_columns
from syndisco_nb.display.writers.plain_text import flat, headline, rating_lines, sparkline, trajectory_lines

_BAR = 12


@notebook_format("text/plain")
def plain_output(page: Page) -> str:
    """Return a page as plain text, for a cell of a notebook."""
    return clean("\n".join(_page(page)))


def _page(page: Page) -> Iterator[str]:
    """Yield the lines of a page; a conversation, and warnings about it, come before all facts and numbers."""
    talk = [block for block in page.blocks if isinstance(block, Conversation)]
    warnings = [block for block in page.blocks if talk and isinstance(block, Note) and block.warning]
    yield f"{page.kind}: {page.title}"
    yield from _blocks([*warnings, *talk])
    if talk:
        yield ""
    for facts in filter(None, (page.facts, page.origin)):
        yield " · ".join(f"{name} {flat(value)}" for name, value in facts)
    if page.progress:
        yield f"[{_bar(page.progress)}] {page.progress.text}"
    yield from _blocks(block for block in page.blocks if block not in (*warnings, *talk))


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield ""
        if not isinstance(block, Note | Fold) and block.title:
            yield block.title
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    """Return the lines of a block, without its title."""
    match block:
        case Conversation():
            return (line for part in block.parts for line in _entry(part))
        case Speakers():
            return _speakers(block)
        case Facts():
            return (f"  {name}: {flat(value)}" for name, value in block.pairs)
        case Table():
            return _table(block)
        case Note():
            return iter([_remark(block)])
        case Prompt():
            return _prompt(block)
        case Trajectory() | Image():
            return _graphic(block)
        case SideBySide():
            return _side_by_side(block)
        case Fold() | Chapter() | Listing():
            return _inner(block)


def _inner(block: Fold | Chapter | Listing) -> Iterator[str]:
    if isinstance(block, Listing):
        yield from _table(block.table)
    elif isinstance(block, Fold):
        yield f"▸ {flat(block.summary)}"
    else:
        yield "─" * len(block.title)
        yield from _blocks(block.blocks)


def _speakers(block: Speakers) -> Iterator[str]:
    width = max((len(flat(person.name)) for person in block.people), default=0)
    for person in block.people:
        role = "" if person.role == "participant" else f" ({person.role})"
        yield f"  {flat(person.name):{width}}  |{sparkline(person.lane)}|  {person.contribution}{role}"
        if person.about:
            yield f"      {textwrap.shorten('; '.join(person.about), 110, placeholder=' …')}"


def _table(block: Table) -> Iterator[str]:
    rows = [block.head, *[tuple(map(_cell, row)) for row in aligned_rows(block)]]
    sides = [">" if place in number_columns(block) else "<" for place in range(len(block.head))]
    widths = [min(48, max(len(row[place]) for row in rows)) for place in range(len(block.head))]
    shapes = [f"{side}{width}" for side, width in zip(sides, widths, strict=True)]
    for row in rows:
        yield "  " + "  ".join(f"{cell:{shape}}" for cell, shape in zip(row, shapes, strict=True)).rstrip(" ")
    if block.more:
        yield f"  {block.more}"


def _remark(note: Note) -> str:
    if note.code:
        return textwrap.indent(note.text.rstrip(), "  ")
    return f"! {note.text}" if note.warning else note.text


def _prompt(block: Prompt) -> Iterator[str]:
    if block.facts:
        yield f"  {block.facts_line}"
    for role, text in block.texts:
        yield f"  [{role}]"
        yield textwrap.indent(text, "  ")


def _graphic(block: Graphic) -> Iterator[str]:
    if isinstance(block, Image):
        yield from (f"  {line}" for line in textwrap.wrap(block.alt, 110))
        return
    strips = list(trajectory_lines(block))
    width = max(len(name) for name, _ in strips)
    yield from (f"  {name:{width}}  |{strip}|" for name, strip in strips)
    yield f"  {block.legend}"
    yield from (f"  {point.label}: {point.text}" for point in block.points)


def _side_by_side(block: SideBySide) -> Iterator[str]:
    yield f"  {flat(block.heads[0])} | {flat(block.heads[1])}"
    for turn, left, right, same in block.rows:
        yield f"  {turn}{': the same' if same else ''}"
        yield from (f"    < {_side(entry)}" for entry in left)
        yield from (f"    > {_side(entry)}" for entry in right if not same)
    if block.more:
        yield f"  {block.more}"


def _side(entry: Entry) -> str:
    return flat(f"{entry.name} silent" if entry.silent else f"{entry.name}: {entry.text}")


def _entry(part: Entry | Gap | Silence) -> Iterator[str]:
    if isinstance(part, Gap):
        yield f"  … {part.text} …"
    elif isinstance(part, Silence):
        yield f"  {flat(part.names)} silent · {part.turns}"
    else:
        yield f"  {headline(part)}"
        yield textwrap.indent(part.text, "    ")
        yield from (f"    → {line}" for line in rating_lines(part.ratings))


def _cell(value: str | Share) -> str:
    if isinstance(value, Share):
        return f"{_bar(value)} {value.text}"
    return flat(value) + " " * (len(value) - len(value.rstrip(NUMBER_SPACES)))


def _bar(share: Share) -> str:
    filled = round(min(1.0, max(0.0, share.value)) * _BAR)
    return "█" * filled + "░" * (_BAR - filled)
