"""Cost of a run: calls, tokens, time, memory."""

import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import psutil

from syndisco_nb.records import Label, Message
from syndisco_nb.shown import Shown
from syndisco_nb.wording import duration


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

    Examples
    --------
    >>> from syndisco_nb import Cost
    >>> Cost(calls=80, prompt_tokens=9_000, completion_tokens=2_000, seconds=96, memory_mb=900)
    <Cost: 80 calls, 9,000 prompt and 2,000 completion tokens, 1.6 min, 900 MB>
    """

    calls: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    memory_mb: int
    gpu_memory_mb: int = 0

    def __repr__(self) -> str:
        gpu = f", {self.gpu_memory_mb:,} MB on the GPU" if self.gpu_memory_mb else ""
        return (
            f"<Cost: {self.calls:,} calls, {self.prompt_tokens:,} prompt and {self.completion_tokens:,} completion "
            f"tokens, {duration(self.seconds)}, {self.memory_mb:,} MB{gpu}>"
        )


def spent(made: Iterable[Message | Label], seconds: float, memory_mb: int, gpu_memory_mb: int) -> Cost:
    """Return the cost of messages or labels.

    Parameters
    ----------
    made : iterable of Message or Label
    seconds : float
    memory_mb, gpu_memory_mb : int
        As in `Cost`.
    """
    generations = [one.generation for one in made if one.generation]
    return Cost(
        calls=len(generations),
        prompt_tokens=sum(one.prompt_tokens for one in generations),
        completion_tokens=sum(one.completion_tokens for one in generations),
        seconds=seconds,
        memory_mb=memory_mb,
        gpu_memory_mb=gpu_memory_mb,
    )


def side_by_side(estimate: Cost | None, truth: Cost) -> dict[str, dict[str, float | None]]:
    """Return estimate, truth and their ratio (truth / estimate) for each part of the cost.

    Parameters
    ----------
    estimate : Cost or None
    truth : Cost
    """
    expected = asdict(estimate) if estimate else {}
    table = {}
    for name, value in asdict(truth).items():
        guess = expected.get(name)
        table[name] = {"estimate": guess, "truth": value, "ratio": round(value / guess, 2) if guess else None}
    return table


def memory() -> tuple[int, int]:
    """Return the memory of this process and the peak on the GPU, in MiB."""
    on_gpu = 0
    if torch := sys.modules.get("torch"):  # if not imported, it holds no memory
        on_gpu = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else 0
    return psutil.Process().memory_info().rss >> 20, on_gpu >> 20
