"""Conversations as HTML: each message with its speaker, labels and the prompts behind them.

A host may strip the style sheet (JupyterLab does in notebooks that are not trusted). Only inline styles are left then,
so they use hex colours and plain geometry alone.
"""

from collections.abc import Sequence

from syndisco_nb.display.colours import THEMELESS
from syndisco_nb.display.page import Answer, Conversation, Entry, Gap, Prompt, Rating, Share, SideBySide
from syndisco_nb.display.writers.html_elements import (
    LIST,
    PRE_WRAP,
    initials_circle,
    prompt_messages,
    role_badge,
    speaker_name,
)
from syndisco_nb.display.writers.safe_html import Html, join, tag

_FOLDED_ABOVE = 1200
"""A comment with more characters than this is folded."""
_SHOWN = 900
"""The characters before the fold, about."""


def conversation_list(block: Conversation) -> Html:
    """Return the messages as an ordered list."""
    entries = join(map(_item, block.entries), "\n")  # line breaks keep the diffs of stored notebooks readable
    return tag("ol", entries, class_="snb-talk", style=LIST)


def side_by_side_table(block: SideBySide) -> Html:
    """Return a table of two conversations, one row for each turn."""
    head = tag("tr", *[tag("th", tag("bdi", name), scope="col") for name in ("turn", *block.heads)])
    rows = []
    for turn, left, right, same in block.rows:
        rest = tag("td", "the same", class_="snb-same") if same else tag("td", *map(_article, right))
        rows.append(tag("tr", tag("td", turn, class_="snb-when"), tag("td", *map(_article, left)), rest))
    return tag("table", tag("thead", head), tag("tbody", join(rows, "\n")), class_="snb-sides")


def _item(entry: Entry | Gap) -> Html:
    if isinstance(entry, Gap):
        return tag("li", tag("div", entry.text), class_="snb-gap")
    if entry.silent:
        text = join([tag("bdi", entry.name), " says nothing"])
        prompt = _folded_prompt(entry.prompt) if entry.prompt else None
        return tag("li", tag("div", tag("span", text, f" · turn {entry.turn}")), prompt, class_="snb-quiet")
    return tag("li", _article(entry))


def _article(entry: Entry) -> Html:
    if entry.silent:
        return tag("article", tag("div", tag("bdi", entry.name), " says nothing", class_="snb-when"))
    turn = "" if entry.role == "opening" else f" turn {entry.turn}"
    heading = tag(
        "div",
        initials_circle(entry.name),
        speaker_name(entry.name),
        Html(" "),
        role_badge(entry),
        tag("span", turn, class_="snb-when") if turn else None,
        join([Html(" "), tag("span", tag("bdi", entry.reply), class_="snb-when")]) if entry.reply else None,
        join([Html(" "), tag("span", entry.cut, class_="snb-badge snb-cut")]) if entry.cut else None,
        join([Html(" "), tag("span", tag("bdi", entry.speaks_for), class_="snb-badge snb-cut")])
        if entry.speaks_for
        else None,
        class_="snb-by",
    )
    role_class = "" if entry.role == "participant" else f"snb-{entry.role}"
    return tag(
        "article",
        heading,
        _comment(entry.text),
        _folded_prompt(entry.prompt) if entry.prompt else None,
        _ratings(entry.ratings) if entry.ratings else None,
        class_=f"{entry.look.classes} {role_class}".strip() or None,
        style=entry.look.beside,
    )


def _comment(text: str) -> Html:
    """Return a comment; the end of a long one is folded, if possible from a space on."""
    if len(text) <= _FOLDED_ABOVE:
        return tag("div", text, class_="snb-say", dir="auto", style=PRE_WRAP)
    cut = text.rfind(" ", _SHOWN - 100, _SHOWN) + 1 or _SHOWN
    rest = tag("details", tag("summary", f"{len(text) - cut:,} characters more"), text[cut:], class_="snb-more")
    return tag("div", text[:cut], rest, class_="snb-say", dir="auto", style=PRE_WRAP)


def _folded_prompt(prompt: Prompt) -> Html:
    return tag("details", tag("summary", prompt.title), prompt_messages(prompt), class_="snb-why")


def _ratings(ratings: Sequence[Rating]) -> Html:
    """Return the answers of all annotators and, folded, the prompts behind them."""
    prompts = [answer.prompt for rating in ratings for answer in rating.answers if answer.prompt]
    sections = [
        tag("div", tag("div", tag("bdi", prompt.title), class_="snb-h"), prompt_messages(prompt)) for prompt in prompts
    ]
    folded = tag("details", tag("summary", "why these labels"), *sections, class_="snb-whys") if sections else None
    return tag("div", *map(_rating, ratings), folded, class_="snb-rates")


def _rating(rating: Rating) -> Html:
    disagree = rating.disagreement
    return tag(
        "div",
        tag("span", tag("bdi", rating.scale), class_="snb-scale") if rating.scale else None,
        *[join([Html(" "), _answer(answer)]) for answer in rating.answers],
        tag("span", " ≠ they disagree", class_="snb-split-mark") if disagree else None,
        class_="snb-rate snb-split" if disagree else "snb-rate",
    )


def _answer(answer: Answer) -> Html:
    if answer.value is None:
        class_, value = "snb-answer snb-unread", join([tag("b", "no label"), " in ", tag("q", answer.raw)])
    else:
        class_, value = "snb-answer", tag("b", tag("bdi", answer.value))
    return tag(
        "span",
        tag("bdi", answer.annotator),
        Html(" "),
        value,
        _distribution(answer.bars) if answer.bars else None,
        class_=class_,
        title=" · ".join(bar.text for bar in answer.bars) or None,
    )


def _distribution(shares: Sequence[Share]) -> Html:
    """Return tiny bars of the probabilities of the labels."""
    bars = [
        tag(
            "i",
            style=f"display:inline-block;width:5px;height:{max(1, round(share.value * 14))}px;"
            f"background:{THEMELESS[4]};vertical-align:bottom",
        )
        for share in shares
    ]
    return tag("span", *bars, class_="snb-bars", style="display:inline-block;font-size:0")
