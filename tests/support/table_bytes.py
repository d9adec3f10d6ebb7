"""Files of Excel, SPSS, Stata and Parquet, as bytes."""

import io
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat


def excel_bytes(*rows, sheets=None, formats=None):
    """Return an Excel file of these rows, or of the rows of several sheets; `formats` by cell, such as "A2"."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in (sheets or {"Sheet1": rows}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
        for cell, shown in (formats or {}).items():
            sheet[cell].number_format = shown
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def spss_bytes(columns, labels=None, missing=None, **settings):
    """Return a file of SPSS with these columns, value labels and user-missing values."""
    return _written(
        pyreadstat.write_sav, columns, variable_value_labels=labels or {}, missing_ranges=missing or {}, **settings
    )


def stata_bytes(columns, labels=None, **settings):
    """Return a file of Stata with these columns and value labels."""
    return _written(pyreadstat.write_dta, columns, variable_value_labels=labels or {}, **settings)


def parquet_bytes(columns, **settings):
    """Return a Parquet file with these columns."""
    file = io.BytesIO()
    pd.DataFrame(columns).to_parquet(file, **settings)
    return file.getvalue()


def _written(write, columns, **settings):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "table")
        write(pd.DataFrame(columns), file, **settings)
        return file.read_bytes()
