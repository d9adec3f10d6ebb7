"""The runs of several conditions as one."""

from dataclasses import replace

import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.errors import UnknownItemError
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.opening import write_head


@pytest.fixture
def runs(tmp_path):
    return moderated_builder().run(tmp_path / "study")


def test_it_is_a_mapping_of_the_conditions_that_have_begun(runs):
    assert (list(runs), len(runs), runs.finished) == (["none", "facilitator"], 2, True)
    begun = ConditionRuns(runs.folder, runs.levels, {"none": runs["none"]})
    assert (list(begun), begun.finished) == (["none"], False)
    assert "facilitator not started" in repr(begun)
    with pytest.raises(UnknownItemError, match="'facilitator' has not started"):
        begun["facilitator"]


def test_the_table_names_condition_and_levels_first(runs):
    table = runs.to_dataframe()
    assert list(table.columns[:2]) == ["condition", "condition_moderator"]
    assert set(table.condition) == {"none", "facilitator"}
    assert len(table) == sum(len(run.to_dataframe()) for run in runs.values())
    assert ConditionRuns(runs.folder, runs.levels, {}).to_dataframe().empty


@pytest.mark.parametrize(
    ("asked", "said"), [(0, "not a list"), ("facilitatr", r"'facilitator'\? There are the conditions: none")]
)
def test_an_unknown_condition_is_refused(runs, asked, said):
    with pytest.raises(UnknownItemError, match=said):
        runs[asked]


def test_its_status_is_that_of_the_run_farthest_from_finished(runs):
    assert (runs.status, ConditionRuns(runs.folder, runs.levels, {}).status) == ("finished", "interrupted")
    assert ConditionRuns(runs.folder, runs.levels, {"none": runs["none"]}).status == "interrupted"
    for status in ("partial", "paused", "running", "failed"):
        _with_status(runs["facilitator"].folder, status)
        assert runs.status == status
    _with_status(runs["none"].folder, "partial")
    assert runs.status == "failed"


def _with_status(folder, status):
    head = read_head(folder)
    write_head(folder, replace(head, status=status, skipped=(Skipped("notes.txt", "it is not a .json file"),)))


def test_skipped_files_and_costs_tell_their_condition(runs):
    _with_status(runs["none"].folder, "finished")
    assert runs.skipped == [Skipped("none/notes.txt", "it is not a .json file")]
    costs = runs.costs()
    assert list(costs.columns) == ["condition", "part", "estimate", "truth", "ratio"]
    calls = costs[costs.part == "calls"].set_index("condition").truth
    assert calls["facilitator"] == runs["facilitator"].costs().truth["calls"] > calls["none"]
    assert ConditionRuns(runs.folder, runs.levels, {}).costs().empty


def test_the_order_of_work_is_that_of_all_conditions_interleaved(runs):
    order = runs.order
    assert list(order.columns) == ["condition", "unit", "began", "ended", "outcome"]
    assert len(order) == sum(len(run) for run in runs.values())
    assert order.unit.is_monotonic_increasing  # the first discussion of each condition, then the second
    assert set(order.outcome) == {"finished"}
    assert "none" in order._repr_mimebundle_()["text/plain"]
    empty = ConditionRuns(runs.folder, runs.levels, {}).order
    assert (list(empty.columns), len(empty)) == (list(order.columns), 0)


def test_without_failures_the_table_is_empty_and_retrying_does_nothing(runs):
    assert list(runs.failures.columns)[:2] == ["condition", "unit"]
    assert list(ConditionRuns(runs.folder, runs.levels, {}).failures.columns) == list(runs.failures.columns)
    assert runs.retry()["none"] is runs["none"]


def test_verifying_names_the_condition_of_each_problem_in_labels_too(runs):
    runs.annotate([rater()], snb.Likert("tone", 1, 3))
    sound = runs.verify()
    assert (bool(sound), sound.folder, sound.checked) == (True, runs.folder, 12)
    (runs["none"].folder / "discussion-00001.json").write_bytes(b"{")
    (runs.labels["facilitator"].folder / "discussion-00002.annotator-00.json").unlink()
    problems = str(runs.verify())
    assert "none/discussion-00001.json: " in problems
    assert "annotations/facilitator/discussion-00002.annotator-00.json is gone" in problems
