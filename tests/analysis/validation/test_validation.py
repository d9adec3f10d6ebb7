import math

import pytest
from support.validated import judged

from syndisco_nb.analysis.validation.validating import validate
from syndisco_nb.errors import InvalidInputError


@pytest.fixture(scope="module")
def validation():
    return validate([*judged(), *judged("mild", bias=-1, seed=5, index=3)], judged("Dana", 0, index=1))


def test_rows_are_found_by_scale_and_annotator(validation):
    assert validation["toxicity", "mild"].annotator == "mild"
    with pytest.raises(InvalidInputError, match=r"There are several annotators on 'toxicity'.*\('toxicity', 'judge'\)"):
        validation["toxicity"]
    with pytest.raises(InvalidInputError, match="There is no validation of 'tone'"):
        validation["tone"]


def test_it_is_said_in_a_line(validation):
    row = validation["toxicity", "judge"]
    assert repr(validation).startswith(
        f"<Validation against Dana: toxicity by judge accuracy {row.accuracy:.2f}, reliable"
    )
    assert repr(row).startswith(f"<toxicity by judge: accuracy {row.accuracy:.2f}, alpha .9")


def test_the_table_has_a_row_for_each_figure(validation):
    table = validation.to_dataframe().set_index(["annotator", "figure"])
    row = validation["toxicity", "judge"]
    assert table.loc[("judge", "alpha"), "value"] == row.alpha
    assert (table.loc[("judge", "bias"), "low"], table.loc[("judge", "bias"), "high"]) == row.intervals["bias"]
    assert table.loc[("judge", "recall of 2"), "value"] == row.classes[1].recall
    assert math.isnan(table.loc[("judge", "polarisation"), "low"])
    assert str(table.dtypes["value"]) == "float64"


@pytest.mark.parametrize(("error", "trust"), [(0, "reliable"), (0.2, "reliable"), (1, "tentative")])
def test_the_verdict_is_krippendorffs(error, trust):
    one, other = judged(error=error), judged("Dana", 0, index=1)
    row = validate(one, other, level="nominal" if error == 0.2 else None).rows[0]
    verdict = "reliable" if row.alpha >= 0.8 else "tentative" if row.alpha >= 0.667 else "not reliable"
    assert row.trust == verdict
    assert (row.alpha == 1) == (error == 0)


def test_without_an_alpha_there_is_no_verdict():
    row = validate(judged(bias=9), judged("Dana", bias=9, index=1)).rows[0]
    assert (row.trust, row.accuracy) == ("cannot tell", 1)


def test_the_confusion_is_drawn(validation):
    drawn = validation.plot(annotator="mild")
    assert drawn.alt.startswith("Heat map. Labels of mild and of Dana on toxicity, of 72 comments.")
    with pytest.raises(InvalidInputError, match=r"no confusion matrix of these. There are: \('toxicity', 'judge'\)"):
        validation.plot("tone")
