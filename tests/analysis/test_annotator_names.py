from dataclasses import replace

import pytest

from examples import labels_of, talk
from syndisco_nb.analysis.annotator_names import distinct_names


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([{}, {"name": "Eli"}], ("Dana", "Eli")),
        ([{}, {"index": 1}], ("Dana (m) 1", "Dana (m) 2")),
        ([{}, {"model": "x"}], ("Dana (m)", "Dana (x)")),
        ([{"name": ""}, {"name": "", "index": 1}], ("annotator 0", "annotator 1")),
    ],
)
def test_annotators_are_told_apart_by_name_then_model_then_number(changes, names):
    sets = []
    for change in changes:
        labels = labels_of(talk(4), "Dana", [1])
        person = {name: value for name, value in change.items() if name != "index"}
        annotator = replace(labels.annotator, **person)
        sets.append(replace(labels, annotator=annotator, index=change.get("index", 0)))
    assert tuple(distinct_names(sets)) == names


def test_parcels_of_one_annotator_have_one_name():
    one = labels_of(talk(4), "Dana", [1])
    assert distinct_names([one, replace(one, discussion_id="x"), one]) == ["Dana"] * 3
