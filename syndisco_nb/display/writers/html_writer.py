"""Write a page as HTML. All information stands in the text; colours, bars and faces only repeat it."""

import base64

from syndisco_nb.display.colours import THEMELESS
from syndisco_nb.display.page import (
    Block,
    Chapter,
    Conversation,
    Facts,
    Fold,
    Graphic,
    Image,
    Listing,
    Note,
    Page,
    Prompt,
    Share,
    SideBySide,
    Speakers,
    Table,
    Trajectory,
)
from syndisco_nb.display.writers.formats import file_format, notebook_format
from syndisco_nb.display.writers.html_conversation import conversation_list, side_by_side_table
from syndisco_nb.display.writers.html_elements import PRE_WRAP, facts_list, prompt_messages
from syndisco_nb.display.writers.html_listing import listing_rows
from syndisco_nb.display.writers.html_speakers import speakers_list
from syndisco_nb.display.writers.html_trajectory import trajectory_columns
from syndisco_nb.display.writers.number_columns import aligned_rows, number_columns
from syndisco_nb.display.writers.safe_html import Html, escape, join, tag
from syndisco_nb.display.writers.stylesheet import style

_ROOT = "snb mathjax_ignore tex2jax_ignore"  # dollar signs in a comment begin no formula
_BLANK = "\u2014"
_MANY = 5
"""Columns from which a table may be wider than a notebook's cell, so that a keyboard must reach it to scroll it."""


@notebook_format("text/html")
def html_output(page: Page) -> Html:
    """Return the HTML of a page with its style sheet, for a cell of a notebook."""
    shown = tag("div", _page(page), class_=_ROOT)
    return Html(shown.replace(">", f">{style(shown)}\n", 1))


@file_format("html")
def html_document(page: Page) -> Html:
    """Return a page as an HTML document that stands alone."""
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", " ".join(f"{page.kind}: {page.title}".split())),
        tag("style", "html{color-scheme:light dark}body{margin:24px auto;padding:0 12px;max-width:62rem}"),
    )
    body = tag("body", tag("main", html_output(page)))
    return join([Html("<!doctype html>\n"), tag("html", head, body, lang="en"), Html("\n")])


def _page(page: Page) -> Html:
    head = tag(
        "header",
        tag("div", page.kind, class_="snb-kind"),
        tag("div", tag("b", tag("bdi", page.title)), class_="snb-title"),
        *[facts_list(facts) for facts in (page.facts, page.origin) if facts],
        _progress(page.progress) if page.progress else None,
        class_="snb-head",
    )
    return tag("div", join([head, *map(_block, page.blocks)], "\n"), class_="snb-page")


def _block(block: Block) -> Html:
    match block:
        case Conversation():
            title = tag("div", tag("b", block.title), class_="snb-h snb-hide") if block.title else Html()
            return join([title, conversation_list(block)])
        case Speakers():
            return _section(block.title, speakers_list(block))
        case Facts():
            return _section(block.title, facts_list(block.pairs, "snb-facts snb-list"))
        case Table():
            class_ = "snb-part snb-some" if block.narrow else "snb-part"
            return _section(block.title, _table(block), _note(block.more), class_=class_)
        case Note():
            return _remark(block)
        case Prompt():
            return _prompt(block)
        case Trajectory() | Image():
            return _graphic(block)
        case SideBySide():
            return _section(block.title, side_by_side_table(block), _note(block.more))
        case Fold() | Chapter() | Listing():
            return _inner(block)


def _inner(block: Fold | Chapter | Listing) -> Html:
    if isinstance(block, Listing):
        pages = [_page(row.page) if row.page else None for row in block.rows]
        return _section(block.title, listing_rows(block, pages), _note(block.more))
    if isinstance(block, Fold):
        return tag("details", tag("summary", tag("bdi", block.summary)), _page(block.page), class_="snb-fold")
    heading = tag("h2", tag("bdi", block.title), class_="snb-heading")
    return tag("section", join([heading, *map(_block, block.blocks)], "\n"), class_="snb-section")


def _section(title: str, *children: Html | None, class_: str = "snb-part") -> Html:
    return tag("div", tag("div", tag("b", title), class_="snb-h") if title else None, *children, class_=class_)


def _note(text: str) -> Html | None:
    return tag("div", text, class_="snb-note") if text else None


def _graphic(block: Graphic) -> Html:
    if isinstance(block, Trajectory):
        return _section(block.title, trajectory_columns(block))
    return _section(block.title, _image(block), _note(block.caption))


def _image(image: Image) -> Html:
    """Return an image with its bytes in its address, so that it needs no other file."""
    data = base64.b64encode(image.png).decode()
    style = "background:#fff;max-width:100%;height:auto;border-radius:6px"
    return Html(
        f'<img src="data:image/png;base64,{data}" alt="{escape(image.alt)}" width="{image.width}" style="{style}">'
    )


def _progress(share: Share) -> Html:
    bar = tag("i", style=f"display:block;height:6px;width:{share.value:.1%};background:{THEMELESS[2]}")
    return join([tag("div", bar, class_="snb-track"), tag("div", share.text, class_="snb-note")])


def _remark(note: Note) -> Html:
    if note.code:
        return tag("pre", tag("code", note.text), class_="snb-code")
    return tag("div", note.text, class_="snb-warning" if note.warning else "snb-body" if note.body else "snb-note")


def _prompt(prompt: Prompt) -> Html:
    messages = prompt_messages(prompt)
    if prompt.folded:
        return tag("details", tag("summary", prompt.title), messages, class_="snb-prompt")
    return _section(prompt.title, messages)


def _table(table: Table) -> Html:
    numbers = number_columns(table)

    def row(cells: tuple[str | Share, ...]) -> Html:
        return tag("tr", *[_cell(cell, is_number=place in numbers) for place, cell in enumerate(cells)])

    rows = tag("tbody", join(map(row, aligned_rows(table)), "\n"))
    if table.narrow:
        return tag("table", rows)
    classes = ["snb-number" if place in numbers else None for place in range(len(table.head))]
    head = [tag("th", name, scope="col", class_=class_) for name, class_ in zip(table.head, classes, strict=True)]
    written = tag("table", tag("thead", tag("tr", *head)), rows)
    if len(table.head) < _MANY:
        return tag("div", written, class_="snb-wide")
    return tag("div", written, class_="snb-wide", role="group", aria_label=table.title or "table", tabindex="0")


def _cell(value: str | Share, *, is_number: bool) -> Html:
    if isinstance(value, Share):
        bar = tag("i", style=f"display:inline-block;height:8px;width:{value.value:.1%};background:{THEMELESS[4]}")
        box = tag("span", bar, style="display:inline-block;width:90px;height:8px")
        return tag("td", tag("span", box, f" {value.text}", class_="snb-share"))
    if is_number:
        return tag("td", value or _BLANK, class_="snb-number")
    return tag("td", value or _BLANK, dir="auto", style=PRE_WRAP)
