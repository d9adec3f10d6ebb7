import re

from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.page import Column, Listed, Listing, Strip
from syndisco_nb.display.writers.html_listing import listing_rows
from syndisco_nb.display.writers.safe_html import Html

COLUMNS = (Column("#", is_number=True), Column("topic"), Column("comments", after="comments", is_number=True))


def markup(*rows, columns=COLUMNS, pages=None):
    return listing_rows(Listing("", columns, tuple(map(Listed, rows))), pages or [None] * len(rows))


def text(html):
    return re.sub(r"<[^>]+>", "", html)


def test_without_a_style_sheet_a_row_is_a_sentence_and_the_head_is_nothing():
    assert text(markup((0, "<Tax>", 1))) == "0 · &lt;Tax&gt; · 1 comment"
    assert text(markup((12, "", 1_200))) == "12 · 1,200 comments"


def test_a_row_unfolds_if_it_has_a_page():
    rows = markup((0, "Tax", 2), (1, "Toll", 3), pages=[Html("<p>inside</p>"), None])
    assert re.findall(r"<(details|div) class=\"[^\"]*snb-line\"", rows) == ["details", "div"]
    assert "</summary><p>inside</p></details>" in rows


def test_columns_of_numbers_are_as_wide_as_the_longest_and_one_text_gets_the_rest():
    widths = re.search(r"--snb-columns:([^\"]*)", markup((0, "Tax", 2), (1_000, "Toll", 3)))[1]
    assert widths == "6ch minmax(9rem,3fr) 9ch"
    long = (Column("a scale with a long name", is_number=True), Column("a"), Column("b"))
    assert "13ch minmax(9rem,3fr) minmax(6rem,2fr)" in markup(("1.20", "x", "y"), columns=long)


def test_a_list_says_how_much_room_its_columns_need():
    numbers = [Column(f"number {place}", is_number=True) for place in range(7)]
    room = lambda columns: re.search(r"snb-listing (snb-\w+)", markup(("",) * len(columns), columns=columns))[1]  # noqa: E731
    assert room(COLUMNS) == "snb-few"
    assert room((*COLUMNS, *numbers[:3], Column("who"))) == "snb-many"
    assert room((*COLUMNS, *numbers[:5], Column("who"))) == "snb-most"
    assert room((*COLUMNS, *numbers * 2, Column("who"))) == "snb-most"  # more than that is not to be had


def test_a_strip_is_one_gradient_beside_its_text():
    columns = (Column("who"),)
    strip = Strip((Look(0), Look(0), None, MODERATOR), "Ana 2, Mo 1")
    html = markup((strip,), columns=columns)
    assert html.count("<i ") == 1
    assert f"{Look(0).fill} 0% 50%,transparent 50% 75%,{MODERATOR.fill} 75% 100%" in html
    assert text(html) == "Ana 2, Mo 1 "
    assert "<i" not in markup((Strip((), "nobody"),), columns=columns)
