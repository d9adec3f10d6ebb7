"""Columns that all tables share."""

import pandas as pd
from support.labelled import participant, talk

from syndisco_nb.analysis.frames.columns import make_frame, speaker_dtypes, speakers_of


def test_missing_cells_keep_the_dtype():
    frame = make_frame([{"turn": 1}, {}], {"turn": "Int64", "name": "string", "mass": "float64"}, {"opening": 2})
    assert [str(dtype) for dtype in frame.dtypes] == ["Int64", "string", "float64"]
    assert frame.turn.tolist() == [1, pd.NA]
    assert frame.attrs["left_out"] == {"opening": 2}


def test_attributes_become_columns_and_numbers_where_all_are():
    transcript = talk()
    assert speakers_of(transcript)["Ana"] == {"speaker_age": "30", "speaker_other": "likes tea"}
    assert speaker_dtypes([speakers_of(transcript)]) == {"speaker_age": "Int64", "speaker_other": "string"}
    young = {"Ana": {"speaker_age": "18-24"}, "Ben": {"speaker_age": "30"}}
    assert speaker_dtypes([young]) == {"speaker_age": "string"}


def test_a_sentence_with_a_colon_is_no_column():
    users = (participant("Ana", "You think: maybe", "sex: female"),)
    transcript = talk()
    object.__setattr__(transcript, "users", users)
    assert speakers_of(transcript)["Ana"] == {"speaker_sex": "female", "speaker_other": "You think: maybe"}
