"""Cost of a run: calls, tokens, time, memory, and the price where it is known."""

import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import psutil

from syndisco_nb.records import Label, Message
from syndisco_nb.runs.prices import Asked, Use, price
from syndisco_nb.shown import Shown
from syndisco_nb.wording import dollars, duration


@dataclass(frozen=True, slots=True)
class Cost(Shown):
    """Cost of a run.

    Attributes
    ----------
    calls : int
        Requests to models.
    prompt_tokens, completion_tokens : int
        0 where the models count none. Prompt tokens include those that a model need not read again.
    seconds : float
        Wall time at work, without pauses and interruptions.
    memory_mb : int
        Resident memory of this process, in MiB, models included.
    gpu_memory_mb : int
        The most that torch had allocated on the GPU, in MiB; 0 without one.
    price_usd : float or None
        List price of the tokens in US dollars, for models on servers of others; None if no price is known. It is an
        upper bound: a prompt is counted in full, though many providers charge less for a part that they had in their
        cache.
    unpriced : tuple of str
        Names of the models on servers of others whose price is not known.
    price_source : str or None
        Version of the price tables, and the day whose prices they gave.

    Examples
    --------
    >>> from syndisco_nb import Cost
    >>> Cost(calls=80, prompt_tokens=9_000, completion_tokens=2_000, seconds=96, memory_mb=900, price_usd=0.0425)
    <Cost: 80 calls, 9,000 prompt and 2,000 completion tokens, $0.04, 1.6 min, 900 MB>
    """

    calls: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    memory_mb: int
    gpu_memory_mb: int = 0
    price_usd: float | None = field(default=None, kw_only=True)
    unpriced: tuple[str, ...] = field(default=(), kw_only=True)
    price_source: str | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        usd = "" if self.price_usd is None else f", {dollars(self.price_usd)}"
        gpu = f", {self.gpu_memory_mb:,} MB on the GPU" if self.gpu_memory_mb else ""
        return (
            f"<Cost: {self.calls:,} calls, {self.prompt_tokens:,} prompt and {self.completion_tokens:,} completion "
            f"tokens{usd}, {duration(self.seconds)}, {self.memory_mb:,} MB{gpu}>"
        )


def spent(
    made: Iterable[Message | Label],
    seconds: float,
    memory_mb: int,
    gpu_memory_mb: int,
    models: Iterable[Any] = (),
    when: datetime | None = None,
) -> Cost:
    """Return the cost of messages or labels.

    Parameters
    ----------
    made : iterable of Message or Label
    seconds : float
    memory_mb, gpu_memory_mb : int
        As in `Cost`.
    models, when
        As in `price`; without a time, there is no price.
    """
    used = used_by(made)
    usd, unpriced, source = price(models, used, when) if when else (None, (), None)
    return Cost(
        calls=sum(use.calls for use in used.values()),
        prompt_tokens=sum(use.prompt_tokens for use in used.values()),
        completion_tokens=sum(use.completion_tokens for use in used.values()),
        seconds=seconds,
        memory_mb=memory_mb,
        gpu_memory_mb=gpu_memory_mb,
        price_usd=usd,
        unpriced=unpriced,
        price_source=source,
    )


def used_by(made: Iterable[Message | Label]) -> dict[Asked, Use]:
    """Return the requests that messages or labels took, and their tokens, by model.

    Those that a server answered in a batch are counted apart; for local models, where a batch changes no price, too.
    """
    used: dict[Asked, Use] = {}
    for one in made:
        if generation := one.generation:
            asked = Asked(one.model, generation.batch_size > 1)
            calls, read, written = used.get(asked, (0, 0, 0))
            used[asked] = Use(calls + 1, read + generation.prompt_tokens, written + generation.completion_tokens)
    return used


def side_by_side(estimate: Cost | None, truth: Cost) -> dict[str, dict[str, float | None]]:
    """Return estimate, truth and their ratio (truth / estimate) for each part of the cost that is a number.

    Parameters
    ----------
    estimate : Cost or None
    truth : Cost
    """
    expected = asdict(estimate) if estimate else {}
    table = {}
    for name, value in asdict(truth).items():
        if name not in ("unpriced", "price_source"):
            guess = expected.get(name)
            ratio = round(value / guess, 2) if guess and value is not None else None
            table[name] = {"estimate": guess, "truth": value, "ratio": ratio}
    return table


def memory() -> tuple[int, int]:
    """Return the memory of this process and the peak on the GPU, in MiB."""
    on_gpu = 0
    if torch := sys.modules.get("torch"):  # if not imported, it holds no memory
        on_gpu = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else 0
    return psutil.Process().memory_info().rss >> 20, on_gpu >> 20
