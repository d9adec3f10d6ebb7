"""Columns that all tables share."""

import pandas as pd
from support.labelled import participant, talk

from syndisco_nb.analysis.frames.columns import make_frame, recorded_cells, recorded_dtypes, speaker_dtypes, speakers_of


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


def test_whole_numbers_are_written_the_usual_way_and_fit_a_column():
    for text, dtype in {"-3": "Int64", "02138": "string", "9" * 18: "Int64", "9" * 30: "string", "-": "string"}.items():
        assert speaker_dtypes([{"Ana": {"speaker_code": text}}]) == {"speaker_code": dtype}


def test_facts_of_other_tools_are_typed_columns():
    rows = [
        recorded_cells(
            {"votes": 1, "share": 1, "deleted": True, "tags": ["é"], "mixed": 1, "huge": 2**63, "none": None}
        ),
        recorded_cells(None),
        recorded_cells({"votes": None, "share": 0.5, "deleted": False, "mixed": True}),
    ]
    frame = make_frame(rows, recorded_dtypes(rows), {})
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "meta_votes": "Int64", "meta_share": "float64", "meta_deleted": "boolean", "meta_tags": "string",
        "meta_mixed": "string", "meta_huge": "string", "meta_none": "string",
    }  # fmt: skip
    assert frame.iloc[0].tolist()[:6] == [1, 1.0, True, '["é"]', "1", str(2**63)]
    assert frame.meta_mixed.tolist() == ["1", pd.NA, "true"]
