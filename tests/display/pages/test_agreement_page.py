from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.agreement_page import agreement_page, row_page


@pytest.fixture
def agreement():
    transcript = talk(12)
    values = {"strict": [1, 4, None], "mild": [1, 2], "odd": [5, 1, 2]}
    return snb.agreement(*(labels_of(transcript, name, given) for name, given in values.items()))


def blocks(page, kind):
    return [block for block in page.blocks if isinstance(block, kind)]


def test_each_scale_has_a_table_with_all_annotators_first(agreement):
    page = agreement_page(agreement, Limits())
    toxicity, sarcasm = blocks(page, Table)
    assert (toxicity.title, sarcasm.title) == ("toxicity (as an ordinal scale)", "sarcasm (equal or not)")
    assert [row[0] for row in toxicity.rows] == ["all", "strict – mild", "strict – odd", "mild – odd"]
    assert toxicity.rows[0][3].text == f"{agreement['toxicity'].percent:.1f}%"
    assert page.title == "3 annotators: strict, mild, odd"
    assert dict(page.facts)["missing labels"].partition(", ")[0].endswith(" by strict")


def test_rows_that_are_left_out_are_counted(agreement):
    assert blocks(agreement_page(agreement, Limits(max_items=1)), Table)[0].more == "3 more in .rows"


def test_two_annotators_are_named_instead_of_all():
    transcript = talk(6)
    pair = snb.agreement(labels_of(transcript, "Dana", [1, 2]), labels_of(transcript, "judge", [1]))
    assert blocks(agreement_page(pair, Limits()), Table)[0].rows[0][0] == "Dana – judge"


def test_an_alpha_that_is_not_defined_is_explained():
    transcript = talk(6)
    same = snb.agreement(labels_of(transcript, "Dana", [1]), labels_of(transcript, "judge", [1]))
    texts = [note.text for note in blocks(agreement_page(same, Limits()), Note)]
    assert texts[0].startswith("Alpha is not defined")
    assert dict(row_page(same.rows[0], Limits()).facts)["Krippendorff's alpha"] == "not defined"


def test_a_row_has_its_numbers(agreement):
    facts = dict(row_page(agreement["sarcasm"], Limits()).facts)
    assert facts["annotators"] == "all"
    assert facts["comments"] == str(agreement["sarcasm"].comments)


def test_what_was_left_out_is_a_warning():
    transcript = talk(6)
    pair = snb.agreement(labels_of(transcript, "Dana", [1, 2]), labels_of(transcript, "judge", [1]))
    notes = blocks(agreement_page(replace(pair, notes=("mood is left out.",)), Limits()), Note)
    assert [note.text for note in notes if note.warning] == ["mood is left out."]
