import random

from syndisco_nb.backend.model.local.block_pool import BlockPool


def prompt(*parts):
    """Return tokens: four for each letter."""
    return [ord(part) * 10 + number for part in parts for number in range(4)]


def feed(pool, tokens, most=None):
    lease = pool.lease(tokens, most or len(tokens))
    if lease:
        pool.mark_fed(lease, len(tokens) - lease.fed)
    return lease


def test_prompts_that_begin_alike_share_that_part():
    pool = BlockPool(4, 99)
    first = feed(pool, prompt(*"abcd"))
    second = pool.lease(prompt(*"abxd"), 20)
    assert second.blocks[:2] == first.blocks[:2]
    assert (second.fed, len(second.blocks), len({*first.blocks, *second.blocks})) == (8, 5, 7)


def test_the_last_token_is_always_left_to_be_fed():
    pool = BlockPool(4, 99)
    feed(pool, prompt(*"ab"))
    assert pool.lease(prompt(*"ab"), 8).fed == 4
    assert pool.lease([*prompt(*"ab"), 1], 9).fed == 4  # nobody fed the second block as a part of a longer prompt


def test_equal_pieces_after_different_beginnings_are_not_the_same():
    pool = BlockPool(4, 99)
    feed(pool, prompt(*"abcd"))
    assert pool.lease(prompt(*"xbcd"), 16).fed == 0


def test_a_prompt_waits_for_a_beginning_that_is_being_fed():
    pool = BlockPool(4, 99)
    first = pool.lease(prompt(*"abcd"), 16)
    assert pool.is_being_fed(prompt(*"abxy"))
    assert not pool.is_being_fed(prompt(*"xbcd"))
    pool.mark_fed(first, 5)
    assert pool.is_being_fed(prompt(*"abxy"))
    pool.mark_fed(first, 3)
    assert not pool.is_being_fed(prompt(*"abxy"))
    assert pool.is_being_fed(prompt(*"abcx"))
    pool.release(first)  # gone before it was fed whole
    assert not pool.is_being_fed(prompt(*"abcx"))
    assert pool.lease(prompt(*"abcx"), 16).fed == 8


def test_a_row_waits_for_room_and_takes_what_was_left_first():
    pool = BlockPool(4, 6)
    first, second = feed(pool, prompt(*"abc")), feed(pool, prompt(*"xyz"))
    assert pool.lease(prompt(*"m"), 4) is None
    pool.release(first)
    third = feed(pool, prompt(*"mn"))
    assert third is not None
    pool.release(second)
    pool.release(third)
    again = pool.lease(prompt(*"xyz"), 12)
    assert again.fed == 8
    assert pool.allocated == 6


def test_no_block_is_ever_lent_twice_unless_its_tokens_are_the_same():
    rng = random.Random(1)
    pool = BlockPool(4, 40)
    held = {}  # what each block holds, as a model would find it
    rows = []
    shared = lent = 0
    for _ in range(5000):
        if rows and rng.random() < 0.5:
            lease, _ = rows.pop(rng.randrange(len(rows)))
            pool.release(lease)
            continue
        tokens = [rng.randrange(2) for _ in range(rng.randrange(1, 24))]
        most = len(tokens) + rng.randrange(8)
        if pool.is_being_fed(tokens) or (lease := pool.lease(tokens, most)) is None:
            continue
        shared, lent = shared + lease.fed, lent + 1
        assert len(lease.blocks) == len(set(lease.blocks)) == -(-most // 4)
        for place in range(lease.fed // 4):
            assert held[lease.blocks[place]] == tokens[: place * 4 + 4]
        for other, _ in rows:
            common = set(other.blocks) & set(lease.blocks)
            assert common <= set(lease.blocks[: lease.fed // 4])
        for place in range(lease.fed // 4, len(lease.blocks)):
            held[lease.blocks[place]] = tokens[: place * 4 + 4]
        if rng.random() < 0.9:
            pool.mark_fed(lease, len(tokens) - lease.fed)
        rows.append((lease, tokens))
    assert shared > lent  # it does share
    for lease, _ in rows:
        pool.release(lease)
    assert pool.lease([9], 4 * 40) is not None  # and nothing is lost
