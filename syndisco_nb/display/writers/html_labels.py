"""Labels as HTML: for each comment a small table with a row for each scale and a column for each annotator.

The columns stand below each other all over a conversation, so that the names of the annotators are shown once, above
it. Each table names them, too, for screen readers and for hosts that strip the style sheet. A label opens: its
probabilities and its prompt are folded behind it. A checkbox hides comments without disagreement, by CSS alone; a host
that strips the style sheet strips the checkbox, and its text with it.
"""

from collections.abc import Sequence

from syndisco_nb.display.page import Answer, Conversation, Rating, Share
from syndisco_nb.display.writers.html_elements import prompt_messages
from syndisco_nb.display.writers.safe_html import Html, join, tag
from syndisco_nb.wording import count

_NARROWEST, _WIDEST, _SCALE = 5, 11, 13
"""The width of a label's column, at least and at most, and the most of a scale's, in characters."""
_CHARACTER, _GAP = 7, 12
"""Pixels of a character, and between two columns."""
_BESIDE = 34
"""The widest table, in characters, that stands beside its comments."""


def under_annotators(block: Conversation, messages: Html) -> Html:
    """Return the messages of a conversation under a line with the names of its annotators.

    Parameters
    ----------
    block : Conversation
    messages : Html
    """
    ratings = [rating for of_comment in block.ratings for rating in of_comment]
    texts = [*block.annotators, *(answer.value or "unparsed" for rating in ratings for answer in rating.answers)]
    label = min(_WIDEST, max(_NARROWEST, *map(len, texts)))
    scale = min(_SCALE, max(len(rating.scale) for rating in ratings) + 2)
    is_wide = scale + label * len(block.annotators) > _BESIDE
    split = sum(any(rating.disagreement for rating in of_comment) for of_comment in block.ratings)
    names = tag("table", _head(block.annotators, "labels by"), class_="snb-labels")
    line = tag("div", _switch(split) if split else None, _legend(ratings), names, class_="snb-annotators")
    return tag(
        "div",
        line,
        Html("\n"),
        messages,
        class_="snb-annotated" if is_wide else "snb-annotated snb-beside",
        style=f"--snb-s:{_pixels(scale)};--snb-l:{_pixels(label)};--snb-n:{len(block.annotators)}",
    )


def _pixels(characters: int) -> str:
    return f"{_CHARACTER * characters + _GAP}px"


def label_grid(ratings: Sequence[Rating], annotators: Sequence[str]) -> Html:
    """Return the labels of a comment.

    Parameters
    ----------
    ratings : sequence of Rating
    annotators : sequence of str
        The names above the columns.
    """
    rows = join([_row(rating, annotators) for rating in ratings])
    return tag("table", _head(annotators), tag("tbody", rows), class_="snb-labels")


def _head(annotators: Sequence[str], corner: str = "") -> Html:
    return tag("thead", tag("tr", tag("td", corner), *[tag("th", tag("bdi", name)) for name in annotators]))


def _row(rating: Rating, annotators: Sequence[str]) -> Html:
    cells = [
        tag("td", *[_answer(answer) for answer in rating.answers if answer.annotator == name]) for name in annotators
    ]
    mark = join([Html(" "), tag("b", "≠")]) if rating.disagreement else None
    scale = tag("th", tag("bdi", rating.scale), mark, scope="row")
    return tag("tr", scale, *cells, class_="snb-split" if rating.disagreement else None)


def _answer(answer: Answer) -> Html:
    """Return a label, which opens where something is known about it; its class tells its probability in tenths."""
    text = tag("i", "unparsed") if answer.value is None else tag("bdi", answer.value)
    raw = tag("div", answer.text) if answer.value is None else None
    behind = [
        part for part in (raw, _probabilities(answer.bars), answer.prompt and prompt_messages(answer.prompt)) if part
    ]
    if not behind:
        return text
    tenths = None if answer.probability is None else f"snb-p{round(10 * answer.probability)}"
    return tag("details", tag("summary", text), tag("div", *behind), class_=tenths)


def _probabilities(bars: Sequence[Share]) -> Html | None:
    if not bars:
        return None
    lines = [tag("li", Html(f'<i style="width:{bar.value:.0%}"></i>'), bar.text) for bar in bars]
    return tag("ul", *lines, class_="snb-odds")


def _switch(split: int) -> Html:
    """Return a checkbox, whose text the style sheet writes."""
    box = Html('<input type="checkbox" aria-label="only comments with disagreement">')
    return tag("label", box, tag("span", data_n=count(split, "comment")), class_="snb-only")


def _legend(ratings: Sequence[Rating]) -> Html:
    """Return the meaning of the marks; that of lines, which the style sheet draws, it writes."""
    scored = any(answer.probability is not None for rating in ratings for answer in rating.answers)
    text = "≠ disagreement" if any(rating.disagreement for rating in ratings) else None
    return tag("span", text, class_="snb-scored" if scored else None)
