"""Table of labels."""

from dataclasses import replace

import pandas as pd
import pytest
from support.labelled import FLAG, labelled, talk

from syndisco_nb.analysis.frames.label_frame import label_frame
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.runs.sources import gather


def frame_of(*records, **how):
    return label_frame(gather(*records), **how)


def test_each_label_comes_with_all_that_is_known_of_it():
    transcript = talk()
    frame = frame_of(transcript, labelled(transcript, [1, 2, None, 4]))
    assert list(frame["index"]) == [1, 2, 3]
    row = frame.iloc[0]
    assert (row.turn, row["name"], row.role, row.speaker_age, row.speaker_other) == (
        1,
        "Ana",
        "participant",
        30,
        "likes tea",
    )
    assert (row.annotator, row.scale, row.label, row.value, row.position) == ("judge", "toxicity", 2, 2.0, 2)
    assert pd.isna(row.expected)
    assert frame.label.dtype == "Int64"
    assert frame.label.isna().tolist() == frame.value.isna().tolist() == [False, True, False]


def test_the_expected_value_counts_where_there_are_probabilities():
    transcript = talk(texts=["Well."])
    judged = labelled(transcript, [1, 1], probabilities=[[1, 0, 0, 0, 0], [0.5, 0.2, 0.15, 0.1, 0.05]])
    row = frame_of(transcript, judged).iloc[0]
    assert (row.expected, row.value, row.label) == (pytest.approx(2.0), pytest.approx(2.0), 1)
    assert row.probabilities["5"] == 0.05


def test_the_expected_value_of_a_flag_is_the_probability_of_yes():
    transcript = talk(texts=["Well."])
    row = frame_of(
        transcript, labelled(transcript, [True, False], scale=FLAG, probabilities=[[1, 0], [0.3, 0.7]])
    ).iloc[0]
    assert (row.expected, row.value, row.label) == (0.3, 0.3, False)


def test_labels_of_several_types_keep_their_own():
    transcript = talk(texts=["Well."])
    frame = frame_of(
        transcript, labelled(transcript, [1, 2]), labelled(transcript, [True, False], "flagger", scale=FLAG)
    )
    assert frame.label.tolist() == [2, False]
    assert frame.label.dtype == object


def test_wide_has_a_row_per_comment_and_annotator_and_typed_columns_per_scale():
    transcript = talk(texts=["Well.", "No."])
    toxicity = labelled(transcript, [1, 2, 3], probabilities=[[0, 1, 0, 0, 0]] * 3)
    frame = frame_of(transcript, toxicity, labelled(transcript, [True, False, None], scale=FLAG), wide=True)
    assert len(frame) == 2
    assert (frame.toxicity.dtype, frame.sarcasm.dtype) == ("Int64", "boolean")
    assert frame.toxicity.tolist() == [2, 3]
    assert frame.toxicity_expected.tolist() == [2.0, 2.0]
    assert frame.toxicity_p_2.tolist() == [1.0, 1.0]
    assert frame.sarcasm.isna().tolist() == [False, True]
    assert "sarcasm_expected" not in frame


def test_two_annotators_of_one_name_stay_apart():
    transcript = talk(texts=["Well."])
    frame = frame_of(transcript, labelled(transcript, [1, 2]), labelled(transcript, [1, 5], index=1), wide=True)
    assert frame.toxicity.tolist() == [2, 5]
    assert frame.annotator.nunique() == 2


def test_roles_are_taken_from_the_discussion_and_left_out_by_default():
    transcript = talk(moderated=(1,))
    judged = labelled(transcript, [1, 2, 3, 4, 5])
    frame = frame_of(transcript, judged)
    assert (frame.label.tolist(), frame.attrs["left_out"]) == ([2, 4, 5], {"opening": 1, "moderator": 1})
    assert frame_of(transcript, judged, roles="moderator").label.tolist() == [3]
    assert frame_of(transcript, judged, roles=["participant", "opening"]).label.tolist() == [1, 2, 4, 5]


def test_labels_of_participants_and_discussions_have_rows_of_their_own():
    transcript = talk()
    units = [unit for unit in all_units(transcript) if unit.comment is None]
    judged = labelled(transcript, [1, 2, 3, 4])
    example = judged.labels[0]
    wholes = tuple(
        replace(example, comment=None, unit=unit.unit, name=unit.name, text=unit.text, role=unit.role) for unit in units
    )
    both = replace(judged, labels=(*judged.labels, *wholes))
    frame = frame_of(transcript, both)
    assert frame.unit.tolist() == ["comment"] * 3 + ["participant"] * 2 + ["discussion"]
    assert frame["index"].isna().tolist() == [False] * 3 + [True] * 3
    assert frame.role.isna().tolist() == [False] * 5 + [True]
    assert len(frame_of(transcript, both, wide=True)) == 6


def test_a_scale_of_the_users_own_has_rows_too():
    transcript = talk()
    own = {"type": "Mine", "name": "heat", "labels": ["1", "2"], "instruction": "How hot?"}
    frame = frame_of(transcript, labelled(transcript, [1, 2, 2, 1], scale=own))
    assert frame.value.tolist() == [2, 2, 1]
    assert frame.label.dtype == "Int64"
