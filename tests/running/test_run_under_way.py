"""One run among others: its folder says how it ended as soon as it has, and how the work on each unit ended."""

import pytest
from support.recording_model import RecordingModel
from support.together import experiment, statuses, work_on

from syndisco_nb.backend.model.base import run_folder
from syndisco_nb.errors import RunFolderError
from syndisco_nb.running.control import control_of
from syndisco_nb.runs.writing import RunFolder


def test_a_run_without_work_left_is_over_while_others_go_on(tmp_path):
    seen = []

    def look(request):
        if (tmp_path / "new").exists():
            with pytest.raises(RunFolderError, match="No run is writing to"):
                control_of(tmp_path / "done")
            seen.append(statuses(tmp_path, "done", "new"))
        return "Yes."

    model = RecordingModel(look)
    work_on(tmp_path, done=experiment(model))
    work_on(tmp_path, done=experiment(model), new=experiment(model))
    assert seen == [["finished", "running"]] * 6


def test_each_attempt_is_noted_with_its_outcome(tmp_path):
    first = [True]

    def script(request):
        number = request.situation.discussion if first else None
        control = control_of(tmp_path / "a")
        if number == 1:
            raise ValueError("no")
        if number == 2:
            control.skip("discussion-00002")
        if number == 3:
            control.stop()
        return "Yes."

    model = RecordingModel(script)
    runs = work_on(tmp_path, a=experiment(model, num_discussions=5, max_concurrency=1))
    first.clear()
    again = work_on(tmp_path, a=experiment(model, num_discussions=5, max_concurrency=1))["a"]
    order = again.order
    assert list(zip(order.unit.str[-1], order.outcome, strict=True)) == [
        ("0", "finished"),
        ("1", "failed"),
        ("2", "skipped"),
        ("3", "stopped"),
        *((number, "finished") for number in "1234"),
    ]
    assert (order.ended >= order.began).all()
    assert order.began.is_monotonic_increasing
    assert (str(order.began.dtype), len(runs["a"].order)) == ("datetime64[ms, UTC]", 8)


def test_a_model_knows_for_which_run_it_is_asked(tmp_path):
    asked = []
    model = RecordingModel(
        lambda request: asked.append((run_folder.get().name, request.situation.discussion)) or "Yes."
    )
    work_on(tmp_path, **{name: experiment(model, num_turns=1) for name in "ab"})
    assert sorted(asked) == [(name, number) for name in "ab" for number in range(3)]


def test_runs_share_the_time_by_their_units_under_way(tmp_path, monkeypatch):
    shares = []
    monkeypatch.setattr(RunFolder, "count_share", lambda self, share: shares.append((self.path.name, share)))
    model = RecordingModel()
    small, large = (experiment(model, num_discussions=number, num_turns=3 * number) for number in (1, 3))
    work_on(tmp_path, a=small, b=large)
    assert shares[:2] == [("a", 1 / 4), ("b", 3 / 4)]
    assert shares[-1] == ("b", 1.0)
    shares.clear()
    work_on(tmp_path, c=small)  # by itself it has all the time
    assert not shares
