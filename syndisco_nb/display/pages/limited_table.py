"""A table of as many items as may be shown."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Share, Table
from syndisco_nb.wording import more

T = TypeVar("T")


def limited_table(
    title: str,
    head: tuple[str, ...],
    items: Sequence[T],
    row: Callable[[T], tuple[str | int | Share, ...]],
    limits: Limits,
    where: str = "",
) -> Table:
    """Return a table of the first items, which says how many are left out.

    Parameters
    ----------
    title : str
    head : tuple of str
    items : sequence
        One for each row.
    row : callable
        Returns the cells of an item.
    limits : Limits
        `Limits.max_items` is the number of rows.
    where : str
        The attribute that holds all items.
    """
    rows = tuple(row(item) for item in items[: limits.max_items])
    return Table(title, head, rows, more(len(items) - len(rows), where))
