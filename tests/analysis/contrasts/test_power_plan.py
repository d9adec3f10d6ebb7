from support.hand_made_studies import labelled

PILOT = {"none": [[2], [3], [1], [4], [2], [3]], "host": [[2], [2], [2], [3], [1], [4]]}


def test_a_plan_says_itself_in_a_line_a_table_and_a_figure():
    plan = labelled(PILOT).plan("toxicity", 1.0, draws=200)
    n = plan.discussions
    assert repr(plan) == (
        f"<Plan of toxicity by moderator: {n} discussions per condition, 80% power for a difference of 1.00>"
    )
    frame = plan.to_dataframe()
    assert list(frame) == ["discussions", "power", "error"]
    assert len(frame) == len(plan.rows)
    assert plan.plot().alt.startswith(
        "Line chart. Power to find a difference of 1.00 in toxicity between levels of mod"
    )
