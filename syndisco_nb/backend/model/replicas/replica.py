"""`Replica`: one of several models that answer alike, as the router sees it."""

from datetime import UTC, datetime

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.replicas.prefix_memory import PrefixMemory

_FIRST_REST_S, _LONGEST_REST_S = 0.5, 30.0
_UNLIMITED = 64  # the load of a replica without a limit is measured as if it had this one


class Replica:
    """One of several models that answer alike: its load, and its rest after a failure.

    Rests double from 0.5 to 30 seconds until it answers. After a rest, one request tries it.

    Parameters
    ----------
    model : Model
    label : str
        The words for it in errors, such as the address of its server.

    Attributes
    ----------
    in_flight : int
        The number of requests that it has not answered yet.
    answered : int
        The number of answers that it has given.
    problem : str
        The cause of its rest; "" while it does not rest.
    resting_since : datetime or None
        The time of the first failure since its last answer.
    rests : int
        The number of its rests since its last answer.
    due : float
        The end of its rest, on the clock of the event loop.
    is_tried : bool
        Whether a request is trying it after a rest.
    is_reported : bool
        Whether the user was told that it rests.
    round : int
        The number of all its rests. A failure of a request that was sent in an earlier round tells nothing new.
    """

    def __init__(self, model: Model, label: str) -> None:
        self.model = model
        self.label = label
        self.prefixes = PrefixMemory()
        self.in_flight = 0
        self.answered = 0
        self.problem = ""
        self.resting_since: datetime | None = None
        self.rests = 0
        self.due = 0.0
        self.is_tried = False
        self.is_reported = False
        self.round = 0
        self._closed_until = 0.0

    def load(self, now: float) -> float | None:
        """Return the share of its capacity that is in use; None if it takes no request now."""
        if self.problem:
            return None if self.is_tried or now < self.due else 0.0
        capacity = self.model.capacity
        if capacity is not None and self.in_flight >= capacity:
            return None
        return self.in_flight / (capacity or _UNLIMITED)

    def __repr__(self) -> str:
        state = f"rests: {self.problem}" if self.problem else f"{self.in_flight} requests, {self.answered} answers"
        return f"<Replica {self.label}: {state}>"

    def begin_request(self) -> int:
        """Count a request that is sent to it; return the round, which changes with each rest."""
        self.in_flight += 1
        self.is_tried = bool(self.problem)
        return self.round

    def end_request(self, sent_in: int) -> None:
        """Count a request that it no longer has, whatever the outcome."""
        self.in_flight -= 1
        if sent_in == self.round:
            self.is_tried = False

    def recover(self, now: float) -> bool:
        """End its rest, and return True if it had one; a pause that its server asked for goes on."""
        if not self.problem or now < self._closed_until:
            return False
        self.problem, self.resting_since, self.rests, self.is_reported = "", None, 0, False
        return True

    def rest(self, problem: str, wait_s: float, now: float) -> None:
        """Begin a rest, longer than the last one if it has not answered since.

        Parameters
        ----------
        problem : str
            The cause.
        wait_s : float
            The shortest rest that its server asks for, in seconds.
        now : float
            The time on the clock of the event loop.
        """
        self._closed_until = now + wait_s
        self.due = max(self._closed_until, now + min(_LONGEST_REST_S, _FIRST_REST_S * 2 ** min(self.rests, 10)))
        self.problem, self.resting_since = problem, self.resting_since or datetime.now(UTC)
        self.rests += 1
        self.round += 1
        self.is_tried = False
