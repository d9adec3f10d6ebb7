"""Continuous batching on OpenVINO: replies join the batch and leave it between two tokens.

Tokens are drawn here, not by openvino-genai, whose repetition penalty also falls on the token that ends a reply. That
makes replies longer than those of the same model elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from syndisco_nb.backend.model.local.block_pool import BlockPool, Lease
from syndisco_nb.backend.model.local.numpy_sampler import Logits, draw
from syndisco_nb.backend.model.local.openvino_graph import Chunk, OpenVINOGraph
from syndisco_nb.backend.model.local.reply_in_progress import ReplyInProgress

_STEP_TOKENS = 1024  # enough for fast matrix products, and few enough that running replies do not stall


@dataclass(eq=False, slots=True)
class PagedRow(ReplyInProgress):
    """A row of a batch whose cache is paged.

    Attributes
    ----------
    lease : Lease
        The blocks of its cache, while it is in the batch.
    """

    lease: Lease = field(init=False)


class OpenVINODecoder:
    """The running batch of a graph.

    A row joins, in the order of arrival, as soon as there are blocks for the longest reply it may have. Prefixes that
    prompts share are fed once, whether the prompts come together or one after the other.

    Parameters
    ----------
    graph : OpenVINOGraph
    ends : sequence of int
        The tokens that end a reply.
    cache_bytes : int
        The largest attention cache.

    Attributes
    ----------
    rows : list of PagedRow
    """

    def __init__(self, graph: OpenVINOGraph, ends: Sequence[int], cache_bytes: int) -> None:
        self._graph = graph
        self._ends = tuple(ends)
        self._capacity = max(1, cache_bytes // graph.block_bytes)
        self.clear()

    def clear(self) -> None:
        """Drop all rows and the cache."""
        self.rows: list[PagedRow] = []
        self._pool = BlockPool(self._graph.block, self._capacity)
        self._cache = self._graph.new_cache(self._capacity)

    def fits(self, row: PagedRow) -> bool:
        """Return whether the cache has room for this row alone."""
        return self._pool.count(row.max_tokens) <= self._capacity

    def step(self, queue: list[PagedRow]) -> list[PagedRow]:
        """Feed tokens of prompts and replies, and return the rows that are finished.

        Parameters
        ----------
        queue : list of PagedRow
            Rows that wait; those that join are removed from it.
        """
        counts = self._schedule(queue)
        self._cache.grow(self._pool.allocated)
        chunks = []
        for row, count in counts.items():
            row.pending.note_batch(len(self.rows))
            begin, tokens = row.lease.fed, row.tokens
            keep = int(begin + count == len(tokens))
            chunks.append(Chunk(tokens[begin : begin + count], begin, row.lease.blocks, keep))
        for (row, count), logits in zip(counts.items(), self._cache.feed(chunks), strict=True):
            self._pool.mark_fed(row.lease, count)
            if len(logits):
                self._draw(row, logits[0])
        finished = [row for row in counts if row.is_finished(self._ends)]
        self.drop(finished)
        return finished

    def drop(self, rows: Sequence[PagedRow]) -> None:
        """Remove rows, and free their blocks."""
        for row in rows:
            self._pool.release(row.lease)
        gone = set(rows)
        self.rows = [row for row in self.rows if row not in gone]

    def _schedule(self, queue: list[PagedRow]) -> dict[PagedRow, int]:
        """Return the number of tokens fed next for each row: rows in the batch first, then rows that join."""
        room, counts = _STEP_TOKENS, {}
        for row in self.rows:
            counts[row] = min(len(row.tokens) - row.lease.fed, room)
            room -= counts[row]
        for row in tuple(queue):
            if not room:
                break
            if self._pool.is_being_fed(row.prompt):
                continue
            lease = self._pool.lease(row.prompt, row.max_tokens)
            if lease is None:
                break
            row.lease = lease
            row.pending.begin()
            queue.remove(row)
            self.rows.append(row)
            counts[row] = min(len(row.prompt) - lease.fed, room)
            room -= counts[row]
        return {row: count for row, count in counts.items() if count}

    def _draw(self, row: PagedRow, logits: Logits) -> None:
        # Single tokens may be ruled out by a logit of −inf, but none can have +inf or NaN.
        row.overflowed = not np.isfinite(logits.max())
        if not row.overflowed:
            row.reply.append(draw(logits, row.tokens, self._ends, row.resolved, row.seed, len(row.reply)))
