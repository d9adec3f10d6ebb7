from dataclasses import replace

import numpy as np
import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talks

from syndisco_nb.analysis.contrasts.contrast_models import MIXED, ORDINAL, model_notes
from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.analysis.statistics.mixed_model import mixed_model

CONTROL = [[1, 2, 2], [2, 3, 3], [1, 1, 2]]
MODERATED = [[1, 1, 1], [2, 1, 2], [1, 2, 1]]
EXAMPLE_E = {"control": CONTROL, "moderated": MODERATED}


def test_the_mixed_model_is_that_of_the_statistics():
    effect = contrast(labelled(EXAMPLE_E), "toxicity")
    found = {one.term: one for one in effect.models if one.model == MIXED}
    assert list(found) == ["moderated − control", "turn", "moderated × turn"]
    assert found["moderated − control"].estimate == pytest.approx(-0.555556, abs=1e-6)
    values = np.array([*CONTROL, *MODERATED]).ravel()
    levels = ["control"] * 9 + ["moderated"] * 9
    fit = mixed_model(values, levels, np.repeat(range(6), 3).tolist(), ["control", "moderated"], np.tile([1, 2, 3], 6))
    assert found["turn"].estimate == pytest.approx(fit["turn"].estimate)
    assert found["turn"].p == pytest.approx(fit["turn"].p)


def test_one_turn_alone_is_no_covariate():
    effect = contrast(labelled({"none": [[1], [2], [4], [1]], "host": [[2], [2], [5], [3]]}), "toxicity")
    assert effect.models == ()
    sets = {name: [labels_of(i, [1 + i, 2], name) for i in range(4)] for name in ("none", "host")}
    same = {
        name: [replace(one, labels=tuple(replace(label, turn=1) for label in one.labels)) for one in some]
        for name, some in sets.items()
    }
    models = contrast(of_conditions(same), "toxicity").models
    assert {one.term for one in models if one.model == MIXED} == {"host − none"}


def test_the_baseline_is_the_reference():
    effect = contrast(labelled(EXAMPLE_E), "toxicity", baseline="moderated")
    assert effect.models[0].term == "control − moderated"
    assert effect.models[0].estimate == pytest.approx(0.555556, abs=1e-6)


def test_a_likert_scale_has_an_ordinal_model_of_its_labels():
    rows = {"none": [[1, 2, 3], [2, 3, 1], [2, 2, 1], [3, 1, 1]], "host": [[2, 3, 3], [3, 3, 1], [2, 3, 3], [3, 2, 2]]}
    effect = contrast(labelled(rows), "toxicity")
    (first, *_) = [one for one in effect.models if one.model == ORDINAL]
    assert first.term in ("host − none", "")
    assert (
        "ordinal::clmm(factor(label, ordered = TRUE) ~ condition_moderator * turn"
        in model_notes(effect.values, "moderator")[1]
    )


def test_a_model_that_cannot_be_fitted_says_why():
    (mixed, ordinal) = contrast(labelled({"none": [[2, 2]] * 3, "host": [[2, 2]] * 3}), "toxicity").models
    assert "there is nothing to model" in mixed.note
    assert "there is nothing to model" in ordinal.note
    assert mixed.term == ""


def test_one_value_for_a_discussion_needs_no_model():
    assert contrast(talks({"none": 3, "host": 3}), lambda talk: len(talk.comments)).models == ()
    assert len(model_notes(contrast(talks({"none": 3, "host": 3}), "length").values, "moderator")) == 1
