"""Measures of talk: numbers that describe one discussion. To add one, see `measure_registry`."""

from syndisco_nb.backend.kinds import load_modules

load_modules(__name__, __path__)  # each registers the measures in it
