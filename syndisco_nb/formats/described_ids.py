"""Ids for things that have a name, where several may have the same."""

import json
from typing import Any


class DescribedIds:
    """Ids that are names, with a number where another thing has the name.

    Examples
    --------
    >>> ids = DescribedIds()
    >>> ids.of("Ana", {"age": 34}), ids.of("Ana", {"age": 60}), ids.of("Ana", {"age": 34})
    ('Ana', 'Ana-2', 'Ana')
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, name: str, description: Any) -> str:
        """Return the id of a thing, the same whenever name and description are.

        Parameters
        ----------
        name : str
        description
            Plain data.
        """
        key = json.dumps([name, description], sort_keys=True)
        if key not in self._ids:
            number, free = 1, name
            while free in self._taken:
                number, free = number + 1, f"{name}-{number + 1}"
            self._ids[key] = free
            self._taken.add(free)
        return self._ids[key]
