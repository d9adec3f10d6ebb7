"""A page as plain text, for terminals and wherever there is nothing better."""

import functools
import textwrap
from collections.abc import Iterator

from syndisco_nb.display.page import (
    Block,
    Entry,
    Facts,
    Fold,
    Gap,
    Note,
    Page,
    Prompt,
    Rating,
    Share,
    Sides,
    Speakers,
    Table,
    Talk,
    Trajectory,
)
from syndisco_nb.display.writers.safe_html import clean

_BAR = 12
_STEPS = " ▁▂▃▄▅▆▇█"


def write(page: Page) -> str:
    """Return the page as text."""
    return clean("\n".join(_lines(page)))


def answered(ratings: tuple[Rating, ...]) -> Iterator[str]:
    """Return the answers on each scale, a line each."""
    for rating in ratings:
        answers = ", ".join(
            f"{answer.annotator} {answer.value}"
            if answer.value is not None
            else f"{answer.annotator} no label in {answer.raw!r}"
            for answer in rating.answers
        )
        yield f"{rating.scale or 'label'}: {answers}{' ≠ they disagree' if rating.disagreement else ''}"


def headline(entry: Entry) -> str:
    """Return who speaks, and what is special about it."""
    special = [] if entry.role == "participant" else [entry.role]
    if entry.role != "opening":
        special.append(f"turn {entry.turn}")
    special += [mark for mark in (entry.cut, entry.speaks_for) if mark]
    return f"{flat(entry.name)} ({', '.join(special)})"


def flat(text: str) -> str:
    """Return text as a single line."""
    return " ".join(text.split())


def spark(heights: tuple[float | None, ...]) -> str:
    """Return numbers from 0 to 1 as a line of blocks; None as a dot."""
    return "".join("·" if height is None else _STEPS[min(8, round(height * 8))] for height in heights)


def _lines(page: Page) -> Iterator[str]:
    yield f"{page.kind}: {page.title}"
    if page.facts:
        yield " · ".join(f"{name} {flat(value)}" for name, value in page.facts)
    if page.progress:
        yield f"[{_bar(page.progress)}] {page.progress.text}"
    for block in page.blocks:
        yield ""
        if not isinstance(block, Note | Fold) and block.title:
            yield block.title
        yield from _block(block)


@functools.singledispatch
def _block(block: Block) -> Iterator[str]:
    """Return the lines of a section, without its title."""
    raise TypeError(f"{block!r} is no section.")


@_block.register
def _talk(block: Talk) -> Iterator[str]:
    for entry in block.entries:
        yield from _entry(entry)


@_block.register
def _speakers(block: Speakers) -> Iterator[str]:
    width = max((len(flat(person.name)) for person in block.people), default=0)
    for person in block.people:
        role = "" if person.role == "participant" else f" ({person.role})"
        yield f"  {flat(person.name):{width}}  |{spark(person.lane)}|  {person.said}{role}"
        if person.about:
            yield f"      {textwrap.shorten('; '.join(person.about), 110, placeholder=' …')}"


@_block.register
def _facts(block: Facts) -> Iterator[str]:
    yield from (f"  {name}: {flat(value)}" for name, value in block.pairs)


@_block.register
def _table(block: Table) -> Iterator[str]:
    rows = [block.head, *[tuple(map(_cell, row)) for row in block.rows]]
    widths = [min(48, max(len(row[place]) for row in rows)) for place in range(len(block.head))]
    for row in rows:
        yield "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    if block.more:
        yield f"  {block.more}"


@_block.register
def _note(block: Note) -> Iterator[str]:
    yield f"! {block.text}" if block.warning else block.text


@_block.register
def _prompt(block: Prompt) -> Iterator[str]:
    if block.facts:
        yield f"  {block.line}"
    for role, text in block.sent:
        yield f"  [{role}]"
        yield textwrap.indent(text, "  ")


@_block.register
def _trajectory(block: Trajectory) -> Iterator[str]:
    yield f"  {spark(tuple(point.height for point in block.points))}"
    yield from (f"  {point.label}: {point.text}" for point in block.points)


@_block.register
def _sides(block: Sides) -> Iterator[str]:
    yield f"  {flat(block.heads[0])} | {flat(block.heads[1])}"
    for turn, left, right, same in block.rows:
        yield f"  {turn}{': the same' if same else ''}"
        yield from (f"    < {_side(entry)}" for entry in left)
        yield from (f"    > {_side(entry)}" for entry in right if not same)
    if block.more:
        yield f"  {block.more}"


@_block.register
def _fold(block: Fold) -> Iterator[str]:
    yield f"▸ {flat(block.summary)}"


def _side(entry: Entry) -> str:
    return flat(f"{entry.name} says nothing" if entry.silent else f"{entry.name}: {entry.text}")


def _entry(entry: Entry | Gap) -> Iterator[str]:
    if isinstance(entry, Gap):
        yield f"  … {entry.text} …"
        return
    if entry.silent:
        yield f"  {flat(entry.name)} says nothing · turn {entry.turn}"
    else:
        yield f"  {headline(entry)}"
        yield textwrap.indent(entry.text, "    ")
        yield from (f"    → {line}" for line in answered(entry.ratings))


def _cell(value: str | int | Share) -> str:
    if isinstance(value, Share):
        return f"{_bar(value)} {value.text}"
    return f"{value:,}" if isinstance(value, int) else flat(value)


def _bar(share: Share) -> str:
    filled = round(min(1.0, max(0.0, share.value)) * _BAR)
    return "█" * filled + "░" * (_BAR - filled)
