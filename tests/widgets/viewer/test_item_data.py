from dataclasses import replace

import pytest

from examples import labels_of, talk
from syndisco_nb.widgets.viewer.item_data import SPARED, START, heading_data, item_data, message_details
from syndisco_nb.widgets.viewer.message_rows import MessageRows
from syndisco_nb.widgets.viewer.selection import MessageFilter, Selection


def opened(transcript, labels=None, **chosen):
    rows = MessageRows(transcript, labels)
    rows.read(10)
    selection = Selection(rows, MessageFilter(**chosen))
    selection.update()
    return rows, selection


def saying(text):
    """A discussion whose first comment is this."""
    said = talk(3)
    return replace(said, comments=(replace(said.comments[0], text=text), *said.comments[1:]))


def test_a_comment_has_what_the_page_shows():
    transcript = talk(6)
    rows, selection = opened(transcript, labels_of(transcript, "strict", [1, None]))
    data = item_data(rows, selection, 1)
    assert (data["number"], data["turn"], data["name"], data["opens"], data["follows"]) == (1, 1, "Ben", False, False)
    assert (data["where"], data["text"]) == ("transcript.comments[1]", transcript.comments[1].text)
    assert data["ratings"][0] == {"scale": "toxicity", "split": False, "answers": [["strict", None, "Hard to say"]]}
    assert item_data(rows, selection, 0)["opens"]
    assert item_data(rows, selection, 4)["badge"] == "moderator"


def test_silences_say_whose_they_are_and_how_many():
    said = talk(8)
    silences = tuple(replace(one, silent=True, name=name) for one, name in zip(said.messages[4:], "ABAA", strict=True))
    rows, selection = opened(replace(said, comments=said.comments[:4], silences=silences))
    data = item_data(rows, selection, 4)
    assert (data["silent"], data["text"]) == ([4, 5, 6, 7], "4 silent turns")
    assert [(name, times) for name, _, times in data["speakers"]] == [("A", 3), ("B", 1)]
    assert (data["turn"], data["until"], data["where"]) == (4, 7, "transcript.silences[0]")


@pytest.mark.parametrize(("length", "shown"), [(START, START), (START + SPARED, START + SPARED), (5000, START)])
def test_a_comment_is_cut_only_where_that_spares_much(length, shown):
    rows, selection = opened(saying("x" * length))
    data = item_data(rows, selection, 0)
    assert (len(data["text"]), data["left_out"]) == (shown, length - shown)


def test_the_excerpt_holds_the_match():
    rows, selection = opened(saying("x " * 1000 + "needle" + " y" * 1000), query="Needle")
    data = item_data(rows, selection, 0)
    assert data["text"].startswith("… ")
    assert 0 < data["text"].index("needle") < 100


def test_details_are_of_one_message():
    transcript = talk(6)
    rows, _ = opened(transcript)
    details = message_details(rows, 1)
    assert (details["name"], details["where"]) == ("", "transcript.comments[1]")
    assert details["text"] == transcript.comments[1].text
    assert details["sent"][0] == ["system", "You are someone. " * 30]
    assert message_details(rows, 5)["name"] == "Cem"


def test_a_discussion_has_its_facts():
    transcript = talk(12)
    rows, _ = opened(transcript, labels_of(transcript, "strict", [1, 4]))
    data = heading_data(rows.headings[0])
    assert (data["number"], data["topic"], data["turns"], data["unfinished"]) == ("3", "Cars or bicycles?", 11, "")
    assert (data["comments"], data["silences"], data["cut_off"]) == (10, 2, 2)
    assert data["first"] == 0
    assert set(data["means"]) == {"toxicity", "sarcasm"}
    assert len(data["strip"]) == 12
    assert data["strip"][5] is None
