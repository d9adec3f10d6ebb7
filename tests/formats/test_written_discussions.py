"""Discussions with their labels."""

import pytest
from support.designs import moderated_builder
from support.hand_made_studies import labels_of, talk

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.written_discussions import written_discussions


def test_labels_are_with_their_discussion():
    found = written_discussions([talk(0), talk(1), labels_of(1, [1]), labels_of(1, [2], annotator=1)])
    assert [[one.index for one in discussion.annotations] for discussion in found] == [[], [0, 1]]
    assert found[0].conditions == {}


def test_discussions_of_a_study_have_conditions(tmp_path):
    found = written_discussions(moderated_builder().discussions(1).run(tmp_path / "s"))
    assert found[1].conditions == {"condition": "facilitator", "condition_moderator": "facilitator"}


def test_labels_alone_are_refused():
    with pytest.raises(InvalidInputError, match=r"discussion-00000, but not the discussion\. Put both in a corpus"):
        written_discussions(labels_of(0, [1]))
    with pytest.raises(InvalidInputError, match="no discussion to write"):
        written_discussions([])
