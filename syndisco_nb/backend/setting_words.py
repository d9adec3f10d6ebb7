"""Turn managers and stop conditions on record, in words."""

from collections.abc import Mapping
from typing import Any

from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.wording import call_text


def setting_words(settings: Mapping[str, Any]) -> str:
    """Return recorded settings in words; those of a class of the user's own as a call in Python.

    Parameters
    ----------
    settings : mapping
        As `Kind.settings` returns them.

    Examples
    --------
    >>> setting_words({"type": "RespondWithProbability", "p": 0.6}), setting_words({"type": "LeastHeard", "n": 3})
    ('previous speaker replies 60%', 'LeastHeard(n=3)')
    """
    made = TurnManager.remake(settings) or StopCondition.remake(settings)
    return call_text(settings) if made is None else str(made)
