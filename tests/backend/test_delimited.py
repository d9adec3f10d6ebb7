"""Tables of Excel, R and pandas."""

import codecs
import csv

import pytest

from syndisco_nb.backend.delimited import decoded, delimited_cells, delimited_rows


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_in_unicode_is_decoded(coding):
    assert decoded("Größe".encode(coding), "x.csv") == "Größe"


def test_another_text_is_taken_for_one_of_windows_with_a_warning():
    with pytest.warns(UserWarning, match=r"^x\.csv is not UTF-8 and was read as Windows-1252"):
        assert decoded("Größe".encode("cp1252"), "x.csv") == "Größe"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\x00\xff", "it is not text"),
        (codecs.BOM_UTF16_LE + b"a", "it is not text"),
        (b"\x81", "it is not UTF-8 text. Save it as UTF-8"),
    ],
)
def test_data_that_is_not_text_is_an_error(data, message):
    with pytest.raises(ValueError, match=message):
        decoded(data, "x.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_first_line_shows_the_separator(separator):
    assert delimited_rows(f"age{separator}job\n3{separator}cook\n") == (["age", "job"], [["3", "cook"]])


def test_excels_line_above_decides_on_the_separator():
    assert delimited_rows("\ufeffsep=;\r\na;b,c\r\n1;2\r\n") == (["a", "b,c"], [["1", "2"]])


def test_separators_in_quotes_do_not_count():
    assert delimited_rows('"a;b;c",d\n1,"2\n3"\n') == (["a;b;c", "d"], [["1", "2\n3"]])


def test_cells_stay_as_they_are_and_empty_rows_are_left_out():
    assert delimited_rows("\n zip ,note,\n02138, None ,\n,,,\nNA\n") == (
        ["zip", "note", ""],
        [["02138", " None ", ""], ["NA"]],
    )


def test_line_breaks_within_cells_stay_and_lines_are_counted():
    assert delimited_cells('a,b\n"x\r\ny",1\n\nz,2\n') == [
        (1, ["a", "b"]),
        (3, ["x\r\ny", "1"]),
        (5, ["z", "2"]),
    ]


def test_a_cell_may_be_as_long_as_a_discussion_and_the_limit_of_others_stays():
    usual = csv.field_size_limit()
    assert delimited_rows(f"a,b\n{'x' * (usual + 1)},1\n")[1][0][1] == "1"
    assert csv.field_size_limit() == usual


def test_a_row_with_more_cells_than_names_is_an_error():
    with pytest.raises(ValueError, match="line 3 has more cells than the first line has names"):
        delimited_rows("a,b\n1,2\n1,2,3\n")


def test_no_table_has_no_rows():
    assert delimited_rows("") == ([], [])
    assert delimited_rows("a,b\n") == (["a", "b"], [])
