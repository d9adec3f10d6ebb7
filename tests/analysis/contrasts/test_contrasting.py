import math
import random
import time

import numpy as np
import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talk, talks

from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.errors import InvalidInputError

CONTROL = [[1, 2, 2], [2, 3, 3], [1, 1, 2]]
MODERATED = [[1, 1, 1], [2, 1, 2], [1, 2, 1]]
EXAMPLE_E = {"control": CONTROL, "moderated": MODERATED}


def test_example_e_in_pairs():
    effect = contrast([talks({"control": 3, "moderated": 3}), labelled(EXAMPLE_E)], "toxicity", by="moderator")
    (found,) = effect.comparisons
    assert found.paired
    assert [one.mean for one in effect.levels] == pytest.approx([1.888889, 1.333333], abs=1e-6)
    assert effect.difference == pytest.approx(-0.555556, abs=1e-6)
    assert (found.t, effect.p, found.p_sign_flips) == pytest.approx((-1.889822, 0.199359, 0.5), abs=1e-6)
    assert (effect.n, effect.effect_size.name) == (3, "g_z")
    assert effect.effect_size.cliffs_delta == pytest.approx(-5 / 9)


def test_example_e_as_independent_groups_where_people_differ():
    people = [talk(i, "moderated", people=("Cem", "Dana")) for i in range(3)]
    discussions = of_conditions({"control": [talk(i, "control") for i in range(3)], "moderated": people})
    effect = contrast([discussions, labelled(EXAMPLE_E)], "toxicity")
    (found,) = effect.comparisons
    assert not found.paired
    assert (found.t, found.df, effect.p) == pytest.approx((-1.25, 2.876, 0.303342), abs=1e-3)
    assert math.isnan(found.p_sign_flips)
    assert (effect.n, effect.effect_size.name) == (6, "g")
    assert any("differ in people" in text for text in effect.warnings)


def test_equal_differences_do_not_vary_by_binary_fractions():
    """2 1/3 − 2 and 1 1/3 − 1 differ by 1e-16, and a t-test of such differences has p = 1e-93."""
    rows = [[score] * 3 for score in (1, 2, 3, 4, 1, 2, 3)]
    higher = [[*row[:2], row[2] + 1] for row in rows]
    effect = contrast(labelled({"none": rows, "host": higher}), "toxicity")
    assert effect.p == pytest.approx(2 / 2**7)  # of sign flips
    assert math.isnan(effect.effect_size.value)
    assert effect.difference == pytest.approx(1 / 3, abs=1e-11)


def test_openings_and_moderators_do_not_count():
    """The natural line of before averaged them too, and the sign came out wrong."""
    opening = [labels_of(i, [5], c, role="opening") for c in ("none",) for i in range(4)]
    calm = [labels_of(i, [1] * 6, "facilitator", role="moderator") for i in range(4)]
    heat = {
        "none": [labels_of(i, [2, 2, 3], "none") for i in range(4)] + opening,
        "facilitator": [labels_of(i, [3, 3, 3 + i % 2], "facilitator") for i in range(4)] + calm,
    }
    labels = of_conditions(heat)
    everything = labels.to_dataframe(roles="all").groupby("condition").label.mean()
    natural = labels.to_dataframe().groupby("condition").label.mean()
    effect = contrast(labels, "toxicity")
    assert everything.facilitator < everything.none
    assert natural.facilitator > natural.none
    assert effect.difference > 0
    assert str(effect.left_out) == "4 openings, 24 moderators' comments"


def test_several_levels_are_each_compared_with_the_baseline():
    rows = {"none": [[1], [2], [3]], "host": [[2], [3], [5]], "bot": [[1], [2], [4]]}
    effect = contrast(labelled(rows), "toxicity")
    assert [one.name for one in effect.comparisons] == ["host − none", "bot − none"]
    alone = [one.p_alone for one in effect.comparisons]
    assert effect["host"].p == pytest.approx(2 * min(alone))  # Holm
    with pytest.raises(InvalidInputError, match=r"2 levels are compared with 'none'\. Choose one: effect\['host'\]"):
        effect.difference  # noqa: B018
    other = contrast(labelled(rows), "toxicity", baseline="bot")
    assert [one.name for one in other.comparisons] == ["none − bot", "host − bot"]


def test_a_wrong_baseline_says_which_levels_there_are():
    with pytest.raises(InvalidInputError, match=r"baseline is 'nome', but must be a level of moderator. Did you mean"):
        contrast(labelled({"none": [[1]], "host": [[2]]}), "toxicity", baseline="nome")


@pytest.mark.parametrize(("name", "value"), [("level", 95), ("draws", 10), ("seed", -1)])
def test_settings_that_cannot_work_are_refused(name, value):
    with pytest.raises(InvalidInputError, match=f"{name} is {value}, but must be"):
        contrast(labelled({"none": [[1]], "host": [[2]]}), "toxicity", **{name: value})


def test_one_discussion_of_each_level_has_a_difference_alone():
    effect = contrast(labelled({"none": [[1, 2]], "host": [[2, 4]]}), "toxicity")
    assert (effect.difference, effect.n, effect.p) == (1.5, 1, 1.0)
    assert math.isnan(effect.interval[0])
    assert math.isnan(effect.levels[0].sd)


def test_differences_that_do_not_vary_have_the_p_of_sign_flips():
    effect = contrast(labelled({"none": [[1]] * 6, "host": [[2]] * 6}), "toxicity")
    assert effect.difference == 1
    assert effect.p == 2 / 2**6
    assert effect.interval == (1, 1)


def test_the_same_seed_gives_the_same_interval():
    labels = scripted(0, seed=1)
    first, again, other = (contrast(labels, "toxicity", seed=seed, draws=200) for seed in (1, 1, 2))
    assert first.interval == again.interval
    assert first.interval != other.interval
    wide = contrast(labels, "toxicity", level=0.99)
    assert wide.interval[0] < contrast(labels, "toxicity").interval[0]


def test_a_measure_of_discussions_is_contrasted_too():
    study = talks({"none": 4, "host": 4}, turns=4)
    assert contrast(study, "length").difference == 0
    assert contrast(study, lambda talk: len(talk.comments), by="condition").n == 4


def test_a_human_corpus_is_compared_by_its_distribution():
    labels = labelled({"none": [[1, 1, 2]] * 5, "host": [[5, 5, 4]] * 5})
    people = [labels_of(i, [1, 1, 2], "people", name="Dana") for i in range(5)]
    none, host = contrast(labels, "toxicity", human=people, draws=200).human
    assert none.divergence == pytest.approx(0)
    assert host.divergence == pytest.approx(1)
    assert (none.mean, host.mean, none.human_mean) == pytest.approx((4 / 3, 14 / 3, 4 / 3))


def scripted(effect, seed, n=20):
    """Return labels of n discussions a condition whose pairs share a deviation, with an effect of this size."""
    rng = random.Random(seed)
    shared = [rng.gauss(0, 0.5) for _ in range(n)]

    def row(mean):
        own = rng.gauss(0, 0.3)
        return [min(5, max(1, round(rng.gauss(mean + own, 0.8)))) for _ in range(10)]

    return labelled({"none": [row(3 + u) for u in shared], "host": [row(3 + effect + u) for u in shared]})


def test_an_effect_of_known_size_is_found():
    effect = contrast(scripted(-1, seed=3), "toxicity", by="moderator")
    low, high = effect.interval
    assert low < -1 < high < 0
    assert effect.p < 0.001


@pytest.mark.parametrize("trials", [10, pytest.param(400, marks=pytest.mark.long)])
def test_no_effect_is_found_where_there_is_none(trials):
    effects = [contrast(scripted(0, seed=seed), "toxicity", draws=300) for seed in range(trials)]
    silent = np.mean([one.p >= 0.05 for one in effects])
    cover = np.mean([one.interval[0] <= 0 <= one.interval[1] for one in effects])
    assert 0.95 - 2.5 * math.sqrt(0.95 * 0.05 / trials) <= silent
    assert 0.95 - 2.5 * math.sqrt(0.95 * 0.05 / trials) <= cover
    if trials > 100:
        print(f"silent {silent:.3f}, covered {cover:.3f} of {trials}")  # noqa: T201


@pytest.mark.seconds
def test_ten_thousand_labels_take_less_than_two_seconds():
    rng = random.Random(1)
    rows = {name: [[rng.randint(1, 5) for _ in range(10)] for _ in range(500)] for name in ("none", "host")}
    labels = labelled(rows)
    contrast(scripted(0, 1), "toxicity")  # loads what it needs
    begun = time.perf_counter()
    contrast(labels, "toxicity")
    assert time.perf_counter() - begun < 2
