"""Labels as numbers."""

import pytest
from support.labelled import FLAG, labelled, talk

from syndisco_nb.analysis.frames.scored_scales import expected_value, is_numeric, numeric_value, scales_of

CHOICE = {"type": "Choice", "name": "stance", "labels": ["for", "against"], "instruction": "", "shuffle": False}


def test_expected_values_need_probabilities_and_numbers():
    transcript = talk(texts=[])
    judged = labelled(transcript, [3], probabilities=[[0.5, 0.2, 0.15, 0.1, 0.05]])
    toxicity = scales_of(judged)["toxicity"]
    assert expected_value(judged.labels[0], toxicity) == numeric_value(judged.labels[0], toxicity) == pytest.approx(2)
    plain = labelled(transcript, [3])
    assert (expected_value(plain.labels[0], toxicity), numeric_value(plain.labels[0], toxicity)) == (None, 3.0)
    flagged = labelled(transcript, [True], scale=FLAG)
    assert numeric_value(flagged.labels[0], scales_of(flagged)["sarcasm"]) == 1.0


def test_a_choice_has_no_number():
    judged = labelled(talk(texts=[]), ["for"], scale=CHOICE, probabilities=[[0.9, 0.1]])
    stance = scales_of(judged)["stance"]
    assert not is_numeric(stance)
    assert numeric_value(judged.labels[0], stance) is expected_value(judged.labels[0], stance) is None
