"""Table of messages."""

import pandas as pd
from support.foreign import foreign_talk
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


def test_replies_and_facts_of_other_tools_have_columns_and_only_theirs():
    frame = message_frame(gather([talk(), foreign_talk(1)]))
    assert frame[frame.discussion_id == "thread-1"].reply_to.tolist() == [pd.NA, 0, 1, 2, 3]
    assert frame.meta_score.tolist()[-5:] == [0, 2, 4, 6, 8]
    assert frame.meta_flags.tolist()[-1] == '["edited"]'
    assert not [name for name in message_frame(gather(talk())) if name.startswith(("reply", "meta"))]
