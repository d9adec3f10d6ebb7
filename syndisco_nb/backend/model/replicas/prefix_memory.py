"""Prefixes: the beginnings of chats that a replica has read, and so may still have in its cache."""

import itertools
from collections import OrderedDict
from collections.abc import Sequence

from syndisco_nb.records import ChatMessage

_BLOCK = 256  # characters; 50 to 100 tokens, a few of the blocks in which servers cache
_BLOCKS = 20_000  # about a million tokens, the cache of a large GPU


def prefix_blocks(messages: Sequence[ChatMessage]) -> tuple[int, ...]:
    """Return a hash of each prefix of a chat, a block longer each; the rest after the last whole block is left out.

    The transcript is a single message that grows, so the messages alone would tell too little.

    Examples
    --------
    >>> first, longer = (prefix_blocks([ChatMessage("user", "Hm. " * number)]) for number in (100, 200))
    >>> len(first), len(longer), longer[0] == first[0]
    (1, 3, True)
    """
    chat = "".join(f"\x1e{message.role}\x1f{message.content}" for message in messages)
    blocks = (chat[start : start + _BLOCK] for start in range(0, len(chat) - _BLOCK + 1, _BLOCK))
    hashes = itertools.accumulate(blocks, lambda before, block: hash((before, block)), initial=0)
    return tuple(hashes)[1:]


class PrefixMemory:
    """The prefixes that a replica read last; the least recently used are forgotten, as the replica forgets them.

    The router only guesses a replica's cache from the requests that it sent there, as the cache-aware router of SGLang
    does (Zheng et al., 2024, *SGLang: Efficient Execution of Structured Language Model Programs*; its router keeps an
    approximate tree of each worker's prefixes).
    """

    def __init__(self) -> None:
        self._known: OrderedDict[int, None] = OrderedDict()

    def add(self, blocks: Sequence[int]) -> None:
        """Remember the prefixes of a chat that the replica is about to read."""
        for block in reversed(blocks):  # so that the longest prefix of a chat is forgotten first
            self._known[block] = None
            self._known.move_to_end(block)
        while len(self._known) > _BLOCKS:
            self._known.popitem(last=False)

    def longest(self, blocks: Sequence[int]) -> int:
        """Return the number of blocks of a chat that are known from its beginning."""
        return next((number for number in range(len(blocks), 0, -1) if blocks[number - 1] in self._known), 0)
