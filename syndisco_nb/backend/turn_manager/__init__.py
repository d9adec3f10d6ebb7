"""Turn managers: who speaks next. One file each; a new file in this folder is found by itself."""

from syndisco_nb.backend.kinds import load_modules
from syndisco_nb.backend.turn_manager.round_robin import RoundRobbin, RoundRobin
from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager

__all__ = ["History", "RoundRobbin", "RoundRobin", "TurnManager"]

load_modules(__name__, __path__)
