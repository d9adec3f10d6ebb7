"""Means of labels."""

from support.hand_made_studies import labels_of

import syndisco_nb as snb
from syndisco_nb.formats.convokit.label_means import LabelMeans


def test_the_mean_is_that_of_all_annotators_and_expected_values():
    first, second = labels_of(0, [1, None]), labels_of(0, [{"1": 0.5, "5": 0.5}, None])
    means = LabelMeans([first, second])
    assert means.of(first.labels[:1]) == {"toxicity": 2.0}
    assert means.of(first.labels[1:]) == {}


def test_yes_is_1_and_words_have_no_mean():
    flag, words = (
        labels_of(0, [True], scale=snb.Flag("rude")),
        labels_of(0, ["a"], scale=snb.Choice("tone", ["a", "b"])),
    )
    assert LabelMeans([flag, words]).of([*flag.labels, *words.labels]) == {"rude": 1.0}
