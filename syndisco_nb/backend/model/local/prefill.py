"""Prefill: feed prompts to a Hugging Face model, each shared prefix once.

Prompts of a discussion repeat themselves: all those of one person begin with the same instructions. The cache of a
prefix that at least two prompts share is kept for later prompts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import torch
from transformers.cache_utils import Cache, DynamicCache

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.prefix_tree import PrefixNode, prefix_tree

_MAX_TOKENS = 8192  # per forward pass, which bounds the memory of its activations

Tokens: TypeAlias = tuple[int, ...]
RowStates: TypeAlias = dict[int, tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of one row, heads × tokens × size, by the number of the layer."""

_NO_STATES: RowStates = {}


@dataclass(frozen=True, slots=True)
class PrefilledRows:
    """Prompts that one forward pass has finished.

    Attributes
    ----------
    numbers : list of int
        The numbers of the prompts.
    rows, first : list of int
        For each prompt, its row in the cache and its first column there.
    cache : Cache
    """

    numbers: list[int]
    rows: list[int]
    first: list[int]
    cache: Cache


class _Job(NamedTuple):
    """A node of the prefix tree to be fed, the tokens before it, and their cache."""

    node: PrefixNode
    before: Tokens
    states: RowStates

    @property
    def length(self) -> int:
        return len(self.before) + len(self.node.piece)


class Prefiller:
    """Feeds prompts, and keeps the cache of shared prefixes.

    Parameters
    ----------
    forward : ForwardPass
        Of a model that `has_only_attention`.
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward
        self._prefixes: dict[Tokens, RowStates] = {}  # the most recently used last

    def forget(self) -> None:
        """Free all kept prefixes."""
        self._prefixes.clear()

    def feed(self, prompts: Mapping[int, Tokens], kept: int) -> Iterator[PrefilledRows]:
        """Feed numbered prompts, and yield them as they are finished.

        Parameters
        ----------
        prompts : mapping of int to tuple of int
        kept : int
            The number of tokens, over all shared prefixes, whose cache is kept.
        """
        by_prefix: dict[Tokens, dict[int, Tokens]] = {}
        for number, prompt in prompts.items():
            by_prefix.setdefault(self._longest_prefix(prompt), {})[number] = prompt
        level = [
            _Job(node, prefix, self._prefixes.get(prefix, _NO_STATES))
            for prefix, group in by_prefix.items()
            for node in prefix_tree(group, len(prefix))
        ]
        while level:
            next_level = []
            for batch in _batches(level):
                cache, width = self._extend(batch)
                first = [width - len(job.before) for job in batch]
                ends = [(number, row) for row, job in enumerate(batch) for number in job.node.ends]
                rows = [row for _, row in ends]
                yield PrefilledRows([number for number, _ in ends], rows, [first[row] for row in rows], cache)
                for row, job in enumerate(batch):
                    if job.node.children:
                        states = _row_states(cache, row, first[row], job.length)
                        prefix = job.before + job.node.piece
                        self._keep(prefix, states, kept)
                        next_level += [_Job(child, prefix, states) for child in job.node.children]
            level = next_level

    def _longest_prefix(self, prompt: Tokens) -> Tokens:
        """Return the longest kept prefix of a prompt, and mark it as used."""
        longest = max((prefix for prefix in self._prefixes if prompt[: len(prefix)] == prefix), key=len, default=())
        if longest:
            self._prefixes[longest] = self._prefixes.pop(longest)
        return longest

    def _keep(self, prefix: Tokens, states: RowStates, max_tokens: int) -> None:
        self._prefixes[prefix] = states
        while sum(map(len, self._prefixes)) > max_tokens:
            del self._prefixes[next(iter(self._prefixes))]

    def _extend(self, batch: Sequence[_Job]) -> tuple[Cache, int]:
        """Feed one node per row; return the cache, and the column at which the new tokens begin.

        Each row's cached prefix ends before that column, and its new tokens begin there, with no padding between
        them: sliding windows count columns. Shorter rows are padded on the right, where the mask is False.
        """
        before = max(len(job.before) for job in batch)
        width = max(len(job.node.piece) for job in batch)
        cache = _join([job.states for job in batch], before)
        if width:
            device = self._forward.device
            past = torch.tensor([len(job.before) for job in batch], device=device)[:, None]
            new = torch.tensor([len(job.node.piece) for job in batch], device=device)[:, None]
            columns = torch.arange(before + width, device=device) - before
            self._forward(
                torch.tensor([[*job.node.piece, *[0] * (width - len(job.node.piece))] for job in batch], device=device),
                (columns >= -past) & (columns < new),
                (past + columns[before:]).minimum(past + new - 1).clamp_min(0),
                cache,
            )
        return cache, before


def _batches(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Divide jobs into batches of similar length, so that little is padded."""
    batch: list[_Job] = []
    longest = 0
    for job in sorted(jobs, key=lambda job: -len(job.node.piece)):
        longest = max(longest, job.length)
        if batch and (len(batch) + 1) * longest > _MAX_TOKENS:
            yield batch
            batch, longest = [], job.length
        batch.append(job)
    yield batch


def _row_states(cache: Cache, row: int, first: int, length: int) -> RowStates:
    """Return a copy of one row of a cache."""
    end = first + length
    return {
        number: (layer.keys[row, :, first:end].clone(), layer.values[row, :, first:end].clone())
        for number, layer in enumerate(cache.layers)
        if layer.is_initialized
    }


def _join(rows: Sequence[RowStates], width: int) -> Cache:
    """Return a cache of these rows, all ending at its last column."""
    distinct = list({id(states): states for states in rows}.values())
    places = [next(place for place, other in enumerate(distinct) if other is states) for states in rows]
    cache = DynamicCache()
    for number, parts in next(filter(None, distinct), _NO_STATES).items():
        joined = []
        for kind, part in enumerate(parts):  # keys, then values
            stacked = part.new_zeros(len(distinct), part.shape[0], width, part.shape[2])
            for place, states in enumerate(distinct):
                if states:
                    stacked[place, :, width - states[number][kind].shape[1] :] = states[number][kind]
            joined.append(stacked[places])
        cache.update(*joined, number)
    return cache
