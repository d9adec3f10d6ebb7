import asyncio

import pytest

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.human_pages import (
    adjudication_page,
    human_page,
    labelling_page,
    open_label_page,
    open_seat_page,
)
from syndisco_nb.records import ChatMessage


def test_nobody_waits_for_a_person_at_first():
    page = human_page(snb.HumanModel("Dana", timeout_s=90), Limits())
    assert page.facts == (("time limit", "1.5 min per turn"),)
    assert page.blocks == (Note("Nothing is waiting for an answer."),)


def test_requests_that_wait_are_listed_with_the_last_words():
    dana = snb.HumanModel("Dana")
    requests = [snb.Request((ChatMessage("user", f"Question {number}"),), 1, labels=("a", "b")) for number in range(2)]

    async def pages():
        tasks = [asyncio.ensure_future(dana.complete(request)) for request in requests]
        await asyncio.sleep(0)
        waiting, seat = human_page(dana, Limits(max_items=1)), open_seat_page(dana.waiting[0], Limits())
        for task in tasks:
            task.cancel()
        return waiting, seat

    waiting, seat = asyncio.run(pages())
    (table,) = waiting.blocks
    assert isinstance(table, Table)
    assert table.rows[0][2] == "Question 0"
    assert table.more == "1 more in .waiting"
    assert dict(seat.facts) == {"labels": "a, b"}
    assert seat.blocks[0].messages == requests[0].messages


@pytest.fixture
def labelling(tmp_path):
    return snb.Labelling(talk(3), [snb.Likert("toxicity", 1, 5), snb.Flag("rude")], "Dana", tmp_path, seed=1)


def test_labelling_shows_its_progress_and_the_next_comment(labelling):
    page = labelling_page(labelling, Limits())
    assert (page.title, page.progress.text) == ("by Dana", "0 of 6 labels")
    scales, table = page.blocks
    assert [name for name, _ in scales.pairs] == ["toxicity", "rude"]
    assert table.rows[-1][1] == " ".join(talk(3).comments[0].text.split())


def test_an_adjudication_says_what_is_agreed_and_open(tmp_path):
    sets = []
    for name, values in {"Dana": [1, 2, 3], "Eli": [1, 2, 2]}.items():
        labelling = snb.Labelling(talk(3), snb.Likert("toxicity", 1, 5), name, tmp_path / name)
        for value in values:
            labelling.label(value)
        sets.append(labelling)
    page = adjudication_page(snb.adjudicate(*sets, talk(3), annotator="Eva", folder=tmp_path / "eva"), Limits())
    facts = dict(page.facts)
    assert (page.kind, facts["between"]) == ("Adjudication", "Dana, Eli")
    assert facts["gold labels"] == "2 labels agreed, 0 adjudicated, 1 open"


def test_labels_so_far_stand_beside_the_next_question(labelling):
    labelling.skip()
    labelling.label(value=True)
    labelling.label(4)
    page = open_label_page(labelling.current, Limits())
    assert page.title.startswith("rude of comment 1")
    assert page.facts == (("toxicity", "4"),)


def test_finished_labelling_has_neither_progress_nor_a_question(labelling):
    labelling.skip()
    while labelling.position is None or labelling.position > 0:
        labelling.label("yes" if labelling.current.scale.name == "rude" else 2)
    labelling.skip()
    page = labelling_page(labelling, Limits())
    assert dict(page.facts)["skipped"] == "1"
    assert (page.progress.text, len(page.blocks)) == ("5 of 6 labels", 1)  # it is not done
    labelling.take_up_skipped()
    labelling.label(1)
    page = labelling_page(labelling, Limits())
    assert page.progress is None
    assert len(page.blocks) == 1
