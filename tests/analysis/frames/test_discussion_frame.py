"""Table of discussions."""

import pytest
from support.foreign import foreign_corpus
from support.labelled import labelled, talk

from syndisco_nb.analysis.frames.discussion_frame import discussion_frame
from syndisco_nb.runs.sources import gather


def test_a_row_has_the_size_of_what_counts_and_the_mean_of_labels_over_annotators_then_comments():
    transcript = talk(texts=["Well, no.", "", "Why?"], moderated=(1,))
    judged = [labelled(transcript, [5, 1, 5, 2]), labelled(transcript, [5, 3, 5, None], "other", 1)]
    frame = discussion_frame(gather(transcript, *judged))
    row = frame.iloc[0]
    assert (row.comments, row.words, row.silences, row.turns, row.participants, row.moderator) == (2, 3, 1, 3, 2, "Mo")
    assert row.toxicity == pytest.approx((2 + 2) / 2)
    assert frame.attrs["left_out"] == {"opening": 1, "moderator": 1, "silence": 1}


def test_without_labels_there_is_no_column_of_a_scale():
    assert "toxicity" not in discussion_frame(gather(talk()))


def test_facts_of_other_tools_are_columns():
    frame = discussion_frame(gather(foreign_corpus(2)))
    assert frame.discussion.tolist() == ["thread 0: é", "thread 1: é"]
    assert frame.meta_forum.tolist() == ["transport"] * 2
    assert frame.meta_stars.tolist() == [0, 1]
    assert frame.seed.isna().all()
