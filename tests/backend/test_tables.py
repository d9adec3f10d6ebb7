"""Tables of Excel, R and pandas."""

import codecs

import pytest

from syndisco_nb.backend.tables import decoded, rows


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
    assert rows(f"age{separator}job\n3{separator}cook\n") == [{"age": "3", "job": "cook"}]


def test_excels_line_above_decides_on_the_separator():
    assert rows("\ufeffsep=;\r\na;b,c\r\n1;2\r\n") == [{"a": "1", "b,c": "2"}]


def test_separators_in_quotes_do_not_count():
    assert rows('"a;b;c",d\n1,"2\n3"\n') == [{"a;b;c": "1", "d": "2\n3"}]


def test_cells_stay_as_they_are_and_empty_ones_are_left_out():
    assert rows("\n zip ,note,Unnamed: 2,\n02138, None ,x,y\n,,,\n,NA\n") == [
        {"zip": "02138", "note": " None "},
        {"note": "NA"},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n1,2,3\n", "line 3 has more cells than the first line has names"),
        ("a,b,a\n", "2 columns are called 'a'. Give every column a name of its own"),
    ],
)
def test_a_table_that_does_not_fit_is_an_error(text, message):
    with pytest.raises(ValueError, match=message):
        rows(text)


def test_no_table_has_no_rows():
    assert rows("") == rows("a,b\n") == []
