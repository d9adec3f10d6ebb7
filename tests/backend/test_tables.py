"""The one reader of tables: the same people from every program."""

import json

import pandas as pd
import pytest
from support.table_bytes import excel_bytes, parquet_bytes, spss_bytes, stata_bytes

from syndisco_nb.backend.tables import read_table
from syndisco_nb.errors import InvalidInputError, RecordError

NAMES = ["zip", "kids", "faith"]
ROWS = [("02138", 2, "None"), ("10115", None, "NA"), ("75001", 0, None)]
EXPECTED = [
    {"zip": "02138", "kids": "2", "faith": "None"},
    {"zip": "10115", "faith": "NA"},
    {"zip": "75001", "kids": "0"},
]
COLUMNS = {"zip": ["02138", "10115", "75001"], "kids": [2.0, None, 0.0], "faith": ["None", "NA", ""]}
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
CSV = "zip,kids,faith\n02138,2,None\n10115,,NA\n75001,0,\n"
EVERYWHERE = {
    "csv": CSV.encode(),
    "semicolons": CSV.replace(",", ";").encode("utf-16"),
    "tabs": CSV.replace(",", "\t").encode("utf-8-sig"),
    "trailing commas": CSV.replace("\n", ",,\n").encode(),
    "index": "".join(f"{n},{line}\n" for n, line in zip(["", 0, 1, 2], CSV.split(), strict=True)).encode(),
    "excel": excel_bytes(NAMES, *ROWS),
    "spss": spss_bytes(COLUMNS),
    "stata": stata_bytes(COLUMNS),
    "parquet": parquet_bytes(COLUMNS),
    "parquet, index": parquet_bytes(pd.DataFrame(COLUMNS, index=list("abc"))),
    "json": json.dumps(RECORDS).encode(),
    "json, one list": json.dumps({"rows": RECORDS}).encode(),
    "json lines": "\n".join(map(json.dumps, RECORDS)).encode(),
    "dataframe": pd.DataFrame(COLUMNS),
    "dataframe, index": pd.DataFrame({"Unnamed: 0": [1, 2, 3], **COLUMNS}),
    "list of dicts": RECORDS,
}


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_a_table_is_the_same_from_everywhere(kind):
    table = read_table(EVERYWHERE[kind])
    assert table.columns == ("zip", "kids", "faith")
    assert table.rows == EXPECTED


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx", "people"])
def test_the_name_of_a_file_does_not_matter(tmp_path, name):
    (tmp_path / name).write_bytes(EVERYWHERE["parquet"])
    assert read_table(tmp_path / name).rows == read_table(str(tmp_path / name)).rows == EXPECTED


@pytest.mark.parametrize("kind", ["dataframe", "excel", "parquet", "json", "list of dicts"])
def test_numbers_stay_numbers_on_request(kind):
    table = read_table(EVERYWHERE[kind], text=False)
    assert table.rows[0] == {"zip": "02138", "kids": 2, "faith": "None"}
    assert table.typed is (kind not in ("excel", "parquet"))


def test_rows_of_objects_are_counted_even_if_empty():
    assert read_table([{"a": 1}, {}], text=False).rows == [{"a": 1}, {}]
    assert read_table([{"a": 1}, {}]).rows == [{"a": "1"}]


def test_a_survey_with_codes_is_read_in_one_call():
    data = parquet_bytes({"SEX": [1.0, 2.0], "AGE": [34.0, -100.0]})
    labels = {"SEX": {1: "male", 2: "female"}, "AGE": {-100: "Inapplicable"}}
    table = read_table(data, columns={"age": "AGE"}, labels=labels, missing=["Inapplicable"])
    assert table.columns == ("SEX", "age")
    assert table.rows == [{"SEX": "male", "age": "34"}, {"SEX": "female"}]


def test_windows_1252_is_said():
    with pytest.warns(UserWarning, match=r"^x\.csv is not UTF-8 and was read as Windows-1252"):
        assert read_table("name\nJürgen\n".encode("cp1252"), where="x.csv").rows == [{"name": "Jürgen"}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", r"^The table cannot be read: it is empty \(0 bytes\)\.$"),
        (b"<html><table>", "it is HTML or XML. Save it as CSV"),
        (b"a,b\n1,2,3\n", "line 2 has more cells"),
        (b"age,age\n1,2\n", "2 columns are called 'age'. Give every column a name of its own"),
        (b"[1, 2]", "not a list of objects"),
        (b"[{", "line 1 column"),
        (b"a\x00\xff", "it is not text"),
        ("none.csv", "^none.csv cannot be read: No such file or directory. Give a file that exists."),
        ("a\0b", "cannot be read: embedded null"),
        (EVERYWHERE["excel"][:300], "an incomplete Excel file"),
        (b"\x89PNG\r\n", "it is an image"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(data, said):
    with pytest.raises(RecordError, match=said):
        read_table(data)


@pytest.mark.parametrize(
    ("data", "settings", "said", "field"),
    [
        (b"a\n1\n", {"sheet": "People"}, "only Excel files have sheets", "sheet"),
        (EVERYWHERE["excel"], {"sheet": "People"}, "the file has 'Sheet1'", "sheet"),
        (b"a\n1\n", {"columns": {"age": "AGE"}}, "columns names a column 'AGE'", "columns"),
        ([3], {}, r"data is \[3\], but must be a DataFrame, a list of dicts, or the path of a file", "data"),
        (None, {}, "data is None", "data"),
    ],
)
def test_an_argument_that_cannot_be_used_is_an_error(data, settings, said, field):
    with pytest.raises(InvalidInputError, match=said) as caught:
        read_table(data, **settings)
    assert caught.value.field == field


def test_an_empty_table_has_no_rows():
    assert read_table(b"a,b\n").columns == ("a", "b")
    assert read_table(b"a,b\n,\n").rows == read_table(b"\n").rows == read_table([]).rows == []
