"""Label probabilities by OpenVINO, from the same graph that generates replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syndisco_nb.backend.model.local.openvino_graph import Chunk, OpenVINOGraph
from syndisco_nb.backend.model.local.scoring import PrefixScorer


@dataclass(frozen=True, slots=True)
class _FedRow:
    """The number of tokens fed so far, and the blocks of their keys and values."""

    length: int = 0
    blocks: tuple[int, ...] = ()


class OpenVINOScorer(PrefixScorer):
    """Scores labels on a graph, with an attention cache of its own.

    Parameters
    ----------
    graph : OpenVINOGraph
    """

    def __init__(self, graph: OpenVINOGraph) -> None:
        self._block = graph.block
        self._cache = graph.new_cache()
        self._reset()

    def _reset(self) -> None:
        self._used = 0
        self._rows = [_FedRow()]

    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        before = [self._rows[row] for row in rows]
        copied: dict[int, int] = {}
        self._rows = [self._extended(row, len(piece), copied) for row, piece in zip(before, pieces, strict=True)]
        self._cache.grow(self._used)
        self._cache.copy(copied)
        fed = [number for number, piece in enumerate(pieces) if piece]
        logits = self._cache.feed(
            [Chunk(pieces[number], before[number].length, self._rows[number].blocks, keep) for number in fed]
        )
        scored = dict(zip(fed, map(_log_softmax, logits), strict=True))
        return [scored.get(number, logits[0][:0]) for number in range(len(pieces))]

    def _extended(self, row: _FedRow, more: int, copied: dict[int, int]) -> _FedRow:
        """Return a row with blocks for more tokens.

        Several rows may continue one row, so its last block, if it is not full, is noted in `copied` instead of shared.
        """
        if not more:
            return row
        full, begun = divmod(row.length, self._block)
        new = range(self._used, self._used + -(-(begun + more) // self._block))
        self._used = new.stop
        if begun:
            copied[new[0]] = row.blocks[full]
        return _FedRow(row.length + more, (*row.blocks[:full], *new))


def _log_softmax(logits: Any) -> Any:
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
