"""Objects that hold records of several discussions."""

import pytest

import syndisco_nb as snb
from syndisco_nb.analysed import Analysed, Tabulated
from syndisco_nb.records import Records
from syndisco_nb.runs.condition_runs import ConditionRuns


@pytest.mark.parametrize("kind", [snb.Run, snb.Study, ConditionRuns, Records])
def test_all_that_hold_several_records_have_the_same_methods(kind):
    assert issubclass(kind, Analysed)


@pytest.mark.parametrize("kind", [snb.Transcript, snb.AnnotationSet])
def test_single_records_give_tables(kind):
    assert issubclass(kind, Tabulated)
    assert not issubclass(kind, Analysed)
