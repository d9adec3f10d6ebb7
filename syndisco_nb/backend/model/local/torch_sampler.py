"""Sampling with torch: the next token of every row of a batch, by the row's own settings and noise."""

from collections.abc import Sequence

import torch

from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.noise import MASK, MIX, STEP, TIE

_EDGE = 256  # ties at the edge of the candidates that are looked at closely


class RowSampler:
    """Draws a token for each row.

    It uses the Gumbel-max trick (Gumbel, 1954; Maddison et al., 2014): the largest of log-probability plus Gumbel noise
    is a sample from the distribution. A row's draw does not depend on its neighbours; rounding can change it only where
    two tokens are nearly tied.

    Parameters
    ----------
    samplings : sequence of ResolvedSampling
        One per row.
    seeds : sequence of int
        One per row.
    exempt : sequence of int
        Tokens without repetition penalty: those that end a reply.
    device : torch.device
        The device of the logits.
    """

    def __init__(
        self, samplings: Sequence[ResolvedSampling], seeds: Sequence[int], exempt: Sequence[int], device: torch.device
    ) -> None:
        def column(values: Sequence[float], dtype: torch.dtype = torch.float64) -> torch.Tensor:
            return torch.tensor(values, dtype=dtype, device=device)[:, None]

        self._temperature = column([one.temperature for one in samplings])
        self._top_p = column([one.top_p for one in samplings])
        self._top_k = column([one.top_k for one in samplings], torch.int64)
        self._penalty = column([one.repetition_penalty for one in samplings])
        self._seeds = column([_signed(seed) for seed in seeds], torch.int64)
        self._exempt = torch.tensor(list(exempt), dtype=torch.int64, device=device)
        # With a top_k on every row, only the largest of them has to be sorted and drawn from.
        self._candidates = max(one.top_k for one in samplings) if all(one.top_k for one in samplings) else 0

    def __call__(self, seen: torch.Tensor, scores: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
        """Return each row's token, shape (rows,).

        Parameters
        ----------
        seen : torch.Tensor, shape (rows, any)
            The tokens of prompt and reply, in any order; repetitions do not count.
        scores : torch.Tensor, shape (rows, vocabulary)
            Logits.
        steps : torch.Tensor, shape (rows,)
            The number of tokens that each reply has.
        """
        scores = self._penalise(seen, scores)
        logits, tokens = self._best(scores)
        logits = self._truncate(logits / self._temperature.clamp_min(1e-6))
        noisy = torch.where(self._temperature > 0, logits + self._gumbel(steps[:, None], tokens), logits)
        return tokens.gather(1, noisy.argmax(dim=1, keepdim=True))[:, 0]

    def _best(self, scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the candidates of each row in double precision, the most probable first, ties by token."""
        size = scores.shape[1]
        count = min(self._candidates or size, size)
        # The vocabulary is large, so double precision is for the candidates alone, with the ties at their edge.
        logits, tokens = scores.topk(min(count + _EDGE, size), dim=1)
        logits, order = (logits.double() - tokens * TIE).topk(count, dim=1)
        return logits, tokens.gather(1, order)

    def _penalise(self, seen: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        before = scores.gather(1, seen).double()
        after = torch.where(before < 0, before * self._penalty, before / self._penalty)
        penalised = scores.scatter(1, seen, after.to(scores.dtype))
        penalised[:, self._exempt] = scores[:, self._exempt]
        return penalised

    def _truncate(self, logits: torch.Tensor) -> torch.Tensor:
        """Apply top_k and top_p to sorted logits; the first always stays."""
        rank = torch.arange(logits.shape[1], device=logits.device)
        dropped = (self._top_k > 0) & (rank >= self._top_k)
        logits = logits.masked_fill(dropped, -torch.inf)
        probabilities = logits.softmax(dim=1)
        before = probabilities.cumsum(dim=1) - probabilities
        return logits.masked_fill((before >= self._top_p) & (rank > 0), -torch.inf)

    def _gumbel(self, steps: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Return Gumbel noise from a hash of seed, step and token."""
        keys = _mix(_mix(self._seeds + steps * _signed(STEP)) + tokens)
        uniform = ((keys >> 11) & ((1 << 53) - 1)).double().add_(0.5).mul_(2.0**-53)
        return -torch.log(-torch.log(uniform))


def _mix(key: torch.Tensor) -> torch.Tensor:
    """Hash 64-bit integers."""
    key = (key ^ _shift(key, 30)) * _signed(MIX[0])
    key = (key ^ _shift(key, 27)) * _signed(MIX[1])
    return key ^ _shift(key, 31)


def _shift(key: torch.Tensor, bits: int) -> torch.Tensor:
    """Shift right, filling with zeros (torch's own shift keeps the sign)."""
    return (key >> bits) & ((1 << (64 - bits)) - 1)


def _signed(number: int) -> int:
    """Return the number modulo 2**64 as torch's signed 64-bit integer."""
    number &= MASK
    return number - (1 << 64) if number >> 63 else number
