"""The palette is measured here, as its docstring says."""

import itertools

import numpy as np
import pytest

from syndisco_nb.display.colours import BETWEEN, DARK, GREY, LIGHT, LINES, MODERATOR, looks

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(linear(colour) @ XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    scaled = XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(
    ("palette", "grounds"), [(LIGHT, ["#ffffff", "#f5f6f7"]), (DARK, ["#111111", "#1d1f22"])], ids=["light", "dark"]
)
def test_names_can_be_read(palette, grounds):
    assert min(contrast(colour, ground) for colour in palette for ground in grounds) >= 4.5


@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_lines_can_be_seen_in_both_themes(ground):
    assert min(contrast(colour, ground) for colour in (*BETWEEN, GREY)) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_the_colour_blind_can_tell_them_apart(palette, vision):
    seen = [lab(VISION[vision] @ linear(colour)) for colour in palette]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= 20


NAMES = [f"Person {n}" for n in range(60)]


def test_a_name_has_the_same_colour_whoever_else_is_there():
    alone = {name: looks([name])[name].colour for name in (*NAMES, "\ud800")}
    for order in (NAMES, NAMES[::-1], NAMES[20:40]):
        assert {name: look.colour for name, look in looks(order).items()} == {name: alone[name] for name in order}
    assert set(alone.values()) == set(range(8))


def test_those_who_share_a_colour_in_one_talk_have_different_lines():
    shared = [name for name in NAMES if looks([name])[name].colour == looks(NAMES[:1])[NAMES[0]].colour]
    assert [look.line for look in looks(shared[:4]).values()] == [0, 1, 2, 0]
    assert len({look.border for look in looks(shared[:3]).values()}) == 3
    assert {look.border.split()[1] for look in looks(shared).values()} == set(LINES)
    assert looks([shared[1]])[shared[1]].border.split()[1] == "solid"


def test_a_moderator_is_grey_with_a_line_of_its_own():
    assert MODERATOR.border == f"3px double {GREY}"
    assert MODERATOR not in looks(NAMES).values()
