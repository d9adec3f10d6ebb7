"""Text of a source, and the places of comments in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.talks import talk_of

from syndisco_nb.formats.qdpx.qdpx_layout import Block, SourceText, block_of, guid_of, paragraphs, source_text

TALK = talk_of("Op: Tax?", "Ana: Why?\r\nOh 🙂.", "Ben: ", "Mo: Calm.")


def test_the_text_has_every_comment_at_its_place():
    text, blocks = source_text(TALK)
    assert text == "Op: Tax?\n\nAna: Why?\nOh 🙂.\n\nMo: Calm.\n"
    assert [text[one.begin : one.end] for one in blocks] == ["Tax?", "Why?\nOh 🙂.", "Calm."]
    assert [text[one.start : one.begin] for one in blocks] == ["Op: ", "Ana: ", "Mo: "]
    assert [one.index for one in blocks] == [0, 1, 3]


def test_guids_depend_on_all_parts_and_nothing_else():
    assert guid_of("a", 1) == "36658720-a1dd-5a6c-956c-9b8854021a1c"
    assert guid_of("a", 1) != guid_of("a1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana: Why?\nWhy not?\n\nBen Li: No.", [("Ana", "Why?\nWhy not?"), ("Ben Li", "No.")]),
        ("One.\n \nTwo.\nThree.", [("", "One."), ("", "Two.\nThree.")]),
        ("One.\nTwo: 2\nThree.", [("", "One."), ("Two", "2"), ("Two", "Three.")]),
        ("I must say one thing: no.\n12:30 it began", [("", "I must say one thing: no."), ("", "12:30 it began")]),
        (" \n", []),
    ],
)
def test_paragraphs_are_comments_of_whom_they_name(text, found):
    assert [(one.name, text[one.begin : one.end]) for one in paragraphs(text)] == found


def test_a_selection_belongs_to_the_comment_that_holds_most_of_it():
    blocks = [Block(0, "Ana", 0, 5, 10), Block(4, "Ben", 12, 17, 40)]
    places = {(0, 3): 0, (8, 14): 0, (6, 30): 4, (10, 12): None, (7, 7): None}
    assert {place: (found.index if (found := block_of(blocks, *place)) else None) for place in places} == places


RAW = "One two\r\nthree 🙂 four\r\nfive six"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("characters", lambda text: len(text)),
        ("breaks as one", lambda text: len(text.replace("\r\n", "\n"))),
        ("UTF-16", lambda text: len(text.encode("utf-16-le")) // 2),
        ("both", lambda text: len(text.replace("\r\n", "\n").encode("utf-16-le")) // 2),
    ],
)
def test_positions_are_understood_however_a_program_counts(name, count):
    words = ["two", "three", "four", "five"]
    positions = [(count(RAW[: RAW.find(word)]), count(RAW[: RAW.find(word) + len(word)])) for word in words]
    text = SourceText(RAW, [place for pair in positions for place in pair])
    assert [text.plain[text.place(start) : text.place(end)] for start, end in positions] == words


@settings(max_examples=40, deadline=None)
@given(st.text("a\r\n🙂 ", max_size=12), st.lists(st.integers(0, 30), max_size=4))
def test_every_position_has_a_place_in_the_text(raw, positions):
    text = SourceText(raw, positions)
    places = [text.place(position) for position in range(40)]
    assert places == sorted(places)
    assert places[-1] == len(text.plain)
