"""Checks of comments: silences, empty quotes, replies that were cut off, and copies."""

from collections.abc import Iterator

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, by_limits, exact
from syndisco_nb.records import Message
from syndisco_nb.wording import count, listed, shortened

_QUOTES = "\"'“”„‚‘’«»‹›「」` \t\r\n"
_LONG = 20  # characters from which on two equal comments are no coincidence


def silences(records: ConditionRecords) -> Finding | None:
    """Check the share of turns on which a participant said nothing: a warning above .2, a failure above .5."""
    asked = list(_generated(records))
    silent = sum(message.silent for message in asked)
    share = silent / len(asked) if asked else 0
    return by_limits(
        silent,
        len(asked),
        0.2,
        0.5,
        f"Participants say nothing on {share:.0%} of their turns. Read some raw answers: a model that answers with "
        "nothing, or whose answers are taken for silence, needs other instructions.",
    )


def empty_quotes(records: ConditionRecords) -> Finding | None:
    """Check that no comment consists of quotation marks alone: that is a silence, and must not be labelled."""
    comments = [message for message in _generated(records) if not message.silent]
    empty = [message for message in comments if not message.text.strip(_QUOTES)]
    named = listed([repr(shortened(message.text, 10)) for message in empty], 3)
    return exact(
        len(empty),
        len(comments),
        f"{count(len(empty), 'comment')} of {len(comments):,} hold no word: {named}. They are silences, but others saw "
        "them as comments, and annotators label them.",
    )


def truncation(records: ConditionRecords) -> Finding | None:
    """Check the share of replies cut off at `Sampling.max_tokens`: a warning above .05, a failure above .25."""
    asked = list(_generated(records))
    cut = sum(message.generation is not None and message.generation.finish_reason == "length" for message in asked)
    share = cut / len(asked) if asked else 0
    return by_limits(
        cut,
        len(asked),
        0.05,
        0.25,
        f"{share:.0%} of the replies were cut off at the longest length. Raise max_tokens, or ask for shorter "
        "comments.",
    )


def copies(records: ConditionRecords) -> Finding | None:
    """Check the share of comments that repeat an earlier one of their discussion, by anybody, word for word.

    Short comments ("I agree.") count only where they are most of all comments. A warning above .05, a failure above .2.
    """
    short, long, n = 0, 0, 0
    example = ""
    for transcript in records.transcripts:
        seen: set[str] = set()
        for message in transcript.comments:
            text = " ".join(message.text.casefold().split())
            if message.role == "participant" and message.generation is not None:
                n += 1
                is_long = len(text) >= _LONG
                short += text in seen and not is_long
                long += text in seen and is_long
                example = message.text if text in seen and is_long else example
            seen.add(text)
    repeated = long + short if 2 * short > n else long
    return by_limits(
        repeated,
        n,
        0.05,
        0.2,
        f"{repeated / max(1, n):.0%} of the comments repeat an earlier one of the same discussion word for word"
        f"{f', such as “{shortened(example, 60)}”' if example else ''}. Such comments are no opinions: try another "
        "model, or a higher temperature.",
    )


def _generated(records: ConditionRecords) -> Iterator[Message]:
    """Yield the participants' generated comments and silences."""
    for transcript in records.transcripts:
        for message in (*transcript.comments, *transcript.silences):
            if message.role == "participant" and message.generation is not None:
                yield message
