import dataclasses
import itertools

import pytest
from strategies import a_generation

import syndisco_nb as snb
from syndisco_nb.analysis.checks import label_checks as checks
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.records import AnnotationSet, Label, Participant

LIKERT = snb.Likert("toxicity", 1, 5)
TONE = snb.Choice("tone", ["toxic", "civil", "mixed"], shuffle=True)


def labelled(scale=LIKERT, discussions=12, comments=10, mass=None, options=(), **annotators):
    """Return labels; the values of each annotator come round again and again."""
    sets = []
    for index, (name, values) in enumerate(annotators.items()):
        given = itertools.cycle(values)
        order = itertools.cycle(options or [scale.labels])
        made = (dataclasses.replace(a_generation(), seed=seed) for seed in itertools.count())
        for discussion in range(discussions):
            labels = tuple(
                Label(place, "Ana", "Text.", index, "m", next(made), next(given), scale.name, None, mass, next(order))
                for place in range(comments)
            )
            settings = {"scales": [scale.settings()]}
            who = Participant(name, "annotator", "m")
            sets.append(AnnotationSet(f"id-{discussion}", f"discussion-{discussion}", index, 1, who, settings, labels))
    return ConditionRecords(labels=tuple(sets))


@pytest.mark.parametrize(("value", "status"), [(5, "pass"), (0, "fail"), (6, "fail"), ("high", "fail"), (True, "fail")])
def test_labels_are_on_their_scale(value, status):
    assert checks.off_scale(labelled(a=[1, 2, None, value])).status == status
    assert checks.off_scale(ConditionRecords()) is None


def test_a_flag_is_yes_or_no():
    assert checks.off_scale(labelled(snb.Flag("sarcasm"), a=[True, False])).status == "pass"
    assert checks.off_scale(labelled(snb.Flag("sarcasm"), a=[True, 1])).status == "fail"


def test_missing_labels_are_those_of_the_worst_annotator():
    found = checks.missing_labels(labelled(a=[1, 2], b=[1, 2, None, 3]))
    assert (found.status, found.figure, found.n) == ("warn", 0.25, 120)
    assert found.explanation.startswith("b gives no label of toxicity in 25%")
    assert checks.missing_labels(labelled(a=[1, None])).status == "fail"
    assert checks.missing_labels(labelled(a=[1, 2])).status == "pass"


def test_one_constant_annotator_fails_where_others_vary():
    found = checks.constant_labels(labelled(a=[1, 2, 3], b=[3], c=[2, 3]))
    assert found.status == "fail"
    assert found.explanation.startswith("b gives the same label of toxicity, 3, 120 times out of 120")
    assert checks.constant_labels(labelled(a=[1, 2, 3], b=[3, 2])).status == "pass"


def test_constant_labels_of_all_are_a_warning_and_few_say_nothing():
    assert checks.constant_labels(labelled(a=[3], b=[3])).status == "warn"
    assert "expected values" in checks.constant_labels(labelled(a=[3])).explanation
    assert checks.constant_labels(labelled(discussions=1, a=[3])).status == "cannot tell"
    assert checks.constant_labels(labelled(discussions=1, a=[3], b=[1, 2])).status == "fail"
    assert checks.constant_labels(labelled(snb.FreeText("why"), a=["So."])) is None


def test_an_annotator_apart_is_found_by_the_others_on_the_same_comments():
    found = checks.annotator_apart(labelled(a=[1, 2, 1, 3, 2, 2, 1], b=[2, 1, 1, 2, 3, 2], c=[4, 5, 4, 5, 3]))
    assert found.worst == "fail"
    assert found.p < 1e-6
    assert found.explanation.startswith("c labels toxicity 2.4 higher than the others")
    assert found.n == 12


def test_a_small_difference_between_two_is_no_annotator_apart():
    found = checks.annotator_apart(labelled(a=[1, 2, 1, 3, 2, 2, 1], b=[1, 2, 1, 3, 2, 2, 2]))
    assert (found.p, found.enough) == (1.0, True)
    assert found.expected == "0 (±0.4)"  # a tenth of the range, which holds the figure
    assert abs(found.figure) < 0.4
    middling = checks.annotator_apart(labelled(a=[1, 2, 1, 3, 2, 2, 1], b=[2, 3, 1, 3, 3, 3, 1]))
    assert (middling.worst, middling.p < 0.001) == ("warn", True)
    assert "a labels toxicity 0.57 lower than b" in middling.explanation


def test_differences_that_are_all_equal_are_as_probable_as_their_signs():
    assert checks.annotator_apart(labelled(discussions=6, a=[1], b=[3])).p == 2**-5
    assert checks.annotator_apart(labelled(a=[2], b=[2])).p == 1.0


def test_one_shared_discussion_cannot_tell_who_is_apart():
    assert checks.annotator_apart(labelled(discussions=1, a=[1], b=[5])).status == "cannot tell"
    assert checks.annotator_apart(labelled(a=[1, 2])) is None
    assert checks.annotator_apart(labelled(TONE, a=["civil"], b=["toxic"])) is None
    flags = checks.annotator_apart(labelled(snb.Flag("sarcasm"), a=[True, False], b=[False]))
    assert flags.figure == 0.5


ORDERS = list(itertools.permutations(TONE.labels))


def test_a_preference_for_a_place_in_the_list_is_found():
    first = [order[0] for order in ORDERS]
    found = checks.option_order(labelled(TONE, options=ORDERS, a=first))
    assert (found.worst, found.figure) == ("fail", 1.0)
    assert found.p < 1e-6
    assert found.explanation.startswith("a chooses option 1 in the list of tone in 100%")
    fair = checks.option_order(labelled(TONE, options=ORDERS, a=["civil"]))
    assert (fair.p, fair.enough) == (1.0, True)
    slight = checks.option_order(labelled(TONE, discussions=100, options=ORDERS, a=["civil"] * 54 + first))
    assert slight.worst == "warn"


def test_labels_with_one_seed_have_one_order_and_count_once():
    records = labelled(TONE, options=ORDERS, a=["civil"])
    assert checks.option_order(records).n == 120
    paired = dataclasses.replace(records, labels=(*records.labels, *records.labels))
    assert checks.option_order(paired).n == 120


def test_paired_discussions_count_as_one():
    records = labelled(a=[1, 2], b=[3])
    pairs = [dataclasses.replace(one, discussion_id=f"other-{one.discussion_id}") for one in records.labels]
    assert checks.annotator_apart(dataclasses.replace(records, labels=(*records.labels, *pairs))).n == 12


def test_a_list_in_one_order_cannot_tell():
    fixed = dataclasses.replace(TONE, shuffle=False)
    assert checks.option_order(labelled(fixed, a=["civil", "toxic"])).status == "cannot tell"
    assert checks.option_order(labelled(a=[1, 2])) is None


def test_low_mass_is_a_warning():
    assert checks.low_mass(labelled(a=[1, 2])) is None
    assert checks.low_mass(labelled(mass=0.9, a=[1, 2])).status == "pass"
    found = checks.low_mass(labelled(mass=0.1, a=[1, 2]))
    assert (found.status, found.figure) == ("warn", 0.1)
    assert "a: the allowed labels of toxicity have a probability of 10% together" in found.explanation


def test_labels_that_are_partly_scored_are_a_warning():
    def scored(records, every):
        sets = []
        for one in records.labels:
            labels = (
                label if number % every else dataclasses.replace(label, probabilities={"1": 0.5, "2": 0.5})
                for number, label in enumerate(one.labels)
            )
            sets.append(dataclasses.replace(one, labels=tuple(labels)))
        return ConditionRecords(labels=tuple(sets))

    plain = labelled(a=[1, 2], b=[2])
    assert checks.partly_scored(plain) is None
    assert checks.partly_scored(scored(plain, 1)).status == "pass"
    found = checks.partly_scored(scored(plain, 2))
    assert (found.status, found.figure, found.n) == ("warn", 0.5, 120)
    assert found.explanation.startswith("a: 50% of the labels of toxicity have probabilities")
