"""Tables in files of Excel, SPSS, Stata and Parquet."""

import contextlib
import datetime as dt
import io
import random
import sys
import zipfile

import pytest
from support.sizes import LONG
from support.table_bytes import excel_bytes, parquet_bytes, spss_bytes, stata_bytes

from syndisco_nb.backend import table_files
from syndisco_nb.backend.table_files import binary_table
from syndisco_nb.errors import InvalidInputError, MissingDependencyError

SEX = {"SEX": {1: "male", 2: "female"}}
MADE = {
    "excel": lambda: excel_bytes(["age", "job"], [34, "cook"]),
    "spss": lambda: spss_bytes({"age": [34.0], "job": ["cook"]}),
    "spss, compressed": lambda: spss_bytes({"age": [34.0], "job": ["cook"]}, compress=True),
    "stata": lambda: stata_bytes({"age": [34.0], "job": ["cook"]}),
    "old stata": lambda: stata_bytes({"age": [34.0], "job": ["cook"]}, version=10),
    "parquet": lambda: parquet_bytes({"age": [34.0], "job": ["cook"]}),
}


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_is_known_by_its_content(kind):
    table = binary_table(MADE[kind]())
    assert list(table.names) == ["age", "job"]
    assert [list(row) for row in table.rows] == [[34, "cook"]]


def test_files_of_statistics_programs_are_told_without_their_readers():
    assert [kind for kind in MADE if not table_files.is_statistics_file(MADE[kind]())] == ["excel"]
    assert not table_files.is_statistics_file(b"lnq,s")


@pytest.mark.parametrize("data", [b"age,job\n34,cook\n", b"[]", b"", b"lnq,s\n1,2\n"])
def test_text_is_none_of_them(data):
    assert binary_table(data) is None


def test_excel_cells_are_plain_and_numbers_with_leading_zeros_are_as_shown():
    data = excel_bytes(
        [],
        ["zip", "when", "at", "half", "none", "yes"],
        [],
        [2138, dt.datetime(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4), 0.5, "None", True],
        formats={"A4": "00000"},
    )
    table = binary_table(data)
    assert table.names == ["zip", "when", "at", "half", "none", "yes"]
    assert table.rows == [["02138", "2020-01-02", "2020-01-02T03:04:00", 0.5, "None", True]]


def test_a_sheet_is_chosen_by_name():
    data = excel_bytes(sheets={"About": [["note"], ["x"]], "People": [["age"], [34]]})
    assert binary_table(data).names == ["note"]
    assert binary_table(data, "People").rows == [[34]]
    with pytest.raises(
        InvalidInputError, match=r"sheet is 'people', but the file has 'About', 'People'\. Did you mean"
    ):
        binary_table(data, "people")
    with pytest.raises(InvalidInputError, match="sheet is 'People', but a Parquet file has no sheets"):
        binary_table(MADE["parquet"](), "People")


def test_labels_come_along():
    assert binary_table(stata_bytes({"SEX": [1.0, 2.0]}, SEX)).labels == SEX


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.xls file of old Excel.*Save it as \.xlsx or CSV"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip.*Unpack it"),
        (MADE["excel"]()[:400], "an incomplete Excel file"),
        (MADE["stata"]()[:300], r"a file of Stata, but broken: .*\. Save or download it again"),
        (MADE["parquet"]()[:300], "a Parquet file, but broken"),
        (excel_bytes(["a"], [1, 2]), "a row has more cells than the first row has names"),
    ],
)
def test_other_and_broken_files_are_named(data, said):
    with pytest.raises(ValueError, match=said):
        binary_table(data)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("people.csv", "a zip archive, not an Excel file"),
        ("word/document.xml", "a Word document"),
        ("mimetype", "an OpenDocument file"),
    ],
)
def test_other_archives_are_named(member, said):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(ValueError, match=said):
        binary_table(file.getvalue())


def test_an_archive_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(table_files, "SIZE_LIMIT", 2**20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/huge.xml", bytes(2**21))
    with pytest.raises(ValueError, match="2 MiB unpacked, but files of up to 1 MiB are read"):
        binary_table(file.getvalue())


@pytest.mark.parametrize(
    "kind", ["excel", "parquet", *(pytest.param(kind, marks=pytest.mark.long) for kind in MADE if "s" in kind[:5])]
)
def test_a_mutated_file_is_read_or_an_error_of_ours(kind):
    whole = MADE[kind]()
    for seed in range(40 if LONG else 12):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        with contextlib.suppress(ValueError):  # of any other error, the test fails
            binary_table(bytes(data[: rng.choice([len(data), rng.randrange(4, len(data))])]))


@pytest.mark.parametrize(("kind", "package"), [("excel", "openpyxl"), ("spss", "pyreadstat"), ("parquet", "pyarrow")])
def test_a_missing_reader_is_named_with_its_extra(kind, package, monkeypatch):
    data = MADE[kind]()
    for module in [name for name in sys.modules if name.partition(".")[0] == package] or [package]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=rf'need {package}.*pip install "syndisco-nb\[files\]"'):
        binary_table(data)
