"""Prefixes of chats, as far as a replica may have them in its cache."""

from syndisco_nb.backend.model.replicas import prefix_memory
from syndisco_nb.backend.model.replicas.prefix_memory import PrefixMemory, prefix_blocks
from syndisco_nb.records import ChatMessage

TALK = "".join(f"Ana: {number} is a number.\n\n" for number in range(100))


def blocks(user, system="You are Ana."):
    return prefix_blocks([ChatMessage("system", system), ChatMessage("user", user)])


def test_a_growing_transcript_keeps_its_blocks_and_another_beginning_shares_none():
    short, long = blocks(TALK[:900]), blocks(TALK)
    assert 3 == len(short) < len(long)
    assert long[: len(short)] == short
    assert not set(blocks(TALK, system="You are Ben.")) & set(long)
    assert blocks("Tea?") == ()
    assert prefix_blocks([ChatMessage("user", "a" * 300)]) != prefix_blocks([ChatMessage("system", "a" * 300)])


def test_the_longest_known_prefix_is_found(monkeypatch):
    memory = PrefixMemory()
    assert memory.longest(blocks(TALK)) == 0
    memory.add(blocks(TALK[:900]))
    assert memory.longest(blocks(TALK)) == 3 == memory.longest(blocks(TALK[:900]))
    monkeypatch.setattr(prefix_memory, "_BLOCKS", 4)
    memory.add(blocks("b" * 600))
    assert (memory.longest(blocks(TALK)), memory.longest(blocks("b" * 600))) == (2, 2)  # its end was forgotten first
