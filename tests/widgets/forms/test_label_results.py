from support.hand_made_studies import labelled, labels_of

from syndisco_nb.analysis.agreement import Agreement
from syndisco_nb.analysis.contrasts.contrast import Contrast
from syndisco_nb.analysis.figures.picture import Picture
from syndisco_nb.widgets.forms.label_results import label_results


def test_of_several_conditions_there_are_contrasts_and_the_course_over_turns():
    labels = labelled({"none": [[1, 2], [2, 3]], "host": [[1, 1], [1, 2]]})
    contrast, turns = label_results(labels)
    assert isinstance(contrast, Contrast)
    assert isinstance(turns, Picture)
    assert turns.heading.endswith("by turn")


def test_each_varied_setting_is_contrasted():
    levels = {f"{a}+{b}": {"moderator": a, "window": b} for a in ("none", "host") for b in ("short", "long")}
    results = label_results(labelled({name: [[1, 2], [3, 4]] for name in levels}, levels))
    assert [one.by for one in results[:-1]] == ["moderator", "window"]


def test_of_one_condition_there_are_the_agreement_and_the_means():
    agreement, means = label_results([labels_of(0, [1, 2]), labels_of(0, [1, 3], annotator=1, name="other")])
    assert isinstance(agreement, Agreement)
    assert "of each discussion" in means.heading


def test_one_annotator_has_no_agreement():
    (means,) = label_results([labels_of(0, [1, 2])])
    assert isinstance(means, Picture)


def test_in_place_of_what_cannot_be_computed_stands_the_reason():
    (reason,) = label_results([labels_of(0, [None, None])])
    assert "No label of toxicity counts" in reason.value
