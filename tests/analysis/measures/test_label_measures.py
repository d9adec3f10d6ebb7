import math
from dataclasses import replace

import numpy as np
import pytest
from support.labelled import LIKERT, labelled, talk

from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.measures.label_measures import label_measures, slope
from syndisco_nb.runs.sources import gather

TALK = talk(texts=["Well.", "No.", "Yes."])


def measured(*labels, roles=None):
    return label_measures(gather(TALK, *labels), check_roles(roles))


def test_mean_and_slope_are_over_annotators_first():
    cells = measured(labelled(TALK, [5, 1, 5, 1]), labelled(TALK, [5, 2, 3, None], "other", 1))
    assert cells == {"t0": {"toxicity": pytest.approx((1.5 + 4 + 1) / 3), "toxicity_slope": pytest.approx(-0.25)}}


def test_roles_may_be_chosen():
    labels = labelled(TALK, [5, 1, 5, 1])
    assert measured(labels)["t0"]["toxicity"] == pytest.approx(7 / 3)
    assert measured(labels, roles="all")["t0"]["toxicity"] == 3


def test_a_slope_needs_two_turns_and_their_numbers():
    assert math.isnan(measured(labelled(TALK, [5, 1, None, None]))["t0"]["toxicity_slope"])
    alone = labelled(TALK, [5, 1, 2, 3])
    assert math.isnan(label_measures(gather(alone), check_roles(None))["t0"]["toxicity_slope"])


def test_a_scale_may_be_called_as_a_column():
    labels = labelled(TALK, [5, 1, 5, 1], scale=LIKERT | {"name": "length"})
    assert list(measured(labels)["t0"]) == ["length_label", "length_label_slope"]
    labels = labelled(TALK, [5, 1, 5, 1], scale=LIKERT | {"name": "discussion"})
    assert list(measured(labels)["t0"]) == ["discussion_label", "discussion_label_slope"]


def test_labels_of_whole_discussions_have_no_slope():
    labels = labelled(TALK, [5, 1, 5, 1])
    whole = replace(labels.labels[1], unit="discussion", comment=None, role="", turn=None, name="", value=4)
    assert measured(replace(labels, labels=(whole,))) == {"t0": {"toxicity": 4}}


def test_slope_is_that_of_least_squares():
    turns, values = [1, 2, 4, 7], [3.0, 2.5, 4.0, 1.0]
    assert slope(turns, values) == pytest.approx(np.polyfit(turns, values, 1)[0], abs=1e-9)
    assert math.isnan(slope([2, 2], [1.0, 3.0]))
