import pytest

from syndisco_nb.analysis.checks.check_table import Check, Checks
from syndisco_nb.errors import UnknownItemError


def a_check(name, status, figure=0.25, p=None):
    return Check(name, status, figure, "0.5 (0.4 to 0.6)", 40, p, "Something is wrong.")


TABLE = Checks((a_check("seeds", "fail"), a_check("window", "warn"), a_check("copies", "pass", None, 0.2)))


def test_rows_are_found_by_number_name_and_slice():
    assert len(TABLE) == 3
    assert TABLE["window"] is TABLE[1] is TABLE[-2]
    assert TABLE[1:] == TABLE.rows[1:]
    assert [row.name for row in TABLE] == ["seeds", "window", "copies"]


@pytest.mark.parametrize("place", ["windows", 3, None])
def test_an_unknown_check_is_refused_with_the_names(place):
    with pytest.raises(UnknownItemError, match="There are: seeds, window, copies"):
        TABLE[place]


def test_rows_by_status():
    assert [[row.name for row in rows] for rows in (TABLE.failed, TABLE.warned, TABLE.passed)] == [
        ["seeds"],
        ["window"],
        ["copies"],
    ]


def test_a_line_names_what_is_wrong():
    assert repr(TABLE) == "<Checks: 1 failed (seeds), 1 with a warning (window), 1 passed>"
    assert repr(Checks(())) == "<Checks: 0 checks>"
    assert repr(TABLE[0]) == "<Check seeds: fail, 0.25 (expected: 0.5 (0.4 to 0.6))>"
    assert str(TABLE).startswith("seeds: fail. Something is wrong.")


def test_the_table_has_its_columns_even_without_rows():
    frame = TABLE.to_dataframe()
    assert list(frame.columns) == list(Checks(()).to_dataframe().columns)
    assert list(frame.status) == ["fail", "warn", "pass"]
    assert [str(frame.dtypes[name]) for name in ("figure", "p", "n")] == ["float64", "float64", "int64"]
    assert str(Checks(()).to_dataframe().dtypes["n"]) == "int64"
