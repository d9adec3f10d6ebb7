import pytest

from syndisco_nb.analysis.contrasts.assumption import Assumption


@pytest.mark.parametrize(("holds", "status"), [(True, "holds"), (False, "broken"), (None, "cannot tell")])
def test_an_assumption_says_whether_it_holds(holds, status):
    assumption = Assumption("Pairs", "the same topic.", holds=holds)
    assert assumption.status == status
    assert repr(assumption) == f"<Assumption Pairs: {status}. the same topic.>"
