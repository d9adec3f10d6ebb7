"""Facts of one discussion, for a list of many: of a run, a study or a corpus, and the sortable one of the viewer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.frames.mean_values import mean_values
from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.runs.sources import gather

_STRETCHES = 40
"""The most blocks of a strip."""


@dataclass(frozen=True, slots=True)
class DiscussionFacts:
    """Facts of one discussion.

    Attributes
    ----------
    index : int
        The number of the discussion in its run, from 0.
    name : str
        Its name, where another tool gave it one; "" otherwise.
    topic : str
    turns, comments, silences, cut_off : int
        Number of turns that were held, of comments, of silences, and of comments that reached the longest length.
    ended : str
        As `Transcript.ended`; "" if it had all its turns.
    finished : bool
    means : mapping of str to float
        The mean label on each scale with numbers: over annotators, then over participants' comments.
    speakers : tuple of (str, int)
        All who spoke or were silent, with the number of their comments; participants first, in their order.
    strip : tuple of Look or None
        For each stretch of the discussion, the look of whoever spoke most in it; None where all were silent.
    """

    index: int
    name: str
    topic: str
    turns: int
    comments: int
    silences: int
    cut_off: int
    ended: str
    finished: bool
    means: Mapping[str, float]
    speakers: tuple[tuple[str, int], ...]
    strip: tuple[Look | None, ...]


def discussion_facts(transcript: Transcript, labels: Sequence[AnnotationSet] = ()) -> DiscussionFacts:
    """Return the facts of a discussion.

    Parameters
    ----------
    transcript : Transcript
    labels : sequence of AnnotationSet
        Labels of its comments.
    """
    messages = transcript.messages
    comments = Counter(message.name for message in messages if not message.silent)
    names = dict.fromkeys([*(user.name for user in transcript.users), *(message.name for message in messages)])
    means = mean_values(gather(transcript, *labels), check_roles(None)).of_discussion if labels else {}
    return DiscussionFacts(
        index=transcript.index,
        name=transcript.known_as or "",
        topic=transcript.topic,
        turns=max((message.turn for message in messages), default=0),
        comments=comments.total(),
        silences=len(messages) - comments.total(),
        cut_off=sum(is_cut_off(message) for message in messages),
        ended=transcript.ended or "",
        finished=transcript.finished,
        means=means.get(transcript.id, {}),
        speakers=tuple((name, comments[name]) for name in names),
        strip=_strip(messages, speaker_looks(transcript)),
    )


def is_cut_off(message: Message) -> bool:
    """Return whether a model stopped at the longest length of a reply."""
    return message.generation is not None and message.generation.finish_reason == "length"


def _strip(messages: Sequence[Message], looks_of: Mapping[str, Look]) -> tuple[Look | None, ...]:
    blocks = min(len(messages), _STRETCHES)
    edges = [place * len(messages) // max(1, blocks) for place in range(blocks + 1)]
    return tuple(_most(messages[start:end], looks_of) for start, end in pairwise(edges))


def _most(messages: Sequence[Message], looks_of: Mapping[str, Look]) -> Look | None:
    spoken = Counter(message.name for message in messages if not message.silent)
    return looks_of.get(spoken.most_common(1)[0][0], MODERATOR) if spoken else None
