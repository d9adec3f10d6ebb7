"""Stop conditions: what ends a discussion early. One file each; a new file in this folder is found by itself."""

from syndisco_nb.backend.kinds import load_modules
from syndisco_nb.backend.stop_condition.stop_condition import StopCondition, check_stop, ended

__all__ = ["StopCondition", "check_stop", "ended"]

load_modules(__name__, __path__)
