"""Units of several runs: begun in turn, under one limit, with a circuit breaker for each set of models."""

import asyncio

import pytest
from support.recording_model import RecordingModel
from support.together import begun, experiment, runs_of, statuses, work_on

import syndisco_nb as snb
from syndisco_nb.errors import RunFailedError
from syndisco_nb.loop import Call
from syndisco_nb.running.control import control_of
from syndisco_nb.running.scheduler import run_all


class Crowded(RecordingModel):
    """Counts the requests that wait at once; answers as soon as no other comes."""

    most = now = 0

    async def complete(self, request):
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(20):
            await asyncio.sleep(0)
        self.now -= 1
        return await super().complete(request)


def test_the_first_discussions_of_all_runs_come_before_the_second_ones(tmp_path):
    model = RecordingModel()
    small, large = (experiment(model, max_concurrency=1, num_discussions=number) for number in (2, 3))
    order = begun(work_on(tmp_path, small=small, large=large))
    assert order == [("small", 0), ("large", 0), ("small", 1), ("large", 1), ("large", 2)]


def test_what_is_left_goes_on_by_the_numbers_of_the_discussions(tmp_path):
    model = RecordingModel()
    work_on(tmp_path, a=experiment(model, num_discussions=2))
    (tmp_path / "a" / "order.jsonl").unlink()
    grown = {name: experiment(model, max_concurrency=1, num_discussions=4) for name in "ab"}
    assert begun(work_on(tmp_path, **grown)) == [("b", 0), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)]


@pytest.mark.parametrize(("wanted", "most"), [(1, 2), (5, 5)])
def test_one_limit_holds_for_all_runs_unless_a_model_wants_more(wanted, most, tmp_path):
    class Wanting(Crowded):
        min_concurrency = wanted

    model = Wanting()
    work_on(tmp_path, **{name: experiment(model, max_concurrency=2) for name in "abc"})
    assert model.most == most


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.001)


def test_a_paused_run_leaves_its_places_to_the_others(tmp_path):
    model = RecordingModel(allowed=0)
    experiments = {name: experiment(model, max_concurrency=2, num_discussions=4) for name in "ab"}

    async def main():
        run = asyncio.create_task(run_all([one.opened(tmp_path / name) for name, one in experiments.items()]))
        await until(lambda: len(model.requests) == 2)  # one of each
        control_of(tmp_path / "a").pause()
        await until(lambda: len(control_of(tmp_path / "b").under_way) == 2)
        assert control_of(tmp_path / "a").under_way == {"discussion-00000"}
        model.allowed = 10**6
        await until(lambda: statuses(tmp_path, "b") == ["finished"])
        assert statuses(tmp_path, "a") == ["paused"]
        control_of(tmp_path / "a").resume()
        await run

    Call(main()).future.result(60)
    assert statuses(tmp_path, "a", "b") == ["finished"] * 2


def test_ten_failures_in_a_row_end_all_although_another_model_answers(tmp_path):
    good, bad = RecordingModel(name="good"), RecordingModel(name="bad")
    bad.failing = {"all"}
    experiments = {"fine": experiment(good, num_discussions=15), "broken": experiment(bad, num_discussions=15)}
    for one in experiments.values():
        one.max_concurrency = 2
    with pytest.raises(RunFailedError, match="Stopped after 10 failures in the condition 'broken', the last 10 of"):
        work_on(tmp_path, **experiments)
    assert statuses(tmp_path, "fine", "broken") == ["interrupted", "failed"]
    assert 8 <= len(runs_of(tmp_path, ["fine"])["fine"]) < 15
    bad.failing.clear()
    assert {len(run) for run in work_on(tmp_path, **experiments).values()} == {15}
    assert statuses(tmp_path, "fine", "broken") == ["finished"] * 2


def test_failures_count_together_where_the_models_are_the_same(tmp_path):
    model = RecordingModel()
    model.failing = {"all"}
    experiments = {name: experiment(model, max_concurrency=1, num_discussions=9) for name in ("none", "mo")}
    with pytest.raises(RunFailedError, match="in the conditions 'none', 'mo', the last 10"):
        work_on(tmp_path, **experiments)
    assert statuses(tmp_path, "none", "mo") == ["failed"] * 2


def test_a_success_in_one_run_is_one_for_all_that_ask_its_model(tmp_path):
    model = RecordingModel(lambda request: 1 / 0 if request.situation.actor.name in ("Cem", "Dora") else "Yes.")
    users = [snb.LLMActor(model, name) for name in ("Cem", "Dora")]
    failing = experiment(model, users=users, max_concurrency=1, num_discussions=12)
    succeeding = experiment(model, max_concurrency=1, num_discussions=12)
    runs = work_on(tmp_path, failing=failing, succeeding=succeeding)
    assert [(run.status, len(run), len(run.failures)) for run in runs.values()] == [
        ("partial", 0, 12),
        ("finished", 12, 0),
    ]
