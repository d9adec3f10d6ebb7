import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb.display.writers.clean_text import clean


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\x00", "a\nb\nc␀"),
        ("\x1b[2J\x7f\x85", "␛[2J␡‹U+0085›"),
        ("\u202eabc\u2069", "‹U+202E›abc‹U+2069›"),
        ("\ud800\ufffe", "\ufffd\ufffd"),
        ("\u200fשלום\u200e 👩‍👩‍👧 é", "\u200fשלום\u200e 👩‍👩‍👧 é"),
    ],
)
def test_what_would_act_is_made_visible(text, seen):
    assert clean(text) == seen


@given(st.text(st.characters(codec=None)))
def test_what_is_clean_can_be_encoded_and_stays_as_it_is(text):
    clean(text).encode()
    assert clean(clean(text)) == clean(text)
