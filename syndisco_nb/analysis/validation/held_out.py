"""A part of the discussions held out, so that nobody tunes an annotator on the part that tests it."""

from collections.abc import Iterable
from typing import Literal

from syndisco_nb.errors import require, require_number
from syndisco_nb.seeds import Purpose, derive

Part = Literal["test", "tuning"]


def part_of(discussions: Iterable[str], test_share: float, part: Part, seed: int) -> frozenset[str]:
    """Return the names of the discussions of a part; the two conditions of a pair, of one name, stay together.

    Parameters
    ----------
    discussions : iterable of str
        Names of discussions.
    test_share : float
        Share that is held out to test on.
    part : {"test", "tuning"}
    seed : int
        Decides the split.

    Examples
    --------
    >>> names = [f"discussion-{i:05d}" for i in range(10)]
    >>> test, tuning = (part_of(names, 0.3, part, seed=1) for part in ("test", "tuning"))
    >>> len(test), len(tuning), test & tuning
    (3, 7, frozenset())
    """
    require_number("test_share", test_share, "between 0 and 1", lambda value: 0 < value < 1)
    require(part in ("test", "tuning"), f"part is {part!r}, but must be 'test' or 'tuning'.", "part")
    names = sorted(set(discussions), key=lambda name: derive(seed, Purpose.SPLIT, name))
    require(len(names) > 1, "There is one discussion alone, which cannot be split. Label more.", "test_share")
    held_out = min(max(1, round(test_share * len(names))), len(names) - 1)
    return frozenset(names[:held_out] if part == "test" else names[held_out:])
