import math

import pandas as pd
import pytest

from syndisco_nb.analysis.contrasts.level_table import level_table
from syndisco_nb.errors import InvalidInputError


def frame(rows, *settings):
    columns = ["condition", *[f"condition_{name}" for name in settings], "discussion_index", "value"]
    return pd.DataFrame(rows, columns=columns)


ONE = frame(
    [
        ("none", "none", 0, 1.0),
        ("none", "none", 1, 2.0),
        ("none", "none", 2, 5.0),
        ("host", "host", 0, 2.0),
        ("host", "host", 1, 2.0),
    ],
    "moderator",
)
TWO = frame(
    [
        (f"{m}+{t}", m, t, i, v)
        for m, t, i, v in [("a", "x", 0, 1), ("a", "y", 0, 3), ("b", "x", 0, 2), ("b", "y", 0, 8)]
    ],
    "moderator",
    "topics",
)


def test_discussions_of_one_number_are_paired_and_others_left_out():
    table = level_table(ONE, None)
    assert (table.by, table.levels) == ("moderator", ("none", "host"))
    assert table.differences("host", "none").tolist() == [1.0, 0.0]
    assert table.values("none").tolist() == [1.0, 2.0, 5.0]
    assert [table.discussions(level) for level in table.levels] == [3, 2]


def test_a_level_is_averaged_over_the_other_setting_pair_by_pair():
    table = level_table(TWO, "moderator")
    assert table.others == ("topics",)
    assert table.differences("b", "a").tolist() == [3.0]  # the mean of 2 − 1 and 8 − 3
    assert [float(table.values(level)[0]) for level in table.levels] == [2.0, 5.0]
    half = level_table(TWO[TWO.condition != "b+y"], "moderator")
    assert half.differences("b", "a").tolist() == [1.0]  # the discussion without a partner does not count


def test_a_setting_with_one_level_left_is_none_to_contrast():
    table = level_table(TWO[TWO.condition_topics == "x"], None)
    assert (table.by, table.others) == ("moderator", ())


def test_whole_conditions_are_levels_too():
    table = level_table(TWO, "condition")
    assert table.levels == ("a+x", "a+y", "b+x", "b+y")
    assert table.differences("b+y", "a+x").tolist() == [7.0]


def test_a_discussion_finds_its_cell():
    table = level_table(TWO, "moderator")
    place, level = table.cell("b+y", {"moderator": "b", "topics": "y"}, 0)
    assert math.isclose(table.cells.loc[place, level], 8.0)


def test_rows_of_a_level_are_found():
    assert level_table(TWO, "topics").levels_of(TWO).tolist() == ["x", "y", "x", "y"]


@pytest.mark.parametrize(
    ("rows", "by", "message"),
    [
        (
            ONE[ONE.condition == "none"],
            None,
            "All values are of one condition, 'none', so there is nothing to contrast",
        ),
        (
            TWO,
            None,
            r"Several settings are varied\. Say which one to contrast, by=…: 'moderator', 'topics', 'condition'",
        ),
        (ONE, "moderater", "by is 'moderater', but must be a setting that is varied. Did you mean 'moderator'"),
    ],
)
def test_what_to_contrast_must_be_clear(rows, by, message):
    with pytest.raises(InvalidInputError, match=message):
        level_table(rows, by)
