"""Label probabilities by OpenVINO, with the graph that also writes replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syndisco_nb.backend.model.local.openvino_graph import Graph, Piece
from syndisco_nb.backend.model.local.scoring import PrefixScorer


@dataclass(frozen=True, slots=True)
class _Row:
    """What was fed so far: how many tokens, and in which blocks their keys and values are."""

    length: int = 0
    blocks: tuple[int, ...] = ()


class OpenVINOScorer(PrefixScorer):
    """A graph, with an attention cache of its own for the prompts of labels.

    Parameters
    ----------
    graph : Graph
    """

    def __init__(self, graph: Graph) -> None:
        self._block = graph.block
        self._memory = graph.memory()
        self._reset()

    def _reset(self) -> None:
        self._used = 0
        self._rows = [_Row()]

    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        before = [self._rows[row] for row in rows]
        copied: dict[int, int] = {}
        self._rows = [self._grown(row, len(piece), copied) for row, piece in zip(before, pieces, strict=True)]
        self._memory.grow(self._used)
        self._memory.copy(copied)
        fed = [number for number, piece in enumerate(pieces) if piece]
        found = self._memory.feed(
            [Piece(pieces[number], before[number].length, self._rows[number].blocks, keep) for number in fed]
        )
        scored = dict(zip(fed, map(_log_probabilities, found), strict=True))
        return [scored.get(number, found[0][:0]) for number in range(len(pieces))]

    def _grown(self, row: _Row, more: int, copied: dict[int, int]) -> _Row:
        """Return a row with blocks for more tokens; a block begun by it may have several heirs, so it is copied."""
        if not more:
            return row
        whole, begun = divmod(row.length, self._block)
        new = range(self._used, self._used + -(-(begun + more) // self._block))
        self._used = new.stop
        if begun:
            copied[new[0]] = row.blocks[whole]
        return _Row(row.length + more, (*row.blocks[:whole], *new))


def _log_probabilities(logits: Any) -> Any:
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
