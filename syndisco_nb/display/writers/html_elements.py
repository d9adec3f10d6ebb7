"""HTML elements that several blocks share: names, faces, roles, facts, and the messages of a prompt."""

import functools
from collections.abc import Sequence

from syndisco_nb.display.page import Entry, Prompt, Speaker
from syndisco_nb.display.writers.safe_html import Html, escape, join, tag

PRE_WRAP = "white-space:pre-wrap"
LIST = "padding-left:0;list-style:none"
_BELOW = "clear:both"


def facts_list(pairs: Sequence[tuple[str, str]], class_: str = "snb-facts") -> Html:
    """Return names and values; each pair begins below the last one, also where a host has names float."""
    lines = [
        Html(f'<div style="{_BELOW}"><dt>{escape(name)}</dt> <dd><bdi>{escape(value)}</bdi></dd></div>')
        for name, value in pairs
    ]
    return tag("dl", *lines, class_=class_)


def prompt_messages(prompt: Prompt) -> Html:
    """Return the facts of a prompt and its messages."""
    return join(
        [
            facts_list(prompt.facts) if prompt.facts else Html(),
            tag("div", *[_message(role, text) for role, text in prompt.texts], class_="snb-chat"),
        ]
    )


def _message(role: str, text: str) -> Html:
    body = f'<div class="snb-sent" dir="auto" style="{PRE_WRAP}">{escape(text)}</div>'
    return Html(f'<div><div class="snb-role">{escape(role)}</div>{body}</div>')


@functools.lru_cache(256)
def speaker_name(name: str, title: str | None = None) -> Html:
    """Return a name in its speaker's colour."""
    return tag("b", tag("bdi", name), class_="snb-name", title=title)


def role_badge(speaker: Speaker | Entry) -> Html | None:
    """Return the role, unless it is the usual one or the name says it."""
    if speaker.role in ("participant", speaker.name.casefold()):
        return None
    return tag("span", speaker.role, class_="snb-badge")


@functools.lru_cache(256)
def initials_circle(name: str) -> Html:
    """Return the circle with a speaker's initials."""
    return tag("span", class_="snb-face", data_i=initials(name))


def initials(name: str) -> str:
    """Return one or two letters that stand for a name.

    Examples
    --------
    >>> initials("Maya"), initials("Rater aged 20"), initials("42")
    ('M', 'RA', '42')
    """
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    if len(letters) > 1:
        return "".join(letters[:2]).upper()
    return name[:2] if name[:2].isdigit() else name[:1].upper()
