"""The next label that a person is asked for."""

import syndisco_nb as snb
from syndisco_nb.experiments.open_label import OpenLabel
from syndisco_nb.records import Message, Transcript


def test_the_last_comment_of_the_window_is_the_one_to_label():
    comments = tuple(Message(place, place, "Ana", f"{place}.", "m") for place in range(3))
    asked = OpenLabel("discussion-00004", Transcript("x", 4, 0, "", ()), comments, snb.Flag("rude"), {})
    assert asked.comment is comments[2]
    assert repr(asked) == "<OpenLabel: rude of comment 2 of discussion-00004>"
