"""The rows of the table of people: those that are people, their faults, and copies."""

import re
from collections.abc import Sequence

from syndisco_nb.widgets.forms.form_field import Faults, joined
from syndisco_nb.widgets.forms.person_row import PersonRow


def filled_places(rows: Sequence[PersonRow]) -> list[int]:
    """Return the places, from 0, of the rows that are people: something is filled in."""
    return [place for place, row in enumerate(rows) if not row.blank]


def people_faults(rows: Sequence[PersonRow]) -> Faults:
    """Return the faults of each person, who are counted without empty rows; messages count rows as on screen.

    Parameters
    ----------
    rows : sequence of PersonRow
    """
    faults: Faults = {}
    first: dict[str, int] = {}
    for number, place in enumerate(filled_places(rows)):
        row = rows[place]
        faults |= {joined(str(number), attribute): message for attribute, message in row.faults.items()}
        if "username" not in row.faults and row.name in first:
            taken = f"Row {first[row.name]} is already called {row.name}. Choose another name."
            faults[f"{number}.username"] = taken
        first.setdefault(row.name, place + 1)
    return faults


def with_copy(rows: Sequence[PersonRow], place: int) -> list[PersonRow]:
    """Return the rows with a copy of one below it, under a name that nobody has.

    Parameters
    ----------
    rows : sequence of PersonRow
    place : int
        Of the row, from 0.
    """
    original, names = rows[place], [row.name for row in rows]
    stem = re.sub(r" \d+$", "", original.name)
    number = next(n for n in range(2, len(rows) + 3) if f"{stem} {n}" not in names)
    copy = PersonRow({**original.attributes, "username": f"{stem} {number}"}, set(original.typed))
    return [*rows[: place + 1], copy, *rows[place + 1 :]]
