import pytest
from support.validated import judged

from syndisco_nb.analysis.validation.validating import validate
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.validation_page import scale_validation_page, validation_page


@pytest.fixture(scope="module")
def validation():
    gold = judged("Dana", 0, index=1, only=lambda talk, comment: comment % 3 == 1)
    return validate(judged(bias=1), gold, random=True)


def tables(page):
    return {block.title: block for block in page.blocks if isinstance(block, Table)}


def test_each_scale_has_its_figures_labels_confusion_and_corrected_means(validation):
    page = validation_page(validation, Limits())
    assert (page.kind, page.title) == ("Validation", "1 annotator against Dana")
    assert list(tables(page)) == ["Verdicts", "toxicity by judge", "Corrected means", "Labels", "Confusion"]
    row = validation["toxicity"]
    figures = {cells[0]: cells[1:] for cells in tables(page)["toxicity by judge"].rows}
    low, high = row.intervals["accuracy"]
    assert figures["equal labels"] == (f"{row.accuracy:.2f}", f"[{low:.3f}, {high:.2f}]")
    assert tables(page)["Confusion"].rows[0] == ("1", "1", "6", "1", "0", "0")
    assert tables(page)["Labels"].rows[0][:3] == ("1", "8", "1")
    assert dict(page.facts)["left out"] == "12 openings"


def test_warnings_and_sources_are_said(validation):
    few = validate(judged()[:3], judged("Dana", 0, index=1)[:3], test_share=0.5)
    page = validation_page(few, Limits())
    notes = [block for block in page.blocks if isinstance(block, Note)]
    assert any("discussions alone" in note.text for note in notes if note.warning)
    assert dict(page.facts)["part"] == "discussions held out"
    texts = [block.text for block in validation_page(validation, Limits()).blocks if isinstance(block, Note)]
    assert any("prediction-powered" in text for text in texts)


def test_a_row_has_a_page_of_its_own(validation):
    page = scale_validation_page(validation["toxicity"], Limits())
    assert page.title == "toxicity by judge"
    assert dict(page.facts)["verdict"] == validation["toxicity"].trust
    assert "Confusion" in tables(page)


def test_rows_that_are_not_shown_are_counted(validation):
    assert tables(validation_page(validation, Limits(max_items=2)))["Labels"].more == "3 more in .classes"
