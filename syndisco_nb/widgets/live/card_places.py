"""`CardPlaces`: which discussions the live view shows, and where."""

from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.unit_watcher import UnitState

CARDS = 9
"""The number of discussions shown at once."""
_IDLE_S = 15.0
"""A discussion that has been silent for this long gives its place to one that goes on."""


class CardPlaces:
    """The discussions shown, each in a place that it keeps while it goes on."""

    def __init__(self) -> None:
        self._shown: list[UnitState] = []

    def fill(self, snapshot: Snapshot) -> list[UnitState]:
        """Return the discussions to show, in the order of their places.

        One that has ended, or is silent, stays until another needs its place.
        """
        running = snapshot.status in ("running", "paused")
        talks = {(talk.condition, talk.unit): talk for talk in [*snapshot.unfinished, *snapshot.ended]}
        shown = [talks.get((talk.condition, talk.unit), talk) for talk in self._shown]
        if snapshot.over:
            shown = [talk for talk in shown if (talk.condition, talk.unit) in talks]
        known = {(talk.condition, talk.unit) for talk in shown}
        wanting = [talk for key, talk in talks.items() if key not in known and talk.state != "finished"]
        if running:
            wanting = [talk for talk in wanting if talk.state == "under way"]
        wanting.sort(key=lambda talk: talk.changed)  # the last is the most recent
        latest = max((talk.changed for talk in talks.values()), default=0.0)
        idle = [
            place for place, talk in enumerate(shown) if talk.state != "under way" or talk.changed < latest - _IDLE_S
        ]
        free = [*idle, *range(len(shown), CARDS)]
        taking = sorted(wanting[-len(free) :] if free else [], key=lambda talk: (talk.condition, talk.unit))
        for place, talk in zip(free, taking, strict=False):
            if place >= len(shown):
                shown.append(talk)
            elif talk.changed > shown[place].changed:
                shown[place] = talk
        self._shown = shown
        return shown
