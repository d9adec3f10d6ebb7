"""Measures of the comments' texts: how many, how long, how varied, and how often they repeat something."""

import math
from collections.abc import Iterator

from syndisco_nb.analysis.measures.measure_registry import measure
from syndisco_nb.analysis.measures.text_diversity import distinct_n, rouge_l_rows, word_sequences
from syndisco_nb.analysis.words import number_of_words, words
from syndisco_nb.records import Message, Participant, Transcript

NEAR = 0.8
"""ROUGE-L F1 from which on a comment nearly repeats another."""
COPIED_WORDS, COPIED_LETTERS = 8, 16
"""Length of a stretch that counts as copied, in words; in letters, where these are not put into words by spaces."""


@measure("comments", "comments", "Number of comments", kind=int)
def _comments(talk: Transcript) -> int:
    return len(talk.comments)


@measure("length", "words", "Words in a comment", per_comment=True)
def _length(talk: Transcript) -> list[int]:
    return [number_of_words(comment.text) for comment in talk.comments]


@measure("length_characters", "characters", "Characters in a comment", per_comment=True)
def _length_characters(talk: Transcript) -> list[int]:
    return [len(comment.text) for comment in talk.comments]


@measure("diversity", "0 to 1", "1 − ROUGE-L F1 of a comment and each other one", per_comment=True)
def _diversity(talk: Transcript) -> list[float]:
    others = len(talk.comments) - 1
    if others < 1:
        return [math.nan for _ in talk.comments]
    rows = rouge_l_rows([words(comment.text) for comment in talk.comments])
    return [1 - float(row.sum() - row[place]) / others for place, row in enumerate(rows)]


@measure("distinct_1", "0 to 1", "Different words ÷ words")
def _distinct_1(talk: Transcript) -> float:
    return distinct_n([comment.text for comment in talk.comments], 1)


@measure("distinct_2", "0 to 1", "Different pairs of successive words ÷ such pairs")
def _distinct_2(talk: Transcript) -> float:
    return distinct_n([comment.text for comment in talk.comments], 2)


@measure(
    "repetition",
    "share of comments",
    f"Comments that repeat an earlier one of the same speaker, word for word or nearly (ROUGE-L F1 of {NEAR} or more)",
    per_comment=True,
)
def _repetition(talk: Transcript) -> list[bool]:
    rows = list(rouge_l_rows([words(comment.text) for comment in talk.comments]))
    return [
        exact or any(rows[place][earlier] >= NEAR for earlier in _earlier(talk.comments, place))
        for place, exact in enumerate(_verbatim_repetition(talk))
    ]


@measure(
    "verbatim_repetition",
    "share of comments",
    "Comments that repeat an earlier one of the same speaker word for word",
    per_comment=True,
)
def _verbatim_repetition(talk: Transcript) -> list[bool]:
    texts = [" ".join(comment.text.casefold().split()) for comment in talk.comments]
    return [
        any(texts[earlier] == text for earlier in _earlier(talk.comments, place)) for place, text in enumerate(texts)
    ]


def _earlier(comments: tuple[Message, ...], place: int) -> Iterator[int]:
    """Yield the places of earlier comments by the speaker of the one in this place."""
    return (earlier for earlier in range(place) if comments[earlier].name == comments[place].name)


@measure(
    "copied_prompt",
    "share of comments",
    f"Comments with {COPIED_WORDS} successive words (or {COPIED_LETTERS} letters of a script without spaces) of the "
    "speaker's instructions, context or description, or of the opening",
    per_comment=True,
)
def _copied_prompt(talk: Transcript) -> list[bool]:
    people = {person.name: person for person in (*talk.users, talk.moderator) if person}
    sequences: dict[tuple[tuple[str, ...], int], set[tuple[str, ...]]] = {}
    copied = []
    for comment in talk.comments:
        text = words(comment.text)
        unspaced = 2 * sum(len(word) == 1 and not word.isascii() for word in text) > len(text)
        length = COPIED_LETTERS if unspaced else COPIED_WORDS
        prompt = _prompt_texts(comment, people.get(comment.name), talk.topic)
        if (prompt, length) not in sequences:
            sequences[prompt, length] = {one for part in prompt for one in word_sequences(words(part), length)}
        copied.append(not sequences[prompt, length].isdisjoint(word_sequences(text, length)))
    return copied


def _prompt_texts(comment: Message, speaker: Participant | None, topic: str) -> tuple[str, ...]:
    """Return the texts of a comment's prompt but for the comments in it, which may be quoted."""
    texts = [topic]
    if speaker:
        texts += [speaker.context, speaker.instructions, *speaker.attributes]
    if comment.generation:
        texts += [message.content for message in comment.generation.prompt if message.role == "system"]
    return tuple(texts)
