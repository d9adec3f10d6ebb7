"""Read the cells of a table of labels onto scales: labels, scores from 0 to 1, and distributions over labels."""

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydantic_core

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.scale.flag import Flag
from syndisco_nb.records import Value
from syndisco_nb.wording import NO, YES

_ONE_OR_ZERO = {"1": YES, "0": NO, "1.0": YES, "0.0": NO}
_LONGEST = 10_000  # characters of a distribution


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell, read onto a scale.

    Attributes
    ----------
    value : bool, int, str or None
        None if the cell holds no label of the scale.
    probabilities : mapping of str to float, or None
    """

    value: Value | None
    probabilities: Mapping[str, float] | None = None


def number_in(cell: Any) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if there is none.

    Examples
    --------
    >>> number_in("0,83"), number_in(1), number_in("1.2e-05"), number_in("nan"), number_in("toxic")
    (0.83, 1.0, 1.2e-05, None, None)
    """
    try:
        number = float(cell_text(cell).replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def are_scores(cells: Iterable[Any]) -> bool:
    """Return whether cells are numbers from 0 to 1, and not only 0 and 1: probabilities, as Perspective gives them.

    Examples
    --------
    >>> are_scores(["0.12", "1"]), are_scores([0, 1]), are_scores([0.5, 2])
    (True, False, False)
    """
    numbers = [number_in(cell) for cell in cells]
    inside = [number for number in numbers if number is not None and 0 <= number <= 1]
    return len(inside) == len(numbers) and any(number not in (0, 1) for number in inside)


def implied_scale(name: str, cells: Sequence[Any]) -> Scale | None:
    """Return the scale of a column of scores from 0 to 1, or of yes and no; None if it cannot be told.

    Parameters
    ----------
    name : str
    cells : sequence
        All that are not empty.
    """
    flag = Flag(name)
    told = bool(cells) and (are_scores(cells) or all(read_cell(flag, cell).value is not None for cell in cells))
    return flag if told else None


def read_cell(scale: Scale, cell: Any, score: bool = False) -> ReadCell:
    """Return a cell, read onto a scale.

    Parameters
    ----------
    scale : Scale
    cell : object
        Not empty.
    score : bool
        Whether the cell is a score from 0 to 1. On a flag, it is the probability of yes, and the label is yes from 0.5
        on. Other scales have no labels for scores.

    Examples
    --------
    >>> from syndisco_nb import Likert
    >>> read_cell(Flag("toxic"), "0.25", score=True)
    ReadCell(value=False, probabilities={'yes': 0.25, 'no': 0.75})
    >>> read_cell(Likert("toxicity", 1, 5), 3.0), read_cell(Likert("toxicity", 1, 5), "7")
    (ReadCell(value=3, probabilities=None), ReadCell(value=None, probabilities=None))
    """
    is_flag = scale.value_type is bool
    number = number_in(cell) if score and is_flag else None
    if number is not None:
        return ReadCell(number >= 0.5, {YES: number, NO: 1 - number})
    text = cell_text(cell)
    if is_flag:
        text = _ONE_OR_ZERO.get(text, text)
    return ReadCell(scale.value(text) if text in scale.labels else scale.parse(text))


def distribution_in(cell: Any, scale: Scale) -> Mapping[str, float] | None:
    """Return the probabilities of a scale's labels in a cell that holds a mapping, as JSON or as Python writes it.

    Parameters
    ----------
    cell : object
    scale : Scale
    """
    text = cell_text(cell)
    if not text.startswith("{") or len(text) > _LONGEST:
        return None
    try:
        found = pydantic_core.from_json(text)
    except ValueError:
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return probabilities_of(found, scale) if isinstance(found, Mapping) else None


def probabilities_of(found: Mapping[Any, Any], scale: Scale) -> Mapping[str, float] | None:
    """Return the probabilities of a scale's labels; None unless each has a number.

    Parameters
    ----------
    found : mapping
        By label.
    scale : Scale
    """
    numbers = {label: number_in(found.get(label)) for label in scale.labels}
    known = {label: number for label, number in numbers.items() if number is not None}
    return known if known and len(known) == len(numbers) else None
