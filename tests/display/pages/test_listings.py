from dataclasses import replace

import pytest

from examples import labels_of, talk
from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.display.page import Listing, Note
from syndisco_nb.display.pages.listings import Source, record_lists
from syndisco_nb.errors import RecordError


def sources(*records, size=0, state=""):
    return [Source(f"run[{place}]", size, lambda one=one: (one, ()), state) for place, one in enumerate(records)]


def lists(given, limits=None):
    blocks = list(record_lists("Discussions", given, limits or Limits()))
    return [block for block in blocks if isinstance(block, Listing)], [one.text for one in blocks if type(one) is Note]


def heads(listing):
    return [column.head for column in listing.columns]


def test_a_row_tells_length_silences_cut_offs_and_who_spoke():
    ((listing,), notes) = lists(sources(talk(6)))
    assert heads(listing) == ["#", "topic", "comments", "silent", "cut off", "participants"]
    assert listing.rows[0].cells[:5] == (3, "Cars or bicycles?", 5, 1, 1)
    assert listing.summary(listing.rows[0]) == (
        "3 · Cars or bicycles? · 5 comments · 1 silent · 1 cut off · Ana 2, Ben 1, Cem 1, Mo 1"
    )
    assert notes == []


def test_columns_that_say_nothing_are_left_out():
    assert heads(lists(sources(talk(2)))[0][0]) == ["#", "topic", "comments", "participants"]
    ended = replace(talk(2), ended="3 silences in a row")
    assert heads(lists(sources(talk(2), ended))[0][0])[-1] == "status"


def test_labels_add_the_mean_of_each_scale_of_numbers():
    labels = [labels_of(talk(6), "strict", [1, 4, None]), labels_of(talk(6), "mild", [1, 2])]
    ((listing,), _) = lists([Source("run[0]", 0, lambda: (talk(6), labels))])
    assert heads(listing)[5:7] == ["toxicity (mean)", "sarcasm (mean)"]
    assert "annotated" in listing.rows[0].page.kind
    ((listing,), _) = lists(sources(*labels))
    assert heads(listing)[:4] == ["labels of", "annotator", "labels", "unparsed"]
    assert listing.rows[0].cells[:4] == ("discussion 3", "strict", 10, 1)


def test_unfinished_ones_tell_how_far_they_went_and_why():
    cut = replace(talk(6), ended="unfinished after turn 5 of 9", settings={"num_turns": 9})
    ((listing,), _) = lists(sources(cut, state="failed: OSError"))
    assert (heads(listing)[2], heads(listing)[-1]) == ("turns", "status")
    assert (listing.rows[0].cells[2], listing.rows[0].cells[-1]) == ("5 of 9", "failed: OSError")


def test_as_many_unfold_as_there_is_room_for_and_all_in_a_file():
    many = sources(*[talk(12)] * 60)
    ((listing,), notes) = lists(many)
    opened = [row.page is not None for row in listing.rows]
    assert (len(opened), opened.index(False)) == (50, 10)
    assert listing.more == "The first 10 unfold here; run[10] shows the next."
    assert notes == ["10 more: run[50] to run[59]."]
    ((narrow,), _) = lists(many, Limits(max_bytes=120_000))
    assert 1 <= sum(row.page is not None for row in narrow.rows) < 5
    ((whole,), notes) = lists(many, EVERYTHING)
    assert (len(whole.rows), notes, all(row.page for row in whole.rows)) == (60, [], True)


def test_no_more_is_read_than_takes_a_moment():
    read = []

    def reading(place):
        read.append(place)
        return talk(6), ()

    big = [Source(f"run[{place}]", 700_000, lambda place=place: reading(place)) for place in range(30)]
    ((listing,), notes) = lists(big)
    assert (len(listing.rows), read) == (4, [0, 1, 2, 3])
    assert notes == ["26 more: run[4] to run[29]."]


def test_one_that_cannot_be_read_is_named_and_stepped_around():
    def broken():
        raise RecordError("it is empty.")

    ((listing,), notes) = lists([Source("run[0]", 0, broken), *sources(talk(6))])
    assert (len(listing.rows), notes) == (1, ["run[0] cannot be read: it is empty."])


@pytest.mark.parametrize("limits", [Limits(), EVERYTHING])
def test_discussions_and_labels_together_make_a_list_each(limits):
    both = sources(talk(6), labels_of(talk(6), "strict", [1]))
    assert [heads(listing)[0] for listing in lists(both, limits)[0]] == ["#", "labels of"]
