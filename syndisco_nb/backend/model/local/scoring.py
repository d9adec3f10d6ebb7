"""How probable is each allowed label? Asked of the model itself: no reply is generated.

A label's probability is that of its tokens after the prompt, one given the ones before. Where one label
begins another ("1" and "10"), the end of the reply counts as a token of each, so that they exclude each
other; a model may have several tokens that end a reply, and any of them will do. Labels none of which begins
another exclude each other as they are. The probabilities are normalised over the labels; what they add up to
before that is kept as their mass.

No token is computed twice: what the prompts have in common (an annotator's instructions, a comment asked
about on several scales) is fed once, and what differs goes on from there.
"""

import abc
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from syndisco_nb.backend.model.local.prefix_tree import PrefixNode, prefix_tree


class Scores(NamedTuple):
    """How probable the labels of one question are; all NaN where the model's numbers overflowed.

    Attributes
    ----------
    probabilities : list of float
        One per label, adding up to 1.
    mass : float
        What they added up to before, in [0, 1].
    """

    probabilities: list[float]
    mass: float


@dataclass(frozen=True, slots=True)
class LabelTree:
    """The tokens of all labels, laid out as branches behind one prompt.

    Attributes
    ----------
    tokens : tuple of tuple of int
        One per label.
    ends : tuple of int
        The tokens that end a reply, one of which must follow a label; none where no label begins another.
    """

    tokens: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, labels: Sequence[Sequence[int]], ends: Sequence[int]) -> "LabelTree":
        """Lay out labels; `ends` are all tokens that end a reply."""
        tokens = tuple(tuple(label) for label in labels)
        nested = any(a != b and b[: len(a)] == a for a in tokens for b in tokens)
        return cls(tokens, tuple(dict.fromkeys(ends)) if nested else ())

    @property
    def branches(self) -> list[tuple[int, ...]]:
        """What has to be fed behind the prompt: each label, but for its last token if no end must follow."""
        return [branch for branch in (label if self.ends else label[:-1] for label in self.tokens) if branch]

    @property
    def longest(self) -> int:
        """How many tokens the longest label has, the end among them where it counts."""
        return max(map(len, self.tokens)) + bool(self.ends)

    def scores(self, first: Any, later: Sequence[Any]) -> Scores:
        """Return the labels' probabilities.

        Parameters
        ----------
        first : array, shape (vocabulary,)
            Log-probabilities of the token after the prompt.
        later : sequence of array, shape (length of the branch, vocabulary)
            Log-probabilities after each token of each branch.
        """
        branches = iter(later)
        sums = []
        for begin, *rest in self.tokens:
            after: Any = next(branches) if rest or self.ends else ()
            total = float(first[begin]) + sum(
                float(row[token]) for row, token in zip(after[: len(rest)], rest, strict=True)
            )
            sums.append(total + _log_of_sum([float(after[-1][end]) for end in self.ends]) if self.ends else total)
        whole = _log_of_sum(sums)
        if not math.isfinite(whole):
            return Scores([math.nan] * len(sums), math.nan)
        return Scores([math.exp(total - whole) for total in sums], min(1.0, math.exp(whole)))


def _log_of_sum(logs: Sequence[float]) -> float:
    """Return the logarithm of the sum of what these are logarithms of; NaN if one is."""
    if any(map(math.isnan, logs)):
        return math.nan
    most = max(logs)
    return most + math.log(sum(math.exp(one - most) for one in logs)) if math.isfinite(most) else most


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt, in tokens, and the labels allowed after it."""

    prompt: tuple[int, ...]
    labels: LabelTree

    @property
    def size(self) -> int:
        """How many tokens of attention cache it takes."""
        return len(self.prompt) * max(1, len(self.labels.branches))


class Scorer(abc.ABC):
    """A model that only says how probable labels are."""

    def score(self, questions: Sequence[Question], budget: int) -> Iterator[tuple[dict[int, Scores], float]]:
        """Yield, batch by batch, the scores of each question's labels, by its number, and the seconds it took.

        Parameters
        ----------
        questions : sequence of Question
        budget : int
            The largest batch, in tokens of attention cache.
        """
        for batch in _batches(questions, budget):
            started = time.perf_counter()
            found = self._score({number: questions[number] for number in batch})
            yield found, round(time.perf_counter() - started, 3)

    @abc.abstractmethod
    def _score(self, questions: Mapping[int, Question]) -> dict[int, Scores]:
        """Return the scores of numbered questions that are answered together."""


class PrefixScorer(Scorer):
    """A model that feeds once what prompts have in common: it keeps what it was fed, and goes on from there."""

    @abc.abstractmethod
    def _reset(self) -> None:
        """Forget all that was fed."""

    @abc.abstractmethod
    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        """Append each of `pieces` to one of the rows of the previous call, which begin as one empty row.

        Returns, for each piece, the log-probabilities of the tokens after its last `keep` tokens, shape
        (up to `keep`, vocabulary). An empty piece only keeps its row.
        """

    def _score(self, questions: Mapping[int, Question]) -> dict[int, Scores]:
        self._reset()
        first: dict[int, Any] = {}
        held: dict[int, int] = {}  # in which row a finished prompt waits for its labels
        level = [(node, 0) for node in prefix_tree({number: one.prompt for number, one in questions.items()})]
        while level:
            pieces = [*(node.piece for node, _ in level), *(() for _ in held)]
            found = self._extend(pieces, [*(row for _, row in level), *held.values()])
            held = {number: row for row, number in enumerate(held, start=len(level))}
            for row, (node, _) in enumerate(level):
                first |= dict.fromkeys(node.ends, found[row][-1])
                held |= {number: row for number in node.ends if questions[number].labels.branches}
            level = [(child, row) for row, (node, _) in enumerate(level) for child in node.children]
        later = self._follow(
            [(number, row, branch) for number, row in held.items() for branch in questions[number].labels.branches]
        )
        return {number: one.labels.scores(first[number], later.get(number, ())) for number, one in questions.items()}

    def _follow(self, branches: Sequence[tuple[int, int, tuple[int, ...]]]) -> dict[int, list[Any]]:
        """Return, for the number of each prompt, the log-probabilities along its branches."""
        later: dict[int, list[Any]] = {}
        if branches:
            pieces = [branch for *_, branch in branches]
            found = self._extend(pieces, [row for _, row, _ in branches], keep=max(map(len, pieces)))
            for (number, _, branch), one in zip(branches, found, strict=True):
                later.setdefault(number, []).append(one[-len(branch) :])
        return later


def _batches(questions: Sequence[Question], budget: int) -> Iterator[list[int]]:
    """Lay out the numbers of the questions as batches within the budget, those that begin alike together."""
    batch: list[int] = []
    size = 0
    for number in (
        _order(prefix_tree({number: one.prompt for number, one in enumerate(questions)})) if questions else ()
    ):
        if batch and size + questions[number].size > budget:
            yield batch
            batch, size = [], 0
        batch.append(number)
        size += questions[number].size
    if batch:
        yield batch


def _order(nodes: Sequence[PrefixNode]) -> Iterator[int]:
    """Yield the numbers of all prompts, neighbours being alike in length, so that little is padded."""
    for node in sorted(nodes, key=lambda node: -len(node.piece)):
        yield from node.ends
        yield from _order(node.children)
