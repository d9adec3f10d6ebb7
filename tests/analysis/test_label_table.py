import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.analysis.comparable_labels import comparable_labels
from syndisco_nb.analysis.label_table import label_table, number_of

TALK = talk(6)


def test_rows_are_those_that_two_annotators_labelled():
    sets = [labels_of(TALK, name, given) for name, given in {"A": [1, 4], "B": [None, 2], "C": [None, None, 5]}.items()]
    comparable = comparable_labels(sets)
    table = label_table(comparable.scales["toxicity"], comparable.by_scale["toxicity"], ("A", "B", "C"))
    places = [subject[2] for subject in table.subjects]
    assert dict(zip(places, table.rows, strict=True)) == {1: (4, 2, None), 2: (1, None, 5), 3: (4, 2, None)}
    assert table.discussions == ("00ab",) * 3
    assert table.labels == (1, 2, 3, 4, 5)
    pair = label_table(comparable.scales["toxicity"], comparable.by_scale["toxicity"], ("B", "C"))
    assert (pair.annotators, pair.rows) == (("B", "C"), ())


@pytest.mark.parametrize(
    ("scale", "value", "number"),
    [(snb.Likert("a", 0, 9), 7, 7), (snb.Flag("b"), False, 0), (snb.Choice("c", ["x", "y", "z"]), "z", 2)],
)
def test_a_label_is_a_number(scale, value, number):
    assert number_of(scale, value) == number
