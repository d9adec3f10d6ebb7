import random
import re

import pytest

from syndisco_nb.display.colours import Look
from syndisco_nb.display.page import Speaker, Speakers
from syndisco_nb.display.writers.html_speakers import speakers_list


def written(**changes):
    given = {
        "name": "Ana",
        "look": Look(0),
        "role": "participant",
        "contribution": "1 comment",
        "lane": (1.0,),
        **changes,
    }
    return speakers_list(Speakers("", (Speaker(**given),)))


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


def test_a_silence_is_low_and_a_share_is_paler():
    assert written(lane=(None,)).count("height:4px") == 1
    assert written(lane=(0.0,)).count("height:4px") == 0
    assert "opacity:0.62" in written(lane=(0.5, 1.0))
    assert "opacity" not in written(lane=(1.0, 0.0))


def test_what_a_speaker_was_told_is_folded_under_their_row():
    markup = written(about=("age: <41>", "chess"))
    start = '<ul class="snb-who" style="padding-left:0;list-style:none"><li><details class="snb-c0"'
    assert markup.startswith(f'{start} style="{Look(0).beside}">')
    assert "<li><bdi>age: &lt;41&gt;</bdi></li>" in markup
    assert 'title="age: &lt;41&gt; · chess"' in markup
    assert "<details" not in written()
