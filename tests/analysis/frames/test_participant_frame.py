"""Table of participants."""

import pytest
from support.labelled import labelled, talk

from syndisco_nb.analysis.frames.participant_frame import participant_frame
from syndisco_nb.runs.sources import gather


def test_everybody_who_took_part_has_a_row_with_attributes_and_shares():
    transcript = talk(texts=["Well.", "No.", "Why not?"], names=("Ana", "Ben", "Cem", "Dan"), moderated=(2,))
    frame = participant_frame(gather(transcript, labelled(transcript, [5, 1, 2, 5, 3])))
    assert frame["name"].tolist() == ["Ana", "Ben", "Cem", "Dan"]
    assert frame.comments.tolist() == [1, 1, 1, 0]
    assert frame.words.tolist() == [1, 1, 2, 0]
    assert frame.share.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert frame.toxicity.tolist()[:3] == [1, 2, 3]
    assert frame.toxicity.isna().tolist() == [False, False, False, True]
    assert frame.speaker_age.tolist() == [30, 31, 32, 33]


def test_moderators_come_on_request():
    frame = participant_frame(gather(talk(moderated=(2,))), roles="all")
    assert frame.role.tolist() == ["participant", "participant", "moderator"]
