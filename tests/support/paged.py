"""A graph with paged attention that computes nothing: its logits are a hash of all tokens of the row so far."""

import hashlib

import numpy as np

VOCABULARY = 50


def logits_after(tokens):
    """Return the logits after these tokens, the same for the same tokens."""
    seed = hashlib.blake2b(np.array(tokens, np.int64).tobytes(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(seed)).normal(0, 3, VOCABULARY).astype(np.float32)


class HashGraph:
    """Stands in for `OpenVINOGraph`: blocks hold tokens instead of keys and values."""

    block_bytes = 1

    def __init__(self, block=4):
        self.block = block

    def new_cache(self, max_blocks=None):
        return HashCache(self.block, max_blocks)


class HashCache:
    """Stands in for `PagedCache`; refuses to read what was not written, and counts the tokens fed."""

    def __init__(self, block, max_blocks):
        self.block, self.max_blocks = block, max_blocks
        self.blocks = np.zeros((0, block), np.int64)
        self.fed = []  # the number of tokens of each call

    def grow(self, blocks):
        assert self.max_blocks is None or blocks <= self.max_blocks
        more = max(0, blocks - len(self.blocks))
        self.blocks = np.concatenate([self.blocks, np.full((more, self.block), -1)])

    def copy(self, sources):
        for target, source in sources.items():
            self.blocks[target] = self.blocks[source]

    def feed(self, chunks):
        self.fed.append(sum(len(chunk.tokens) for chunk in chunks))
        return [self._feed(chunk) for chunk in chunks]

    def _feed(self, chunk):
        end = chunk.past + len(chunk.tokens)
        for place, token in enumerate(chunk.tokens, start=chunk.past):
            self.blocks[chunk.blocks[place // self.block], place % self.block] = token
        row = np.concatenate([self.blocks[block] for block in chunk.blocks])[:end]
        assert (row >= 0).all(), "a token was read that nobody has fed"
        kept = min(chunk.keep, len(chunk.tokens))
        return np.array([logits_after(row[: end - left]) for left in reversed(range(kept))]).reshape(kept, VOCABULARY)
