"""Table of messages."""

from support.labelled import talk

from syndisco_nb.analysis.frames.message_frame import message_frame
from syndisco_nb.runs.sources import gather


def test_all_messages_are_there_and_those_that_count_are_marked():
    frame = message_frame(gather(talk(texts=["Well.", "", "Why?"], moderated=(1,))))
    assert frame.role.tolist() == ["opening", "participant", "moderator", "participant", "participant"]
    assert frame.silent.tolist() == [False, False, False, True, False]
    assert frame.counted.tolist() == [False, True, False, False, True]
    assert frame.speaker_age.tolist()[:2] == [31, 30]
    assert frame.attrs["left_out"] == {}


def test_roles_leave_the_others_out_and_say_so():
    frame = message_frame(gather(talk(texts=["Well.", "", "Why?"], moderated=(1,))), roles="participant")
    assert frame["index"].tolist() == [1, 3, 4]
    assert frame.attrs["left_out"] == {"opening": 1, "moderator": 1}
