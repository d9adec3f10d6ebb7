import pytest
from support.rows import reply_settings

from syndisco_nb.backend.model.local.reply_in_progress import ReplyInProgress


def reply(*tokens, limit=3, seed=7):
    row = ReplyInProgress(*reply_settings([4, 5], limit, seed))
    row.reply += tokens
    return row


@pytest.mark.parametrize(
    ("tokens", "finished"), [((), False), ((8,), False), ((8, 1), True), ((1, 8), False), ((8, 8, 8), True)]
)
def test_a_reply_is_finished_at_an_end_or_at_its_limit(tokens, finished):
    assert reply(*tokens).is_finished({1, 2}) == finished


def test_a_reply_without_probabilities_is_finished():
    row = reply()
    row.overflowed = True
    assert row.is_finished({1})


def test_a_row_is_its_prompt_and_reply_with_the_seed_of_its_request():
    row = reply(8, 9)
    assert (row.tokens, row.max_tokens, row.seed) == ([4, 5, 8, 9], 5, 7)


def test_replies_are_equal_only_to_themselves():
    assert len({reply(), reply()}) == 2
