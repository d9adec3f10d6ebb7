"""Draw the next token of every row of a batch by the row's own settings and its own noise.

Each row has its seed, and the noise of a token is a hash of (seed, step of this row, token). So a row draws
the same beside other rows, in another order or on another device, as far as the logits agree; and rounding
can change a draw only where two tokens are nearly tied.
"""

from collections.abc import Sequence

import torch

from syndisco_nb.backend.model.base import Drawing

_MASK = (1 << 64) - 1
_TIE = 1e-12
_EDGE = 256


class RowSampler:
    """Draws a token for each row.

    It draws by the Gumbel-max trick (Gumbel, 1954; Maddison et al., 2014): the largest of log-probability
    plus Gumbel noise is a sample from the distribution.

    Parameters
    ----------
    drawings : sequence of Drawing
        One per row.
    seeds : sequence of int
        One per row.
    exempt : sequence of int
        Tokens that the repetition penalty leaves alone: those that end a reply.
    device : torch.device
        Where the logits are.
    """

    def __init__(
        self, drawings: Sequence[Drawing], seeds: Sequence[int], exempt: Sequence[int], device: torch.device
    ) -> None:
        def column(values: Sequence[float], dtype: torch.dtype = torch.float64) -> torch.Tensor:
            return torch.tensor(values, dtype=dtype, device=device)[:, None]

        self._temperature = column([one.temperature for one in drawings])
        self._top_p = column([one.top_p for one in drawings])
        self._top_k = column([one.top_k for one in drawings], torch.int64)
        self._penalty = column([one.repetition_penalty for one in drawings])
        self._seeds = column([_signed(seed) for seed in seeds], torch.int64)
        self._exempt = torch.tensor(list(exempt), dtype=torch.int64, device=device)
        # With a top_k on every row, only that many candidates need to be sorted and drawn from.
        self._candidates = max(one.top_k for one in drawings) if all(one.top_k for one in drawings) else 0

    def __call__(self, seen: torch.Tensor, scores: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
        """Return each row's token, shape (rows,).

        Parameters
        ----------
        seen : torch.Tensor, shape (rows, any)
            The tokens of prompt and reply, in any order and number.
        scores : torch.Tensor, shape (rows, vocabulary)
        steps : torch.Tensor, shape (rows,)
            How many tokens each reply has.
        """
        scores = self._penalise(seen, scores)
        logits, tokens = self._best(scores)
        logits = self._truncate(logits / self._temperature.clamp_min(1e-6))
        noisy = torch.where(self._temperature > 0, logits + self._gumbel(steps[:, None], tokens), logits)
        return tokens.gather(1, noisy.argmax(dim=1, keepdim=True))[:, 0]

    def _best(self, scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the candidates of each row, the likeliest first, in double precision.

        Logits of bfloat16 models are often equal; the token's number decides then, wherever the row stands.
        """
        size = scores.shape[1]
        count = min(self._candidates or size, size)
        # The vocabulary is large: only what may be a candidate, ties at the edge included, is looked at closely.
        logits, tokens = scores.topk(min(count + _EDGE, size), dim=1)
        logits, order = (logits.double() - tokens * _TIE).topk(count, dim=1)
        return logits, tokens.gather(1, order)

    def _penalise(self, seen: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        found = scores.gather(1, seen).double()
        found = torch.where(found < 0, found * self._penalty, found / self._penalty)
        penalised = scores.scatter(1, seen, found.to(scores.dtype))
        penalised[:, self._exempt] = scores[:, self._exempt]
        return penalised

    def _truncate(self, logits: torch.Tensor) -> torch.Tensor:
        """Drop what top_k and top_p leave out; logits are sorted, and the first always stays."""
        rank = torch.arange(logits.shape[1], device=logits.device)
        dropped = (self._top_k > 0) & (rank >= self._top_k)
        logits = logits.masked_fill(dropped, -torch.inf)
        probabilities = logits.softmax(dim=1)
        before = probabilities.cumsum(dim=1) - probabilities
        return logits.masked_fill((before >= self._top_p) & (rank > 0), -torch.inf)

    def _gumbel(self, steps: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        keys = _mix(_mix(self._seeds + steps * _signed(0x9E3779B97F4A7C15)) + tokens)
        uniform = ((keys >> 11) & ((1 << 53) - 1)).double().add_(0.5).mul_(2.0**-53)
        return -torch.log(-torch.log(uniform))


def _mix(key: torch.Tensor) -> torch.Tensor:
    """Hash 64-bit integers: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    key = (key ^ _shift(key, 30)) * _signed(0xBF58476D1CE4E5B9)
    key = (key ^ _shift(key, 27)) * _signed(0x94D049BB133111EB)
    return key ^ _shift(key, 31)


def _shift(key: torch.Tensor, bits: int) -> torch.Tensor:
    """Shift right, filling with zeros (torch's own shift keeps the sign)."""
    return (key >> bits) & ((1 << (64 - bits)) - 1)


def _signed(number: int) -> int:
    """Return the number modulo 2**64 as torch's signed 64-bit integer."""
    number &= _MASK
    return number - (1 << 64) if number >> 63 else number
