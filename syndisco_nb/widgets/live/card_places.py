"""`CardPlaces`: which discussions the live view shows, and where."""

from collections.abc import Iterable

from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.unit_lines import UnitState

CARDS = 9
"""The number of discussions shown at once."""
_IDLE_S = 15.0
"""A discussion that has been silent for this long gives its place to one that goes on."""


class CardPlaces:
    """The discussions shown, each in a place that it keeps while it goes on."""

    def __init__(self) -> None:
        self._shown: list[UnitState] = []
        self._held: frozenset[tuple[str, str]] = frozenset()

    def hold(self, units: Iterable[tuple[str, str]]) -> None:
        """Have these units, by condition and name, keep their places until the next call: somebody reads them."""
        self._held = frozenset(units)

    def fill(self, snapshot: Snapshot) -> list[UnitState]:
        """Return the discussions to show, in the order of their places.

        One that has ended, or is silent, stays until another needs its place.
        """
        running = snapshot.status in ("running", "paused")
        units = {_key(unit): unit for unit in [*snapshot.unfinished, *snapshot.just_finished]}
        shown = [units.get(_key(unit), unit) for unit in self._shown]
        if snapshot.over:
            shown = [unit for unit in shown if _key(unit) in units]
        known = {_key(unit) for unit in shown}
        waiting = [unit for key, unit in units.items() if key not in known and unit.state != "finished"]
        if running:
            waiting = [unit for unit in waiting if unit.state == "in progress"]
        waiting.sort(key=lambda unit: unit.changed)  # the most recent comes last
        latest = max((unit.changed for unit in units.values()), default=0.0)
        idle = [
            place
            for place, unit in enumerate(shown)
            if _key(unit) not in self._held and (unit.state != "in progress" or unit.changed < latest - _IDLE_S)
        ]
        free = [*idle, *range(len(shown), CARDS)]
        conditions = [run.condition for run in snapshot.runs]
        entering = sorted(
            waiting[-len(free) :] if free else [], key=lambda unit: (unit.unit, conditions.index(unit.condition))
        )
        for place, unit in zip(free, entering, strict=False):
            if place >= len(shown):
                shown.append(unit)
            elif unit.changed > shown[place].changed:
                shown[place] = unit
        self._shown = shown
        return shown


def _key(unit: UnitState) -> tuple[str, str]:
    return unit.condition, unit.unit
