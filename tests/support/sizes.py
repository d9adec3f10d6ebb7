"""How much of a proof is done: all of it in `make test-long`, a sample in `make test`; seconds in `make bench`."""

import os

import pytest

LONG = bool(os.environ.get("SYNDISCO_NB_LONG"))
BENCH = bool(os.environ.get("SYNDISCO_NB_BENCH"))
TIMED = pytest.mark.parametrize("timed", [False, pytest.param(True, marks=pytest.mark.seconds)])
"""For a test that also looks at the clock, in `make bench`."""


def size(whole, sample):
    """Return how many, or how much."""
    return whole if LONG else sample
