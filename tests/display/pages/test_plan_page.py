from support.hand_made_studies import labelled

from syndisco_nb.display import bundle
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.plan_page import plan_page

PILOT = {"none": [[2], [3], [1], [4], [2], [3]], "host": [[2], [2], [2], [3], [1], [4]]}


def test_the_number_comes_first_then_the_power_at_each_size():
    plan = labelled(PILOT).plan("toxicity", 1.0, draws=100)
    page = plan_page(plan, Limits())
    assert page.title == f"{plan.discussions} discussions per condition"
    assert dict(page.facts)["80% range"].startswith(f"{plan.likely[0]} to {plan.likely[1]}, since the pilot's")
    figure, table, warning, method = page.blocks
    assert figure.alt == plan.plot().alt
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == [str(row.discussions) for row in plan.rows]
    assert table.rows[0][1].value == plan.rows[0].power
    assert isinstance(warning, Note)
    assert warning.warning
    assert method.text == f"Method. {plan.method}"
    assert all("±" in text for text in bundle(plan).values())


def test_a_plan_without_a_number_has_no_range():
    page = plan_page(labelled(PILOT).plan("toxicity", 0.001, draws=100), Limits())
    assert "80% range" not in dict(page.facts)
