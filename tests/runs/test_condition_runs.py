"""The runs of several conditions as one."""

import pytest
from support.designs import moderated_builder

from syndisco_nb.errors import UnknownItemError
from syndisco_nb.runs.condition_runs import ConditionRuns


@pytest.fixture
def runs(tmp_path):
    return moderated_builder().run(tmp_path / "study")


def test_it_is_a_mapping_of_the_conditions_that_have_begun(runs):
    assert (list(runs), len(runs), runs.finished) == (["none", "facilitator"], 2, True)
    begun = ConditionRuns(runs.folder, runs.levels, {"none": runs["none"]})
    assert (list(begun), begun.finished) == (["none"], False)
    assert "facilitator not begun" in repr(begun)
    with pytest.raises(UnknownItemError, match="'facilitator' has not begun yet"):
        begun["facilitator"]


def test_the_table_names_condition_and_levels_first(runs):
    table = runs.to_dataframe()
    assert list(table.columns[:2]) == ["condition", "condition_moderator"]
    assert set(table.condition) == {"none", "facilitator"}
    assert len(table) == sum(len(run.to_dataframe()) for run in runs.values())
    assert ConditionRuns(runs.folder, runs.levels, {}).to_dataframe().empty


@pytest.mark.parametrize(("asked", "said"), [(0, "not a list"), ("facilitatr", "Did you mean 'facilitator'")])
def test_an_unknown_condition_is_refused(runs, asked, said):
    with pytest.raises(UnknownItemError, match=said):
        runs[asked]
