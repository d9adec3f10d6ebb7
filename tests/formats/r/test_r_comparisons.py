"""Comparisons that R repeats."""

from dataclasses import replace

import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talk

import syndisco_nb as snb
from syndisco_nb.formats.r.r_comparisons import comparison_frame
from syndisco_nb.runs.sources import gather

CROSSED = {name: {"moderator": name[0], "size": name[1]} for name in ("ax", "ay", "bx")}


def comparisons(*sources):
    columns = ["scale", "setting", "level", "baseline", "paired", "ordinal"]
    return comparison_frame(gather(*sources))[columns].to_numpy().tolist()


@pytest.mark.parametrize(
    ("levels", "settings"), [(CROSSED, ["moderator", "size"]), ({name: {} for name in CROSSED}, [])]
)
def test_every_varied_setting_is_compared(levels, settings):
    found = comparisons(labelled({name: [[1, 2], [2, 3]] for name in levels}, levels))
    pairs = (
        [("moderator", "b", "a"), ("size", "y", "x")]
        if settings
        else [("condition", one, "ax") for one in ("ay", "bx")]
    )
    assert found == [["toxicity", *pair, True, True] for pair in pairs]


def test_discussions_on_other_topics_are_no_pairs():
    talks = of_conditions({name: [talk(0, name, topic=name)] for name in ("none", "host")})
    assert comparisons(talks, labelled({"none": [[1, 2]], "host": [[2, 2]]}))[0][4] is False


def test_scales_without_numbers_and_single_conditions_are_left_out():
    side = labelled({"none": [["a", "b"]], "host": [["b", "b"]]}, scale=snb.Choice("side", ["a", "b"]))
    assert comparisons(side) == []
    assert comparisons(labelled({"none": [[1, 2]]})) == []
    assert comparisons(labelled({"none": [[None]], "host": [[None]]})) == []
    assert comparisons([talk(0), labels_of(0, [1, 2])]) == []
    unnumbered = labels_of(0, [1, 2])
    assert comparisons(replace(unnumbered, discussion="a talk")) == []
    joke = labelled({"none": [[True, False]], "host": [[False, False]]}, scale=snb.Flag("joke"))
    assert comparisons(joke) == [["joke", "moderator", "host", "none", True, False]]
