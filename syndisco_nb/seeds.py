"""Seeds: everything random in an experiment follows from one seed and the purpose of the draw.

A stream of random numbers belongs to its purpose (``derive(seed, Purpose.TOPIC)``), never to the moment it is asked
for, so nothing that runs earlier, later or beside it can change it. No global generator is read or seeded.
"""

import hashlib
import random
import secrets
from enum import StrEnum

from syndisco_nb.errors import require_int

SEED_LIMIT = 2**53
"""Seeds are below this, so that every JSON reader, JavaScript's too, keeps them exactly."""


class Purpose(StrEnum):
    """Purposes of random draws. Their values stand in every seed, so they never change."""

    DISCUSSION = "discussion"
    """Seed of a discussion, by its index."""
    TOPIC = "topic"
    """Topic of a discussion."""
    USERS = "users"
    """Participants of a discussion."""
    OPENER = "opener"
    """Participant who posts the opening."""
    SPEAKER = "speaker"
    """Speaker of a turn, by its number."""
    SAMPLING = "sampling"
    """Reply to a request for a comment, by role and turn."""
    ID = "id"
    """Identifier of a discussion, by its index and all that was asked."""
    ANNOTATIONS = "annotations"
    """Seed of a study's annotations."""
    ANNOTATION = "annotation"
    """Seed of one annotation, by discussion and annotator."""
    LABEL = "label"
    """Label of a comment, by comment and scale; in a model, a label that is asked for again, by attempt."""
    UNIT_LABEL = "unit label"
    """Label of a participant or a whole discussion, by unit, name and scale."""
    ANSWER = "answer"
    """Answer that a model asks a server for again, by attempt."""
    OPTIONS = "options"
    """Order of a scale's options in a prompt."""
    SAMPLE = "sample"
    """People drawn from a population."""
    COMMENT_SAMPLE = "comment sample"
    """Comments drawn for labelling, by discussion and comment: those with the lowest numbers are drawn."""
    COMMENT_ORDER = "comment order"
    """Order in which the drawn comments of several conditions are labelled."""
    BOOTSTRAP = "bootstrap"
    """Resamples of discussions, for an interval."""
    SIGN_FLIPS = "sign flips"
    """Signs of paired differences, for a test."""
    POWER = "power"
    """Studies simulated from a pilot."""
    SPLIT = "split"
    """Discussions held out to test labels on."""


def derive(seed: int, *purpose: str | int) -> int:
    """Return the seed that belongs to a purpose.

    Parameters
    ----------
    seed : int
        The seed of the whole (an experiment, a discussion).
    *purpose : str or int
        A `Purpose`, then what tells its draws apart, for example ``Purpose.SPEAKER, 4``.

    Returns
    -------
    int
        A number in ``[0, 2**53)``: the first bits of BLAKE2b over seed and purpose.

    Examples
    --------
    >>> derive(7, Purpose.TOPIC) == derive(7, "topic"), derive(7, Purpose.TOPIC) == derive(7, Purpose.OPENER)
    (True, False)
    """
    text = "\x1f".join(map(str, (seed, *purpose)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % SEED_LIMIT


def generator(seed: int, *purpose: str | int) -> random.Random:
    """Return the random generator that belongs to a purpose.

    Parameters
    ----------
    seed : int
    *purpose : str or int
        As for `derive`.
    """
    return random.Random(derive(seed, *purpose))


def discussion_seed(seed: int, index: int) -> int:
    """Return the seed of a discussion.

    Parameters
    ----------
    seed : int
        Seed of the experiment.
    index : int
        Number of the discussion, from 0.
    """
    return derive(seed, Purpose.DISCUSSION, index)


def message_seed(seed: int, role: str, turn: int) -> int:
    """Return the seed with which a comment is drawn.

    Parameters
    ----------
    seed : int
        Seed of the discussion.
    role : str
        `Message.role`.
    turn : int
        `Message.turn`.
    """
    return derive(seed, Purpose.SAMPLING, role, turn)


def annotation_seed(seed: int, discussion: str, annotator: int) -> int:
    """Return the seed of one annotator's labels of a discussion.

    Parameters
    ----------
    seed : int
        Seed of the experiment.
    discussion : str
        Name of the discussion.
    annotator : int
        Number of the annotator, from 0.
    """
    return derive(seed, Purpose.ANNOTATION, discussion, annotator)


def label_seed(seed: int, unit: str, place: int | str, scale: str) -> int:
    """Return the seed with which a label is drawn.

    Parameters
    ----------
    seed : int
        Seed of the annotation.
    unit, place, scale
        `LabelKey` of the label.
    """
    if unit != "comment":
        return derive(seed, Purpose.UNIT_LABEL, unit, place, scale)
    return derive(seed, Purpose.LABEL, place, scale) if scale else derive(seed, Purpose.LABEL, place)


def given_or_drawn(seed: int | None) -> int:
    """Return the seed that a user gave, or a fresh one, from the operating system's entropy.

    Raises
    ------
    InvalidInputError
        If the seed is no whole number of 0 or more.
    """
    return secrets.randbelow(2**32) if seed is None else require_int("seed", seed, 0)
