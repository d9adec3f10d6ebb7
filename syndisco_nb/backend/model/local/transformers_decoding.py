"""Continuous batching for Hugging Face models: replies join the batch and leave it between two tokens.

`transformers.generate` cannot do that: it keeps a batch together until its longest reply is finished. Models that this
loop cannot feed use it nevertheless, in `generate_decoding`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.prefill import Prefiller
from syndisco_nb.backend.model.local.reply_in_progress import ReplyInProgress
from syndisco_nb.backend.model.local.running_cache import RunningCache
from syndisco_nb.backend.model.local.torch_sampler import RowSampler

_OVERFLOWED = -1  # takes the place of a token
_PREFIX_SHARE = 8  # shared prefixes may take up to 1 / 8 of the batch's tokens


@dataclass(eq=False, slots=True)
class PaddedRow(ReplyInProgress):
    """A row of a batch that is padded on the left.

    Attributes
    ----------
    processors : LogitsProcessorList, optional
        Applied to the logits of this row before a token is drawn.
    """

    processors: Any = None


class TransformersDecoder:
    """The running batch of a Hugging Face model.

    If all layers are attention layers, keys and values are kept in a `RunningCache`, and rows join at any step. Other
    layers (linear attention, state spaces) need a cache of the model's own kind: rows leave when they are finished,
    but new ones join only once the batch is empty, and no prefixes are shared.

    Parameters
    ----------
    forward : ForwardPass
        Of a model that `fills_cache`.
    ends : sequence of int
        The tokens that end a reply.

    Attributes
    ----------
    rows : list of PaddedRow
    """

    def __init__(self, forward: ForwardPass, ends: Sequence[int]) -> None:
        self._forward = forward
        self._ends = frozenset(ends)
        self._has_only_attention = forward.has_only_attention
        self._prefiller = Prefiller(forward)
        self.rows: list[PaddedRow] = []
        self._cache: Any = None
        self._width = 0  # columns in the cache
        self._sampler: RowSampler
        self._seen: torch.Tensor  # rows × tokens of prompt and reply, padded on the left
        self._next: torch.Tensor  # the last token of each row, not fed yet
        self._lengths: torch.Tensor  # tokens of each row in the cache
        self._steps: torch.Tensor  # tokens of each reply

    def clear(self) -> None:
        """Drop all rows and caches. A dropped row keeps its tokens, so it can join again and continue."""
        self.rows, self._cache = [], None
        self._prefiller.forget()

    def can_join(self, joining: int) -> bool:
        """Return whether another row may join at the next step, besides `joining` others."""
        return self._has_only_attention or not self.rows

    @torch.inference_mode()
    def step(self, joining: Sequence[PaddedRow], batch_tokens: int) -> list[PaddedRow]:
        """Let rows join, draw a token for every row, and return the rows that are finished.

        Parameters
        ----------
        joining : sequence of PaddedRow
        batch_tokens : int
            The largest batch, in tokens.
        """
        if joining:
            self._join(joining, batch_tokens // _PREFIX_SHARE)
        for row in self.rows:
            row.pending.note_batch(len(self.rows))
        columns = torch.arange(self._width + 1, device=self._lengths.device) - self._width
        lengths = self._lengths[:, None]
        logits = self._forward(self._next[:, None], columns >= -lengths, lengths, self._cache)[:, -1].float()
        # An overflow travels as a token, so that the step waits for the device only once.
        overflowed = ~logits.amax(dim=1).isfinite()
        self._next = self._sampler(self._seen, self._processed(logits), self._steps).where(~overflowed, _OVERFLOWED)
        self._width += 1
        self._lengths += 1
        self._steps += 1
        self._seen = torch.cat([self._seen, self._next[:, None]], dim=1)
        for row, token in zip(self.rows, self._next.tolist(), strict=True):
            if token == _OVERFLOWED:
                row.overflowed = True
            else:
                row.reply.append(token)
        finished = [row for row in self.rows if row.is_finished(self._ends)]
        self.drop(finished)
        return finished

    @torch.inference_mode()
    def drop(self, rows: Sequence[PaddedRow]) -> None:
        """Remove rows. The last rows of the batch move into their places."""
        gone = set(rows)
        if not gone:
            return
        order = [place for place, row in enumerate(self.rows) if row not in gone]
        if not order:
            self.rows, self._cache = [], None
            return
        moving = [place for place in order if place >= len(order)]
        order = [moving.pop() if self.rows[place] in gone else place for place in range(len(order))]
        self.rows = [self.rows[place] for place in order]
        longest = max(len(row.tokens) for row in self.rows)
        places = torch.tensor(order, device=self._lengths.device)
        self._next, self._lengths, self._steps = self._next[places], self._lengths[places], self._steps[places]
        self._seen = self._seen[places, -longest:]
        self._renew_sampler()
        if self._has_only_attention:
            self._width = longest - 1
            self._cache.keep(order, self._width)
        else:
            self._cache.reorder_cache(places)

    def _join(self, joining: Sequence[PaddedRow], prefix_tokens: int) -> None:
        joined = self._prefill(joining, prefix_tokens) if self._has_only_attention else self._prefill_padded(joining)
        had_rows, self.rows = bool(self.rows), [*self.rows, *joined]
        width = max(len(row.tokens) for row in self.rows)
        device = self._forward.device
        # Padded by the row's own first token: the repetition penalty counts it once anyway.
        seen = torch.tensor([row.tokens[:1] * (width - len(row.tokens)) + row.tokens for row in joined], device=device)
        next_tokens = seen[:, -1]
        lengths = torch.tensor([len(row.tokens) - 1 for row in joined], device=device)
        steps = torch.tensor([len(row.reply) for row in joined], device=device)
        if had_rows:
            padding = self._seen[:, :1].expand(-1, max(0, width - self._seen.shape[1]))
            seen = torch.cat([torch.cat([padding, self._seen], dim=1)[:, -width:], seen])
            next_tokens = torch.cat([self._next, next_tokens])
            lengths = torch.cat([self._lengths, lengths])
            steps = torch.cat([self._steps, steps])
        self._seen, self._next, self._lengths, self._steps = seen, next_tokens, lengths, steps
        self._renew_sampler()

    def _prefill(self, joining: Sequence[PaddedRow], prefix_tokens: int) -> list[PaddedRow]:
        """Feed all but the last token of each row, copy them into the running cache, and return the rows in order."""
        self._cache = self._cache or RunningCache()
        joined: list[PaddedRow] = []
        self._width = max(len(row.tokens) - 1 for row in (*self.rows, *joining))
        shape = len(self.rows) + len(joining), self._width
        for part in self._prefiller.feed({n: tuple(row.tokens[:-1]) for n, row in enumerate(joining)}, prefix_tokens):
            rows = [joining[number] for number in part.numbers]
            if rows:
                self._cache.join(part.cache, part.rows, part.first, [len(row.tokens) - 1 for row in rows], shape)
                joined += rows
        return joined

    def _prefill_padded(self, joining: Sequence[PaddedRow]) -> list[PaddedRow]:
        """Feed all but the last token of each row, padded on the left, into a cache of the model's own kind."""
        self._cache = self._forward.new_cache()
        self._width = max(len(row.tokens) for row in joining) - 1
        padding = [self._width + 1 - len(row.tokens) for row in joining]
        device = self._forward.device
        ids = [[0] * left + row.tokens[:-1] for left, row in zip(padding, joining, strict=True)]
        positions = torch.arange(self._width, device=device) - torch.tensor(padding, device=device)[:, None]
        self._forward(torch.tensor(ids, device=device), positions >= 0, positions.clamp_min(0), self._cache)
        return list(joining)

    def _processed(self, logits: torch.Tensor) -> torch.Tensor:
        """Apply the processors of each row, which see the tokens of that row alone."""
        for place, row in enumerate(self.rows):
            if row.processors:
                ids = self._seen[place : place + 1, -len(row.tokens) :]
                logits[place] = row.processors(ids, logits[place : place + 1])[0]
        return logits

    def _renew_sampler(self) -> None:
        self._sampler = RowSampler(
            [row.resolved for row in self.rows],
            [row.seed for row in self.rows],
            sorted(self._ends),
            self._forward.device,
        )
