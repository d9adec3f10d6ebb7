"""Codebook of the tables for R: type, unit and meaning of every column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndisco_nb.errors import require

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """A column of a table.

    Attributes
    ----------
    file, column : str
    type : {"text", "integer", "number", "logical"}
    unit, meaning : str
    """

    file: str
    column: str
    type: str
    unit: str
    meaning: str


_MEANINGS: Mapping[str, tuple[str, str]] = {
    "condition": ("", "Condition of the study."),
    "discussion": ("", "Name of the discussion. Discussions of several conditions may have the same."),
    "discussion_id": ("", "Unique id of the discussion."),
    "discussion_index": (
        "",
        "Number of the discussion, from 0. Discussions of one number are pairs, if they are paired.",
    ),
    "unit": ("", "Subject of the label: comment, participant or discussion."),
    "index": ("", "Place of the comment in its discussion, from 0, silences counted."),
    "turn": ("turns", "Turn of the comment; 0 for openings. A moderator and a guest share the turn that they follow."),
    "name": ("", "Author of the comment, or the participant."),
    "role": ("", "Role of the author: opening, participant, moderator or guest; empty for a whole discussion."),
    "text": ("", "The comment; of a participant or discussion, all comments."),
    "silent": ("", "Whether the speaker said nothing."),
    "counted": ("", "Whether contrast() counts it: a participant's comment, or one of an unknown role."),
    "annotator": ("", "Unique name of the annotator."),
    "annotator_index": ("", "Number of the annotator, from 0."),
    "scale": ("", "Name of the scale; empty where any text was asked for."),
    "label": ("", "The label, as text: yes or no, a number, or a text; empty if the answer held none."),
    "expected": ("scale", "Expected value of a scored label: the sum of k p(k), or p(yes)."),
    "value": (
        "scale",
        "The expected value where it is known, else the label as a number (yes is 1). What is compared.",
    ),
    "probabilities": ("", "The model's probability of each label, as JSON."),
    "position": ("", "Place of the label among the options in the prompt, from 1."),
    "mass": ("probability", "Probability of all allowed labels together, before they were normalized."),
    "model": (
        "",
        "Name of the model that wrote the comment or gave the label; hardcoded for openings, human for people.",
    ),
    "speaks_for": ("", "Other speakers for whom the comment writes lines."),
    "finish_reason": ("", "End of the model's reply: stop, length (cut off), passed or timeout."),
    "prompt_tokens": ("tokens", "Length of the prompt."),
    "completion_tokens": ("tokens", "Length of the reply."),
    "seconds": ("s", "Time that the reply took."),
    "reply_to": ("", "Index of the comment that it answers."),
    "setting": ("", "The varied setting; condition where whole conditions are compared."),
    "level": ("", "Its level, which is compared with the baseline."),
    "baseline": ("", "The level with which it is compared."),
    "paired": ("", "Whether discussions of one number are pairs."),
    "pairing": ("", "The reason, in words."),
    "ordinal": ("", "Whether the labels are ordered numbers."),
}

_PREFIXES: Mapping[str, str] = {
    "condition_": "Level of the varied setting {}.",
    "speaker_": "Attribute {} of the speaker.",
    "meta_": "{}, as another tool recorded it.",
}

_TYPES: Mapping[str, str] = {"i": "integer", "f": "number", "b": "logical"}


def codebook_entries(tables: Mapping[str, "pd.DataFrame"]) -> list[CodebookEntry]:
    """Return an entry for each column of some tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name of the file.
    """
    return [entry for file, table in tables.items() for entry in _entries(file, table)]


def codebook_markdown(entries: list[CodebookEntry]) -> str:
    """Return the codebook to read, a table for each file."""
    lines = ["# Codebook"]
    for file in dict.fromkeys(entry.file for entry in entries):
        lines += ["", f"## {file}", "", "| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
        for entry in entries:
            if entry.file == file:
                cells = (f"`{entry.column}`", entry.type, entry.unit, entry.meaning)
                lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _entries(file: str, table: "pd.DataFrame") -> Iterator[CodebookEntry]:
    for column in map(str, table):
        unit, meaning = _MEANINGS.get(column) or _by_prefix(column)
        yield CodebookEntry(file, column, _TYPES.get(table[column].dtype.kind, "text"), unit, meaning)


def _by_prefix(column: str) -> tuple[str, str]:
    found = [text.format(column.removeprefix(start)) for start, text in _PREFIXES.items() if column.startswith(start)]
    require(found, f"The column {column!r} has no entry in the codebook.")
    return "", " ".join(found[0].split())
