"""Replies in progress, without a model that made them."""

from concurrent.futures import Future

from syndisco_nb import Request, Sampling
from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.batching import PendingRequest


def reply_settings(prompt, limit, seed=1, **sampling):
    """Return the arguments of any row: a pending request, its prompt and its settings."""
    settings = Sampling(**{"temperature": 0, **sampling}, max_tokens=limit)
    return PendingRequest(Request((), seed), Future()), prompt, settings, ResolvedSampling.of(settings, 500)
