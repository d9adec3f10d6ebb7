"""Where all randomness comes from: one seed, and names.

A stream is found by *what it is for* (``derive(seed, "topic")``), never by when it is asked for, so
nothing that runs earlier, later or beside it can change it. No global generator is read or seeded.
"""

import hashlib
import random
import secrets

from syndisco_nb.errors import require_int

SEED_LIMIT = 2**53
"""Seeds are below this, so that every JSON reader, JavaScript's too, keeps them exactly."""


def derive(seed: int, *purpose: str | int) -> int:
    """Return the seed that belongs to a purpose.

    Parameters
    ----------
    seed : int
        The seed of the whole (an experiment, a discussion).
    *purpose : str or int
        What the new seed is for, for example ``"sampling", 4``.

    Returns
    -------
    int
        A number in ``[0, 2**53)``: the first bits of BLAKE2b over seed and purpose.

    Examples
    --------
    >>> derive(7, "topic") == derive(7, "topic"), derive(7, "topic") == derive(7, "opener")
    (True, False)
    """
    text = "\x1f".join(map(str, (seed, *purpose)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % SEED_LIMIT


def generator(seed: int, *purpose: str | int) -> random.Random:
    """Return the random generator that belongs to a purpose."""
    return random.Random(derive(seed, *purpose))


def given_or_drawn(seed: int | None) -> int:
    """Return the seed that a user gave, or a fresh one, from the operating system's entropy.

    Raises
    ------
    InvalidInputError
        If the seed is no whole number of 0 or more.
    """
    return secrets.randbelow(2**32) if seed is None else require_int("seed", seed, 0)
