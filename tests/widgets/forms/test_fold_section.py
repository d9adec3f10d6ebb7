"""Sections that fold, with a line about their content."""

from syndisco_nb.widgets.forms.fold_section import Section, box
from syndisco_nb.widgets.forms.inputs import text_input


def test_its_head_sums_up_the_content_and_its_faults():
    field, faults = text_input("Label"), ["1 thing to mend"]
    section = Section("People", [field], lambda: field.text or "none", lambda: "".join(faults), hint="Who?")
    assert (section.head.label, section.head.hint, section.head.text) == ("People", "Who?", "")
    assert (section.head.note, section.head.message) == ("none", "1 thing to mend")
    field.text = "Ana"
    faults.clear()
    section.update()
    assert (section.head.note, section.head.message) == ("Ana", "")
    assert repr(section) == "<Section 'People'>"
    assert field in section.children[1].children


def test_it_may_be_open_at_first():
    assert Section("People", [], opened=True).head.text == "yes"


def test_a_box_has_its_classes():
    assert box([], "snb-row", "snb-wide")._dom_classes == ("snb-row", "snb-wide")
