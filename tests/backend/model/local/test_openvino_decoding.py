"""The paged batch on a graph whose logits are a hash of the row: any wrong block would change a reply."""

import numpy as np
import pytest
from support.paged import HashGraph, logits_after
from support.rows import reply_settings

from syndisco_nb.backend.model.local.numpy_sampler import draw
from syndisco_nb.backend.model.local.openvino_decoding import OpenVINODecoder, PagedRow

ENDS = (1, 2)
STORY = [7 + n % 40 for n in range(100)]
PROMPTS = [[*STORY, 3, 4], [*STORY, 5], [*STORY[:50], 6], [8, 9], [*STORY, 3, 4], [*STORY[:31], 7, 7, 7]]
SAMPLING = {"temperature": 1.0, "top_p": 0.9, "repetition_penalty": 1.1}


def rows(prompts=PROMPTS, limit=20):
    return [PagedRow(*reply_settings(prompt, limit, seed, **SAMPLING)) for seed, prompt in enumerate(prompts)]


def expected(row):
    """Return the reply of a row that is alone in the world."""
    reply = []
    while len(reply) < row.resolved.max_tokens and not set(reply) & set(ENDS):
        tokens = row.prompt + reply
        reply.append(draw(logits_after(tokens), tokens, ENDS, row.resolved, row.seed, len(reply)))
    return reply


def run(decoder, queue):
    finished = []
    for _ in range(1000):
        finished += decoder.step(queue)
        if not queue and not decoder.rows:
            return finished
    raise AssertionError("no end")


@pytest.mark.parametrize("capacity", [40, 60, 1000])
@pytest.mark.parametrize("block", [4, 16])
def test_replies_depend_on_no_neighbour_nor_on_the_room(block, capacity):
    asked = rows()
    decoder = OpenVINODecoder(HashGraph(block), ENDS, max(capacity, -(-130 // block)))
    assert set(run(decoder, list(asked))) == set(asked)
    assert [row.reply for row in asked] == [expected(row) for row in asked]
    assert len({len(row.reply) for row in asked}) > 1  # some ended early


def test_rows_join_while_others_run_and_each_notes_its_largest_batch():
    first, *others = rows()
    decoder, queue = OpenVINODecoder(HashGraph(), ENDS, 1000), [first]
    decoder.step(queue)
    queue += others
    run(decoder, queue)
    assert [row.reply for row in (first, *others)] == [expected(row) for row in (first, *others)]
    assert first.pending.largest_batch > 1


def test_a_shared_prefix_is_fed_once():
    decoder = OpenVINODecoder(HashGraph(), ENDS, 1000)
    run(decoder, rows([[*STORY, 3], [*STORY, 4], [*STORY, 5]], limit=1))
    assert sum(decoder._cache.fed) == 101 + 1 + 1
    run(decoder, rows([[*STORY, 6]], limit=1))
    assert decoder._cache.fed[-1] == 1


def test_a_long_prompt_comes_in_chunks_and_stalls_nobody():
    long, short = rows([[7 + n % 40 for n in range(3000)], [8, 9]], limit=20)
    decoder, queue = OpenVINODecoder(HashGraph(), ENDS, 10_000), [short]
    decoder.step(queue)
    queue.append(long)
    decoder.step(queue)
    assert (max(decoder._cache.fed), len(short.reply), long.reply) == (1024, 2, [])
    run(decoder, queue)
    assert long.reply == expected(long)


def lasting(count, limit=14):
    """Return rows whose replies do not end at once."""
    many = rows([[first, 9] for first in range(3, 50)], limit)
    return [row for row in many if len(expected(row)) > 3][:count]


def test_a_row_waits_for_room_and_one_that_never_fits_is_told():
    decoder, queue = OpenVINODecoder(HashGraph(), ENDS, 10), lasting(3)
    assert all(map(decoder.fits, queue))
    assert not decoder.fits(*rows([[8] * 30], limit=14))
    decoder.step(queue)
    assert (len(decoder.rows), len(queue)) == (2, 1)
    assert len(run(decoder, queue)) == 3


def test_rows_that_are_dropped_free_their_blocks():
    decoder, (first, second) = OpenVINODecoder(HashGraph(), ENDS, 4), lasting(2)
    queue = [first, second]
    decoder.step(queue)
    decoder.drop([first])
    decoder.step(queue)
    assert (decoder.rows, queue) == ([second], [])


def test_a_row_without_probabilities_cannot_go_on_and_leaves_its_neighbours_alone(monkeypatch):
    good, bad = rows([[8, 9], [10, 11]], limit=5)
    decoder = OpenVINODecoder(HashGraph(), ENDS, 1000)
    feed = decoder._cache.feed
    monkeypatch.setattr(
        decoder._cache,
        "feed",
        lambda chunks: [
            np.full_like(logits, np.nan) if chunk.tokens[-1] == 11 else logits
            for chunk, logits in zip(chunks, feed(chunks), strict=True)
        ],
    )
    queue = [good, bad]
    assert decoder.step(queue) == [bad]
    assert (bad.overflowed, bad.reply) == (True, [])
    run(decoder, queue)
    assert good.reply == expected(good)


def test_a_cleared_decoder_holds_nothing():
    decoder = OpenVINODecoder(HashGraph(), ENDS, 1000)
    decoder.step(rows())
    decoder.clear()
    assert (decoder.rows, len(decoder._cache.blocks)) == ([], 0)
