"""Replies by OpenVINO, step by step: rows join the batch and leave it between steps.

Every token is drawn here, not by openvino-genai: its repetition penalty also falls on the token that ends a reply,
which makes replies longer than those of the same model elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from syndisco_nb.backend.model.base import Drawing
from syndisco_nb.backend.model.local.batching import Waiting
from syndisco_nb.backend.model.local.block_pool import BlockPool, Lease
from syndisco_nb.backend.model.local.drawing import Logits, draw
from syndisco_nb.backend.model.local.openvino_graph import Graph, Piece
from syndisco_nb.records import Sampling

_FED_TOKENS = 1024  # in one step: large matrix products are fast, and the rows that write wait for them


@dataclass(eq=False, slots=True)
class Row:
    """A reply in the making.

    Attributes
    ----------
    waiting : Waiting
        Who asked.
    prompt, reply : list of int
        Tokens.
    sampling : Sampling
        The settings as asked for.
    drawing : Drawing
        The same without gaps.
    overflowed : bool
        Whether the model computed no probabilities, so that nothing could be drawn.
    lease : Lease
        Its blocks, as long as it is in the batch.
    """

    waiting: Waiting
    prompt: list[int]
    sampling: Sampling
    drawing: Drawing
    seed: int
    reply: list[int] = field(default_factory=list)
    overflowed: bool = False
    lease: Lease = field(init=False)

    @property
    def tokens(self) -> list[int]:
        """Return prompt and reply."""
        return self.prompt + self.reply

    @property
    def most_tokens(self) -> int:
        """How long prompt and reply may become."""
        return len(self.prompt) + self.drawing.max_tokens


class OpenVINODecoder:
    """The running batch of a graph.

    A row joins as soon as there are blocks for all that it may write, in the order of asking. Prompts that begin
    alike are fed that part once, whether they come together or one after the other.

    Parameters
    ----------
    graph : Graph
    ends : sequence of int
        The tokens that end a reply.
    cache_bytes : int
        The largest attention cache.
    """

    def __init__(self, graph: Graph, ends: Sequence[int], cache_bytes: int) -> None:
        self._graph = graph
        self._ends = tuple(ends)
        self._capacity = max(1, cache_bytes // graph.block_bytes)
        self.clear()

    def clear(self) -> None:
        """Drop all rows, and all that was fed."""
        self.rows: list[Row] = []
        self._pool = BlockPool(self._graph.block, self._capacity)
        self._memory = self._graph.memory(self._capacity)

    def fits(self, row: Row) -> bool:
        """Return whether the cache has room for this row alone."""
        return self._pool.needs(row.most_tokens) <= self._capacity

    def step(self, queue: list[Row]) -> list[Row]:
        """Let rows of the queue join, take all a step further, and return those that are finished."""
        fed = self._chosen(queue)
        self._memory.grow(self._pool.made)
        pieces = []
        for row, count in fed.items():
            row.waiting.beside = max(row.waiting.beside, len(self.rows))
            begin, whole = row.lease.fed, row.tokens
            keep = int(begin + count == len(whole))
            pieces.append(Piece(whole[begin : begin + count], begin, row.lease.blocks, keep))
        found = self._memory.feed(pieces)
        for (row, count), logits in zip(fed.items(), found, strict=True):
            self._pool.fed(row.lease, count)
            if len(logits):
                self._draw(row, logits[0])
        finished = [row for row in fed if self._is_finished(row)]
        self.drop(finished)
        return finished

    def drop(self, rows: Sequence[Row]) -> None:
        """Let rows leave the batch."""
        for row in rows:
            self._pool.give_back(row.lease)
        gone = set(rows)
        self.rows = [row for row in self.rows if row not in gone]

    def _chosen(self, queue: list[Row]) -> dict[Row, int]:
        """Return how many tokens of each row are fed next: of those in the batch first, and of those who join."""
        room, fed = _FED_TOKENS, {}
        for row in self.rows:
            fed[row] = min(len(row.prompt) + len(row.reply) - row.lease.fed, room)
            room -= fed[row]
        for row in tuple(queue):
            if not room:
                break
            if self._pool.awaits(row.prompt):
                continue
            lease = self._pool.take(row.prompt, row.most_tokens)
            if lease is None:
                break
            row.lease = lease
            row.waiting.begin()
            queue.remove(row)
            self.rows.append(row)
            fed[row] = min(len(row.prompt) - lease.fed, room)
            room -= fed[row]
        return {row: count for row, count in fed.items() if count}

    def _draw(self, row: Row, logits: Logits) -> None:
        # Some tokens may be ruled out by an infinitely low logit, but none is infinitely likely.
        row.overflowed = not np.isfinite(logits.max())
        if not row.overflowed:
            row.reply.append(draw(logits, row.tokens, self._ends, row.drawing, row.seed, len(row.reply)))

    def _is_finished(self, row: Row) -> bool:
        ended = bool(row.reply) and row.reply[-1] in self._ends
        return ended or len(row.reply) >= row.drawing.max_tokens or row.overflowed
