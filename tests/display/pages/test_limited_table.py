from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.display.pages.limited_table import limited_table


def table(limits, asked=None):
    def row(item):
        if asked is not None:
            asked.append(item)
        return (str(item), item)

    return limited_table("Squares", ("text", "number"), range(5), row, limits, ".squares")


def test_rows_that_are_left_out_are_counted_and_never_made():
    asked = []
    shown = table(Limits(max_items=2), asked)
    assert shown.rows == (("0", 0), ("1", 1))
    assert shown.more == "3 more in .squares"
    assert asked == [0, 1]


def test_a_file_holds_all_rows():
    assert (len(table(EVERYTHING).rows), table(EVERYTHING).more) == (5, "")
