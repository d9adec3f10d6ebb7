"""A design that is looked at, written down and run."""

import asyncio

import pytest
from support.designs import moderated_builder, small_builder

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.study_plan import StudyPlan
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.loop import run_sync


def test_a_plan_is_its_design():
    builder = small_builder()
    plan = StudyPlan(builder.design, builder.models)
    assert plan == builder
    assert plan != StudyPlan(Design(), LiveModels())
    assert repr(plan) == "<StudyPlan: 1 condition of 3 discussions, 4 turns by 2 of 3 participants>"
    assert list(plan.build()) == ["all"]


def test_experiments_of_all_conditions_share_a_drawn_seed():
    first, second = moderated_builder().seed(None).build().values()
    assert first.seed == second.seed is not None


def test_each_experiment_is_built_once_for_a_run(tmp_path, monkeypatch):
    built = []
    make = snb.DiscussionExperiment.__init__

    def counted(self, *args, **kwargs):
        built.append(self)
        make(self, *args, **kwargs)

    monkeypatch.setattr(snb.DiscussionExperiment, "__init__", counted)
    moderated_builder().run(tmp_path / "run")
    assert len(built) == 2
    moderated_builder().start(tmp_path / "start").wait()
    assert len(built) == 4


def test_an_incomplete_design_is_refused_before_anything_is_written(tmp_path):
    for run in (snb.ExperimentBuilder().run, snb.ExperimentBuilder().start):
        with pytest.raises(InvalidInputError, match="The design has no model"):
            run(tmp_path / "study")
    assert not (tmp_path / "study").exists()


def test_runs_are_compared_with_the_estimate_of_their_condition(tmp_path):
    builder = moderated_builder()
    total = builder.estimate()
    study = builder.run(tmp_path)
    expected = [run.costs().estimate["calls"] for run in study.values()]
    assert expected == [12, total.calls - 12]


def test_an_estimate_tells_first_what_needs_no_probe_and_is_kept_when_stopped(monkeypatch):
    asked, told = asyncio.Event(), []
    builder = moderated_builder()
    total = builder.estimate()

    async def waiting(self, request):
        asked.set()
        await asyncio.Event().wait()

    async def stopped():
        job = asyncio.create_task(builder.aestimate(told.append))
        await asyncio.wait_for(asked.wait(), 60)
        job.cancel()
        return await job

    monkeypatch.setattr(snb.ScriptedModel, "complete", waiting)
    kept = run_sync(stopped())
    assert (told[0].calls, told[0].conditions, told[0].over) == (total.calls, 2, False)
    assert (kept.calls, kept.answers, kept.over) == (total.calls, 0, True)


def test_conditions_with_the_same_models_share_the_time_of_a_probe(monkeypatch):
    monkeypatch.setattr("syndisco_nb.builder.study_plan.PROBE_S", 0.0)
    builder = small_builder()
    asked = builder.vary(window={"short": 1, "long": 5}).estimate()
    assert asked.answers == small_builder().estimate().answers
    assert asked.calls == 2 * builder.estimate().calls
    levels = {name: snb.ScriptedModel(name, name=name) for name in ("one", "other")}
    assert builder.vary(model=levels).estimate().answers == 2 * asked.answers


def test_the_suffix_of_a_file_decides_its_form(tmp_path):
    builder = small_builder()
    assert builder.save(tmp_path / "a.json").read_text() == builder.to_json()
    assert builder.save(tmp_path / "new" / "a.yaml").read_text().partition("\n")[2] == builder.to_yaml()
