import pytest

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
    assert chosen(rows).numbers == list(range(12))


def test_a_speaker_is_chosen_by_name(rows):
    assert chosen(rows, speaker="Mo").numbers == [4, 10]


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
    assert chosen(rows, label=label).numbers == numbers


def test_a_search_marks_texts_and_names_in_any_case(rows):
    assert chosen(rows, query="TOLLS").hits == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert chosen(rows, query="ben").hits == [1, 7]
    assert chosen(rows, query="ben", speaker="Ben").hits == [0, 1]
    assert chosen(rows, query="nowhere").hits == []


def test_from_hit_to_hit_and_around(rows):
    selection = chosen(rows, query="mo")  # of the moderator's name, on rows 4 and 10
    assert selection.hit(0, 0) == (4, 1)
    assert selection.hit(4, 0) == (4, 1)
    assert selection.hit(4, 1) == (10, 2)
    assert selection.hit(10, 1) == (4, 1)
    assert selection.hit(10, -1) == (4, 1)
    assert selection.hit(4, -1) == (10, 2)
    assert chosen(rows, query="nowhere").hit(0, 1) is None


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
    assert (selection.numbers, selection.hits) == ([0], [])
    rows.read(10)
    selection.update()
    assert (len(selection.numbers), selection.hits) == (12, [4, 10])
