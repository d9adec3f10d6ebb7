import math
from dataclasses import replace

import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talk, talks

import syndisco_nb as snb
from syndisco_nb.analysis.contrasts.measuring import measured_values
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.runs.sources import gather

STANCE = snb.Choice("stance", ["agree", "disagree", "mixed"])


def values_of(source, *args, **settings):
    return measured_values(gather(source), *args, **settings)


def test_a_label_is_a_number_and_a_discussion_its_mean():
    values = values_of(labelled({"none": [[1, 2, 5], [3]]}), "toxicity")
    assert values.discussions.value.tolist() == [8 / 3, 3.0]
    assert values.discussions.n.tolist() == [3, 1]
    assert (values.quantity, values.limits, values.labels) == ("label", (1, 5), (1, 2, 3, 4, 5))


def test_a_scored_label_is_its_expected_value():
    probabilities = {"1": 0.5, "2": 0.2, "3": 0.15, "4": 0.1, "5": 0.05}
    values = values_of(labelled({"none": [[probabilities]]}), "toxicity")
    assert math.isclose(values.discussions.value[0], 2.0)
    assert values.quantity == "expected value"
    assert values.masses == (0.9,)


def test_annotators_are_averaged_before_comments():
    sets = [labels_of(0, [1, 5]), labels_of(0, [3, None], annotator=1, name="other")]
    values = values_of(of_conditions({"none": sets}), "toxicity")
    assert values.units.value.tolist() == [2.0, 5.0]
    assert values.discussions.value.tolist() == [3.5]  # not the mean of all labels, 3
    assert values.annotators == ["judge", "other"]
    assert values.of_annotator("other").discussions.value.tolist() == [3.0]


def test_comments_of_other_roles_and_answers_without_a_label_are_counted_once():
    rows = [
        labels_of(0, [1, None]),
        labels_of(0, [4], role="moderator"),
        labels_of(0, [4], role="moderator", annotator=1, name="other"),
    ]
    values = values_of(of_conditions({"none": rows}), "toxicity")
    assert values.left_out.counts == {"moderator": 1, "no label": 1}
    assert values.missing == {"none": 1}
    assert values.discussions.value.tolist() == [1.0]
    everyone = values_of(of_conditions({"none": rows}), "toxicity", roles="all")
    assert everyone.left_out.counts == {"no label": 1}


def test_labels_of_an_unknown_role_count_and_are_said():
    values = values_of(labelled({"none": [[1, 2]]}, role=""), "toxicity")
    assert values.of_unknown_role == 2


def test_a_choice_has_the_share_of_a_label():
    given = [["agree", "agree", "mixed"], [{"agree": 0.2, "disagree": 0.7, "mixed": 0.1}]]
    values = values_of(labelled({"none": given}, scale=STANCE), "stance", label="agree")
    assert values.discussions.value.tolist() == [2 / 3, 0.2]
    assert (values.name, values.quantity, values.limits) == ("stance: agree", "probability", (0.0, 1.0))


def test_a_flag_has_the_share_of_yes():
    values = values_of(labelled({"none": [[True, False]]}, scale=snb.Flag("rude")), "rude")
    assert values.discussions.value.tolist() == [0.5]
    assert values.quantity == "share of yes"


def test_a_function_of_a_transcript_is_a_measure():
    def turns_taken(talk):
        return len(talk.comments) if talk.index else None

    values = values_of(talks({"none": 2}, silences=1), turns_taken)
    assert values.name == "turns_taken"
    assert values.discussions.value.tolist() == [2.0]
    assert values.left_out.counts == {"opening": 2, "silence": 2, "not defined": 1}


def test_a_measure_of_comments_has_a_value_for_each():
    values = values_of(talks({"none": 1}, turns=4), "length")
    assert values.discussions.n.tolist() == [4]
    assert values.units.turn.tolist() == [1, 2, 3, 4]
    assert values.unit == "comment"
    assert values_of(talks({"none": 1}), lambda talk: 1).unit == "discussion"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"measure": "toxcity"}, "There is no scale and no measure 'toxcity'. Did you mean 'toxicity'"),
        ({"measure": "toxicity", "label": 9}, "label is 9, but the labels of toxicity are: 1, 2, 3, 4, 5"),
        ({"measure": "toxicity", "roles": "guest"}, "No label of toxicity counts. Left out: 2 participants' comments"),
        ({"measure": "diversity"}, "is measured on discussions, but these are labels"),
    ],
)
def test_errors_say_what_there_is(settings, message):
    with pytest.raises(InvalidInputError, match=message):
        values_of(labelled({"none": [[1, 2]]}), **settings)


def test_nothing_at_all_is_not_taken_for_labels():
    empty = talks({"none": 1})["none"][:0]
    with pytest.raises(InvalidInputError, match="There are no discussions and no labels yet"):
        values_of(empty, "diversity")


def test_a_choice_without_a_label_says_how_to_choose_one():
    with pytest.raises(InvalidInputError, match="Say whose share to contrast, such as label='agree'"):
        values_of(labelled({"none": [["agree"]]}, scale=STANCE), "stance")


def test_a_label_is_for_scales_alone():
    with pytest.raises(InvalidInputError, match="label is 3, but only a scale has labels"):
        values_of(talks({"none": 1}), "length", label=3)


def test_labels_of_participants_and_of_whole_discussions_have_values_too():
    whole = labels_of(0, [1, 5])
    people = replace(
        whole, labels=tuple(replace(one, comment=None, unit="participant", turn=None) for one in whole.labels)
    )
    values = values_of(of_conditions({"none": [people]}), "toxicity")
    assert values.units.unit.tolist() == ["Ben", "Ana"]
    assert values.discussions.value.tolist() == [3.0]
    one = replace(whole.labels[0], comment=None, unit="discussion", turn=None, name="", role="")
    values = values_of(of_conditions({"none": [replace(whole, labels=(one,))]}), "toxicity")
    assert values.discussions.value.tolist() == [1.0]
    assert values.of_unknown_role == 0


def test_discussions_outside_a_study_are_told_apart_whatever_their_names_and_numbers():
    named = [replace(labels_of(0, [label], condition=name), discussion=name) for name, label in [("a", 1), ("b", 5)]]
    assert values_of(named, "toxicity").discussions.value.tolist() == [1.0, 5.0]
    alike = [talk(0, condition, turns=turns) for condition, turns in [("a", 3), ("b", 5)]]
    assert values_of(alike, "repetition").discussions.n.tolist() == [3, 5]
