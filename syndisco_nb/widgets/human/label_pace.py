"""`LabelPace`: how fast a person labels, and how long the rest will take."""

from collections import deque

from syndisco_nb.wording import duration

_LEAST, _MOST = 10, 50
_BREAK_S = 120.0


class LabelPace:
    """The pace of the last 50 labels. More than two minutes for one were a break, and do not count.

    Examples
    --------
    >>> pace = LabelPace()
    >>> for seconds in (*[4.0] * 9, 900.0, 6.0):
    ...     pace.add(seconds)
    >>> pace.text(left=170)
    '4.2 s each, about 12 min left'
    """

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_MOST)

    def add(self, seconds: float) -> None:
        """Count a label that took so long."""
        if seconds <= _BREAK_S:
            self._seconds.append(seconds)

    def text(self, left: int) -> str:
        """Return the pace in words, and the time for the labels that are left; "" for less than ten labels."""
        if len(self._seconds) < _LEAST or not left:
            return ""
        each = sum(self._seconds) / len(self._seconds)
        return f"{duration(each)} each, about {duration(_rounded(each * left))} left"


def _rounded(seconds: float) -> float:
    """Return a time as exactly as it can be foretold: whole minutes from one minute on."""
    return round(seconds / 60) * 60 if seconds >= 60 else round(seconds)
