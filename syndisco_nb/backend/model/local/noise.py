"""Constants of the noise from which both engines draw tokens.

The noise of a token is a hash of (seed of the request, step of its reply, token), so that a draw depends on nothing
else: not on other rows, their order, or the device. The hash is the finaliser of SplitMix64 (Steele, Lea and Flood,
2014), applied to `seed + step * STEP`, and again with the token added. Its upper 53 bits make a uniform number, and
that a Gumbel variate.
"""

MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""The factors of the finaliser, whose shifts are 30, 27 and 31."""

TIE = 1e-12
"""Equal logits, frequent in bfloat16, are ordered by token: each is lowered by this times its number."""
