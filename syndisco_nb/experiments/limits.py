"""Limits of experiments."""

MAX_CONCURRENCY = 64
"""Default number of discussions, or of annotations, that are under way at once."""

MOST = 1_000_000
"""Most discussions of an experiment, and most turns of a discussion: files are numbered, and a plan is in memory."""
