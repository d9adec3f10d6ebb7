"""Sampling with numpy, for OpenVINO: the same rule and the same noise as `torch_sampler`.

Both engines therefore draw the same reply to the same request, as far as their logits agree. The two must be changed
together; a test compares them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.noise import MASK, MIX, STEP, TIE

_CHUNK = 128  # tokens of which only the largest logit is looked at first
_FIRST = 1024  # candidates among which `top_p` is tried first
_MIX_1, _MIX_2 = (np.uint64(factor) for factor in MIX)

Logits = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
TokenIds = npt.NDArray[np.int64]


def draw(
    logits: Logits, seen: Sequence[int], exempt: Sequence[int], sampling: ResolvedSampling, seed: int, step: int
) -> int:
    """Return the next token of a reply.

    Parameters
    ----------
    logits : array, shape (vocabulary,)
    seen : sequence of int
        The tokens of prompt and reply, in any order; repetitions do not count.
    exempt : sequence of int
        Tokens without repetition penalty: those that end a reply.
    sampling : ResolvedSampling
    seed : int
    step : int
        The number of tokens that the reply has.

    Examples
    --------
    >>> draw(np.array([0, 3, 2], np.float32), [1], [], ResolvedSampling(0.0, 1.0, 0, 2.0, 9), seed=1, step=0)
    2
    """
    scores, tokens = candidates(logits, seen, exempt, sampling)
    if sampling.temperature > 0:
        scores = scores + _gumbel(seed, step, tokens)
    return int(tokens[scores.argmax()])


def candidates(
    logits: Logits, seen: Sequence[int], exempt: Sequence[int], sampling: ResolvedSampling
) -> tuple[Doubles, TokenIds]:
    """Return the tokens that may be drawn, and their logits, up to a constant.

    The penalty comes first, then the temperature, `top_k` and `top_p`.

    Parameters
    ----------
    logits, seen, exempt, sampling
        As for `draw`.
    """
    penalised = _penalise(logits, seen, exempt, sampling.repetition_penalty)
    temperature = max(sampling.temperature, 1e-6)
    count = sampling.top_k if sampling.temperature else 1
    if count or sampling.top_p >= 1:
        scores, tokens = _best(penalised, count)
        scores = scores / temperature
        return (scores, tokens) if sampling.top_p >= 1 else _nucleus(scores, tokens, _total(scores), sampling.top_p)
    total = _total(penalised / np.float32(temperature))
    count = _FIRST
    while True:
        scores, tokens = _best(penalised, count)
        scores = scores / temperature
        if len(scores) == len(logits) or _total(scores) >= sampling.top_p * total:
            return _nucleus(scores, tokens, total, sampling.top_p)
        count *= 8


def _total(scores: npt.NDArray[np.floating]) -> float:
    """Return the sum of all weights, the largest being 1."""
    return float(np.exp(scores - scores.max()).sum(dtype=np.float64))


def _penalise(logits: Logits, seen: Sequence[int], exempt: Sequence[int], penalty: float) -> Logits:
    if penalty == 1:
        return logits
    places = np.array(seen, np.int64)
    before = logits[places].astype(np.float64)
    penalised = logits.copy()
    penalised[places] = np.where(before < 0, before * penalty, before / penalty)
    spared = np.array(exempt, np.int64)
    penalised[spared] = logits[spared]
    return penalised


def _best(scores: Logits, count: int) -> tuple[Doubles, TokenIds]:
    """Return the `count` largest scores in descending order, ties by token; for 0 all of them, unsorted."""
    if not count:
        return scores.astype(np.float64), np.arange(len(scores))
    tokens = np.arange(len(scores))
    if count < len(scores):
        whole = len(scores) // _CHUNK * _CHUNK
        largest = scores[:whole].reshape(-1, _CHUNK).max(axis=1)
        # At least `count` chunks hold a score of this or more, so nothing below it is a candidate.
        bound = np.partition(largest, -count)[-count] if count < len(largest) else np.partition(scores, -count)[-count]
        tokens = np.flatnonzero(scores >= bound)
    exact = scores[tokens].astype(np.float64) - tokens * TIE
    order = np.argsort(-exact, kind="stable")[:count]
    return exact[order], tokens[order]


def _nucleus(scores: Doubles, tokens: TokenIds, total: float, top_p: float) -> tuple[Doubles, TokenIds]:
    """Return the most probable tokens whose probabilities reach `top_p`, one at least; scores are sorted."""
    probabilities = np.exp(scores - scores[0]) / total
    before = probabilities.cumsum() - probabilities
    kept = max(1, int(np.searchsorted(before, top_p)))
    return scores[:kept], tokens[:kept]


def _gumbel(seed: int, step: int, tokens: TokenIds) -> Doubles:
    """Return Gumbel noise from a hash of seed, step and token."""
    with np.errstate(over="ignore"):
        start = _mix(np.array([(seed + step * STEP) & MASK], np.uint64))
        keys = _mix(start + tokens.astype(np.uint64))
    uniform = ((keys >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray(-np.log(-np.log(uniform)))


def _mix(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Hash 64-bit integers."""
    key = (key ^ (key >> np.uint64(30))) * _MIX_1
    key = (key ^ (key >> np.uint64(27))) * _MIX_2
    return key ^ (key >> np.uint64(31))
