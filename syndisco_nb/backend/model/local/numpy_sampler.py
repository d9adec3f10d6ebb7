"""Draw the next token with numpy, by the same rule and the same noise as `sampler.RowSampler` does with torch.

So the engines draw the same reply to the same request, as far as their logits agree.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from syndisco_nb.backend.model.base import Drawing

_TIE = 1e-12
_CHUNK = 128  # tokens whose largest logit is looked at first
_FIRST = 1024  # tokens that most often hold all that top_p keeps
_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1

Logits = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]


def draw(logits: Logits, seen: Sequence[int], exempt: Sequence[int], drawing: Drawing, seed: int, step: int) -> int:
    """Return the next token of a reply.

    Parameters
    ----------
    logits : array, shape (vocabulary,)
    seen : sequence of int
        The tokens of prompt and reply, in any order and number.
    exempt : sequence of int
        Tokens that the repetition penalty leaves alone: those that end a reply.
    drawing : Drawing
    seed : int
    step : int
        How many tokens the reply has.

    Examples
    --------
    >>> draw(np.array([0, 3, 2], np.float32), [1], [], Drawing(0.0, 1.0, 0, 2.0, 9), seed=1, step=0)
    2
    """
    scores, tokens = candidates(logits, seen, exempt, drawing)
    if drawing.temperature > 0:
        scores = scores + _gumbel(seed, step, tokens)
    return int(tokens[scores.argmax()])


def candidates(logits: Logits, seen: Sequence[int], exempt: Sequence[int], drawing: Drawing) -> tuple[Doubles, Tokens]:
    """Return what may be drawn: logits (up to a constant), and tokens.

    The penalty comes first, then the temperature, `top_k` and `top_p`.
    """
    penalised = _penalised(logits, seen, exempt, drawing.repetition_penalty)
    temperature = max(drawing.temperature, 1e-6)
    count = drawing.top_k if drawing.temperature else 1
    if count or drawing.top_p >= 1:
        scores, tokens = _best(penalised, count)
        scores = scores / temperature
        return (scores, tokens) if drawing.top_p >= 1 else _nucleus(scores, tokens, _total(scores), drawing.top_p)
    total = _total(penalised / np.float32(temperature))
    count = _FIRST
    while True:
        scores, tokens = _best(penalised, count)
        scores = scores / temperature
        if len(scores) == len(logits) or _total(scores) >= drawing.top_p * total:
            return _nucleus(scores, tokens, total, drawing.top_p)
        count *= 8


def _total(scores: npt.NDArray[np.floating]) -> float:
    """Return the sum of all weights, where the likeliest token has the weight 1."""
    return float(np.exp(scores - scores.max()).sum(dtype=np.float64))


def _penalised(logits: Logits, seen: Sequence[int], exempt: Sequence[int], penalty: float) -> Logits:
    if penalty == 1:
        return logits
    places = np.array(seen, np.int64)
    found = logits[places].astype(np.float64)
    penalised = logits.copy()
    penalised[places] = np.where(found < 0, found * penalty, found / penalty)
    spared = np.array(exempt, np.int64)
    penalised[spared] = logits[spared]
    return penalised


def _best(scores: Logits, count: int) -> tuple[Doubles, Tokens]:
    """Return the `count` likeliest tokens in order, of equal ones those of lower numbers; for 0 all, as they are."""
    if not count:
        return scores.astype(np.float64), np.arange(len(scores))
    tokens = np.arange(len(scores))
    if count < len(scores):
        whole = len(scores) // _CHUNK * _CHUNK
        most = scores[:whole].reshape(-1, _CHUNK).max(axis=1)
        # As many chunks hold a logit of at least this, so nothing below is a candidate.
        bound = np.partition(most, -count)[-count] if count < len(most) else np.partition(scores, -count)[-count]
        tokens = np.flatnonzero(scores >= bound)
    exact = scores[tokens].astype(np.float64) - tokens * _TIE
    order = np.argsort(-exact, kind="stable")[:count]
    return exact[order], tokens[order]


def _nucleus(scores: Doubles, tokens: Tokens, total: float, top_p: float) -> tuple[Doubles, Tokens]:
    """Keep the likeliest tokens that add up to `top_p`; the first always stays."""
    probabilities = np.exp(scores - scores[0]) / total
    before = probabilities.cumsum() - probabilities
    kept = max(1, int(np.searchsorted(before, top_p)))
    return scores[:kept], tokens[:kept]


def _gumbel(seed: int, step: int, tokens: Tokens) -> Doubles:
    """Return noise that is a hash of seed, step and token."""
    with np.errstate(over="ignore"):
        start = _mix(np.array([(seed + step * _GOLDEN) & _MASK], np.uint64))
        keys = _mix(start + tokens.astype(np.uint64))
    uniform = ((keys >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray(-np.log(-np.log(uniform)))


def _mix(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Hash 64-bit integers: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))
