import pytest

from syndisco_nb.display.page import Share, Table
from syndisco_nb.display.writers.number_columns import aligned_rows, number_columns


def table(*columns):
    return Table("", ("",) * len(columns), tuple(zip(*columns, strict=True)))


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ((1, 2), True),
        (("0.5", "−1,234.25"), True),
        (("< .001", ".280"), True),
        (("12%", "not measured"), True),
        (("3", ""), True),
        (("", "not defined"), False),
        (("3", "three"), False),
        (("turn 3", "4"), False),
        (("−", "4"), False),
        ((Share(0.5, "50%"), "4"), False),
        (("[0.1, 0.2]", "[0.3, 0.4]"), False),
    ],
)
def test_a_column_is_of_numbers_if_all_its_cells_are_or_are_not_known(cells, numbers):
    assert number_columns(table(("a", "b"), cells)) == ({1} if numbers else set())


def test_a_first_column_of_texts_names_the_rows_even_by_numbers():
    assert number_columns(table(("1", "2"), ("a", "b"))) == set()
    assert number_columns(table((1, 2), ("a", "b"))) == {0}


def test_decimal_points_stand_below_each_other():
    share = Share(1.0, "all")
    numbers = ("0.125", "−1.5", "1,234", "not defined")
    rows = aligned_rows(table(("a", "b", "c", "d"), numbers, (1_000, 2, 3, 4), (share,) * 4))
    assert [row[1] for row in rows] == ["0.125", "−1.5\u2007\u2007", "1,234\u2008\u2007\u2007\u2007", "not defined"]
    assert rows[0] == ("a", "0.125", "1,000", share)
