"""Generate replies step by step: rows join the batch and leave it between steps.

Nothing of `transformers.generate` is used: it takes a batch from its beginning to the end of its longest reply.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from syndisco_nb.backend.model.base import Drawing
from syndisco_nb.backend.model.local.batching import Waiting
from syndisco_nb.backend.model.local.feeding import Feeder, Forward
from syndisco_nb.backend.model.local.running_cache import RunningCache
from syndisco_nb.backend.model.local.sampler import RowSampler
from syndisco_nb.records import Sampling

_NONE = -1  # in the place of a token
_SHARED = 8  # this part of the batch's tokens may be kept of what prompts share


@dataclass(eq=False, slots=True)
class Row:
    """A reply in the making.

    Attributes
    ----------
    waiting : Waiting
        Who asked.
    prompt, reply : list of int
        Tokens; the prompt has two at least.
    sampling : Sampling
        The settings on record.
    drawing : Drawing
        The settings without gaps.
    processors : LogitsProcessorList
        What changes the logits before a token of this row is drawn.
    overflowed : bool
        Whether the model computed no probabilities for the next token: the reply cannot go on.
    """

    waiting: Waiting
    prompt: list[int]
    sampling: Sampling
    drawing: Drawing
    seed: int
    processors: Any
    reply: list[int] = field(default_factory=list)
    overflowed: bool = False

    @property
    def tokens(self) -> list[int]:
        """Return prompt and reply; all but the last have been fed."""
        return self.prompt + self.reply

    @property
    def is_full(self) -> bool:
        """Whether the reply is as long as it may become."""
        return len(self.reply) >= self.drawing.max_tokens

    @property
    def most_tokens(self) -> int:
        """How long prompt and reply may become."""
        return len(self.prompt) + self.drawing.max_tokens


class Decoder:
    """The running batch of a Hugging Face model.

    What rows have been fed is kept in a buffer (`RunningCache`) as long as all of the model's layers are of
    attention, over everything or over a window. Of a model with other layers (linear attention, state spaces)
    the batch keeps the model's own cache: rows still leave when they are finished, but others join only when
    all have left, and nothing that prompts share is kept.

    Parameters
    ----------
    model : transformers.PreTrainedModel
    ends : sequence of int
        The tokens that end a reply.
    """

    def __init__(self, model: Any, ends: Sequence[int]) -> None:
        self._forward = Forward(model)
        self._ends = frozenset(ends)
        self._buffered = self._forward.attends
        if not self._buffered:
            self._forward.try_out()
        self._feeder = Feeder(self._forward)
        self.rows: list[Row] = []
        self._cache: Any = None
        self._width = 0  # columns in the cache
        self._sampler: RowSampler
        self._seen: torch.Tensor  # rows × tokens
        self._next: torch.Tensor  # the token of each row that is fed next
        self._lengths: torch.Tensor  # how many each was fed
        self._steps: torch.Tensor  # how many each has drawn

    def clear(self) -> None:
        """Drop all that was fed; the rows may join again, and go on where they were."""
        self.rows, self._cache = [], None
        self._feeder.forget()

    @property
    def takes_more(self) -> bool:
        """Whether rows may join now."""
        return self._buffered or not self.rows

    @torch.inference_mode()
    def step(self, joining: Sequence[Row], tokens: int) -> list[Row]:
        """Let rows join, draw a token for every row, and return the rows that are finished or cannot go on.

        Parameters
        ----------
        joining : sequence of Row
        tokens : int
            The largest batch.
        """
        if joining:
            self._join(joining, tokens // _SHARED)
        for row in self.rows:
            row.waiting.beside = max(row.waiting.beside, len(self.rows))
        places = torch.arange(self._width + 1, device=self._lengths.device) - self._width
        lengths = self._lengths[:, None]
        logits = self._forward(self._next[:, None], places >= -lengths, lengths, self._cache)[:, -1].float()
        # Among the rows' tokens, so that the device is waited for once.
        overflowed = ~logits.amax(dim=1).isfinite()
        self._next = self._sampler(self._seen, self._processed(logits), self._steps).where(~overflowed, _NONE)
        self._width += 1
        self._lengths += 1
        self._steps += 1
        self._seen = torch.cat([self._seen, self._next[:, None]], dim=1)
        for row, token in zip(self.rows, self._next.tolist(), strict=True):
            if token == _NONE:
                row.overflowed = True
            else:
                row.reply.append(token)
        finished = [row for row in self.rows if row.overflowed or row.reply[-1] in self._ends or row.is_full]
        self.drop(finished)
        return finished

    @torch.inference_mode()
    def drop(self, rows: Sequence[Row]) -> None:
        """Let rows leave the batch; the last ones take their places."""
        gone = set(rows)
        if not gone:
            return
        order = [place for place, row in enumerate(self.rows) if row not in gone]
        if not order:
            self.rows, self._cache = [], None
            return
        late = [place for place in order if place >= len(order)]
        order = [late.pop() if self.rows[place] in gone else place for place in range(len(order))]
        self.rows = [self.rows[place] for place in order]
        longest = max(len(row.tokens) for row in self.rows)
        places = torch.tensor(order, device=self._lengths.device)
        self._next, self._lengths, self._steps = self._next[places], self._lengths[places], self._steps[places]
        self._seen = self._seen[places, -longest:]
        self._renew()
        if self._buffered:
            self._width = longest - 1
            self._cache.keep(order, self._width)
        else:
            self._cache.reorder_cache(places)

    def _join(self, joining: Sequence[Row], kept: int) -> None:
        fed = self._feed(joining, kept) if self._buffered else self._feed_whole(joining)
        before, self.rows = self.rows, [*self.rows, *fed]
        width = max(len(row.tokens) for row in self.rows)
        device = self._forward.device
        # What a row has seen is padded by its own first token, which it has seen: so the padding adds nothing.
        seen = torch.tensor([row.tokens[:1] * (width - len(row.tokens)) + row.tokens for row in fed], device=device)
        following = seen[:, -1]
        lengths = torch.tensor([len(row.tokens) - 1 for row in fed], device=device)
        steps = torch.tensor([len(row.reply) for row in fed], device=device)
        if before:
            old = self._seen[:, :1].expand(-1, max(0, width - self._seen.shape[1]))
            seen = torch.cat([torch.cat([old, self._seen], dim=1)[:, -width:], seen])
            following = torch.cat([self._next, following])
            lengths = torch.cat([self._lengths, lengths])
            steps = torch.cat([self._steps, steps])
        self._seen, self._next, self._lengths, self._steps = seen, following, lengths, steps
        self._renew()

    def _feed(self, joining: Sequence[Row], kept: int) -> list[Row]:
        """Feed all but the last token of each row, and copy what comes of it into the buffer."""
        self._cache = self._cache or RunningCache()
        fed: list[Row] = []
        self._width = max(len(row.tokens) - 1 for row in (*self.rows, *joining))
        room = len(self.rows) + len(joining), self._width
        for part in self._feeder.feed({n: tuple(row.tokens[:-1]) for n, row in enumerate(joining)}, kept):
            rows = [joining[number] for number in part.numbers]
            if rows:
                self._cache.join(part.cache, part.rows, part.first, [len(row.tokens) - 1 for row in rows], room)
                fed += rows
        return fed

    def _feed_whole(self, joining: Sequence[Row]) -> list[Row]:
        """Feed all but the last token of each row, padded on the left, into a cache of the model's own."""
        self._cache = self._forward.new_cache()
        self._width = max(len(row.tokens) for row in joining) - 1
        padding = [self._width + 1 - len(row.tokens) for row in joining]
        device = self._forward.device
        ids = [[0] * left + row.tokens[:-1] for left, row in zip(padding, joining, strict=True)]
        places = torch.arange(self._width, device=device) - torch.tensor(padding, device=device)[:, None]
        self._forward(torch.tensor(ids, device=device), places >= 0, places.clamp_min(0), self._cache)
        return list(joining)

    def _processed(self, logits: torch.Tensor) -> torch.Tensor:
        """Let each row's processors see the row as if it were alone."""
        for place, row in enumerate(self.rows):
            if row.processors:
                ids = self._seen[place : place + 1, -len(row.tokens) :]
                logits[place] = row.processors(ids, logits[place : place + 1])[0]
        return logits

    def _renew(self) -> None:
        self._sampler = RowSampler(
            [row.drawing for row in self.rows],
            [row.seed for row in self.rows],
            sorted(self._ends),
            self._forward.device,
        )
