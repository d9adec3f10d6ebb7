"""Measures of who speaks, how much and when."""

import math
from collections import Counter
from collections.abc import Sequence

from syndisco_nb.analysis.measures.measure_registry import mean, measure
from syndisco_nb.records import Transcript


def comments_by_speaker(talk: Transcript) -> dict[str, int]:
    """Return the number of comments of each participant, of those who said nothing too, and of each other speaker.

    Parameters
    ----------
    talk : Transcript
        With the comments that count alone; see `only_counted`.
    """
    numbers = Counter({user.name: 0 for user in talk.users})
    numbers.update(comment.name for comment in talk.comments)
    return dict(numbers)


@measure(
    "speaker_returns",
    "share of comments",
    "Comments, from the third, by the previous speaker but one",
)
def _speaker_returns(talk: Transcript) -> float:
    names = [comment.name for comment in talk.comments]
    return mean(name == before for name, before in zip(names[2:], names, strict=False))


@measure("gap", "comments", "Comments of others between two comments of one speaker")
def _gap(talk: Transcript) -> float:
    last: dict[str, int] = {}
    gaps = []
    for place, comment in enumerate(talk.comments):
        if comment.name in last:
            gaps.append(place - last[comment.name] - 1)
        last[comment.name] = place
    return mean(gaps)


@measure("entropy", "bits", "Entropy of the speakers' shares of the comments")
def _entropy(talk: Transcript) -> float:
    return entropy(list(comments_by_speaker(talk).values()))


@measure("evenness", "0 to 1", "Entropy of the speakers' shares ÷ its greatest value: 1 is all the same")
def _evenness(talk: Transcript) -> float:
    numbers = list(comments_by_speaker(talk).values())
    return entropy(numbers) / math.log2(len(numbers)) if len(numbers) > 1 else math.nan


@measure("gini", "0 to 1", "Gini coefficient of the speakers' numbers of comments: 0 is all the same")
def _gini(talk: Transcript) -> float:
    return gini(list(comments_by_speaker(talk).values()))


def entropy(counts: Sequence[int]) -> float:
    """Return the entropy of shares, in bits: −Σ s log₂ s; NaN if nothing was counted.

    Examples
    --------
    >>> round(entropy([4, 3, 3, 2]), 5), entropy([5, 0])
    (1.95915, 0.0)
    """
    total = sum(counts)
    return math.fsum(count / total * math.log2(total / count) for count in counts if count) if total else math.nan


def gini(counts: Sequence[int]) -> float:
    """Return the Gini coefficient: half the mean difference of two counts, divided by their mean; NaN without any.

    Examples
    --------
    >>> round(gini([6, 3, 1]), 6), gini([2, 2])
    (0.333333, 0.0)
    """
    total, number = sum(counts), len(counts)
    ranked = math.fsum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (number * total) - (number + 1) / number if total else math.nan
