"""The order in which a person gives labels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.label_queue import LabelQueue


def test_it_begins_at_the_first_that_is_open():
    queue = LabelQueue(4, {0: 3, 1: None, 3: True})
    assert (queue.position, queue.labelled, queue.skipped, queue.history) == (2, 2, [1], [3, 1, 0])
    assert not queue.is_away
    assert LabelQueue(2, {0: 1, 1: None}).position is None  # what was skipped on an earlier day waits to be taken up


def test_after_a_look_back_it_goes_on_where_one_was():
    queue = LabelQueue(5, {0: 1, 1: 2, 2: 3})
    queue.go_to(0)
    assert (queue.position, queue.is_away) == (0, True)
    queue.go_on()
    assert (queue.position, queue.is_away) == (3, False)
    queue.go_to(4)
    queue.give(4, 5)
    assert queue.position == 3
    queue.give(3, 5)
    assert queue.position is None


def test_a_look_back_from_the_skipped_ones_leads_back_to_them():
    queue = LabelQueue(4, {0: 1, 1: None, 2: None})
    queue.take_up_skipped()
    queue.give(1, None)
    assert queue.position == 2
    queue.step_back()
    assert queue.position == 1
    queue.go_on()
    assert queue.position == 2
    queue.go_on()
    assert queue.position == 3


def test_undone_skips_are_open_again():
    queue = LabelQueue(3, {})
    queue.give(0, 1)
    queue.give(1, None)
    queue.undo()
    assert (queue.position, queue.skipped, queue.history) == (1, [], [0])
    queue.step_back()
    queue.go_on()
    assert queue.position == 1


def test_what_there_is_not_is_refused():
    queue = LabelQueue(3, {})
    for act in (queue.step_back, queue.take_up_skipped, lambda: queue.go_to(3), lambda: queue.go_to("x")):
        with pytest.raises(InvalidInputError):
            act()
    queue.step_forward()
    assert (queue.position, queue.last) == (0, None)


MOVES = ["step_back", "step_forward", "go_on", "take_up_skipped", "undo", "label", "label", "label", "skip", "go_to"]


@settings(max_examples=60)
@given(total=st.integers(1, 6), moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 5)), max_size=30))
def test_whatever_is_pressed_every_label_is_reached(total, moves):
    queue = LabelQueue(total, {})
    given_now = {}
    for move, number in moves:
        if move in ("label", "skip"):
            if queue.position is not None:
                given_now[queue.position] = number if move == "label" else None
                queue.give(queue.position, given_now[queue.position])
        elif move == "undo":
            if queue.last and queue.last[0] in given_now:
                position = queue.last[0]
                queue = LabelQueue(total, given_now)
                queue.go_to(position)
        else:
            try:
                getattr(queue, move)(*([number] if move == "go_to" else []))
            except InvalidInputError:
                continue
        assert queue.values == given_now
        assert set(queue.history) == set(given_now)
    queue.go_on()
    queue.go_on()
    for _ in range(3 * total):
        if queue.position is None:
            break
        queue.give(queue.position, 1)
    assert queue.position is None
    assert len(queue.values) == total
    for _ in range(len(queue.skipped)):
        queue.take_up_skipped()
        queue.give(queue.position, 1)
    assert queue.labelled == total
