import pytest
from support.hand_made_studies import labelled, of_conditions, talk

from syndisco_nb.analysis.contrasts.level_table import level_table
from syndisco_nb.analysis.contrasts.measuring import measured_values
from syndisco_nb.analysis.contrasts.pairing import find_pairing
from syndisco_nb.runs.sources import gather


def pairing(first, second, setting="moderator"):
    study = of_conditions({"a": first, "b": second}, {name: {setting: name} for name in "ab"})
    values = measured_values(gather(study), lambda talk: len(talk.comments))
    return find_pairing(level_table(values.discussions, None), "b", "a", values.material)


def some(condition, n=2, **settings):
    return [talk(index, condition, **settings) for index in range(n)]


def test_discussions_with_the_same_topic_and_people_are_pairs():
    found = pairing(some("a"), some("b"))
    assert found.paired
    assert found.verified
    assert found.reason == "the same topic and people in every pair"
    assert found.alone == 0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"topic": "Toll?"}, "2 of 2 with the same number differ in topic"),
        ({"people": ("Cem", "Dana")}, "2 of 2 with the same number differ in people"),
    ],
)
def test_discussions_of_another_topic_or_of_other_people_are_no_pairs(other, reason):
    found = pairing(some("a"), some("b", **other))
    assert not found.paired
    assert found.reason == reason


def test_a_setting_that_is_varied_may_differ_in_a_pair():
    found = pairing(some("a"), some("b", topic="Toll?"), setting="topics")
    assert found.paired
    assert found.reason == "the same people in every pair"
    found = pairing(some("a"), some("b", people=("Cem", "Dana")), setting="participants")
    assert found.paired
    assert found.reason == "the same topic in every pair"


def test_discussions_without_a_partner_are_counted():
    found = pairing(some("a", 5), some("b", 2))
    assert found.paired
    assert found.alone == 3


def test_nothing_is_paired_without_a_number_in_common():
    assert not pairing(some("a", 1), [talk(4, "b")]).paired


def test_nothing_is_paired_where_topics_and_people_are_both_varied():
    levels = {"a": {"topics": "x", "participants": "x"}, "b": {"topics": "y", "participants": "y"}}
    values = measured_values(gather(of_conditions({"a": some("a"), "b": some("b")}, levels)), "length")
    found = find_pairing(level_table(values.discussions, "condition"), "b", "a", values.material)
    assert (found.paired, found.reason) == (False, "topics and people are both varied")


def test_pairs_of_labels_alone_are_not_verified():
    values = measured_values(gather(labelled({"a": [[1]], "b": [[2]]})), "toxicity")
    found = find_pairing(level_table(values.discussions, None), "b", "a", values.material)
    assert (found.paired, found.verified) == (True, False)
