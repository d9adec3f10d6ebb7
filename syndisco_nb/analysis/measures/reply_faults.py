"""Measures of replies that fell out of their role, or that are empty or cut off."""

import math
import re

from syndisco_nb.analysis.measures.measure_registry import mean, measure
from syndisco_nb.jobs.reply_cleaning import is_silence, without_name
from syndisco_nb.records import Transcript

ASSISTANT_PHRASES = (
    "as an ai",
    "as a language model",
    "as a large language model",
    "i am an ai",
    "i'm an ai",
    "i am just an ai",
    "i'm just an ai",
    "i am a language model",
    "i'm a language model",
    "my training data",
    "my knowledge cutoff",
    "i don't have personal opinions",
    "i do not have personal opinions",
    "i don't have personal experiences",
    "i do not have personal experiences",
    "i am here to help",
    "i'm here to help",
    "i am here to assist",
    "i'm here to assist",
    "how can i help you",
    "how can i assist you",
    "how may i assist you",
    "i'd be happy to help you",
    "i'd be happy to assist",
    "i cannot assist with",
    "i can't assist with",
    "i cannot fulfill",
    "i can't fulfill",
    "i'm sorry, but i cannot",
    "i'm sorry, but i can't",
    "i'm unable to assist",
    "is there anything else i can help",
    "is there anything else you would like",
    "feel free to ask",
    "here is a possible",
    "here's a possible",
    "here is a comment",
    "here's a comment",
    "here is the comment",
    "here's the comment",
    "here is my comment",
    "here's my comment",
)
"""Phrases of an assistant that a participant in a discussion would hardly say, in English alone."""
_ASSISTANT = re.compile(rf"\b(?:{'|'.join(map(re.escape, ASSISTANT_PHRASES))})\b")


@measure("own_name", "share of comments", "Replies that begin with the speaker's own name", per_comment=True)
def _own_name(talk: Transcript) -> list[bool]:
    begun = []
    for comment in talk.comments:  # the text is without the name, which is on file where the model wrote it
        raw = comment.generation.raw if comment.generation else None
        written = (raw or comment.text).strip().lstrip("\"'“„«")
        begun.append(without_name(written, comment.name) != written)
    return begun


@measure("lines_for_others", "share of comments", "Comments with lines written for somebody else", per_comment=True)
def _lines_for_others(talk: Transcript) -> list[bool]:
    return [bool(comment.speaks_for) for comment in talk.comments]


@measure(
    "assistant_phrases",
    "share of comments",
    "Comments with a phrase of an assistant, as in “As an AI language model” (English alone)",
    per_comment=True,
)
def _assistant_phrases(talk: Transcript) -> list[bool]:
    texts = (" ".join(comment.text.casefold().replace("’", "'").split()) for comment in talk.comments)
    return [_ASSISTANT.search(text) is not None for text in texts]


@measure("empty", "share of turns", "Silences, and comments that say nothing")
def _empty(talk: Transcript) -> float:
    empty = [is_silence(comment.text, comment.name) for comment in talk.comments]
    return mean([*empty, *(True for _ in talk.silences)])


@measure("truncated", "share of comments", "Comments cut off at the greatest number of tokens", per_comment=True)
def _truncated(talk: Transcript) -> list[float]:
    generations = [comment.generation for comment in talk.comments]
    return [float(made.finish_reason == "length") if made else math.nan for made in generations]
