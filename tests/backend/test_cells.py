"""Cells of any program: as plain values, as text, and as codes."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from syndisco_nb.backend.cells import cell_text, code_of, plain_cell


@pytest.mark.parametrize(
    ("value", "plain", "text"),
    [
        ("None", "None", "None"),
        ("02138", "02138", "02138"),
        (" NA ", " NA ", " NA "),
        (2.0, 2, "2"),
        (np.float64(2.0), 2, "2"),
        (np.int8(-3), -3, "-3"),
        (0.1 + 0.2, 0.1 + 0.2, "0.3"),
        (1e300, 1e300, "1e+300"),
        (True, True, "True"),
        (np.bool_(0), False, "False"),
        (Decimal("2.50"), "2.50", "2.50"),
        (dt.date(2020, 1, 2), "2020-01-02", "2020-01-02"),
        (dt.datetime(2020, 1, 2), "2020-01-02", "2020-01-02"),
        (pd.Timestamp("2020-01-02 03:04:05"), "2020-01-02T03:04:05", "2020-01-02T03:04:05"),
        (dt.time(3, 4), "03:04:00", "03:04:00"),
        (pd.Interval(0, 50), "(0, 50]", "(0, 50]"),
        (["kind", None, 2.0], ["kind", None, 2], "kind; 2"),
        (np.array(["a", "b"]), ["a", "b"], "a; b"),
        ({"title": "nurse"}, '{"title": "nurse"}', '{"title": "nurse"}'),
        ("Größe".encode(), "Größe", "Größe"),
    ],
)
def test_a_cell_is_plain_and_text(value, plain, text):
    found = plain_cell(value)
    assert (found, type(found)) == (plain, type(plain))
    assert cell_text(value) == text


@pytest.mark.parametrize("value", [None, "", " \t", float("nan"), np.nan, pd.NA, pd.NaT, Decimal("NaN"), [], {}])
def test_an_empty_cell_is_no_value(value):
    assert plain_cell(value) is None
    assert cell_text(value) == ""


def test_codes_are_equal_as_numbers_are_but_not_with_leading_zeros():
    assert {code_of(code) for code in (-9, -9.0, "-9", "-9.0", " −9", np.int64(-9))} == {"-9"}
    assert code_of("02138") != code_of(2138)
    assert code_of("1.50") == code_of(1.5)
    assert code_of(" refused ") == "refused"
    assert code_of(np.bool_(1)) != code_of(1)
