"""Upper bounds, in bytes of HTML, for the parts of a transcript's page.

A page is cut to `Limits.max_bytes` before it is written, so these are estimates on the safe side.
"""

from collections.abc import Sequence
from itertools import groupby

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Answer, Facts, Prompt, Rating, Speakers
from syndisco_nb.display.pages.phrases import speaks_for_mark
from syndisco_nb.records import Message, Transcript

STRETCH, STRETCHES = 80, 120
"""One block of a speaker's strip, and the most of them."""
_ENTRY, _MARK, _ANSWER, _RATING, _WHY, _PAGE, _SPEAKER = 640, 100, 110, 80, 560, 3_000, 500
_PALER, _BAR, _GRID, _ANNOTATOR, _COLUMN, _POINT = 16, 40, 110, 30, 160, 50
_CODE = 15  # half of an element
_REPLY = 6 * 70  # a shortened name, escaped


def page_size(speakers: Speakers, facts: Sequence[Facts] = (), title: str = "") -> int:
    """Return the size of a page without its conversation, and without the style sheet.

    Parameters
    ----------
    speakers : Speakers
    facts : sequence of Facts
        Further blocks.
    title : str
    """
    known = sum(120 + text_size(name) + text_size(value) for block in facts for name, value in block.pairs)
    return (
        _PAGE
        + text_size(title)
        + known
        + sum(
            _SPEAKER
            + (STRETCH + _PALER) * sum(len(list(alike)) if share != 0 else 1 for share, alike in groupby(person.lane))
            + 4 * text_size(person.name)
            + sum(40 + 2 * text_size(line) for line in person.about)
            for person in speakers.people
        )
    )


def message_size(message: Message, ratings: Sequence[Rating], limits: Limits) -> int:
    """Return the size of a message with its labels, without the prompts behind them.

    Parameters
    ----------
    message : Message
    ratings : sequence of Rating
        Of this message.
    limits : Limits
    """
    labels = sum(_RATING + text_size(rating.scale) + sum(map(_answer_size, rating.answers)) for rating in ratings)
    labels += _GRID if ratings else 0
    marks = _MARK + text_size(speaks_for_mark(message)) if message.speaks_for else 0
    marks += _MARK + _REPLY if message.reply_to is not None else 0
    marks += _CODE * message.text.count("`")
    return _ENTRY + labels + marks + text_size(message.text[: limits.max_text]) + 2 * text_size(message.name)


def trajectory_size(transcript: Transcript, limits: Limits) -> int:
    """Return the size of the course of a scale.

    Parameters
    ----------
    transcript : Transcript
    limits : Limits
    """
    told = transcript.comments[: limits.max_messages]
    return _COLUMN * min(len(transcript.messages), STRETCHES) + sum(_POINT + text_size(one.name) for one in told)


def prompt_size(prompt: Prompt | None) -> int:
    """Return the size of a prompt; 0 for none."""
    if prompt is None:
        return 0
    notes = [value for name, value in prompt.facts if name == "notes"]
    return _WHY + sum(150 + text_size(text) for text in (*(text for _, text in prompt.texts), *notes))


def text_size(text: str) -> int:
    """Return the size of a text once escaped, without the work of escaping it.

    Examples
    --------
    >>> text_size("a < b"), len("a &lt; b")
    (10, 8)
    """
    written = text.encode("utf-8", "replace")
    escaped = len(written) - len(written.translate(None, b"<>&\"'"))
    return len(written) + 5 * escaped


def _answer_size(answer: Answer) -> int:
    bars = sum(_BAR + text_size(bar.text) for bar in answer.bars)
    return _ANSWER + _ANNOTATOR + text_size(answer.annotator) + text_size(answer.text) + bars
