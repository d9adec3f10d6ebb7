import random

import pytest
from support.hand_made_studies import labelled, of_conditions, talk

from syndisco_nb.analysis.contrasts.planning import plan
from syndisco_nb.errors import InvalidInputError

PILOT = {"none": [[2], [3], [1], [4], [2], [3]], "host": [[2], [2], [2], [3], [1], [4]]}


def pilot(n=12, levels=("none", "host")):
    rng = random.Random(1)
    return labelled({name: [[rng.randint(2, 4) for _ in range(3)] for _ in range(n)] for name in levels})


def test_the_number_has_the_wanted_power():
    found = plan(labelled(PILOT), "toxicity", 1.0, draws=500)
    assert found.discussions
    sizes = {row.discussions: row.power for row in found.rows}
    assert sizes[found.discussions] >= 0.8
    assert sizes[min(sizes)] < 0.8 < sizes[max(sizes)]
    assert found.likely[0] < found.discussions < found.likely[1]
    assert found.pilot == "6 pairs of discussions (host and none)"
    assert (min(sizes), max(sizes)) == (max(3, round(found.discussions / 2)), 2 * found.discussions)


def test_a_smaller_difference_and_more_power_need_more():
    first, smaller, surer = (
        plan(labelled(PILOT), "toxicity", difference, power=power, draws=500).discussions
        for difference, power in ((1.0, 0.8), (0.5, 0.8), (1.0, 0.95))
    )
    assert smaller > 2 * first
    assert surer > first


def test_unpaired_discussions_are_planned_as_two_groups():
    def value(talk):
        return len(talk.comments) + (talk.index % 3)

    people = {"none": ("Ana", "Ben"), "host": ("Cem", "Dana")}
    study = of_conditions({name: [talk(i, name, people=who) for i in range(6)] for name, who in people.items()})
    assert plan(study, value, 1.0, draws=200).pilot == "6 + 6 discussions (none and host)"


def test_a_small_pilot_and_several_levels_are_said():
    warnings = plan(labelled(PILOT), "toxicity", 1.0, draws=100).warnings
    assert warnings[0].startswith("The pilot is small, 6 pairs of discussions (host and none): ")
    three = plan(pilot(levels=("none", "host", "bot")), "toxicity", 0.5, draws=100)
    assert three.warnings == (
        "This is for the one of 2 comparisons that needs the most, without Holm's correction. Plan more.",
    )
    assert plan(pilot(10), "toxicity", 0.5, draws=100).warnings == ()


def test_of_several_levels_the_one_that_needs_the_most_counts():
    steady, wild = [[2], [3], [1], [4], [2], [4]], [[5], [1], [1], [5], [5], [1]]
    found = plan(labelled({"none": PILOT["none"], "host": steady, "bot": wild}), "toxicity", 1.0, draws=100)
    assert found.pilot == "6 pairs of discussions (bot and none)"


def test_a_difference_too_small_to_find_is_said():
    found = plan(labelled(PILOT), "toxicity", 1e-3, draws=100)
    assert found.discussions is None
    assert found.likely is None
    assert found.title == "more than 20,000 discussions per condition"


@pytest.mark.parametrize(
    ("rows", "settings", "message"),
    [
        (PILOT, {"difference": 0}, "difference is 0, but must be a number other than 0"),
        (PILOT, {"difference": 1, "power": 1}, "power is 1, but must be a number between 0 and 1"),
        ({"none": [[1], [2]], "host": [[1], [3]]}, {"difference": 1}, "has 2 pairs, but must have 3 or more"),
        ({"none": [[1]] * 3, "host": [[2]] * 3}, {"difference": 1}, "All values of the pilot"),
    ],
)
def test_a_plan_needs_a_difference_and_a_pilot_that_varies(rows, settings, message):
    with pytest.raises(InvalidInputError, match=message):
        plan(labelled(rows), "toxicity", **settings)
