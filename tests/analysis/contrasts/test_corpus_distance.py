import pytest
from support.hand_made_studies import labelled, labels_of, talk, talks

from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.analysis.statistics.divergence import jensen_shannon


def corpus(rows):
    return [labels_of(i, row, "people", name="Dana") for i, row in enumerate(rows)]


def test_labels_are_counted_by_label():
    labels = labelled({"none": [[1, 1, 2, 2, 2, 3, 3, 3, 3, 3]], "host": [[1]]})
    none, host = contrast(labels, "toxicity", human=corpus([[1, 1, 1, 1, 1, 2, 2, 2, 3, 3]]), draws=200).human
    assert none.divergence == pytest.approx(0.0958156, abs=1e-6)
    assert host.divergence == pytest.approx(jensen_shannon([1, 0, 0], [5, 3, 2]))
    assert repr(none).startswith("<CorpusDistance of none: 0.096 bits [")


def test_an_expected_value_goes_to_the_nearest_label():
    near = {"1": 0.6, "2": 0.4, "3": 0, "4": 0, "5": 0}  # 1.4
    far = {"1": 0.4, "2": 0.6, "3": 0, "4": 0, "5": 0}  # 1.6
    effect = contrast(labelled({"none": [[near]], "host": [[far]]}), "toxicity", human=corpus([[1]]), draws=200)
    assert [one.divergence for one in effect.human] == pytest.approx([0, 1])


def test_other_measures_have_equal_bins():
    study = talks({"none": 2, "host": 2}, turns=4)
    people = [talk(i, "people", turns=4, text="Well, well, well, well, {turn}.") for i in range(2)]
    effect = contrast(study, "length", human=people, draws=200)
    assert [one.divergence for one in effect.human] == pytest.approx([1, 1])
    assert effect.human[0].human_mean == 5


def test_the_interval_is_from_discussions_of_both():
    rows = [[1, 2], [2, 3], [4, 4], [5, 1], [3, 3], [2, 2]]
    effect = contrast(labelled({"none": rows, "host": rows}), "toxicity", human=corpus(rows[::-1]), draws=300)
    none, host = effect.human
    assert none.divergence == pytest.approx(0)
    assert 0 <= none.interval[0] < none.interval[1] < 1
    assert none.interval == host.interval
    narrow = contrast(labelled({"none": rows, "host": rows}), "toxicity", human=corpus(rows), draws=300, level=0.5)
    assert 0 <= narrow.human[0].interval[0] < narrow.human[0].interval[1] < none.interval[1]
    assert none.discussions == 6
