"""`CommentRows`: the discussions in the rows of a table of comments."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.errors import RecordError, short_repr
from syndisco_nb.formats.foreign_records import first_models, foreign_message, foreign_participant, foreign_transcript
from syndisco_nb.formats.tables.column_scopes import Cells, Scope, column_scopes, fact_name
from syndisco_nb.formats.tables.comment_columns import comment_columns
from syndisco_nb.formats.tables.own_message_rows import FIELDS, OWN, own_fields
from syndisco_nb.records import HUMAN, Message, MessageRole, Participant, Transcript
from syndisco_nb.wording import replace_surrogates

UNKNOWN = "unknown"
"""The speaker of a comment whose row names none."""

_DIGITS = 9  # of the largest index
_OTHERS = "speaker_other"
"""The column of `to_dataframe` that holds attributes without a name."""


_REDDIT = "t1_"
"""The beginning of a comment's id where Reddit's dumps name it as a parent."""
_OTHER_DISCUSSION = 'Name another column for discussion, or give index="" if this is no index'


class CommentRows:
    """The rows of a table of comments.

    Parameters
    ----------
    known : sequence of str
        All columns.
    rows : sequence of mapping
        The cells that are not empty, by column.
    named : mapping of str to str
        The columns that the user named, by argument.
    where : str
        Name of the table in errors.

    Raises
    ------
    RecordError
        If a column is not there or not clear, or a cell cannot be read.
    """

    def __init__(self, known: Sequence[str], rows: Sequence[Cells], named: Mapping[str, str], where: str) -> None:
        if {"annotator", "label"} <= set(known) or "annotator_index" in known:
            raise RecordError(f"{where} is a table of labels. Give it to load_labels, with its discussions.")
        self._where = where
        self._named = named
        self._columns = comment_columns(known, named, where)
        self._numbers = {id(row): number for number, row in enumerate(rows, start=1)}
        self._own = set(known) >= OWN
        self._key = "discussion_id" if self._own and "discussion" not in named else self._columns.get("discussion")
        self._groups = self._grouped(rows)
        self._drop_unusable()
        taken = {*self._columns.values(), *(FIELDS if self._own else ()), _OTHERS}
        taken -= {self._columns.get("comment_id")}
        others = [column for column in known if column not in taken]
        self._scopes = column_scopes(others, list(self._groups.values()), self._columns.get("name", ""))

    def transcripts(self) -> list[Transcript]:
        """Return the discussions, in the order of their first rows."""
        names = Counter(self._name_of(rows[0]) for rows in self._groups.values())
        return [self._transcript(key, rows, names) for key, rows in self._groups.items()]

    def _grouped(self, rows: Sequence[Cells]) -> dict[tuple[str, str], list[Cells]]:
        """Return the rows of each discussion, by condition and name or id."""
        groups: dict[tuple[str, str], list[Cells]] = {}
        for row in rows:
            key = _text(row.get(self._key)) if self._key else ""
            if self._key and not key:
                raise RecordError(f"{self._place(row)} has no {self._key}. Fill the cell, or leave the row out.")
            groups.setdefault((_text(row.get("condition")), key), []).append(row)
        return groups

    def _drop_unusable(self) -> None:
        """Drop columns that cannot be what their heading says; raise `RecordError` if the user named them."""
        for argument in ("index", "comment_id", "role", "topic"):
            fault = self._fault(argument) if argument in self._columns else ""
            if fault and (argument in self._named or _OTHER_DISCUSSION in fault):
                raise RecordError(fault)
            if fault:
                del self._columns[argument]

    def _fault(self, argument: str) -> str:
        column = self._columns[argument]
        for rows in self._groups.values():
            seen: set[str] = set()
            for row in rows:
                cell = _text(row.get(column))
                if problem := _problem(argument, cell, seen):
                    return f"{self._place(row)} has the {column} {short_repr(cell, 60)}, but {problem}."
                seen.add(cell)
        return ""

    def _transcript(self, key: tuple[str, str], rows: Sequence[Cells], names: Mapping[str, int]) -> Transcript:
        if "index" in self._columns:
            rows = sorted(rows, key=lambda row: int(row[self._columns["index"]]))
        places = {id(row): self._index(row, place) for place, row in enumerate(rows)}
        targets = self._targets(rows, places)
        messages = [self._message(row, places[id(row)], targets) for row in rows]
        name = self._name_of(rows[0])
        topic = _text(self._cell(rows[0], "topic"))
        fields = {"id": key[1]} if self._own else {}
        condition = key[0]
        return foreign_transcript(
            messages,
            self._speakers(rows, messages),
            known_as=(f"{condition}.{name}" if condition and names[name] > 1 else name) or None,
            meta=self._facts("discussion", rows[0]) or None,
            **fields | ({"topic": topic} if topic else {}),
        )

    def _targets(self, rows: Sequence[Cells], places: Mapping[int, int]) -> dict[str, int]:
        """Return the indices of comments, by their ids, with and without Reddit's prefix; or else by themselves."""
        if "comment_id" in self._columns:
            ids = {_text(self._cell(row, "comment_id")): places[id(row)] for row in rows}
            return {_REDDIT + name: index for name, index in ids.items()} | ids
        if "index" in self._columns or "reply_to" in self._named:
            return {str(index): index for index in places.values()}
        return {}

    def _message(self, row: Cells, index: int, targets: Mapping[str, int]) -> Message:
        meta = self._facts("comment", row)
        given = _text(self._cell(row, "reply_to"))
        if given and given not in targets:
            meta["reply_to"] = given
        if "time" in self._columns and self._columns["time"] in row:
            meta["time"] = plain_value(self._cell(row, "time"))
        fields = own_fields(row, self._place(row)) if self._own else {}
        role: MessageRole = self._cell(row, "role") or "participant"
        return foreign_message(
            index,
            _text(self._cell(row, "name")).strip() or UNKNOWN,
            _text(self._cell(row, "text")),
            role=role,
            model=_text(self._cell(row, "model")) or HUMAN,
            reply_to=targets.get(given) if given else None,
            meta=meta or None,
            **fields,
        )

    def _speakers(self, rows: Sequence[Cells], messages: Sequence[Message]) -> list[Participant]:
        models = first_models(messages)
        first: dict[str, Cells] = {}
        for row, message in zip(rows, messages, strict=True):
            if message.role != "guest":
                first.setdefault(message.name, row)
        return [self._speaker(name, models[name], row) for name, row in first.items()]

    def _speaker(self, name: str, model: str, row: Cells) -> Participant:
        speaker = foreign_participant(name, model, self._facts("speaker", row))
        others = tuple(filter(None, _text(row.get(_OTHERS)).split("; ")))
        return replace(speaker, attributes=speaker.attributes + others)

    def _facts(self, scope: Scope, row: Cells) -> dict[str, Any]:
        cells = {fact_name(column): row.get(column) for column, about in self._scopes.items() if about == scope}
        return {name: plain_value(cell) for name, cell in cells.items() if cell is not None}

    def _name_of(self, row: Cells) -> str:
        return _text(self._cell(row, "discussion")).strip()

    def _index(self, row: Cells, place: int) -> int:
        return int(self._cell(row, "index")) if "index" in self._columns else place

    def _cell(self, row: Cells, argument: str) -> Any:
        return row.get(self._columns.get(argument, ""))

    def _place(self, row: Cells) -> str:
        return f"{self._where} cannot be read: row {self._numbers[id(row)]}, the header not counted,"


def plain_value(cell: Any) -> Any:
    """Return a cell as plain data that JSON can hold."""
    if isinstance(cell, list):
        return [plain_value(item) for item in cell]
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return replace_surrogates(cell) if isinstance(cell, str) else cell


def _text(cell: Any) -> str:
    return replace_surrogates(cell_text(cell))


def _problem(argument: str, cell: str, seen: set[str]) -> str:
    """Return the reason why a cell cannot be used, in words; "" if it can."""
    if argument == "index":
        if not (cell.isascii() and cell.isdecimal() and len(cell) <= _DIGITS):
            return "an index is a whole number of 0 or more"
        return f"another row has the same. {_OTHER_DISCUSSION}" if cell in seen else ""
    if argument == "comment_id":
        return "another row of its discussion has the same" if cell and cell in seen else ""
    if argument == "role":
        allowed = get_args(MessageRole)
        return "" if not cell or cell in allowed else f"a role is one of: {', '.join(allowed)}"
    return "" if not seen or cell in seen else "other rows of its discussion have another"
