"""Draw people from microdata, such as a survey with one row per respondent."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.cells import code_of, plain_cell
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.persona_files import people_table, persona_of, renamed
from syndisco_nb.backend.raking import Quotas, checked_quotas, checked_weights, raked_weights, systematic_rows
from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing
from syndisco_nb.backend.tables import DataTable
from syndisco_nb.errors import InvalidInputError, PersonaError, named_arguments, require, require_int, short_repr
from syndisco_nb.seeds import Purpose, generator, given_or_drawn

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota and the shares reached; all shares are between 0 and 1.

    Attributes
    ----------
    column : str
    value : bool, int, float or str
    data : float
        The share of the value in the data, by weight.
    target : float
        The share asked for.
    drawn : float
        The share among the people drawn.
    """

    column: str
    value: bool | int | float | str
    data: float
    target: float
    drawn: float


class Sample(People):
    """People drawn by `sample_people`.

    Parameters
    ----------
    personas : iterable of LLMPersona
    quotas : iterable of Quota or of mapping
        The quotas and the shares reached.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({"sex": ["female", "male", "male"]})
    >>> sample_people(survey, 2, quotas={"sex": {"female": 0.5, "male": 0.5}}, seed=1).quotas[0].drawn
    0.5
    """

    def __new__(cls, personas: Iterable[LLMPersona] = (), quotas: Iterable[Quota | Mapping[str, Any]] = ()) -> "Sample":
        """Make the tuple of people; `__init__` sets the quotas."""
        return super().__new__(cls, personas)

    def __init__(self, personas: Iterable[LLMPersona] = (), quotas: Iterable[Quota | Mapping[str, Any]] = ()) -> None:
        super().__init__(personas)
        self.quotas = tuple(quota if isinstance(quota, Quota) else _quota(quota) for quota in quotas)

    @property
    def shares(self) -> "pd.DataFrame":
        """One row per column and value, with the shares in the data, in the quotas and among the people drawn."""
        import pandas as pd

        return pd.DataFrame(map(asdict, self.quotas), columns=list(Quota.__dataclass_fields__))


@named_arguments
def sample_people(
    data: "pd.DataFrame | str | os.PathLike[str] | Sequence[Mapping[str, Any]]",
    number: int,
    quotas: Quotas | None = None,
    weights: str | None = None,
    seed: int | None = None,
    missing: Missing = (),
    rename: bool = False,
    *,
    columns: Columns | None = None,
    labels: CodeLabels | None = None,
    sheet: str | None = None,
) -> Sample:
    """Draw people from microdata, in proportion to weights, quotas, or both.

    Quotas on several columns are met together: the weights are raked to them (iterative proportional fitting;
    Deming & Stephan, 1940), then people are drawn systematically by weight along the sorted rows (Madow, 1949). So
    every combination of the quotas' values is drawn as often as expected, give or take one.

    Parameters
    ----------
    data : DataFrame, path or list of dict
        One row per respondent; read as in `load_personas`. Columns become the fields of personas. Without user names,
        people are named "Person 1" and so on.
    number : int
        The number of people to draw.
    quotas : mapping, optional
        By column, the share of each value or label, as in ``{"sex": {"female": 0.51, "male": 0.49}}``; rows with other
        values are not drawn. The shares of a column add up to 1, except for rounding.
    weights : str, optional
        The column with the survey's weights; it does not become a field of the personas.
    seed : int, optional
        Decides which people are drawn.
    missing, rename, columns, labels, sheet
        As in `load_personas`. `quotas` and `weights` may name a column as in the table, or by its new name. With
        `rename`, a person with a user name may be drawn twice.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used: a file cannot be read, a column is missing, or a quota cannot be filled.
    PersonaError
        If a row cannot be a person; names the field.
    MissingDependencyError
        If the reader of an Excel, SPSS, Stata or Parquet file is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({"sex": ["female", "male", "male", "male"], "age": [30, 40, 50, 60]})
    >>> people = sample_people(survey, 2, quotas={"sex": {"female": 0.5, "male": 0.5}}, seed=1)
    >>> sorted(person.sex for person in people)
    ['female', 'male']
    """
    import pandas as pd

    number = require_int("number", number, 1)
    rng = generator(given_or_drawn(seed), Purpose.SAMPLE)
    table = _table(data, weights, missing=missing, columns=columns, labels=labels, sheet=sheet)
    frame = pd.DataFrame(table.rows, columns=list(table.columns), dtype=object)
    new = {theirs: ours for ours, theirs in columns.items()} if isinstance(columns, Mapping) else {}
    weights = weights if weights is None or weights in frame else new.get(weights, weights)
    wanted = {name if name in frame else new.get(name, name): shares for name, shares in (quotas or {}).items()}
    targets = checked_quotas(frame, _as_in_cells(frame, wanted))
    given = checked_weights(frame, weights)
    raked = raked_weights(frame, given, targets)
    order = sorted(
        range(len(frame)), key=lambda row: ([str(frame.at[row, column]) for column in targets], rng.random())
    )
    drawn = systematic_rows(raked, order, number, rng.random())
    require(
        rename or "username" not in frame or len(set(drawn)) == len(drawn),
        f"To draw {number} people by these weights, some would be drawn twice, but each has a username. Draw fewer, or "
        "have them numbered: sample_people(..., rename=True).",
        "number",
    )
    return Sample(_persons(table, drawn, weights, rename), _quotas_met(frame, given, targets, drawn))


def _table(data: Any, weights: str | None, **reading: Any) -> DataTable:
    columns = reading["columns"]
    if weights is not None and isinstance(columns, Sequence) and not isinstance(columns, str):
        reading["columns"] = list(dict.fromkeys([*columns, weights]))
    try:
        table = people_table(data, str(data) if isinstance(data, str | os.PathLike) else "The table", **reading)
    except PersonaError as error:
        raise InvalidInputError(str(error), field="data") from None
    require(
        table.rows,
        f"data is {short_repr(data)}, but must be a table with rows: a DataFrame, a list of dicts, or a file's path.",
        "data",
    )
    return table


def _as_in_cells(frame: "pd.DataFrame", quotas: Quotas) -> Quotas:
    """Return quotas whose values are as in the cells: 1, 1.0 and "1" are the same code."""
    found = {}
    for column, shares in quotas.items():
        cells = {code_of(cell): cell for cell in frame[column].unique()} if column in frame else {}
        found[column] = (
            {cells.get(code_of(value), plain_cell(value)): share for value, share in shares.items()}
            if isinstance(shares, Mapping)
            else shares
        )
    return found


def _persons(table: DataTable, drawn: Sequence[int], weights: str | None, rename: bool) -> list[LLMPersona]:
    people: dict[str, LLMPersona] = {}
    for place, index in enumerate(drawn, start=1):
        row = {name: value for name, value in table.rows[index].items() if name != weights}
        try:
            person = persona_of(row, f"Person {place}")
        except PersonaError as error:
            raise PersonaError(f"Row {index + 1}: {error}", field=error.field) from None
        person = renamed(person, people) if rename and person.username in people else person
        require(
            person.username not in people,
            f"Several rows that were drawn have the username {person.username!r}. Have them numbered: "
            "sample_people(..., rename=True).",
            "data",
        )
        people[person.username] = person
    return list(people.values())


def _quotas_met(
    frame: "pd.DataFrame",
    weights: "pd.Series[float]",
    targets: Mapping[str, Mapping[Any, float]],
    drawn: list[int],
) -> list[Quota]:
    """Return each quota with the shares reached."""
    return [
        Quota(
            column,
            value,
            data=float(weights[frame[column] == value].sum() / weights.sum()),
            target=share,
            drawn=float((frame.loc[drawn, column] == value).mean()),
        )
        for column, shares in targets.items()
        for value, share in shares.items()
    ]


def _quota(plain: Mapping[str, Any]) -> Quota:
    try:
        return Quota(**plain)
    except TypeError as error:
        raise InvalidInputError(f"{dict(plain)!r} is no quota: {error}.", field="quotas") from None
