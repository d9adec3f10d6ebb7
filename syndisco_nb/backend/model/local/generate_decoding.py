"""Replies by `transformers.generate`, one at a time: for models whose cache the batching loop cannot feed.

Slow, but right for every model that transformers itself can run. The same sampler as elsewhere draws the tokens, from
inside `generate`, so that a reply depends on its request alone.
"""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig, LogitsProcessor, StoppingCriteria

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.torch_sampler import RowSampler
from syndisco_nb.backend.model.local.transformers_decoding import PaddedRow
from syndisco_nb.errors import ModelError

_PROBE = (1, 2, 3, 4)
_SIMILAR = 0.99  # correlation of logits: rounding changes them less, another input more


class GenerateDecoder:
    """The reply that a Hugging Face model generates at the moment.

    Parameters
    ----------
    forward : ForwardPass
    ends : sequence of int
        The tokens that end a reply.

    Attributes
    ----------
    rows : list of PaddedRow
        None or one.

    Raises
    ------
    ModelError
        If `generate` fails, or feeds the model something other than the tokens so far, as for XLNet.
    """

    def __init__(self, forward: ForwardPass, ends: Sequence[int]) -> None:
        self._forward = forward
        self._ends = list(ends)
        self.rows: list[PaddedRow] = []
        # Settings of the model's own would be applied before ours: a temperature, a penalty.
        self._forward.model.generation_config = GenerationConfig()
        self._check()

    def clear(self) -> None:
        """Drop the row."""
        self.rows = []

    def can_join(self, joining: int) -> bool:
        """Return whether another row may join at the next step, besides `joining` others."""
        return not self.rows and not joining

    def drop(self, rows: Sequence[PaddedRow]) -> None:
        """Remove rows."""
        self.rows = [row for row in self.rows if row not in rows]

    @torch.inference_mode()
    def step(self, joining: Sequence[PaddedRow], batch_tokens: int) -> list[PaddedRow]:
        """Generate the reply of the row that joins, and return it unless it was abandoned meanwhile.

        Parameters
        ----------
        joining : sequence of PaddedRow
            None or one.
        batch_tokens : int
            Not used: the batch is one reply.
        """
        self.rows += joining
        for row in self.rows:
            processor = _DrawsTokens(row, self._ends, self._forward.device)
            self._generate(row.tokens, row.resolved.max_tokens - len(row.reply), processor, _Abandoned(row))
        finished = [row for row in self.rows if row.is_finished(self._ends)]
        self.drop(finished)
        return finished

    def _generate(self, tokens: Sequence[int], limit: int, processor: Any, stopping: Any = None) -> None:
        ids = torch.tensor([tokens], device=self._forward.device)
        config = GenerationConfig(
            do_sample=False, max_new_tokens=limit, eos_token_id=self._ends, pad_token_id=self._ends[0]
        )
        self._forward.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            generation_config=config,
            logits_processor=[processor],
            stopping_criteria=[stopping] if stopping else None,
        )

    @torch.inference_mode()
    def _check(self) -> None:
        """Compare the logits inside `generate` with those of a plain forward pass."""
        name, first = type(self._forward.model).__name__, _KeepsLogits()
        try:
            self._generate(_PROBE, 1, first)
            plain = self._forward.whole(torch.tensor([_PROBE], device=self._forward.device), 1)[:, -1].float()
        except Exception as error:
            raise ModelError(f"{name} cannot generate replies: {error}. Take another model.") from error
        pair = torch.stack([first.logits[0].float(), plain[0]])
        if pair.corrcoef()[0, 1] < _SIMILAR:
            raise ModelError(f"{name} is no model that continues a text token by token. Take another model.")


class _DrawsTokens(LogitsProcessor):  # type: ignore[misc]
    """Draws the next token of a row, and leaves `generate` no other choice."""

    def __init__(self, row: PaddedRow, ends: Sequence[int], device: torch.device) -> None:
        self._row, self._ends = row, ends
        self._sampler = RowSampler([row.resolved], [row.seed], ends, device)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        row = self._row
        logits = scores.float()
        if row.is_finished(self._ends):  # on a GPU, generate notices the end one token late
            return scores
        row.overflowed = not bool(logits.amax().isfinite())
        if row.overflowed:
            token = self._ends[0]
        else:
            processed = row.processors(input_ids, logits) if row.processors else logits
            steps = torch.tensor([len(row.reply)], device=scores.device)
            token = int(self._sampler(input_ids, processed, steps))
            row.reply.append(token)
        return torch.full_like(scores, -torch.inf).index_fill(1, torch.tensor([token], device=scores.device), 0.0)


class _Abandoned(StoppingCriteria):  # type: ignore[misc]
    """Stops a reply that nobody waits for any more."""

    def __init__(self, row: PaddedRow) -> None:
        self._row = row

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        return torch.tensor([self._row.pending.abandoned], device=input_ids.device)


class _KeepsLogits(LogitsProcessor):  # type: ignore[misc]
    """Keeps the logits of the last call."""

    logits: torch.Tensor

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.logits = scores
        return scores
