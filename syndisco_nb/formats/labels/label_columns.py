"""Find the columns of a table of labels, and the answers on its rows, in whichever of the usual layouts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.errors import InvalidInputError, RecordError, require, short_repr, suggestion
from syndisco_nb.formats.labels.label_cells import are_scores
from syndisco_nb.formats.tables.column_scopes import Cells
from syndisco_nb.formats.tables.comment_columns import comment_columns
from syndisco_nb.wording import listed

LabelNames = str | Sequence[str] | Mapping[str, str] | None
"""Columns of labels: one, several, or for each scale its own."""

_ANNOTATORS = ("annotator", "coder", "rater", "judge", "labeller", "labeler")
_PLACE = ("discussion", "index", "name", "text")


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """The layout that a user describes.

    Attributes
    ----------
    place : mapping of str to str
        Columns by argument: discussion, index, name and text.
    annotator : str, sequence of str, or None
        A name, the column of names, or a column for each annotator.
    labels : str, sequence of str, mapping or None
        The columns of labels.
    scale : str or None
        The column of the scales' names.
    scales : sequence of str
        The names of the scales that were given.
    known : sequence of str
        The names of other scales of labels on these discussions.
    needed : tuple of str
        Those of `place` without which labels cannot be joined.
    """

    place: Mapping[str, str]
    annotator: str | Sequence[str] | None
    labels: LabelNames
    scale: str | None
    scales: Sequence[str]
    known: Sequence[str] = ()
    needed: tuple[str, ...] = ("discussion", "index")


@dataclass(frozen=True, slots=True)
class LabelAnswer:
    """One answer in a table.

    Attributes
    ----------
    row : mapping
        The cells of its row.
    number : int
        Number of the row, from 1.
    annotator : str
    scale : str
    column : str
        The column of its cell.
    cell : object
        None if it is empty.
    """

    row: Cells
    number: int
    annotator: str
    scale: str
    column: str
    cell: Any


class LabelColumns:
    """The columns of a table of labels.

    Parameters
    ----------
    known : sequence of str
        All columns.
    rows : sequence of mapping
        Cells that are not empty, by column.
    layout : LabelLayout
    where : str
        Name of the table in errors.

    Attributes
    ----------
    place : dict of str to str
        The columns of discussion, index, name and text, of those that are there.
    in_order : bool
        Whether there is no column of comment numbers, but a row for each comment, in order, with its text.

    Raises
    ------
    RecordError
        If a column is not there or not clear.
    """

    def __init__(self, known: Sequence[str], rows: Sequence[Cells], layout: LabelLayout, where: str) -> None:
        self._known, self._rows, self._layout, self._where = known, rows, layout, where
        found = comment_columns(known, layout.place, where, [one for one in layout.needed if one != "index"])
        self.place = {argument: found[argument] for argument in _PLACE if argument in found}
        if "discussion_id" in known and "discussion" not in layout.place:
            self.place["discussion"] = "discussion_id"
        self._coders = self._coder_columns()
        self._annotator = self._annotator_column()
        self._scale = self._scale_column()
        unnumbered = "index" in layout.needed and "index" not in found
        self.in_order = unnumbered and "text" in found and self._annotator is None and self._scale is None
        if unnumbered and not self.in_order:
            comment_columns(known, layout.place, where, ["index"])  # raises
        self._labels = self._label_columns()

    def answers(self) -> Iterator[LabelAnswer]:
        """Yield the answers of all rows, empty ones included."""
        for number, row in enumerate(self._rows, start=1):
            coder = self._annotator_of(row, number)
            for scale, column in self._labels:
                name = column if self._coders else coder
                named = cell_text(row.get(self._scale)) if self._scale else scale
                if named:
                    yield LabelAnswer(row, number, name, named, column, row.get(column))

    def _coder_columns(self) -> Sequence[str]:
        annotator = self._layout.annotator
        if annotator is None or isinstance(annotator, str):
            return ()
        for column in annotator:
            self._require(column, "annotator")
        require(
            len(self._layout.scales) == 1,
            f"annotator names columns, {listed(list(annotator), 6)}, whose labels are all on one scale, but scales "
            f'names {listed(self._layout.scales, 6) or "none"}. Give one, such as scales=Likert("toxicity", 1, 5).',
            "scales",
        )
        return list(annotator)

    def _annotator_column(self) -> str | None:
        annotator = self._layout.annotator
        if annotator is None and not self._coders:
            column = next((name for name in self._known if name.casefold() in _ANNOTATORS), None)
            if column is None:
                others = [name for name in self._known if name not in self.place.values()]
                raise InvalidInputError(
                    f'{self._where} does not say who gave the labels. Say it, as in annotator="Perspective", or name '
                    f"the column of the annotators, or the columns of their labels, as in annotator={others[-2:]!r}.",
                    field="annotator",
                )
            return column
        labels = self._layout.labels
        named = (
            [labels] if isinstance(labels, str) else labels.values() if isinstance(labels, Mapping) else labels or ()
        )
        names = isinstance(annotator, str) and annotator in self._known and annotator not in named
        return str(annotator) if names else None

    def _annotator_of(self, row: Cells, number: int) -> str:
        if self._annotator is None:
            return str(self._layout.annotator)
        name = cell_text(row.get(self._annotator)).strip()
        if not name:
            raise RecordError(f"{self._where} cannot be read: row {number} has no {self._annotator}. Fill the cell.")
        return name

    def _scale_column(self) -> str | None:
        if self._layout.scale is not None:
            self._require(self._layout.scale, "scale")
            return self._layout.scale
        long = {"scale", "label"} <= set(self._known) and self._layout.labels is None and not self._coders
        return "scale" if long else None

    def _label_columns(self) -> list[tuple[str, str]]:
        """Return the columns of labels, each with the name of its scale; "" if the row names it."""
        labels = self._layout.labels
        if self._coders:
            return [(self._layout.scales[0], column) for column in self._coders]
        if self._scale is not None:
            column = "label" if labels is None else labels
            require(
                isinstance(column, str),
                f"labels is {short_repr(labels)}, but where a column names the scale, one column holds all labels.",
                "labels",
            )
            self._require(str(column), "labels")
            return [("", str(column))]
        if isinstance(labels, Mapping):
            pairs = list(labels.items())
            turned = {column: scale for scale, column in pairs}
            require(
                set(labels.values()) <= set(self._known) or not set(labels) <= set(self._known),
                f"labels is {short_repr(labels)}, but must map scales to columns: labels={short_repr(turned)}.",
                "labels",
            )
        elif labels is not None:
            columns = [labels] if isinstance(labels, str) else list(labels)
            alone = len(columns) == len(self._layout.scales) == 1
            pairs = [(self._layout.scales[0] if alone else column, column) for column in columns]
        else:
            pairs = self._found()
        for _, column in pairs:
            self._require(column, "labels")
        return pairs

    def _found(self) -> list[tuple[str, str]]:
        """Return the columns named like the scales; without scales, those with scores from 0 to 1."""
        taken = {*self.place.values(), self._annotator}
        folded = {name.casefold(): name for name in self._known if name not in taken}
        named = self._layout.scales or self._layout.known
        spelled = {scale: (scale.casefold(), f"{scale}_label".casefold()) for scale in named}
        pairs = [(scale, folded[name]) for scale, names in spelled.items() for name in names if name in folded]
        if not self._layout.scales:
            others = [name for name in self._known if name not in taken and name not in dict(pairs).values()]
            cells = {name: [row[name] for row in self._rows if name in row] for name in others}
            pairs += [(name, name) for name, column in cells.items() if are_scores(column)]
        if not pairs:
            sought = f"named like {listed(self._layout.scales, 6)}" if self._layout.scales else "of scores from 0 to 1"
            raise RecordError(
                f"{self._where} has no column {sought}. Its columns are {listed(self._known, 20)}. Name those of the "
                'labels and their scales, as in labels={"toxicity": "TOXICITY"}, scales=Likert("toxicity", 1, 5).'
            )
        return pairs

    def _require(self, column: str, argument: str) -> None:
        if column not in self._known:
            near = suggestion(str(column), self._known) or f" Its columns are {listed(self._known, 20)}."
            raise RecordError(f"{self._where} has no column {short_repr(column, 60)}, which {argument} names.{near}")
