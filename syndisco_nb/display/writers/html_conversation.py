"""Conversations as HTML: each message with its speaker, labels and the prompts behind them.

A host may strip the style sheet (JupyterLab does in notebooks that are not trusted). Only inline styles are left then,
so they use hex colours and plain geometry alone.
"""

from collections.abc import Sequence

from syndisco_nb.display.page import Conversation, Entry, Gap, Prompt, SideBySide, Silence
from syndisco_nb.display.writers.html_comment import comment_text
from syndisco_nb.display.writers.html_elements import (
    LIST,
    initials_circle,
    prompt_messages,
    role_badge,
    speaker_name,
)
from syndisco_nb.display.writers.html_labels import label_grid, under_annotators
from syndisco_nb.display.writers.safe_html import Html, join, tag


def conversation_list(block: Conversation) -> Html:
    """Return the messages as an ordered list."""
    entries = join(
        [_item(part, block.annotators) for part in block.parts], "\n"
    )  # line breaks keep the diffs of stored notebooks readable
    messages = tag("ol", entries, class_="snb-talk", style=LIST)
    return under_annotators(block, messages) if block.annotators else messages


def side_by_side_table(block: SideBySide) -> Html:
    """Return a table of two conversations, one row for each turn."""
    head = tag("tr", *[tag("th", tag("bdi", name), scope="col") for name in ("turn", *block.heads)])
    rows = []
    for turn, left, right, same in block.rows:
        rest = tag("td", "the same", class_="snb-same") if same else tag("td", *map(_article, right))
        rows.append(tag("tr", tag("td", turn, class_="snb-when"), tag("td", *map(_article, left)), rest))
    return tag("table", tag("thead", head), tag("tbody", join(rows, "\n")), class_="snb-sides")


def _item(part: Entry | Gap | Silence, annotators: Sequence[str]) -> Html:
    if isinstance(part, Gap):
        return tag("li", tag("div", part.text), class_="snb-gap")
    if isinstance(part, Silence):
        return tag("li", _silence(part), class_="snb-quiet")
    return tag("li", _article(part, annotators))


def _silence(silence: Silence) -> Html:
    """Return a line, which opens where there are prompts."""
    text = tag("span", tag("bdi", silence.names), f" silent · {silence.turns}")
    explained = [(entry, entry.prompt) for entry in silence.entries if entry.prompt]
    if not explained:
        return tag("div", text)
    prompts = [
        join([tag("div", tag("bdi", entry.name), f" · turn {entry.turn}", class_="snb-h"), prompt_messages(prompt)])
        for entry, prompt in explained
    ]
    return tag("details", tag("summary", text), *(prompts if len(prompts) > 1 else [prompt_messages(explained[0][1])]))


def _article(entry: Entry, annotators: Sequence[str] = ()) -> Html:
    if entry.silent:
        return tag("article", tag("div", tag("bdi", entry.name), " silent", class_="snb-when"))
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
        comment_text(entry.text),
        _folded_prompt(entry.prompt) if entry.prompt else None,
        label_grid(entry.ratings, annotators) if entry.ratings else None,
        class_=f"{entry.look.classes} {role_class}".strip() or None,
        style=f"{entry.look.beside};margin:0 0 8px",  # the margin is for hosts that strip the style sheet
    )


def _folded_prompt(prompt: Prompt) -> Html:
    return tag("details", tag("summary", prompt.title), prompt_messages(prompt), class_="snb-why")
