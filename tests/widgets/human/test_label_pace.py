"""The pace of labelling."""

from syndisco_nb.widgets.human.label_pace import LabelPace


def test_the_pace_is_that_of_the_last_labels_without_breaks():
    pace = LabelPace()
    for _ in range(9):
        pace.add(2.0)
    assert pace.text(left=100) == ""
    pace.add(3000.0)
    assert pace.text(left=100) == ""
    pace.add(2.0)
    assert pace.text(left=100) == "2 s each, about 3 min left"
    assert pace.text(left=3) == "2 s each, about 6 s left"
    assert pace.text(left=0) == ""
    for _ in range(50):
        pace.add(4.0)
    assert pace.text(left=3600) == "4 s each, about 4 h left"
