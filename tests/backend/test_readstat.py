"""Files of SPSS and Stata, read in a process of its own."""

import datetime as dt

import pytest
from support.table_bytes import spss_bytes

from syndisco_nb.backend.readstat import readstat_columns

COLUMNS = {"AGE": [34.0, -9.0, 98.0], "zip": ["02138", "None", "x"], "day": [dt.date(2020, 1, 2), None, None]}


def test_cells_are_plain_labels_come_along_and_user_missing_values_are_empty():
    missing = {"AGE": [{"lo": -100, "hi": -1}, 98], "zip": ["x"]}
    columns, labels = readstat_columns(spss_bytes(COLUMNS, {"AGE": {34: "young"}}, missing), "read_sav")
    assert columns == {"AGE": [34, None, None], "zip": ["02138", "None", None], "day": ["2020-01-02", None, None]}
    assert labels == {"AGE": {34: "young"}}


def test_a_reader_that_crashes_is_an_error_and_no_more(tmp_path, monkeypatch):
    (tmp_path / "pyreadstat.py").write_text("import os\nread_sav = lambda *_, **__: os.abort()\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=r"^its reader crashed$"):
        readstat_columns(b"", "read_sav")
