from dataclasses import replace

import pytest
from support.foreign import foreign_labels, foreign_talk

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Prompt, Table
from syndisco_nb.display.pages.annotation_pages import annotation_set_page, label_page


@pytest.fixture
def both():
    transcript = talk()
    return snb.annotated(
        transcript, [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    )


def part(page, kind):
    return [block for block in page.blocks if isinstance(block, kind)]


def test_a_set_counts_how_often_each_label_was_given(both):
    page = annotation_set_page(both.annotations[0], Limits())
    toxicity, sarcasm, table = part(page, Table)
    assert [(label, share.text) for label, share in toxicity.rows] == [
        ("1", "2"),
        ("2", "0"),
        ("3", "0"),
        ("4", "2"),
        ("5", "0"),
    ]
    assert [(label, share.text) for label, share in sarcasm.rows] == [("yes", "2"), ("no", "3")]
    assert table.head == ("comment", "toxicity", "sarcasm")
    assert [row[1:] for row in table.rows[:3]] == [
        ("1 (20%)", "no"),
        ("4 (20%)", "yes"),
        ("unparsed: “Hard to say”", "no"),
    ]
    assert dict(page.facts)["unparsed"] == "1"


def test_a_set_on_one_scale_shows_how_probable_each_label_was(both):
    labels = replace(both.annotations[0], labels=both.annotations[0].labels[::2])
    *_, table = part(annotation_set_page(labels, Limits(max_items=2)), Table)
    assert table.head == ("comment", "label", "probability")
    assert table.rows[1][1:] == ("4", "1 20% · 2 20% · 3 20% · 4 20% · 5 20%")
    assert table.more == "3 more in .labels"


def test_the_page_of_a_label_has_its_probabilities_and_its_prompt_unfolded(both):
    page = label_page(both.annotations[0].labels[2], Limits())
    assert (page.kind, page.title) == ("Label, toxicity", "4")
    note, table, prompt = page.blocks
    assert note.text == both.transcript.comments[1].text
    assert [(label, share.text) for label, share in table.rows] == [(str(n), "20%") for n in range(1, 6)]
    assert not prompt.folded


def test_a_label_that_could_not_be_read_is_named_with_its_raw_answer(both):
    assert label_page(both.annotations[0].labels[4], Limits()).title == "unparsed: “Hard to say”"


def test_a_set_shows_the_prompt_behind_its_first_label(both):
    labels = both.annotations[0]
    (prompt,) = part(annotation_set_page(labels, Limits()), Prompt)
    assert prompt.messages == labels.labels[0].generation.prompt


def test_labels_without_a_prompt_claim_none():
    labels = foreign_labels(foreign_talk())
    for page in (annotation_set_page(labels, Limits()), label_page(labels.labels[0], Limits())):
        assert not [block for block in page.blocks if isinstance(block, Prompt)]
