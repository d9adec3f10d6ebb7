"""A conversation as HTML: who spoke when, what was said, and why.

Inline styles are what is left where a host strips the style sheet (JupyterLab does, of notebooks that are not
trusted), so they are hex colours and plain geometry only.
"""

import functools
from collections.abc import Sequence
from itertools import groupby

from syndisco_nb.display.colours import BETWEEN
from syndisco_nb.display.page import (
    Answer,
    Entry,
    Gap,
    Point,
    Prompt,
    Rating,
    Share,
    Sides,
    Speaker,
    Speakers,
    Talk,
    Trajectory,
)
from syndisco_nb.display.writers.safe_html import Html, escape, join, tag

_PRE = "white-space:pre-wrap"
_LONG, _START = 1200, 900
_HEIGHT, _MARK = 56, 3


def talk(block: Talk) -> Html:
    """Return the conversation."""
    entries = join(map(_item, block.entries), "\n")  # line breaks keep the diffs of stored notebooks readable
    return tag("ol", entries, class_="snb-talk", style="padding-left:0;list-style:none")


def speakers(block: Speakers) -> Html:
    """Return who took part, each with a strip of when they spoke."""
    people = join([tag("li", _speaker(person)) for person in block.people], "\n")
    return tag("ul", people, class_="snb-who", style="padding-left:0;list-style:none")


def facts(pairs: Sequence[tuple[str, str]], class_: str = "snb-facts") -> Html:
    """Return names and values."""
    return tag(
        "dl",
        *[Html(f"<div><dt>{escape(name)}</dt> <dd><bdi>{escape(value)}</bdi></dd></div>") for name, value in pairs],
        class_=class_,
    )


def chat(prompt: Prompt) -> Html:
    """Return the messages as sent, and how they were answered."""
    return join(
        [
            facts(prompt.facts) if prompt.facts else Html(),
            tag("div", *[_sent(role, text) for role, text in prompt.sent], class_="snb-chat"),
        ]
    )


def trajectory(block: Trajectory) -> tuple[Html, Html]:
    """Return a column per comment, with its range and a mark at its mean; and the same as text, to be opened."""
    columns = [
        tag("span", _column(point), title=f"{point.label}: {point.text}", style="display:inline-block;width:12px")
        for point in block.points
    ]
    texts = [tag("li", f"{point.number} ", tag("bdi", point.name), f": {point.text}") for point in block.points]
    path = tag("div", *columns, class_="snb-path", style=f"height:{_HEIGHT}px")
    means = tag("ol", *texts, class_="snb-means", style="padding-left:0;list-style:none")
    return path, tag("details", tag("summary", "as numbers"), means, class_="snb-numbers")


def _column(point: Point) -> Html:
    """Return, from top to bottom: highest answer to mean, the mean, mean to lowest answer, and what is below."""
    mean, low, high = (round(height * (_HEIGHT - _MARK)) for height in (point.height, point.low, point.high))
    parts = ((high - mean, ".4"), (_MARK, "1"), (mean - low, ".4"), (low, ".13"))
    return join(
        [
            tag("i", style=f"display:block;height:{height}px;background:{BETWEEN[4]};opacity:{opacity}")
            for height, opacity in parts
            if height
        ]
    )


def sides(block: Sides) -> Html:
    """Return two conversations, turn by turn."""
    head = tag("tr", *[tag("th", tag("bdi", name), scope="col") for name in ("turn", *block.heads)])
    rows = []
    for turn, left, right, same in block.rows:
        rest = tag("td", "the same", class_="snb-same") if same else tag("td", *map(_article, right))
        rows.append(tag("tr", tag("td", turn, class_="snb-when"), tag("td", *map(_article, left)), rest))
    return tag("table", tag("thead", head), tag("tbody", join(rows, "\n")), class_="snb-sides")


def _speaker(person: Speaker) -> Html:
    row = [
        _face(person.name),
        tag("span", _name(person.name, " · ".join(person.about) or None), Html(" "), _role(person)),
        _lane(person),
        tag("span", person.said, class_="snb-said"),
    ]
    class_ = person.look.classes
    if not person.about:
        return tag("div", join(row, " "), class_=f"snb-row {class_}".strip())
    about = [tag("li", tag("bdi", one)) for one in person.about]
    return tag("details", tag("summary", join(row, " ")), tag("ul", *about, class_="snb-about"), class_=class_ or None)


def _lane(person: Speaker) -> Html:
    """Return a strip with a block for each stretch in which someone spoke, and a low one where they were silent."""
    width = 100_000 // max(1, len(person.lane))  # thousandths of a percent, rounded down: what is too wide would wrap
    shape, low = "display:inline-block;height:12px;width:", "display:inline-block;height:4px;margin-bottom:4px;width:"
    fill = f"background:{person.look.fill}"
    blocks = []
    for share, same in groupby(person.lane):
        number = len(list(same))
        if share is None:
            blocks += [f'<i style="{low}{width / 1000:g}%;{fill}"></i>'] * number
        elif share:
            paler = f";opacity:{0.25 + 0.75 * share:.2g}" if share < 1 else ""
            blocks += [f'<i style="{shape}{width / 1000:g}%;{fill}{paler}"></i>'] * number
        else:
            blocks.append(f'<i class="snb-off" style="{shape}{number * width / 1000:g}%"></i>')
    return tag("span", Html("".join(blocks)), class_="snb-lane", style="display:inline-block;width:300px;font-size:0")


def _item(entry: Entry | Gap) -> Html:
    if isinstance(entry, Gap):
        return tag("li", tag("div", entry.text), class_="snb-gap")
    if entry.silent:
        text = join([tag("bdi", entry.name), " says nothing"])
        why = _why(entry.why) if entry.why else None
        return tag("li", tag("div", tag("span", text, f" · turn {entry.turn}")), why, class_="snb-quiet")
    return tag("li", _article(entry))


def _article(entry: Entry) -> Html:
    if entry.silent:
        return tag("article", tag("div", tag("bdi", entry.name), " says nothing", class_="snb-when"))
    about = "" if entry.role == "opening" else f" turn {entry.turn}"
    by = tag(
        "div",
        _face(entry.name),
        _name(entry.name),
        Html(" "),
        _role(entry),
        tag("span", about, class_="snb-when") if about else None,
        join([Html(" "), tag("span", entry.cut, class_="snb-badge snb-cut")]) if entry.cut else None,
        join([Html(" "), tag("span", tag("bdi", entry.speaks_for), class_="snb-badge snb-cut")])
        if entry.speaks_for
        else None,
        class_="snb-by",
    )
    kind = "" if entry.role == "participant" else f"snb-{entry.role}"
    return tag(
        "article",
        by,
        _said(entry.text),
        _why(entry.why) if entry.why else None,
        _rates(entry.ratings) if entry.ratings else None,
        class_=f"{entry.look.classes} {kind}".strip() or None,
        style=f"border-left:{entry.look.border};padding:0 0 0 12px",
    )


def _said(text: str) -> Html:
    """Return a comment; the end of a long one is folded, at a space where there is one near."""
    if len(text) <= _LONG:
        return tag("div", text, class_="snb-say", dir="auto", style=_PRE)
    cut = text.rfind(" ", _START - 100, _START) + 1 or _START
    rest = tag("details", tag("summary", f"{len(text) - cut:,} characters more"), text[cut:], class_="snb-more")
    return tag("div", text[:cut], rest, class_="snb-say", dir="auto", style=_PRE)


def _why(prompt: Prompt) -> Html:
    return tag("details", tag("summary", prompt.title), chat(prompt), class_="snb-why")


def _rates(ratings: Sequence[Rating]) -> Html:
    """Return the answers of all annotators and, to be opened, what each was sent."""
    prompts = [answer.why for rating in ratings for answer in rating.answers if answer.why]
    whys = [tag("div", tag("div", tag("bdi", prompt.title), class_="snb-h"), chat(prompt)) for prompt in prompts]
    why = tag("details", tag("summary", "why these labels"), *whys, class_="snb-whys") if whys else None
    return tag("div", *map(_rating, ratings), why, class_="snb-rates")


def _rating(rating: Rating) -> Html:
    split = rating.disagreement
    return tag(
        "div",
        tag("span", tag("bdi", rating.scale), class_="snb-scale") if rating.scale else None,
        *[join([Html(" "), _answer(answer)]) for answer in rating.answers],
        tag("span", " ≠ they disagree", class_="snb-split-mark") if split else None,
        class_="snb-rate snb-split" if split else "snb-rate",
    )


def _answer(answer: Answer) -> Html:
    if answer.value is None:
        value = join([tag("b", "no label"), " in ", tag("q", answer.raw)])
    else:
        value = join([tag("b", tag("bdi", answer.value))])
    title = " · ".join(f"{bar.text}" for bar in answer.bars) or None
    return tag(
        "span",
        tag("bdi", answer.annotator),
        Html(" "),
        value,
        bars(answer.bars) if answer.bars else None,
        class_="snb-answer snb-unread" if answer.value is None else "snb-answer",
        title=title,
    )


def bars(shares: Sequence[Share]) -> Html:
    """Return a tiny distribution."""
    return tag(
        "span",
        *[
            tag(
                "i",
                style=f"display:inline-block;width:5px;height:{max(1, round(share.value * 14))}px;"
                f"background:{BETWEEN[4]};vertical-align:bottom",
            )
            for share in shares
        ],
        class_="snb-bars",
        style="display:inline-block;font-size:0",
    )


def _sent(role: str, text: str) -> Html:
    said = f'<div class="snb-sent" dir="auto" style="{_PRE}">{escape(text)}</div>'
    return Html(f'<div><div class="snb-role">{escape(role)}</div>{said}</div>')


@functools.lru_cache(256)
def _name(name: str, title: str | None = None) -> Html:
    return tag("b", tag("bdi", name), class_="snb-name", title=title)


def _role(one: Speaker | Entry) -> Html | None:
    """Return the role, where it is a special one that the name does not say already."""
    if one.role in ("participant", one.name.casefold()):
        return None
    return tag("span", one.role, class_="snb-badge")


@functools.lru_cache(256)
def _face(name: str) -> Html:
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
