from dataclasses import replace

import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talk, talks

from syndisco_nb.analysis.contrasts.contrast_assumptions import check_assumptions
from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.analysis.contrasts.level_table import level_table

VARIED = [[1, 2], [2, 4], [3, 3], [4, 2]]


def assumptions(source, measure="toxicity", **settings):
    return {one.name: one for one in contrast(source, measure, **settings).assumptions}


def test_few_discussions_are_said():
    name = "At least 20 discussions a level"
    few = assumptions(labelled({"none": VARIED, "host": VARIED}))[name]
    assert (few.holds, few.text) == (False, "4 discussions, so the intervals are too short.")
    more = assumptions(labelled({"none": VARIED * 2, "host": VARIED * 2}))[name]
    assert more.text == "8 discussions, so intervals and p are approximate."
    assert assumptions(labelled({"none": VARIED * 5, "host": VARIED * 5}))[name].holds


def test_levels_without_values_are_named():
    rows = {"none": VARIED, "host": [[None]] * 4, "bot": VARIED}
    for by in ("moderator", "condition"):
        found = assumptions(labelled({**rows, "guest": []}), by=by)["Every level has values"]
        assert found.holds is False
        assert found.text == "host and guest are left out. Run or label the rest, then contrast again."
    assert "Every level has values" not in assumptions(labelled({"none": VARIED, "host": VARIED}))


def test_discussions_without_values_are_counted():
    both = [talks({"none": 6, "host": 5}), labelled({"none": VARIED, "host": VARIED})]
    found = assumptions(both)["Every discussion has a value"]
    assert (found.holds, found.text) == (False, "3 of 11 discussions have none, and do not count.")
    both = [talks({"none": 4, "host": 4}), labelled({"none": VARIED, "host": VARIED})]
    assert "Every discussion has a value" not in assumptions(both)


def test_pairs_are_verified_or_it_is_said_that_they_are_not():
    alone = assumptions(labelled({"none": VARIED, "host": VARIED}))["Pairs"]
    assert alone.status == "cannot tell"
    both = [talks({"none": 4, "host": 4}), labelled({"none": VARIED, "host": VARIED})]
    assert assumptions(both)["Pairs"].status == "holds"
    odd = assumptions(labelled({"none": VARIED, "host": VARIED[:3]}))["Complete pairs"]
    assert odd.holds is False
    assert odd.text == "1 discussion without a partner does not count in the difference."


def test_each_of_several_levels_has_its_pairs():
    people = {"none": ("Ana", "Ben"), "host": ("Ana", "Ben"), "bot": ("Cem", "Dana")}
    study = of_conditions({name: [talk(i, name, people=who) for i in range(4)] for name, who in people.items()})
    found = assumptions([study, labelled({"none": VARIED, "host": VARIED, "bot": VARIED})])
    assert found["Pairs (host)"].holds
    assert found["Pairs (bot)"].holds is False
    assert (
        found["Pairs (bot)"].text
        == "4 of 4 with the same number differ in people, so they are compared as independent groups."
    )


def test_constant_labels_are_said():
    found = assumptions(labelled({"none": [[3]] * 4, "host": [[3]] * 4}))["Values vary"]
    assert (found.holds, found.text) == (False, "all 8 values are 3.00.")


def test_a_setting_without_any_effect_is_said():
    found = assumptions(labelled({"none": VARIED, "host": VARIED}))["Pairs differ"]
    assert found.holds is False
    assert found.text == "all 4 pairs have the same value at host and none, so the setting may not have taken effect."
    assert "Pairs differ" not in assumptions(labelled({"none": VARIED, "host": [[2, 2], *VARIED[1:]]}))
    assert "Pairs differ" not in assumptions(labelled({"none": [[3]] * 4, "host": [[3]] * 4}))


def test_a_floor_is_said():
    found = assumptions(labelled({"none": [[1, 1]] * 3 + [[1, 2]], "host": VARIED}))
    assert found["Room on the scale"].holds is False
    assert found["Room on the scale"].text == "75% of the discussions of none are at the lowest value, 1."
    assert "Room on the scale" not in assumptions(labelled({"none": VARIED, "host": VARIED}))


def test_lengths_matter_where_long_discussions_differ():
    same = assumptions(labelled({"none": VARIED, "host": VARIED}))
    assert same["Equal lengths"].holds
    rows = {"none": [[1], [1], [1], [2]], "host": [[1], [1], [2], [5] * 40]}
    found = assumptions(labelled(rows))["Length does not matter"]
    assert found.text.startswith("discussions have 1 to 40 values, and each counts once.")
    assert found.holds is False


def test_other_settings_may_turn_the_sign():
    levels = {f"{m}+{t}": {"moderator": m, "topics": t} for m in ("none", "host") for t in ("x", "y")}
    rows = {"none+x": [[1], [2]], "none+y": [[4], [5]], "host+x": [[3], [4]], "host+y": [[2], [2]]}
    found = assumptions(labelled(rows, levels), by="moderator")["Same direction at each topics"]
    assert (found.holds, found.text) == (False, "2.00 at x, −2.50 at y.")
    rows["host+y"] = rows["none+y"]
    assert assumptions(labelled(rows, levels), by="moderator")["Same direction at each topics"].holds


def test_low_mass_is_said():
    scored = {"1": 0.5, "2": 0.5, "3": 0, "4": 0, "5": 0}
    high = assumptions(labelled({"none": [[scored]] * 2, "host": [[scored]] * 2}))
    assert high["Models answer with a label"].holds
    low = assumptions(labelled({"none": [[scored]] * 2, "host": [[scored]] * 2}, mass=0.2))
    assert low["Models answer with a label"].text == "the allowed labels have 20% of the probability (median)."
    assert low["Models answer with a label"].holds is False


def test_missing_labels_are_said():
    found = assumptions(labelled({"none": [[1, None], [2, 3]], "host": [[1, 4], [2, 3]]}))["Complete labels"]
    assert (found.holds, found.text) == (False, "answers without a label: 25% in none.")


def test_labels_of_an_unknown_role_are_said():
    found = assumptions(labelled({"none": VARIED, "host": VARIED}, role=""))["Roles are known"]
    assert found.text.startswith("the role of 16 labels is not known")


def two_annotators(other):
    rows = {"none": VARIED, "host": [[2, 3], [3, 5], [4, 4], [5, 4]]}
    sets = {name: [labels_of(i, row, name) for i, row in enumerate(given)] for name, given in rows.items()}
    for name in other:
        sets[name] += [labels_of(i, row, name, annotator=1, name="other") for i, row in enumerate(other[name])]
    return of_conditions(sets)


def test_annotators_who_see_opposite_directions_are_named():
    found = assumptions(two_annotators({"none": [[5, 5]] * 4, "host": [[4, 3], [3, 3], [4, 4], [4, 3]]}))
    found = found["Annotators find the same direction"]
    assert (found.holds, found.text) == (False, "1.12 by judge, −1.50 by other.")
    same = assumptions(two_annotators({"none": VARIED, "host": VARIED}))["Annotators find the same direction"]
    assert same.holds


def test_one_annotator_alone_cannot_disagree():
    names = assumptions(labelled({"none": VARIED, "host": VARIED}))
    assert not any("nnotator" in name for name in names)


@pytest.mark.parametrize(("host", "share"), [([], "0%"), ([[1, 2]], "25%"), ([[1, None]] * 4, "50%")])
def test_an_annotator_who_labelled_less_of_a_level_is_named(host, share):
    """The two agree that levels do not differ; their mean does, by who labelled what."""
    found = assumptions(two_annotators({"none": VARIED, "host": host}))
    uneven = found["Annotators labelled as much of each level"]
    assert uneven.holds is False
    assert uneven.text.startswith(f"other 100% and {share}, of none and host: the difference may be one between")
    assert ("Annotators find the same direction" in found) == (share != "0%")


def test_annotators_who_labelled_as_much_are_not_named():
    found = assumptions(two_annotators({"none": VARIED[:2], "host": VARIED[:2]}))
    assert "Annotators labelled as much of each level" not in found


@pytest.mark.parametrize("measure", ["length", lambda talk: len(talk.comments)])
def test_measures_of_discussions_have_fewer_assumptions(measure):
    study = of_conditions({name: [talk(i, name, turns=3 + i) for i in range(3)] for name in ("none", "host")})
    names = assumptions(study, measure)
    assert "Pairs" in names
    assert not any(name.startswith(("Annotators", "Room")) for name in names)


def test_labels_still_to_be_given_are_said():
    effect = contrast(labelled({"none": VARIED, "host": VARIED}), "toxicity")
    progress = ("Dana has given 3 of 14 labels so far.",)
    values = replace(effect.values, material=replace(effect.values.material, unfinished=progress))
    table = level_table(values.discussions, None)
    found = {one.name: one for one in check_assumptions(values, table, effect.comparisons, {})}
    assert (found["Labelling is finished"].holds, found["Labelling is finished"].text) == (False, *progress)
