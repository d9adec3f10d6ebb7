"""Probabilities of labels from the likeliest first tokens of an answer, which is all that servers tell.

The probability of a label is that of the tokens that begin it and no other label, without the spaces before them. The
rest of the label is not scored: this equals the probability of the whole label where its first token decides on it.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.backend.model.request import LabelShares

MOST_TOKENS = 100
"""The number of tokens asked for; some servers tell of 20 or 5 at most."""

_MARGIN = re.compile("^(\\s|\u2581|\u0120)+".encode())  # the last two are spaces as tokenizers store them
_UNKNOWN = 0.1


def first_tokens(choice: Mapping[str, Any]) -> dict[bytes, float]:
    """Return the probabilities of the likeliest first tokens in a choice of a chat completion; empty without any.

    Parameters
    ----------
    choice : mapping
        With ``logprobs`` in OpenAI's form.
    """
    content = mapping(choice.get("logprobs")).get("content")
    first = mapping(content[0]) if isinstance(content, list) and content else {}
    listed = first.get("top_logprobs")
    shares: dict[bytes, float] = {}
    for entry in map(mapping, listed if isinstance(listed, list) else ()):
        log = entry.get("logprob")
        if isinstance(log, int | float) and log <= 0:
            shares[_spelling(entry)] = math.exp(log)
    return shares


def label_shares(labels: Sequence[str], tokens: Mapping[bytes, float]) -> LabelShares | None:
    """Return the probabilities of labels; None if the tokens do not tell them.

    They do not if 10 % or more, relative to all labels together, is unknown: the probability of tokens that begin
    several labels, or that end within a character and so begin many other words as well, and of the labels that are not
    among the tokens, each of which may be as probable as the least probable token. (A token that is a label counts for
    it also if it begins another label, as "1" begins "10", where that one is among the tokens as a whole, so that it
    begins otherwise.)

    Parameters
    ----------
    labels : sequence of str
    tokens : mapping of bytes to float
        As from `first_tokens`.

    Examples
    --------
    >>> label_shares(("yes", "no"), {b"yes": 0.375, b" no": 0.0625, b"n": 0.0625, b"Well": 0.001})
    LabelShares(probabilities=[0.75, 0.25], mass=0.5)
    >>> label_shares(("agree", "ambivalent"), {b"a": 0.5, b"agree": 0.4})
    """
    spelled = [label.encode() for label in labels]
    stripped = [(_MARGIN.sub(b"", token), share) for token, share in tokens.items()]
    whole = {token for token, _ in stripped}.intersection(spelled)
    shares = [0.0] * len(spelled)
    ambiguous = 0.0
    for token, share in stripped:
        begun = [place for place, label in enumerate(spelled) if token and label.startswith(token)]
        if token in whole:
            begun = [place for place in begun if spelled[place] == token or spelled[place] not in whole]
        if len(begun) == 1 and _is_text(token):
            shares[begun[0]] += share
        elif begun:
            ambiguous += share
    mass = sum(shares)
    unknown = ambiguous + shares.count(0.0) * min(tokens.values(), default=1.0)
    if unknown >= _UNKNOWN * mass:
        return None
    return LabelShares([share / mass for share in shares], min(1.0, mass))


def _is_text(token: bytes) -> bool:
    """Return False for a token that ends within a character."""
    try:
        token.decode()
    except UnicodeDecodeError:
        return False
    return True


def _spelling(entry: Mapping[str, Any]) -> bytes:
    """Return the bytes of a token; its text may hold only half a character."""
    try:
        return bytes(entry["bytes"])
    except (KeyError, TypeError, ValueError):
        return str(entry.get("token", "")).encode(errors="replace")


def mapping(value: Any) -> dict[str, Any]:
    """Return a value from a server's JSON if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
