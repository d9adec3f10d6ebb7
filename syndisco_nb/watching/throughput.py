"""Turns and tokens per second over the last minute."""

from collections import deque

_WINDOW_S = 60.0
_SHORTEST_S = 1.0  # below this, a rate means nothing


class Throughput:
    """Throughput of a run over the last minute at work."""

    def __init__(self) -> None:
        self._measured: deque[tuple[float, int, int]] = deque()

    def add(self, now: float, made: int, tokens: int, *, working: bool) -> tuple[float | None, float | None]:
        """Add a measurement; return turns and tokens per second, None where it is too early to tell.

        Parameters
        ----------
        now : float
            Time in seconds.
        made, tokens : int
            Number of turns and tokens made until now.
        working : bool
            Whether the run is at work; if not, the measurements before are dropped.
        """
        if not working:
            self._measured.clear()
            return None, None
        self._measured.append((now, made, tokens))
        while self._measured[0][0] < now - _WINDOW_S:
            self._measured.popleft()
        start, made_before, tokens_before = self._measured[0]
        if now - start < _SHORTEST_S or made == made_before:
            return None, None
        return (made - made_before) / (now - start), (tokens - tokens_before) / (now - start)
