from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.widgets.viewer.message_rows import MessageRows
from syndisco_nb.widgets.viewer.selection import MessageFilter, Selection


@pytest.fixture
def rows():
    transcript = talk(12, "Tolls. ")  # turns 4 and 10 are the moderator's, 5 and 11 silent
    rows = MessageRows(
        transcript, [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    )
    rows.read(10)
    return rows


def chosen(rows, **asked):
    selection = Selection(rows, MessageFilter(**asked))
    selection.update()
    return selection


def test_all_is_there_unless_asked_otherwise(rows):
    assert chosen(rows).items == [(n,) for n in range(12)]


def test_a_speaker_is_chosen_by_name(rows):
    assert chosen(rows, speaker="Mo").items == [(4,), (10,)]


@pytest.mark.parametrize(
    ("label", "numbers"),
    [
        (("toxicity", "is", "4"), [1, 4, 8]),
        (("toxicity", "unread", ""), [2, 6, 9]),
        (("toxicity", "split", ""), [1, 3, 4, 8, 10]),
        (("sarcasm", "is", "no"), [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]),
        (("unknown", "is", "4"), []),
    ],
)
def test_comments_are_chosen_by_their_labels(rows, label, numbers):
    assert chosen(rows, label=label).items == [(number,) for number in numbers]


def test_a_search_marks_texts_and_names_in_any_case(rows):
    assert chosen(rows, query="TOLLS").matches == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert chosen(rows, query="ben").matches == [1, 7]
    assert chosen(rows, query="ben", speaker="Ben").matches == [0, 1]
    assert chosen(rows, query="nowhere").matches == []


def test_from_match_to_match_and_around(rows):
    selection = chosen(rows, query="mo")  # of the moderator's name, on rows 4 and 10
    assert selection.match(0, 0) == (4, 1)
    assert selection.match(4, 0) == (4, 1)
    assert selection.match(4, 1) == (10, 2)
    assert selection.match(10, 1) == (4, 1)
    assert selection.match(10, -1) == (4, 1)
    assert selection.match(4, -1) == (10, 2)
    assert chosen(rows, query="nowhere").match(0, 1) is None


def test_a_turn_is_found_within_what_is_chosen(rows):
    assert chosen(rows).turn(0, 7) == 7
    assert chosen(rows, speaker="Mo").turn(0, 5) == 1
    assert chosen(rows).turn(0, 999) == 11
    assert chosen(rows).turn(999, 7) == 7
    assert chosen(rows, speaker="Nobody").turn(0, 1) is None


def test_the_reader_stays_at_the_same_message(rows):
    selection = chosen(rows, speaker="Mo")
    assert [selection.place_of(number) for number in (0, 4, 5, 10, 11)] == [0, 0, 1, 1, 1]
    assert chosen(rows, speaker="Nobody").place_of(3) == 0


def test_what_is_read_later_is_taken_in():
    rows = MessageRows(talk(12))
    selection = Selection(rows, MessageFilter(query="mo"))
    rows.read(0)
    selection.update()
    assert (selection.items, selection.matches) == ([(0,)], [])
    rows.read(10)
    selection.update()
    assert (len(selection.items), selection.matches) == (12, [4, 10])


def test_only_matches_leave_out_the_rest_and_silences(rows):
    selection = chosen(rows, query="ben", only=True)
    assert (selection.items, selection.matches, selection.messages) == ([(1,), (7,)], [0, 1], 2)
    assert len(chosen(rows, query="", only=True).items) == 12


@pytest.fixture
def quiet():
    """Ana speaks, then six silent turns, then Ben twice; then the same with no end."""
    said = talk(20, names=("Ana", "Ben"))
    loud = {0, 7, 8, 15}
    changed = [
        replace(one, silent=one.index not in loud, name="Ben" if one.index in (7, 8) else one.name)
        for one in said.messages
    ]
    rows = MessageRows(
        replace(
            said,
            comments=tuple(one for one in changed if not one.silent),
            silences=tuple(one for one in changed if one.silent),
        )
    )
    rows.read(10)
    return rows


def test_consecutive_silences_are_one_item(quiet):
    selection = chosen(quiet)
    assert selection.items == [(0,), tuple(range(1, 7)), (7,), (8,), tuple(range(9, 15)), (15,), tuple(range(16, 20))]
    assert selection.messages == 20
    assert [selection.place_of(number) for number in (0, 1, 6, 7, 19)] == [0, 1, 1, 2, 6]
    assert selection.turn(0, 5) == 1


def test_a_line_of_silences_is_complete_before_it_is_an_item_and_bounded(monkeypatch):
    monkeypatch.setattr("syndisco_nb.widgets.viewer.selection.FOLDED", 2)
    said = talk(8)
    silent = tuple(replace(one, silent=True) for one in said.messages[3:])
    rows = MessageRows(replace(said, comments=said.comments[:3], silences=silent))
    selection = Selection(rows, MessageFilter())
    rows.read(0, least=5)
    selection.update()
    assert selection.items == [(0,), (1,), (2,)]
    rows.read(10)
    selection.update()
    assert selection.items[3:] == [(3, 4), (5, 6), (7,)]


def test_a_second_comment_of_a_speaker_follows(quiet):
    selection = chosen(quiet)
    assert [selection.follows(place) for place in range(7)] == [False, False, False, True, False, False, False]
    assert [selection.opens(place) for place in range(7)] == [True, *[False] * 6]


def test_from_discussion_to_discussion(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=3, seed=1).begin(tmp_path / "run")
    rows = MessageRows(run)
    rows.read(10)
    selection = chosen(rows)
    starts = [place for place in range(len(selection.items)) if selection.opens(place)]
    assert len(starts) == 3
    assert [selection.discussion(place, 1) for place in (0, starts[1], starts[2])] == [starts[1], starts[2], None]
    assert [selection.discussion(place, -1) for place in (0, starts[1], starts[1] + 1)] == [None, 0, starts[1]]
    assert selection.counts() == {number: len(run[number].messages) for number in range(3)}
    assert set(chosen(rows, discussion=1, query=run[1][0].text).counts()) == {1}
