"""Draw people from microdata, such as a survey with one row per respondent."""

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.delimited import decoded
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.raking import Quotas, checked_quotas, checked_weights, raked_weights, systematic_rows
from syndisco_nb.backend.tables import read_table
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.seeds import Purpose, generator, given_or_drawn

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = (str, bool, int, float, list, tuple)


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
        One row per respondent; or the path of a CSV file, whose cells are all read as text. Columns become the fields
        of personas. Without a column ``username``, people are named "Person 1" and so on. Empty cells are left out.
    number : int
        The number of people to draw.
    quotas : mapping, optional
        By column, the share of each value, as in ``{"sex": {"female": 0.51, "male": 0.49}}``; rows with other
        values are not drawn. The shares of a column add up to 1, except for rounding.
    weights : str, optional
        The column with the survey's weights; it does not become a field of the personas.
    seed : int, optional
        Decides which people are drawn.
    missing : list, optional
        Values that mean no answer, such as ``[-9, "refused"]``; they are left out like empty cells.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used: a column is missing, or a quota cannot be filled.

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
    targets = checked_quotas(frame, _as_written(quotas or {}, isinstance(data, str | os.PathLike)))
    given = checked_weights(frame, weights)
    raked = raked_weights(frame, given, targets)
    order = sorted(
        range(len(frame)), key=lambda row: ([str(frame.at[row, column]) for column in targets], rng.random())
    )
    drawn = systematic_rows(raked, order, number, rng.random())
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
    return Sample(people, _quotas_met(frame, given, targets, drawn))


def _read(path: str | os.PathLike[str]) -> "pd.DataFrame":
    import pandas as pd

    file = Path(path).expanduser()
    try:
        return pd.DataFrame(read_table(decoded(read_bounded(file), str(file)).encode()).rows, dtype=object)
    except OSError as error:
        raise InvalidInputError(
            f"data is {str(file)!r}, which cannot be read: {error.strerror}. Give a CSV file that exists, or a "
            "DataFrame.",
            field="data",
        ) from None
    except (ValueError, csv.Error) as error:
        raise InvalidInputError(f"data is {str(file)!r}, which cannot be read as CSV: {error}.", field="data") from None


def _without(frame: "pd.DataFrame", missing: Iterable[Any]) -> "pd.DataFrame":
    """Return the table with the values that mean no answer masked."""
    require(
        isinstance(missing, Iterable) and not isinstance(missing, str),
        f"missing is {missing!r}, but must be a list of values, such as [-9].",
        "missing",
    )
    texts = {str(value) for value in missing}
    return frame.mask(frame.map(lambda value: str(value) in texts)) if texts else frame


def _as_written(quotas: Quotas, text: bool) -> Quotas:
    """Return quotas whose values are texts, as the cells of a file."""
    if not text:
        return quotas
    return {
        column: {str(value): share for value, share in shares.items()} if isinstance(shares, Mapping) else shares
        for column, shares in quotas.items()
    }


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the cells of a row that are not empty, as plain Python values."""
    import pandas as pd

    known = {name: value for name, value in row.items() if isinstance(value, list | tuple) or not pd.isna(value)}
    plain = {str(name): _plain(value) for name, value in known.items()}
    # A column with empty cells holds its whole numbers as floats.
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in plain.items()
    }


def _plain(value: Any) -> Any:
    """Return a cell as a plain Python value; of a type that no file can hold, such as pandas' Interval, as text."""
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, _PLAIN) else str(value)


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
