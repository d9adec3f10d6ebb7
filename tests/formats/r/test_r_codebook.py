"""Codebook of the tables for R."""

import pandas as pd
import pytest

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.r.r_codebook import CodebookEntry, codebook_entries, codebook_markdown

TABLE = pd.DataFrame(
    {
        "turn": pd.array([1, None], dtype="Int64"),
        "counted": [True, False],
        "expected": [0.5, 1],
        "condition_a|b": ["x", "y"],
        "speaker_age": ["3", None],
    }
)


def test_every_column_has_type_unit_and_meaning():
    entries = codebook_entries({"labels.csv": TABLE})
    assert [(one.column, one.type, one.unit) for one in entries] == [
        ("turn", "integer", "turns"),
        ("counted", "logical", ""),
        ("expected", "number", "scale"),
        ("condition_a|b", "text", ""),
        ("speaker_age", "text", ""),
    ]
    assert entries[-1].meaning == "Attribute age of the speaker."
    assert all(one.meaning.endswith(".") for one in entries)


def test_a_column_without_an_entry_is_named():
    with pytest.raises(InvalidInputError, match="'strange' has no entry"):
        codebook_entries({"labels.csv": pd.DataFrame({"strange": [1]})})


def test_the_codebook_is_a_table_for_each_file():
    entries = [
        CodebookEntry("a.csv", "x|y", "text", "", "Meaning."),
        CodebookEntry("b.csv", "z", "number", "s", "Time."),
    ]
    text = codebook_markdown(entries)
    assert "## a.csv" in text
    assert "| `x&#124;y` | text |  | Meaning. |" in text
    assert text.index("## b.csv") < text.index("| `z` | number | s | Time. |")
