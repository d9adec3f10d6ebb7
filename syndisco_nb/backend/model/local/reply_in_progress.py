"""A reply that is being generated: one row of a running batch, whichever engine runs it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.batching import PendingRequest
from syndisco_nb.records import Sampling


@dataclass(eq=False, slots=True)
class ReplyInProgress:
    """A reply that is being generated.

    Attributes
    ----------
    pending : PendingRequest
        The request that it answers.
    prompt : list of int
        Tokens, two at least.
    sampling : Sampling
        The settings as requested, for the record.
    resolved : ResolvedSampling
        The same settings with every gap filled, for the sampler.
    reply : list of int
        The tokens drawn so far.
    overflowed : bool
        Whether the model returned no probabilities for the next token. Such a reply cannot go on.
    """

    pending: PendingRequest
    prompt: list[int]
    sampling: Sampling
    resolved: ResolvedSampling
    reply: list[int] = field(default_factory=list)
    overflowed: bool = False

    @property
    def seed(self) -> int:
        """The seed of the request."""
        return self.pending.request.seed

    @property
    def tokens(self) -> list[int]:
        """Prompt and reply."""
        return self.prompt + self.reply

    @property
    def max_tokens(self) -> int:
        """The largest length of prompt and reply together."""
        return len(self.prompt) + self.resolved.max_tokens

    def is_finished(self, ends: Collection[int]) -> bool:
        """Return whether the reply has one of these tokens at its end, is as long as allowed, or cannot go on."""
        ended = bool(self.reply) and self.reply[-1] in ends
        return ended or self.overflowed or len(self.reply) >= self.resolved.max_tokens
