"""Table of measures: one row per discussion."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.counted import check_roles, counted
from syndisco_nb.analysis.frames.columns import Row, make_frame, place, place_dtypes
from syndisco_nb.analysis.measures.label_measures import label_measures
from syndisco_nb.analysis.measures.measure_registry import MEASURES, Measure, as_number, find_measure
from syndisco_nb.errors import InvalidInputError, require, short_repr
from syndisco_nb.records import Transcript
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.runs.sources import gather

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {float: "float64", int: "int64", str: "string"}


def measures(
    source: Any, *own: Callable[[Transcript], Any], roles: str | Collection[str] | None = None
) -> "pd.DataFrame":
    """Return all measures of some discussions; see `Analysed.measures`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    *own : callable
        Functions of a transcript.
    roles : str or collection of str, optional
        See `check_roles`.
    """
    wanted = check_roles(roles)
    functions = _own_measures(own)
    material = gather(source)
    of_labels = label_measures(material, wanted)
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for held in material.transcripts:
        talk = held.record
        left_out += counted(talk.messages, wanted)[1]
        rows.append(
            place(held, talk.index, material.settings)
            | {name: measure.result(talk, wanted) for name, measure in MEASURES.items()}
            | of_labels.get(talk.id, {})
        )
    fixed = place_dtypes(material) | {name: _DTYPES[measure.kind] for name, measure in MEASURES.items()}
    fixed |= {column: "float64" for cells in of_labels.values() for column in cells}
    of_own = [_own_cells(held.record, functions, wanted, fixed) for held in material.transcripts]
    dtypes = {function.name: "float64" for function in functions} if not rows else _own_dtypes(of_own)
    return make_frame([row | cells for row, cells in zip(rows, of_own, strict=True)], fixed | dtypes, left_out)


def _own_measures(own: Collection[Any]) -> list[Measure]:
    for given in own:
        require(
            callable(given),
            f"{short_repr(given)} is no function of a transcript. The built-in measures are all in the table; give "
            "functions of your own, as in measures(questions).",
            "own",
        )
    functions = [find_measure(given) for given in own]
    names = [function.name for function in functions]
    require(
        len(set(names)) == len(names),
        f"The functions are called {', '.join(names)}, which are the columns. Give each a name of its own.",
        "own",
    )
    return functions


def _own_cells(talk: Transcript, functions: Collection[Measure], roles: Collection[str], taken: Collection[str]) -> Row:
    """Return the cells of a user's own functions: one each, or one per key of a mapping."""
    cells: Row = {}
    for function in functions:
        result = function.result(talk, roles)
        for name, value in result.items() if isinstance(result, Mapping) else ((function.name, result),):
            if name in taken or name in cells:
                raise InvalidInputError(
                    f"The measure {function.name} gives a column {name!r}, which there is already. Call it otherwise.",
                    field="own",
                )
            number = value if isinstance(value, str) else as_number(value)
            if number is None:
                raise InvalidInputError(
                    f"The measure {function.name} is {short_repr(value, 60)} for {discussion_name(talk.index)}, but "
                    "must be a number, a text, None, or a mapping of names to these.",
                    field="own",
                )
            cells[str(name)] = number
    return cells


def _own_dtypes(rows: Collection[Row]) -> dict[str, str]:
    columns: dict[str, list[Any]] = {}
    for cells in rows:
        for name, value in cells.items():
            columns.setdefault(name, []).append(value)
    return {
        name: "object" if any(isinstance(value, str) for value in values) else "float64"
        for name, values in columns.items()
    }
