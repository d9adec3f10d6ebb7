"""Label probabilities: how probable each allowed label is as the whole reply. Nothing is generated.

A label's probability is the product of the probabilities of its tokens, each given the prompt and the tokens before it.
Where one label begins another ("1" and "10"), the end of the reply counts as a token of every label, so that they
exclude each other; a model may have several end tokens, whose probabilities are added. The label probabilities are
normalised to add up to 1, and their sum before that is kept as their mass.

Every prefix that prompts share (an annotator's instructions, a comment asked about on several scales) is fed once.
"""

import abc
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.model.local.prefix_tree import PrefixNode, prefix_tree
from syndisco_nb.backend.model.request import LabelShares


@dataclass(frozen=True, slots=True)
class LabelTree:
    """Labels in tokens, as branches that continue one prompt.

    Attributes
    ----------
    tokens : tuple of tuple of int
        One per label.
    ends : tuple of int
        The tokens that end a reply, one of which must follow a label; empty where no label begins another.
    """

    tokens: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, labels: Sequence[Sequence[int]], ends: Sequence[int]) -> "LabelTree":
        """Return the tree of some labels.

        Parameters
        ----------
        labels : sequence of sequence of int
            The tokens of each label.
        ends : sequence of int
            All tokens that end a reply.
        """
        tokens = tuple(tuple(label) for label in labels)
        is_nested = any(a != b and b[: len(a)] == a for a in tokens for b in tokens)
        return cls(tokens, tuple(dict.fromkeys(ends)) if is_nested else ())

    @property
    def branches(self) -> list[tuple[int, ...]]:
        """The tokens to be fed after the prompt: each label, without its last token if no end must follow."""
        return [branch for branch in (label if self.ends else label[:-1] for label in self.tokens) if branch]

    @property
    def longest(self) -> int:
        """The number of tokens of the longest label, with the end where it counts."""
        return max(map(len, self.tokens)) + bool(self.ends)

    def scores(self, first: Any, later: Sequence[Any]) -> LabelShares:
        """Return the labels' probabilities.

        Parameters
        ----------
        first : array, shape (vocabulary,)
            Log-probabilities of the token after the prompt.
        later : sequence of array, shape (length of the branch, vocabulary)
            Log-probabilities after each token of each branch.
        """
        branches = iter(later)
        logs = []
        for begin, *rest in self.tokens:
            after: Any = next(branches) if rest or self.ends else ()
            log = float(first[begin]) + sum(
                float(row[token]) for row, token in zip(after[: len(rest)], rest, strict=True)
            )
            logs.append(log + _log_sum_exp([float(after[-1][end]) for end in self.ends]) if self.ends else log)
        log_mass = _log_sum_exp(logs)
        if not math.isfinite(log_mass):
            return LabelShares([math.nan] * len(logs), math.nan)
        return LabelShares([math.exp(log - log_mass) for log in logs], min(1.0, math.exp(log_mass)))


def _log_sum_exp(logs: Sequence[float]) -> float:
    """Return the logarithm of the sum of the exponentials; NaN if one is NaN."""
    if any(map(math.isnan, logs)):
        return math.nan
    largest = max(logs)
    return largest + math.log(sum(math.exp(log - largest) for log in logs)) if math.isfinite(largest) else largest


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt, in tokens, and the labels allowed after it."""

    prompt: tuple[int, ...]
    labels: LabelTree

    @property
    def size(self) -> int:
        """The number of tokens it takes in the attention cache."""
        return len(self.prompt) * max(1, len(self.labels.branches))


class Scorer(abc.ABC):
    """A model that scores labels."""

    def score(self, questions: Sequence[Question], budget: int) -> Iterator[tuple[dict[int, LabelShares], float]]:
        """Yield, batch by batch, the scores by the number of the question, and the seconds that the batch took.

        Parameters
        ----------
        questions : sequence of Question
        budget : int
            The largest batch, in tokens of attention cache.
        """
        for batch in _batches(questions, budget):
            started = time.perf_counter()
            scores = self._score({number: questions[number] for number in batch})
            yield scores, round(time.perf_counter() - started, 3)

    @abc.abstractmethod
    def _score(self, questions: Mapping[int, Question]) -> dict[int, LabelShares]:
        """Return the scores of numbered questions, as one batch."""


class PrefixScorer(Scorer):
    """A scorer that keeps the cache of each shared prefix, and continues from there."""

    @abc.abstractmethod
    def _reset(self) -> None:
        """Replace the cache by one empty row."""

    @abc.abstractmethod
    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        """Append tokens to rows of the previous call's cache; the results are the rows of the new one.

        Parameters
        ----------
        pieces : sequence of sequence of int
            The tokens of each new row; an empty piece only keeps its row.
        rows : sequence of int
            For each piece, the row that it continues. A row may be continued by several pieces.
        keep : int
            The number of last tokens whose log-probabilities are returned.

        Returns
        -------
        sequence of array, shape (up to `keep`, vocabulary)
            For each piece, the log-probabilities after its last `keep` tokens.
        """

    def _score(self, questions: Mapping[int, Question]) -> dict[int, LabelShares]:
        self._reset()
        first: dict[int, Any] = {}
        finished: dict[int, int] = {}  # the row of each prompt that has branches to be fed
        level = [(node, 0) for node in _tree(questions)]
        while level:
            pieces = [*(node.piece for node, _ in level), *(() for _ in finished)]
            logs = self._extend(pieces, [*(row for _, row in level), *finished.values()])
            finished = {number: row for row, number in enumerate(finished, start=len(level))}
            for row, (node, _) in enumerate(level):
                first |= dict.fromkeys(node.ends, logs[row][-1])
                finished |= {number: row for number in node.ends if questions[number].labels.branches}
            level = [(child, row) for row, (node, _) in enumerate(level) for child in node.children]
        later = self._score_branches(
            [(number, row, branch) for number, row in finished.items() for branch in questions[number].labels.branches]
        )
        return {
            number: question.labels.scores(first[number], later.get(number, ()))
            for number, question in questions.items()
        }

    def _score_branches(self, branches: Sequence[tuple[int, int, tuple[int, ...]]]) -> dict[int, list[Any]]:
        """Return the log-probabilities along each branch, by the number of its question.

        Parameters
        ----------
        branches : sequence of tuple
            Number of the question, row of its prompt, tokens of the branch.
        """
        later: dict[int, list[Any]] = {}
        if branches:
            pieces = [branch for *_, branch in branches]
            logs = self._extend(pieces, [row for _, row, _ in branches], keep=max(map(len, pieces)))
            for (number, _, branch), after in zip(branches, logs, strict=True):
                later.setdefault(number, []).append(after[-len(branch) :])
        return later


def _tree(questions: Mapping[int, Question]) -> list[PrefixNode]:
    return prefix_tree({number: question.prompt for number, question in questions.items()})


def _batches(questions: Sequence[Question], budget: int) -> Iterator[list[int]]:
    """Yield the numbers of the questions in batches within the budget, those with a common prefix together."""
    batch: list[int] = []
    size = 0
    for number in _in_order(_tree(dict(enumerate(questions)))) if questions else ():
        if batch and size + questions[number].size > budget:
            yield batch
            batch, size = [], 0
        batch.append(number)
        size += questions[number].size
    if batch:
        yield batch


def _in_order(nodes: Sequence[PrefixNode]) -> Iterator[int]:
    """Yield the numbers of all prompts, neighbours being similar in length, so that little is padded."""
    for node in sorted(nodes, key=lambda node: -len(node.piece)):
        yield from node.ends
        yield from _in_order(node.children)
