import pytest

import syndisco_nb as snb
from syndisco_nb.analysis.label_table import LabelTable
from syndisco_nb.analysis.validation.label_scores import LabelScores, warnings_of

FLAG = snb.Flag("rude")
ROWS = ((1, 1, None), (1, 0, 1), (0, 0, 0), (1, 0, None), (0, 0, None), (0, None, 1))


def table(rows=ROWS, scale=FLAG):
    subjects = tuple((f"d{place % 3}", "comment", place) for place in range(len(rows)))
    return LabelTable(scale, ("judge", "Dana", "Eli"), subjects, rows)


def test_each_person_counts_as_a_share():
    scores = LabelScores(table(), "nominal", 0)
    figures = scores.figures()
    # Equal: 1, ½, 1, 0, 1, 0. Confusion, yes first: people's yes given yes 1 + ½, no 1; no given yes ½ + 1, no 2.
    assert figures["accuracy"][0] == pytest.approx(3.5 / 6, abs=1e-12)
    assert scores.confusion() == ((1.5, 1.0), (1.5, 2.0))
    yes, no = scores.classes()
    assert (yes.label, yes.gold, yes.given) == ("yes", 2.5, 3.0)
    assert (yes.precision, yes.recall, yes.f1) == pytest.approx((0.5, 0.6, 3 / 5.5), abs=1e-12)
    assert (no.precision, no.recall) == pytest.approx((2 / 3, 2 / 3.5 * 1.0), abs=0.1)
    assert figures["macro_f1"][0] == pytest.approx((yes.f1 + no.f1) / 2, abs=1e-12)
    assert figures["bias"][0] == pytest.approx((0 + 0.5 + 0 + 1 + 0 - 1) / 6, abs=1e-12)
    for name, (value, (low, high)) in figures.items():
        assert low <= value <= high, name
    assert "ac2" not in figures


def test_two_people_are_needed_for_the_alternative_annotator_test():
    assert LabelScores(table(), "nominal", 0).alternative(0.2).items == (2, 2)
    assert (
        LabelScores(
            table(tuple((own, one, None) for own, one, _ in ROWS if one is not None)), "nominal", 0
        ).alternative(0.2)
        is None
    )


def test_polarisation_runs_over_all_labels_of_the_scale():
    likert = snb.Likert("tone", 1, 5)
    scores = LabelScores(table(((1, 1, None),) * 6 + ((2, 5, None),) * 5, likert), "ordinal", 0)
    assert scores.polarisation() == pytest.approx((0, 5 / 6), abs=1e-12)


def test_a_scale_of_many_labels_has_no_confusion():
    percent = snb.Likert("tone", 0, 100)
    scores = LabelScores(table(((10, 12, None), (90, 80, 95), (40, 40, None)), percent), "interval", 0)
    assert (scores.confusion(), scores.classes()) == ((), ())
    figures = scores.figures()
    assert "macro_f1" not in figures
    assert figures["bias"][0] == pytest.approx((-2 + 2.5 + 0) / 3, abs=1e-12)
    assert figures["alpha"][0] > 0.9


def test_choices_have_no_bias():
    choice = snb.Choice("stance", ["for", "against"])
    assert "bias" not in LabelScores(table(scale=choice), "nominal", 0).figures()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (((1, 1, None),) * 4, "rude: Alpha is not defined: all 8 labels are yes."),
        (((1, 1, None), (1, 0, None), (1, 0, None)), "rude: judge gave all 3 comments the same label"),
        (ROWS, "rude: labels of 3 discussions alone; intervals are too short below 8"),
    ],
)
def test_reasons_to_be_careful_are_said(rows, says):
    assert any(says in warning for warning in warnings_of(table(rows), 8))
    assert warnings_of(table(ROWS), 3) == ()
