import pytest

from syndisco_nb.analysis.validation.held_out import part_of
from syndisco_nb.errors import InvalidInputError

NAMES = [f"discussion-{index:05d}" for index in range(20)]


def test_the_parts_share_nothing_and_leave_nothing_out():
    test, tuning = (part_of(NAMES, 0.4, part, seed=3) for part in ("test", "tuning"))
    assert (len(test), len(tuning)) == (8, 12)
    assert test | tuning == set(NAMES)
    assert not test & tuning


def test_a_seed_decides_whatever_the_order():
    assert part_of(reversed(NAMES * 2), 0.5, "test", seed=1) == part_of(NAMES, 0.5, "test", seed=1)
    assert part_of(NAMES, 0.5, "test", seed=1) != part_of(NAMES, 0.5, "test", seed=2)


def test_neither_part_is_empty():
    assert [len(part_of(NAMES[:3], share, "test", seed=1)) for share in (0.01, 0.99)] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((NAMES, 1, "test"), "test_share is 1, but must be a number between 0 and 1"),
        ((NAMES, 0.5, "train"), "part is 'train', but must be 'test' or 'tuning'"),
        ((NAMES[:1], 0.5, "test"), "There is one discussion alone"),
    ],
)
def test_what_cannot_be_split_is_refused(arguments, says):
    with pytest.raises(InvalidInputError, match=says):
        part_of(*arguments, seed=1)
