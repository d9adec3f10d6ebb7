"""Weights that meet quotas (raking), and rows drawn by weight."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from syndisco_nb.errors import InvalidInputError, require, require_number, suggestion

if TYPE_CHECKING:
    import pandas as pd

_ROUNDS = 500
_CLOSE = 1e-6
_ROUNDED = 0.02  # tolerance for a sum of rounded shares

Quotas = Mapping[str, Mapping[Any, float]]
"""By column, the share of each value."""


def checked_quotas(frame: "pd.DataFrame", quotas: Quotas) -> dict[str, dict[Any, float]]:
    """Return the quotas as shares that add up to 1, without values whose share is 0.

    Parameters
    ----------
    frame : DataFrame
    quotas : mapping

    Raises
    ------
    InvalidInputError
        If a column or a value's share cannot be used.
    """
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
        percent = " 51% is 0.51." if abs(total - 100) < 100 * _ROUNDED else ""
        require(
            abs(total - 1) < _ROUNDED,
            f"The shares of {column} add up to {total:g}, but must add up to 1.{percent} Give a share to every value "
            "that may be drawn.",
            f"quotas.{column}",
        )
        targets[column] = {value: share / total for value, share in shares.items() if share}
    return targets


def checked_weights(frame: "pd.DataFrame", column: str | None) -> "pd.Series[float]":
    """Return the weights in a column; 1 for each row without a column.

    Parameters
    ----------
    frame : DataFrame
    column : str or None

    Raises
    ------
    InvalidInputError
        If there is no such column, or it holds something other than weights.
    """
    import pandas as pd

    if column is None:
        return pd.Series(1.0, index=frame.index)
    _check_column(frame, "weights", column)
    given = frame[column].map(lambda cell: cell.replace(",", ".") if isinstance(cell, str) else cell)  # a decimal comma
    weights = pd.to_numeric(given, errors="coerce")
    wrong = frame.loc[~(weights >= 0) | (weights == float("inf")), column]
    require(
        not len(wrong),
        f"The weight in row {wrong.index[0] + 1 if len(wrong) else 0} is not a number of 0 or more.",
        "weights",
    )
    require(weights.sum() > 0, f"The weights in {column!r} are all 0, so nobody could be drawn.", "weights")
    return weights.astype(float)


def raked_weights(
    frame: "pd.DataFrame", weights: "pd.Series[float]", targets: Mapping[str, Mapping[Any, float]]
) -> "pd.Series[float]":
    """Return weights that meet the targets and add up to 1; 0 for rows with values that have no target.

    Iterative proportional fitting (Deming & Stephan, 1940).

    Parameters
    ----------
    frame : DataFrame
    weights : Series
        The rows' own weights.
    targets : mapping
        From `checked_quotas`.

    Raises
    ------
    InvalidInputError
        If no weights meet all targets.
    """
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


def systematic_rows(weights: "pd.Series[float]", order: list[int], number: int, start: float) -> list[int]:
    """Return rows drawn systematically by weight (Madow, 1949).

    These are the rows at which the running sum of the weights passes the points of an even grid.

    Parameters
    ----------
    weights : Series
    order : list of int
        The rows in the order of the running sum.
    number : int
        The number of rows to draw.
    start : float
        The first point of the grid, in [0, 1).
    """
    sums = weights.loc[order].cumsum() / weights.sum() * number
    places = sums.searchsorted([start + point for point in range(number)], side="right").tolist()
    return [order[min(place, len(order) - 1)] for place in places]


def _check_column(frame: "pd.DataFrame", argument: str, column: str) -> None:
    names = list(map(str, frame.columns))
    require(
        column in frame.columns,
        f"{argument} names a column {column!r}, which the data does not have.{suggestion(str(column), names)} It has: "
        f"{', '.join(names)}.",
        argument,
    )
