import random
import re

import pytest

from syndisco_nb.display.colours import Look
from syndisco_nb.display.page import Speaker, Speakers
from syndisco_nb.display.writers.html_speakers import speakers_list


def widths(lane):
    """Return the widths, in percent, of the blocks of a strip."""
    markup = speakers_list(Speakers("", (Speaker("Ana", Look(0), "participant", "", tuple(lane)),)))
    return [float(width) for width in re.findall(r"width:([0-9.]+)%", markup)]


@pytest.mark.parametrize("marks", [[1.0], [None], [0.0], [1.0, 0.0], [0.0, 0.0, 1.0, None], [0.25, 1.0, 0.0]])
def test_a_strip_of_any_length_stays_on_its_line(marks):
    for length in range(1, 401):
        rng = random.Random(length)
        total = sum(widths(rng.choice(marks) for _ in range(length)))
        assert 99 <= round(total, 6) <= 100, length
