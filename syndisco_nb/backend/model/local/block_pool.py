"""Allocation of cache blocks to rows, with the blocks of shared prefixes in common."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_Key = tuple[int, tuple[int, ...]]


@dataclass(eq=False, slots=True)
class Lease:
    """The blocks of one row.

    Attributes
    ----------
    blocks : list of int
        In the order of the row's tokens.
    fed : int
        The number of the row's first tokens whose keys and values are in the blocks.
    """

    blocks: list[int]
    fed: int


@dataclass(eq=False, slots=True)
class _PromptBlock:
    """A block that holds, or is about to hold, a piece of a prompt.

    Attributes
    ----------
    key : tuple
        The serial number of the block before it, which stands for the whole prefix, and the tokens of this one.
    serial : int
        Never used again, so that blocks that followed a reallocated one are not found any more.
    filled : bool
        Whether its tokens have been fed.
    """

    key: _Key
    serial: int
    filled: bool = False


class BlockPool:
    """Leases blocks to rows. Rows with a common prefix share its blocks, at the same time or one after the other.

    A released block keeps its contents for later prompts until it is needed; the block that was released first is
    reused first.

    Parameters
    ----------
    size : int
        Tokens per block.
    capacity : int
        The largest number of blocks.

    Attributes
    ----------
    allocated : int
        The number of blocks that have ever been in use.
    """

    def __init__(self, size: int, capacity: int) -> None:
        self.size = size
        self.capacity = capacity
        self.allocated = 0
        self._free: list[int] = []
        self._idle: dict[int, None] = {}  # prompt blocks without a user, in the order of their release
        self._users: dict[int, int] = {}  # number of leases of each block
        self._prompt_blocks: dict[int, _PromptBlock] = {}
        self._by_key: dict[_Key, int] = {}
        self._serials = itertools.count(1)

    def count(self, tokens: int) -> int:
        """Return the number of blocks for a number of tokens."""
        return -(-tokens // self.size)

    def is_being_fed(self, prompt: Sequence[int]) -> bool:
        """Return whether another row is being fed the next block of this prompt, so that it is better to wait."""
        shared = self._shared(prompt)
        return bool(shared) and not self._prompt_blocks[shared[-1]].filled

    def lease(self, prompt: Sequence[int], max_tokens: int) -> Lease | None:
        """Return all blocks that a row may need, or None if there are not enough at the moment.

        Parameters
        ----------
        prompt : sequence of int
            Its last token is always left to be fed.
        max_tokens : int
            The largest length of prompt and reply together.
        """
        shared = [block for block in self._shared(prompt) if self._prompt_blocks[block].filled]
        missing = self.count(max_tokens) - len(shared)
        reusable = len(self._idle.keys() - shared)
        if missing > len(self._free) + self.capacity - self.allocated + reusable:
            return None
        for block in shared:
            self._idle.pop(block, None)
            self._users[block] = self._users.get(block, 0) + 1
        blocks = shared + [self._new() for _ in range(missing)]
        before = self._prompt_blocks[shared[-1]].serial if shared else 0
        for block, tokens in list(zip(blocks, self._split(prompt), strict=False))[len(shared) :]:
            prompt_block = _PromptBlock((before, tokens), next(self._serials))
            if prompt_block.key in self._by_key:
                break  # another row is being fed the same tokens
            self._prompt_blocks[block], self._by_key[prompt_block.key] = prompt_block, block
            before = prompt_block.serial
        return Lease(blocks, len(shared) * self.size)

    def mark_fed(self, lease: Lease, tokens: int) -> None:
        """Record that further tokens of a row have been fed.

        Parameters
        ----------
        lease : Lease
        tokens : int
            Their number.
        """
        before, lease.fed = lease.fed, lease.fed + tokens
        for block in lease.blocks[before // self.size : lease.fed // self.size]:
            if prompt_block := self._prompt_blocks.get(block):
                prompt_block.filled = True

    def release(self, lease: Lease) -> None:
        """Take back the blocks of a row that leaves."""
        for block in reversed(lease.blocks):  # the end of a prefix is reused first: its beginning serves more prompts
            self._users[block] -= 1
            if self._users[block]:
                continue
            del self._users[block]
            prompt_block = self._prompt_blocks.get(block)
            if prompt_block and prompt_block.filled:
                self._idle[block] = None
            else:
                self._forget(block)
                self._free.append(block)

    def _split(self, prompt: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield the tokens of each block that a prompt fills, without the last token."""
        for at in range(0, len(prompt) - self.size, self.size):
            yield tuple(prompt[at : at + self.size])

    def _shared(self, prompt: Sequence[int]) -> list[int]:
        """Return the blocks of the prompt's prefix, up to and including the first that is not filled yet."""
        shared: list[int] = []
        before = 0
        for tokens in self._split(prompt):
            block = self._by_key.get((before, tokens))
            if block is None:
                break
            shared.append(block)
            if not self._prompt_blocks[block].filled:
                break
            before = self._prompt_blocks[block].serial
        return shared

    def _new(self) -> int:
        if self._free:
            block = self._free.pop()
        elif self.allocated < self.capacity:
            block, self.allocated = self.allocated, self.allocated + 1
        else:
            block = next(iter(self._idle))
            del self._idle[block]
            self._forget(block)
        self._users[block] = 1
        return block

    def _forget(self, block: int) -> None:
        if prompt_block := self._prompt_blocks.pop(block, None):
            del self._by_key[prompt_block.key]
