"""A page as HTML. What a reader must know stands in the text; colour, bars and faces only repeat it."""

from syndisco_nb.display.colours import BETWEEN
from syndisco_nb.display.page import Block, Facts, Fold, Note, Page, Prompt, Share, Sides, Speakers, Table, Talk
from syndisco_nb.display.writers.html_conversation import chat, facts, sides, speakers, talk, trajectory
from syndisco_nb.display.writers.safe_html import Html, join, tag
from syndisco_nb.display.writers.stylesheet import style

_ROOT = "snb mathjax_ignore tex2jax_ignore"  # dollar signs in a comment are no formulas
_PRE = "white-space:pre-wrap"
_BLANK = "\u2014"


def write(page: Page) -> Html:
    """Return the HTML of a page, to stand by itself in a notebook."""
    return tag("div", style(), Html("\n"), _page(page), class_=_ROOT)


def write_document(page: Page) -> Html:
    """Return an HTML file that needs nothing else."""
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", " ".join(f"{page.kind}: {page.title}".split())),
        tag("style", "html{color-scheme:light dark}body{margin:24px auto;padding:0 12px;max-width:62rem}"),
    )
    body = tag("body", tag("main", write(page)))
    return join([Html("<!doctype html>\n"), tag("html", head, body, lang="en"), Html("\n")])


def _page(page: Page) -> Html:
    head = tag(
        "header",
        tag("div", page.kind, class_="snb-kind"),
        tag("div", tag("b", tag("bdi", page.title)), class_="snb-title"),
        facts(page.facts) if page.facts else None,
        _progress(page.progress) if page.progress else None,
        class_="snb-head",
    )
    return tag("div", join([head, *map(_block, page.blocks)], "\n"), class_="snb-page")


def _block(block: Block) -> Html:
    match block:
        case Talk():
            title = tag("div", tag("b", block.title), class_="snb-h snb-hide") if block.title else Html()
            return join([title, talk(block)])
        case Speakers():
            return _part(block.title, speakers(block))
        case Facts():
            return _part(block.title, facts(block.pairs, "snb-facts snb-list"))
        case Table():
            class_ = "snb-part snb-some" if block.narrow else "snb-part"
            return _part(block.title, _table(block), _more(block), class_=class_)
        case Note():
            return tag("div", block.text, class_="snb-warning" if block.warning else "snb-note")
        case Prompt():
            return _prompt(block)
        case Sides():
            return _part(block.title, sides(block), _more(block))
        case Fold():
            summary = tag("summary", tag("bdi", block.summary))
            return tag("details", summary, _page(block.page), class_="snb-fold")
        case _:
            return _part(block.title, *trajectory(block))


def _part(title: str, *children: Html | None, class_: str = "snb-part") -> Html:
    return tag("div", tag("div", tag("b", title), class_="snb-h") if title else None, *children, class_=class_)


def _more(block: Table | Sides) -> Html | None:
    return tag("div", block.more, class_="snb-note") if block.more else None


def _progress(share: Share) -> Html:
    bar = tag("i", style=f"display:block;height:6px;width:{share.value:.1%};background:{BETWEEN[2]}")
    return join([tag("div", bar, class_="snb-track"), tag("div", share.text, class_="snb-note")])


def _prompt(prompt: Prompt) -> Html:
    messages = chat(prompt)
    if prompt.folded:
        return tag("details", tag("summary", prompt.title), messages, class_="snb-prompt")
    return _part(prompt.title, messages)


def _table(table: Table) -> Html:
    rows = tag("tbody", join([tag("tr", *map(_cell, row)) for row in table.rows], "\n"))
    if table.narrow:
        return tag("table", rows)
    head = [tag("th", name, scope="col", class_=_side(table, place)) for place, name in enumerate(table.head)]
    return tag("div", tag("table", tag("thead", tag("tr", *head)), rows), class_="snb-wide")


def _side(table: Table, place: int) -> str | None:
    return "snb-number" if table.rows and all(isinstance(row[place], int) for row in table.rows) else None


def _cell(value: str | int | Share) -> Html:
    if isinstance(value, Share):
        bar = tag("i", style=f"display:inline-block;height:8px;width:{value.value:.1%};background:{BETWEEN[4]}")
        box = tag("span", bar, style="display:inline-block;width:90px;height:8px")
        return tag("td", tag("span", box, f" {value.text}", class_="snb-share"))
    if isinstance(value, int):
        return tag("td", f"{value:,}", class_="snb-number")
    return tag("td", value or _BLANK, dir="auto", style=_PRE)
