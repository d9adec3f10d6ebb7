"""Length in words."""

import pytest

from syndisco_nb.analysis.text_length import number_of_words


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("…!", 0), ("one", 1), ("don't stop", 2), ("it’s 3 o'clock", 3), ("über Maß", 2)]
)
def test_words_of_any_script_are_counted(text, words):
    assert number_of_words(text) == words
