"""Comments that count."""

import pytest

from syndisco_nb.analysis.counted import LeftOut, check_roles, counted, counted_comments
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import Message, Transcript


def message(index, role="participant", silent=False):
    return Message(index, index, "Ana", "" if silent else "Why?", "m", role, silent)


def test_openings_moderators_guests_and_silences_are_left_out_by_default():
    messages = [
        message(0, "opening"),
        message(1),
        message(2, "moderator"),
        message(3, silent=True),
        message(4, "guest"),
    ]
    comments, left_out = counted(messages)
    assert [comment.index for comment in comments] == [1]
    assert left_out == {"opening": 1, "moderator": 1, "silence": 1, "guest": 1}
    comments, left_out = counted(messages, check_roles("all"))
    assert ([comment.index for comment in comments], left_out) == ([0, 1, 2, 4], {"silence": 1})


def test_comments_of_several_transcripts_are_counted_together():
    messages = (message(0, "opening"), message(1), message(2, "moderator"))
    talks = [Transcript("", n, 0, "", (), comments=messages, silences=(message(3, silent=True),)) for n in range(2)]
    found = counted_comments(iter(talks))
    assert (found.indices, found.roles) == (((1,), (1,)), ("participant",))
    assert found.left_out == LeftOut({"opening": 2, "moderator": 2, "silence": 2})
    assert counted_comments(talks, ["moderator", "opening"]).roles == ("moderator", "opening")


def test_what_is_left_out_is_said_in_words():
    assert str(LeftOut({"opening": 1, "moderator": 1200, "no label": 2})) == (
        "1 opening, 1,200 moderators' comments, 2 answers without a label"
    )
    assert not LeftOut({"opening": 0})


@pytest.mark.parametrize("roles", ["speaker", ["participant", "speaker"], 3, []])
def test_unknown_roles_are_refused(roles):
    with pytest.raises(InvalidInputError, match="'all'"):
        check_roles(roles)
