from syndisco_nb.analysis.checks.check_table import Check, Checks
from syndisco_nb.display import export
from syndisco_nb.display.options import EVERYTHING
from syndisco_nb.display.registry import make_page

ROWS = (
    Check("turn taking", "fail", 0.171, "0.5 (0.4 to 0.6)", 560, 1e-9, "It has no effect.", "none"),
    Check("silences", "warn", 0.25, "at most 0.2", 560, None, "A quarter says nothing."),
    Check("first speaker", "cannot tell", 0.5, "0.25 (0 to 0.6)", 4, 0.4, "There are too few data."),
    Check("seeds", "pass", 0.0, "0", 1_200, None, ""),
)


def test_failures_stand_first_in_words_and_all_checks_in_a_table():
    page = make_page(Checks(ROWS), EVERYTHING)
    assert page.title == "4 checks: 1 failed, 1 warning"
    failure, warning, table, _ = page.blocks
    assert (failure.text, failure.warning) == ("turn taking (none): It has no effect.", True)
    assert warning.text == "silences: A quarter says nothing."
    assert table.rows[0] == ("turn taking (none)", "failed", "0.171", "0.5 (0.4 to 0.6)", "560", "< .001", "")
    assert table.rows[2][-1] == "There are too few data."
    assert table.rows[3] == ("seeds", "passed", "0", "0", "1,200", "", "")


def test_without_a_fault_the_title_says_so():
    assert make_page(Checks(ROWS[3:]), EVERYTHING).title == "1 check: no problems found"


def test_checks_that_cannot_tell_are_counted_beside_those_that_passed():
    assert make_page(Checks(ROWS[2:]), EVERYTHING).facts == (("passed", "1"), ("undecided", "1"))
    assert make_page(Checks(ROWS[3:]), EVERYTHING).facts == (("passed", "1"),)


def test_one_check_has_a_page():
    page = make_page(ROWS[0], EVERYTHING)
    assert page.title == "turn taking (none)"
    assert ("expected", "0.5 (0.4 to 0.6)") in page.facts
    assert "It has no effect." in export(ROWS[0], "markdown")


def test_where_nothing_was_checked_nothing_passed():
    page = make_page(Checks(()), EVERYTHING)
    assert page.title == "Nothing to check"
    assert "Neither is here" in page.blocks[0].text
