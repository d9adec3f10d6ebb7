"""People drawn from a population: from microdata, such as a survey's, one row per respondent."""

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend import tables
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int, require_number, suggestion
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.seeds import Purpose, generator, given_or_drawn

if TYPE_CHECKING:
    import pandas as pd

_ROUNDS = 500
_CLOSE = 1e-6
_PLAIN = (str, bool, int, float, list, tuple)
_ROUNDED = 0.02  # by so much, shares that were rounded may miss their sum

Quotas = Mapping[str, Mapping[Any, float]]


@dataclass(frozen=True, slots=True)
class Quota:
    """What became of one quota.

    Attributes
    ----------
    column : str
    value : bool, int, float or str
    data : float
        Its share in the data, by weight; all shares are between 0 and 1.
    target : float
        Its share as asked for.
    drawn : float
        Its share among the people drawn.
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
        What became of the quotas that they were drawn by.
    """

    def __new__(cls, personas: Iterable[LLMPersona] = (), quotas: Iterable[Quota | Mapping[str, Any]] = ()) -> "Sample":
        """Take the people; `__init__` keeps the rest."""
        return super().__new__(cls, personas)

    def __init__(self, personas: Iterable[LLMPersona] = (), quotas: Iterable[Quota | Mapping[str, Any]] = ()) -> None:
        super().__init__(personas)
        self.quotas = tuple(one if isinstance(one, Quota) else _quota(one) for one in quotas)

    @property
    def shares(self) -> "pd.DataFrame":
        """One row per column and value: its share in the data, its target, and its share among the people drawn."""
        import pandas as pd

        return pd.DataFrame(map(asdict, self.quotas), columns=list(Quota.__dataclass_fields__))


@named_arguments
def sample_people(
    data: "pd.DataFrame | str | os.PathLike[str]",
    number: int,
    quotas: Quotas | None = None,
    weights: str | None = None,
    seed: int | None = None,
    missing: Iterable[Any] = (),
) -> Sample:
    """Draw people from microdata, in proportion to weights, quotas, or both.

    Quotas on several columns are met together: the weights are raked to them (iterative proportional fitting;
    Deming & Stephan, 1940), then people are drawn systematically by weight along the sorted rows (Madow, 1949). So
    every combination of the quotas' values is drawn as often as expected, give or take one.

    Parameters
    ----------
    data : DataFrame or path
        One row per respondent; a path names a CSV file, whose cells are all read as text. Columns become the fields
        of personas; without a column ``username`` people are called "Person 1" and so on. Empty cells are left out.
    number : int
        How many people.
    quotas : mapping, optional
        By column, the share of each value, as in ``{"sex": {"female": 0.51, "male": 0.49}}``; rows with other
        values are not drawn. The shares of a column add up to 1, but for rounding.
    weights : str, optional
        The column with the survey's weights, which is no field of the personas.
    seed : int, optional
        Decides who is drawn.
    missing : list, optional
        Values that stand for no answer, such as ``[-9, "refused"]``; they are left out like empty cells.

    Raises
    ------
    InvalidInputError
        If there is no such column, or nobody who could fill a quota.

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
    frame = _read(data) if isinstance(data, str | os.PathLike) else data
    require(
        isinstance(frame, pd.DataFrame) and len(frame),
        f"data is {data!r}, but must be a table with rows: a DataFrame, or the path of a CSV file.",
        "data",
    )
    frame = _without(frame.reset_index(drop=True), missing)
    targets = _targets(frame, _as_written(quotas or {}, isinstance(data, str | os.PathLike)))
    given = _weights(frame, weights)
    raked = _raked(frame, given, targets)
    order = sorted(
        range(len(frame)), key=lambda row: ([str(frame.at[row, column]) for column in targets], rng.random())
    )
    drawn = _systematic(raked, order, number, rng.random())
    rows = frame.drop(columns=[weights] if weights else []).loc[drawn]
    named = "username" in rows
    require(
        not named or len(set(drawn)) == len(drawn),
        f"To draw {number} people by these weights, some would be drawn twice, but each has a username. Draw fewer, or "
        "leave the column out.",
        "number",
    )
    people = (
        LLMPersona(**{"username": f"Person {place}", **_fields(row)})
        for place, row in enumerate(rows.to_dict("records"), start=1)
    )
    return Sample(people, _met(frame, given, targets, drawn))


def _read(path: str | os.PathLike[str]) -> "pd.DataFrame":
    import pandas as pd

    file = Path(path).expanduser()
    try:
        return pd.DataFrame(tables.rows(tables.decoded(read_bounded(file), str(file))), dtype=object)
    except OSError as error:
        raise InvalidInputError(
            f"data is {str(file)!r}, which cannot be read: {error.strerror}. Give a CSV file that exists, or a "
            "DataFrame.",
            field="data",
        ) from None
    except (ValueError, csv.Error) as error:
        raise InvalidInputError(f"data is {str(file)!r}, which cannot be read as CSV: {error}.", field="data") from None


def _without(frame: "pd.DataFrame", missing: Iterable[Any]) -> "pd.DataFrame":
    """Return the table with the values that stand for no answer left out."""
    require(
        isinstance(missing, Iterable) and not isinstance(missing, str),
        f"missing is {missing!r}, but must be a list of values, such as [-9].",
        "missing",
    )
    none = {str(value) for value in missing}
    return frame.mask(frame.map(lambda value: str(value) in none)) if none else frame


def _as_written(quotas: Quotas, text: bool) -> Quotas:
    """Return quotas whose values are those of the data: of a file, texts."""
    if not text:
        return quotas
    return {
        column: {str(value): share for value, share in shares.items()} if isinstance(shares, Mapping) else shares
        for column, shares in quotas.items()
    }


def _check_column(frame: "pd.DataFrame", what: str, column: str) -> None:
    names = list(map(str, frame.columns))
    require(
        column in frame.columns,
        f"{what} names a column {column!r}, which the data does not have.{suggestion(str(column), names)} It has: "
        f"{', '.join(names)}.",
        what,
    )


def _targets(frame: "pd.DataFrame", quotas: Quotas) -> dict[str, dict[Any, float]]:
    """Return the quotas as shares that add up to 1, without values of which there are to be none."""
    targets = {}
    for column, shares in quotas.items():
        _check_column(frame, "quotas", column)
        require(
            isinstance(shares, Mapping),
            f"quotas[{column!r}] is {shares!r}, but must map values to shares.",
            f"quotas.{column}",
        )
        for value, share in shares.items():
            require_number(f"quotas.{column}.{value}", share, "of 0 or more", lambda part: part >= 0)
        total = sum(shares.values())
        percent = " 51 % is 0.51." if abs(total - 100) < 100 * _ROUNDED else ""
        require(
            abs(total - 1) < _ROUNDED,
            f"The shares of {column} add up to {total:g}, but must add up to 1.{percent} Give a share to every value "
            "that may be drawn.",
            f"quotas.{column}",
        )
        targets[column] = {value: share / total for value, share in shares.items() if share}
    return targets


def _weights(frame: "pd.DataFrame", weights: str | None) -> "pd.Series[float]":
    import pandas as pd

    if weights is None:
        return pd.Series(1.0, index=frame.index)
    _check_column(frame, "weights", weights)
    found = pd.to_numeric(frame[weights], errors="coerce")
    wrong = frame.loc[~(found >= 0) | (found == float("inf")), weights]
    require(
        not len(wrong),
        f"The weight in row {wrong.index[0] + 1 if len(wrong) else 0} is no number of 0 or more.",
        "weights",
    )
    require(found.sum() > 0, f"The weights in {weights!r} are all 0, so nobody could be drawn.", "weights")
    return found.astype(float)


def _raked(
    frame: "pd.DataFrame", weights: "pd.Series[float]", targets: Mapping[str, Mapping[Any, float]]
) -> "pd.Series[float]":
    """Return weights whose shares are the targets, adding up to 1; 0 for rows that no quota names."""
    for column, shares in targets.items():
        weights = weights.where(frame[column].isin(list(shares)), 0.0)
    for column, shares in targets.items():
        for value in shares:
            require(
                weights[frame[column] == value].sum() > 0,
                f"There is nobody with {column} {value!r} in the data (among those whom the other quotas allow). Take "
                "it out of the quotas, or give other data.",
                f"quotas.{column}",
            )
    weights = weights / weights.sum()
    for _ in range(_ROUNDS):
        for column, shares in targets.items():
            sums = weights.groupby(frame[column]).sum()
            factors = frame[column].map({value: share / sums[value] for value, share in shares.items() if sums[value]})
            weights = weights * factors.astype(float).fillna(0.0)
        if all(
            abs(weights[frame[column] == value].sum() - share) < _CLOSE
            for column, shares in targets.items()
            for value, share in shares.items()
        ):
            return weights / weights.sum()
    raise InvalidInputError(
        f"No weights meet all quotas ({', '.join(targets)}) together: some combinations are missing in the data. Give "
        "quotas on fewer columns, or more data.",
        field="quotas",
    )


def _systematic(weights: "pd.Series[float]", order: list[int], number: int, start: float) -> list[int]:
    """Return the rows at which the running sum of the weights passes the points of a grid with a random start."""
    sums = weights.loc[order].cumsum() / weights.sum() * number
    places = sums.searchsorted([start + point for point in range(number)], side="right").tolist()
    return [order[min(place, len(order) - 1)] for place in places]


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row's cells that are not empty, as plain Python values."""
    import pandas as pd

    known = {name: value for name, value in row.items() if isinstance(value, list | tuple) or not pd.isna(value)}
    plain = {str(name): _plain(value) for name, value in known.items()}
    # A column with empty cells holds its whole numbers as floats.
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in plain.items()
    }


def _plain(value: Any) -> Any:
    """Return a cell as plain Python; what no file could hold, such as pandas' Interval, as text."""
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, _PLAIN) else str(value)


def _met(
    frame: "pd.DataFrame",
    weights: "pd.Series[float]",
    targets: Mapping[str, Mapping[Any, float]],
    drawn: list[int],
) -> list[Quota]:
    """Return what became of each quota."""
    return [
        Quota(
            column,
            _plain(value),
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
