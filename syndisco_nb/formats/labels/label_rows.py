"""Join the labels in the rows of a table to discussions at hand, by discussion and place, never by text."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import RecordError, short_repr
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.labels.label_cells import (
    are_scores,
    distribution_in,
    implied_scale,
    number_in,
    probabilities_of,
    read_cell,
)
from syndisco_nb.formats.labels.label_columns import LabelAnswer, LabelColumns
from syndisco_nb.formats.tables.column_scopes import Cells
from syndisco_nb.jobs.labelled_units import LabelledUnit, all_units
from syndisco_nb.records import HUMAN, AnnotationSet, Generation, Label, LabelKey, Participant, Transcript
from syndisco_nb.wording import count, listed, shortened


class LabelRows:
    """The rows of a table of labels.

    Parameters
    ----------
    columns : LabelColumns
    scales, known : mapping of str to Scale
        By name: those that were given, and those of other labels on these discussions, which do not count for scores.
    discussions : FoundDiscussions
    start : int
        The number of the first comment of a discussion in the table.
    where : str
        Name of the table in errors.
    own : bool
        Whether it is a table of `to_dataframe`, in which an empty label is an answer without a label.
    """

    def __init__(
        self,
        columns: LabelColumns,
        scales: Mapping[str, Scale],
        known: Mapping[str, Scale],
        discussions: FoundDiscussions,
        start: int,
        where: str,
        own: bool,
    ) -> None:
        self._place, self._discussions, self._start, self._where = columns.place, discussions, start, where
        answers = list(columns.answers())
        self._answers = [answer for answer in answers if own or answer.cell is not None]
        self._rows = self._rows_of(answers) if columns.in_order else {}
        cells: dict[str, list[Any]] = {}
        for answer in self._answers:
            cells.setdefault(answer.scale, []).extend([] if answer.cell is None else [answer.cell])
        self._scores = {name for name, given in cells.items() if are_scores(given)}
        fitting = {
            name: one for name, one in known.items() if name not in self._scores or one.value_type is bool
        } | dict(scales)
        self._scales = {name: fitting.get(name) or self._implied(name, given) for name, given in cells.items()}
        self._units: dict[str, Mapping[LabelKey, LabelledUnit]] = {}
        self._ids: dict[str, Mapping[str, int]] = {}
        self._indexes: dict[tuple[str, str], Mapping[int, int]] = {}

    def sets(self) -> list[AnnotationSet]:
        """Return the labels, one set for each discussion and annotator.

        Raises
        ------
        RecordError
            If no label can be joined, or one is about a comment that is not there or has another text.
        """
        given: dict[tuple[str, str], dict[LabelKey, Label]] = {}
        talks: dict[str, Transcript] = {}
        models: dict[str, str] = {}
        elsewhere: Counter[str] = Counter()
        unread: list[str] = []
        for answer in self._answers:
            talk = self._talk(answer)
            if talk is None:
                elsewhere[self._discussion_of(answer.row)] += 1
                continue
            talks[talk.id] = talk
            label = self._label(answer, self._unit(answer, talk))
            models.setdefault(answer.annotator, label.model)
            labels = given.setdefault((talk.id, answer.annotator), {})
            if label.key in labels:
                raise self._error(answer, f"is the second label of {label.key} by {answer.annotator}. Leave one out")
            labels[label.key] = label
            if label.value is None and answer.cell is not None:
                unread.append(f"{short_repr(cell_text(answer.cell), 40)} in row {answer.number} on {answer.scale}")
        self._warn(elsewhere, unread, joined=bool(given))
        numbers = {name: number for number, name in enumerate(models)}
        order = {talk.id: place for place, talk in enumerate(self._discussions)}
        return [
            self._set(talks[key], annotator, models[annotator], numbers[annotator], given[key, annotator])
            for key, annotator in sorted(given, key=lambda one: (order[one[0]], numbers[one[1]]))
        ]

    def _implied(self, name: str, cells: Sequence[Any]) -> Scale:
        scale = implied_scale(name, cells)
        if scale is None:
            found = listed(list(dict.fromkeys(shortened(cell_text(cell), 30) for cell in cells)), 6)
            raise RecordError(
                f"{self._where} has the labels {found} on {name}, whose scale is not known. Give it, as in "
                f'scales=Likert("{name}", 1, 5) or Choice("{name}", ["…", "…"]).'
            )
        return scale

    def _rows_of(self, answers: Sequence[LabelAnswer]) -> dict[tuple[str, str], list[int]]:
        """Return the numbers of the rows of each discussion, in order, whether they hold labels or not."""
        rows: dict[tuple[str, str], list[int]] = {}
        for number, row in {answer.number: answer.row for answer in answers}.items():
            rows.setdefault(self._group_of(row), []).append(number)
        return rows

    def _group_of(self, row: Cells) -> tuple[str, str]:
        return cell_text(row.get("condition")), self._discussion_of(row)

    def _discussion_of(self, row: Cells) -> str:
        return cell_text(row.get(self._place.get("discussion", ""))).strip()

    def _talk(self, answer: LabelAnswer) -> Transcript | None:
        if "discussion" not in self._place:
            if len(self._discussions) > 1:
                raise self._error(
                    answer, f"may be about any of {len(self._discussions)} discussions. Name the column of discussions"
                )
            return self._discussions[0]
        name = self._discussion_of(answer.row)
        if not name:
            raise self._error(answer, f"has no {self._place['discussion']}. Fill the cell")
        with_condition = f"{cell_text(answer.row.get('condition'))}.{name}"
        found = self._discussions
        fitting = found.with_id(name) or found.named(with_condition) or found.named(name)
        if len(fitting) > 1:
            raise self._error(
                answer,
                f"is about {name}, which is the name of {len(fitting)} discussions. Name them by their ids, as in the "
                "column discussion_id of to_dataframe, or with their condition, as in facilitator.discussion-00003",
            )
        return fitting[0] if fitting else None

    def _unit(self, answer: LabelAnswer, talk: Transcript) -> LabelledUnit:
        scale = self._scales[answer.scale]
        if talk.id not in self._units:
            self._units[talk.id] = {unit.key(): unit for unit in all_units(talk)}
        units = self._units[talk.id]
        place: int | str = ""
        if scale.unit == COMMENT:
            place = self._index_of(answer, talk)
        elif scale.unit == "participant":
            place = cell_text(answer.row.get(self._place.get("name", ""))).strip()
        unit = units.get(LabelKey(scale.unit, place, ""))
        if unit is None:
            raise self._error(answer, self._missing(scale, place, talk))
        text = cell_text(answer.row.get(self._place.get("text", "")))
        if text and text.split() != unit.text.split():
            remedy = (
                "Without a column of comment numbers, rows are in the order of the discussion: sort them, or name the "
                "column that numbers the comments, by index="
                if self._rows
                else f'Its index counts from {self._start}; change start= if the table does not, or give text="" if '
                f"{self._place['text']} is not the text of the comments"
            )
            raise self._error(
                answer,
                f"has the text {shortened(text, 60)!r}, but the {scale.unit} in {talk.name} that it is about has "
                f"{shortened(unit.text, 60)!r}. {remedy}",
            )
        return unit

    def _index_of(self, answer: LabelAnswer, talk: Transcript) -> int:
        if self._rows:
            return self._index_in_order(answer, talk)
        column = self._place.get("index", "")
        cell = cell_text(answer.row.get(column)).strip()
        if talk.id not in self._ids:
            facts = [(one.meta or {}, one.index) for one in talk]
            self._ids[talk.id] = {cell_text(meta[column]): index for meta, index in facts if column in meta}
        if ids := self._ids[talk.id]:
            if cell not in ids:
                raise self._error(
                    answer, f"has the {column} {short_repr(cell, 40)}, which no comment of {talk.name} has"
                )
            return ids[cell]
        if not (cell.isascii() and cell.removeprefix("-").isdecimal()):
            raise self._error(answer, f"has the index {short_repr(cell, 40)}, but must have a whole number")
        return int(cell) - self._start

    def _index_in_order(self, answer: LabelAnswer, talk: Transcript) -> int:
        group = self._group_of(answer.row)
        if group not in self._indexes:
            rows = self._rows[group]
            messages = talk.comments if len(rows) == len(talk.comments) else talk.messages
            if len(rows) != len(messages):
                silences = f" and {count(len(talk.silences), 'silence')}" if talk.silences else ""
                raise self._error(
                    answer,
                    f"is one of {len(rows)} about {talk.name}, which has {count(len(talk.comments), 'comment')}"
                    f"{silences}. Without a column of comment numbers, there must be a row for each. Name the column "
                    "that numbers the comments, by index=",
                )
            self._indexes[group] = {row: message.index for row, message in zip(rows, messages, strict=True)}
        return self._indexes[group][answer.number]

    def _missing(self, scale: Scale, place: int | str, talk: Transcript) -> str:
        if scale.unit == "participant":
            names = [user.name for user in talk.users]
            return f"is about {short_repr(place, 60)}, who has no comment in {talk.name}. There are {listed(names, 12)}"
        if any(message.index == place for message in talk.silences):
            return f"is about comment {place} of {talk.name}, which is a silence. Leave the row out"
        places = [message.index for message in talk]
        there = f"{places[0]} to {places[-1]}" if places else "none"
        return (
            f"is about comment {place} of {talk.name}, which has {there}. Comments count from 0; if the table counts "
            "from 1, give start=1"
        )

    def _label(self, answer: LabelAnswer, unit: LabelledUnit) -> Label:
        scale = self._scales[answer.scale]
        row, cell, score = answer.row, answer.cell, answer.scale in self._scores
        read = None if cell is None else read_cell(scale, cell, score)
        value = read.value if read else None
        columns = {label: row.get(f"{answer.column}_p_{label}") for label in scale.labels}
        probabilities = (
            (read.probabilities if read else None)
            or distribution_in(row.get("probabilities"), scale)
            or probabilities_of(columns, scale)
        )
        return unit.label(
            annotator=0,
            model=cell_text(row.get("model")) or (answer.annotator if score and scale.value_type is bool else HUMAN),
            generation=Generation((), 0, raw=cell_text(cell) if value is None and cell is not None else None),
            value=value,
            scale=scale.name,
            probabilities=probabilities,
            mass=number_in(row.get("mass")),
            options=scale.labels,
        )

    def _set(
        self, talk: Transcript, annotator: str, model: str, index: int, labels: Mapping[LabelKey, Label]
    ) -> AnnotationSet:
        used = [scale for scale in self._scales.values() if any(label.scale == scale.name for label in labels.values())]
        keys = [unit.key(scale) for unit in self._units[talk.id].values() for scale in used]
        return AnnotationSet(
            discussion_id=talk.id,
            discussion=talk.name,
            index=index,
            seed=None,
            annotator=Participant(annotator, "annotator", model),
            settings={"scales": [scale.settings() for scale in used]},
            labels=tuple(labels[key] for key in keys if key in labels),
        )

    def _warn(self, elsewhere: Mapping[str, int], unread: Sequence[str], *, joined: bool) -> None:
        if not joined:
            reason = (
                f"none of its discussions is here: {listed(list(elsewhere), 6)}" if elsewhere else "it has no label"
            )
            names = listed([talk.name for talk in self._discussions], 6)
            raise RecordError(f"{self._where} cannot be joined: {reason}. Here are {names}.")
        if elsewhere:
            about = f"{count(len(elsewhere), 'discussion')} that are not here: {listed(list(elsewhere), 6)}"
            warnings.warn(
                f"{self._where}: {count(sum(elsewhere.values()), 'label')} left out, about {about}.", stacklevel=4
            )
        if unread:
            warnings.warn(
                f"{self._where}: {count(len(unread), 'label')} not on the scale, and so without a value: "
                f"{'; '.join(unread[:3])}{' …' if len(unread) > 3 else ''}. Label.generation.raw holds them.",
                stacklevel=4,
            )

    def _error(self, answer: LabelAnswer, problem: str) -> RecordError:
        return RecordError(f"{self._where} cannot be joined: row {answer.number}, the header not counted, {problem}.")
