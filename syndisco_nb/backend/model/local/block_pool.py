"""Blocks of attention cache: who uses which, and which prompt's beginning they hold."""

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
        In the order of its tokens.
    fed : int
        How many of its first tokens they hold.
    """

    blocks: list[int]
    fed: int


@dataclass(eq=False, slots=True)
class _Known:
    """A block that holds a piece of prompt, or is about to.

    Attributes
    ----------
    key : tuple
        The serial number of the piece before, which says all that stands before it, and the tokens.
    serial : int
        Never used again, so what followed a block that was given away is not found.
    filled : bool
        Whether it holds the piece already.
    """

    key: _Key
    serial: int
    filled: bool = False


class BlockPool:
    """Lends blocks to rows. Those that begin alike share the blocks of that part, at the same time or later.

    A block that nobody uses is kept for those who may begin alike, until its place is needed; the one that was
    left first goes first.

    Parameters
    ----------
    size : int
        How many tokens a block takes.
    capacity : int
        How many blocks there may be.
    """

    def __init__(self, size: int, capacity: int) -> None:
        self.size = size
        self.capacity = capacity
        self.made = 0
        self._free: list[int] = []
        self._idle: dict[int, None] = {}  # known, and used by nobody; the first was left first
        self._uses: dict[int, int] = {}
        self._known: dict[int, _Known] = {}
        self._by_key: dict[_Key, int] = {}
        self._serials = itertools.count(1)

    def needs(self, most: int) -> int:
        """Return how many blocks so many tokens take."""
        return -(-most // self.size)

    def awaits(self, tokens: Sequence[int]) -> bool:
        """Return whether another row is being fed what this prompt goes on with, so that waiting saves work."""
        shared = self._shared(tokens)
        return bool(shared) and not self._known[shared[-1]].filled

    def take(self, tokens: Sequence[int], most: int) -> Lease | None:
        """Lend a row all blocks that it may need; None if there is no room at the moment.

        Parameters
        ----------
        tokens : sequence of int
            The prompt; its last token is always left to be fed.
        most : int
            How many tokens prompt and reply may have.
        """
        shared = [block for block in self._shared(tokens) if self._known[block].filled]
        more = self.needs(most) - len(shared)
        reserve = len(self._idle.keys() - shared)
        if more > len(self._free) + self.capacity - self.made + reserve:
            return None
        for block in shared:
            self._idle.pop(block, None)
            self._uses[block] = self._uses.get(block, 0) + 1
        blocks = shared + [self._new() for _ in range(more)]
        before = self._known[shared[-1]].serial if shared else 0
        for block, piece in list(zip(blocks, self._pieces(tokens), strict=False))[len(shared) :]:
            known = _Known((before, piece), next(self._serials))
            if known.key in self._by_key:
                break  # another row is being fed the same
            self._known[block], self._by_key[known.key] = known, block
            before = known.serial
        return Lease(blocks, len(shared) * self.size)

    def fed(self, lease: Lease, more: int) -> None:
        """Note that so many tokens more of a row were fed."""
        before, lease.fed = lease.fed, lease.fed + more
        for block in lease.blocks[before // self.size : lease.fed // self.size]:
            if known := self._known.get(block):
                known.filled = True

    def give_back(self, lease: Lease) -> None:
        """Take the blocks of a row that leaves."""
        for block in reversed(lease.blocks):  # a beginning is worth more than what follows it
            self._uses[block] -= 1
            if self._uses[block]:
                continue
            del self._uses[block]
            known = self._known.get(block)
            if known and known.filled:
                self._idle[block] = None
            else:
                self._forget(block)
                self._free.append(block)

    def _pieces(self, tokens: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield what each block would hold of a prompt: whole blocks, and never the last token."""
        for at in range(0, len(tokens) - self.size, self.size):
            yield tuple(tokens[at : at + self.size])

    def _shared(self, tokens: Sequence[int]) -> list[int]:
        """Return the blocks that hold the prompt's beginning, up to the first that does not hold it yet."""
        shared: list[int] = []
        before = 0
        for piece in self._pieces(tokens):
            block = self._by_key.get((before, piece))
            if block is None:
                break
            shared.append(block)
            if not self._known[block].filled:
                break
            before = self._known[block].serial
        return shared

    def _new(self) -> int:
        if self._free:
            block = self._free.pop()
        elif self.made < self.capacity:
            block, self.made = self.made, self.made + 1
        else:
            block = next(iter(self._idle))
            del self._idle[block]
            self._forget(block)
        self._uses[block] = 1
        return block

    def _forget(self, block: int) -> None:
        if known := self._known.pop(block, None):
            del self._by_key[known.key]
