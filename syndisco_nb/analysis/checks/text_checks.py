"""Checks of comments: silences, empty quotes, replies that were cut off, copies, copied prompts, other languages.

All are about what models wrote: of a corpus of people, there is nothing to check here.
"""

from collections import Counter
from collections.abc import Iterator

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import Finding, by_limits, exact, undecided
from syndisco_nb.analysis.measures.measure_registry import find_measure
from syndisco_nb.analysis.measures.text_language import language_of
from syndisco_nb.records import HARDCODED, HUMAN, Message
from syndisco_nb.wording import count, listed, shortened

_QUOTES = "\"'“”„‚‘’«»‹›「」` \t\r\n"
_LONG = 20  # characters from which on two equal comments are no coincidence


def silences(records: ConditionRecords) -> Finding | None:
    """Check the share of turns on which a participant said nothing: a warning above .2, a failure above .5."""
    asked = list(_of_models(records))
    if not asked:
        return None
    silent = sum(message.silent for message in asked)
    share = silent / len(asked)
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
    comments = [message for message in _of_models(records) if not message.silent]
    if not comments:
        return None
    empty = [message for message in comments if not message.text.strip(_QUOTES)]
    named = listed(list(dict.fromkeys(shortened(message.text, 10) for message in empty)), 3)
    return exact(
        len(empty),
        len(comments),
        f"{count(len(empty), 'comment')} of {len(comments):,} hold no word: {named}. They are silences, but others saw "
        "them as comments, and annotators label them.",
    )


def truncation(records: ConditionRecords) -> Finding | None:
    """Check the share of replies cut off at `Sampling.max_tokens`: a warning above .05, a failure above .25."""
    asked = [message.generation for message in _of_models(records) if message.generation]
    if not asked:
        return None
    cut = sum(generation.finish_reason == "length" for generation in asked)
    share = cut / len(asked)
    return by_limits(
        cut,
        len(asked),
        0.05,
        0.25,
        f"{share:.0%} of the replies were cut off at the token limit. Raise max_tokens, or ask for shorter comments.",
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
            if _is_of_model(message):
                n += 1
                is_long = len(text) >= _LONG
                short += text in seen and not is_long
                long += text in seen and is_long
                example = message.text if text in seen and is_long else example
            seen.add(text)
    repeated = long + short if 2 * short > n else long
    if not n:
        return None
    return by_limits(
        repeated,
        n,
        0.05,
        0.2,
        f"{repeated / n:.0%} of the comments repeat an earlier one of the same discussion word for word"
        f"{f', such as “{shortened(example, 60)}”' if example else ''}. Such comments are no opinions: try another "
        "model, or a higher temperature.",
    )


def copied_prompts(records: ConditionRecords) -> Finding | None:
    """Check the share of comments with a long stretch of their prompt, as the measure ``copied_prompt`` counts them.

    A warning above .1, a failure above .3.
    """
    measure = find_measure("copied_prompt")
    made = [talk for talk in records.transcripts if any(map(_is_of_model, talk.comments))]
    if not made:
        return None
    copied = [value for talk in made for value in measure.of_comments(talk)]
    share = sum(copied) / len(copied)
    return by_limits(
        int(sum(copied)),
        len(copied),
        0.1,
        0.3,
        f"{share:.0%} of the comments repeat a long stretch of their instructions, their context or the opening: the "
        "model recites its prompt. Read some of them, shorten the instructions, or try another model.",
    )


def languages(records: ConditionRecords) -> Finding | None:
    """Check the share of comments in another language than most, of those long enough to tell.

    A warning above .02, a failure above .2.
    """
    comments = [message for message in _of_models(records) if not message.silent]
    found = Counter(language for message in comments if (language := language_of(message.text)) is not None)
    n = found.total()
    if not n:
        return (
            undecided("No comment is long enough to tell its language.", expected="at most 0.02") if comments else None
        )
    (usual, most), *others = found.most_common()
    named = listed([f"{language} ({number})" for language, number in others], 3)
    return by_limits(
        n - most,
        n,
        0.02,
        0.2,
        f"{(n - most) / n:.1%} of the comments are in another language than most ({usual}): {named}. Ask for one "
        "language in the instructions.",
    )


def _of_models(records: ConditionRecords) -> Iterator[Message]:
    """Yield the comments and silences of participants for whom a model spoke."""
    for transcript in records.transcripts:
        yield from filter(_is_of_model, (*transcript.comments, *transcript.silences))


def _is_of_model(message: Message) -> bool:
    """Return whether a model spoke for a participant; another tool's comments come without their generation."""
    return message.role == "participant" and (message.generation is not None or message.model not in (HARDCODED, HUMAN))
