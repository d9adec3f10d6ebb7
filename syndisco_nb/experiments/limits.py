"""Limits of experiments."""

MAX_CONCURRENCY = 64
"""Default number of discussions, or of annotations, that are under way at once."""

MAX_COUNT = 1_000_000
"""Largest number of discussions of an experiment, and of turns of a discussion: its plan is held in memory."""
