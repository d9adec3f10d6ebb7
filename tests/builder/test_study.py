"""A study in its folder: begun anew, compared with its estimate, and asked for what is not there."""

import copy
import json

import pytest

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, ScriptedModel
from syndisco_nb.errors import (
    InvalidInputError,
    RecordError,
    RunFolderError,
    UnknownArgumentError,
    UnknownItemError,
    UnknownNameError,
)
from syndisco_nb.runs.writing import RunFolder

PEOPLE = [snb.LLMPersona(username=name) for name in ("Ana", "Ben")]


def builder(seed=7):
    return (
        ExperimentBuilder(seed=seed)
        .model(ScriptedModel(["I agree.", "Why?"], name="talker"))
        .participants(PEOPLE)
        .topics(["Tax"])
        .turns(2)
        .discussions(2)
        .vary(moderator={"none": None, "facilitator": "Keep it civil."})
    )


@pytest.fixture
def done(tmp_path):
    return builder().run(tmp_path / "study")


def test_models_label_a_sample_in_all_conditions(done, tmp_path):
    judge = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    sample = done.sample(3, seed=1)
    labels = done.annotate([judge], snb.Flag("sarcasm"), folder=tmp_path / "sampled", sample=sample)
    found = {
        (f"{condition}.{one.discussion}", label.comment)
        for condition, run in labels.items()
        for one in run
        for label in one.labels
    }
    assert found == set(sample.comments)
    assert all(run.verify() for run in labels.values())
    assert labels["none"].spec["sample"]["random"]
    other = done["none"].sample(3, seed=1)
    with pytest.raises(InvalidInputError, match=r"but not of this study. Draw it by study\.sample\(20\)"):
        done.annotate([judge], snb.Flag("sarcasm"), sample=other)


def test_a_study_begun_anew_is_moved_aside_whole(done, tmp_path):
    judge = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    done.annotate([judge], snb.Flag("sarcasm"))
    with pytest.raises(RunFolderError, match=r"or run\(..., fresh=True\), in a shell --fresh, which moves it aside"):
        builder().turns(3).run(done.folder)
    with pytest.warns(UserWarning, match="was moved aside, to study.old-1"):
        again = builder().turns(3).run(done.folder, fresh=True)
    assert again.finished
    assert again["none"][0].messages[-1].turn == 3
    assert not (done.folder / "annotations").exists()
    assert snb.Study(tmp_path / "study.old-1")["none"][0].messages[-1].turn == 2
    assert (tmp_path / "study.old-1" / "annotations").exists()
    with pytest.warns(UserWarning, match=r"study\.old-2"):
        assert builder().start(done.folder, fresh=True).wait().finished


@pytest.mark.parametrize("call", ["run", "start"])
def test_only_a_fresh_by_name_that_is_true_moves_a_study_aside(done, call):
    with pytest.raises(UnknownArgumentError, match=r"too many positional arguments\. By name alone: fresh"):
        getattr(builder(), call)(done.folder, {"condition": "none"})
    with pytest.raises(InvalidInputError, match="fresh is 1, but must be True or False"):
        getattr(builder(), call)(done.folder, fresh=1)
    assert done.finished
    assert [path.name for path in done.folder.parent.iterdir()] == [done.folder.name]


def test_where_there_is_nothing_fresh_changes_nothing(tmp_path):
    assert builder().run(tmp_path / "study", fresh=True).finished
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_a_study_that_is_being_written_stays_where_it_is(done):
    folder = RunFolder(done["none"].folder, "discussions", done["none"].spec, 2)
    with pytest.raises(RunFolderError, match="is being written by a run"):
        builder().run(done.folder, fresh=True)
    folder.close()
    assert done.folder.exists()


def test_an_estimate_reaches_the_costs_of_each_condition(tmp_path):
    study = builder()
    expected = study.estimate()
    run = study.run(tmp_path / "one")
    costs = [run[name].costs() for name in run]
    assert sum(cost.estimate["calls"] for cost in costs) == expected.calls
    assert [cost.ratio["calls"] for cost in costs] == [1.0, 1.0]
    assert costs[0].estimate["calls"] < costs[1].estimate["calls"]
    other = study.turns(3).run(tmp_path / "two")  # of which nothing was estimated
    assert other["none"].costs().estimate.isna().all()


def test_a_condition_that_is_not_there_is_answered_with_those_that_are(done):
    with pytest.raises(UnknownItemError) as caught:
        done["facilitatr"]
    assert str(caught.value) == (
        "There is no condition 'facilitatr'. Did you mean 'facilitator'? There are the conditions: none, facilitator."
    )
    assert isinstance(caught.value, KeyError)
    with pytest.raises(UnknownItemError, match="A study is a mapping of conditions, not a list: take one by its name"):
        done[0]
    with pytest.raises(UnknownItemError, match="A study is a mapping of conditions, not a list: take one by its name"):
        done[:1]
    assert done.get("facilitatr") is None
    assert "facilitatr" not in done
    assert list(done._ipython_key_completions_()) == ["none", "facilitator"]


def test_a_condition_that_has_not_begun_says_so(done):
    (done["facilitator"].folder / "run.json").unlink()
    with pytest.raises(UnknownItemError, match=r"The condition 'facilitator' has not started\. Run the study again"):
        snb.Study(done.folder)["facilitator"]


def test_a_discussion_that_is_not_there_is_answered_with_how_many_there_are(done):
    run = done["none"]
    with pytest.raises(UnknownItemError) as caught:
        run[99]
    assert str(caught.value) == (
        "There is no run[99]: 2 of 2 discussions are finished. Take one from 0 to 1, or from the end by negative "
        "numbers."
    )
    assert isinstance(caught.value, IndexError)
    assert run[-1] == run[1]
    with pytest.raises(UnknownItemError):
        run[-3]
    with pytest.raises(UnknownItemError):
        run.replay(2)
    with pytest.raises(InvalidInputError, match="A run is a list, but was asked for 'none'"):
        run["none"]


def test_a_run_and_a_study_are_told_apart(done):
    with pytest.raises(RecordError, match=r"is the folder of a study, not of a single run. Open it with Study\(...\)"):
        snb.Run(done.folder)
    with pytest.raises(RecordError, match=r"is the folder of a single run, not of a study. Open it with Run\(...\)"):
        snb.Study(done["none"].folder)


@pytest.mark.parametrize("folder", [None, "", 3])
def test_what_is_no_folder_is_said(done, folder):
    judge = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    experiment = builder().build()["none"]
    labelling = snb.AnnotationExperiment([judge])
    for act in (
        lambda: builder().run(folder),
        lambda: builder().start(folder),
        lambda: builder().save(folder),
        lambda: ExperimentBuilder.load(folder),
        lambda: snb.Study(folder),
        lambda: snb.Run(folder),
        lambda: experiment.begin(folder),
        lambda: experiment.start(folder),
        lambda: labelling.begin(done["none"], folder),
        lambda: labelling.begin(folder, done.folder / "labels"),
        lambda: labelling.start(done["none"], folder),
    ):
        with pytest.raises(InvalidInputError, match=f"is {folder!r}, but must be a path, such as"):
            act()


def test_a_misspelt_name_of_a_study_or_a_run_is_answered_with_the_right_one(done):
    with pytest.raises(UnknownNameError, match=r"Study has no 'annotat'\. Did you mean 'annotate'"):
        _ = done.annotat
    with pytest.raises(UnknownNameError, match=r"Run has no 'to_datframe'\. Did you mean 'to_dataframe'"):
        _ = done["none"].to_datframe
    for thing in (done, done["none"]):
        assert not hasattr(thing, "_repr_latex_")
        assert copy.copy(thing).folder == thing.folder


# Growth


MODEL = ScriptedModel(["1", "2", "3"], name="m")


def asking(levels=("none", "facilitator"), number=2):
    said = {"none": None, "facilitator": "Keep it civil.", "strict": "Delete it."}
    return (
        ExperimentBuilder(seed=7)
        .model(MODEL)
        .participants(PEOPLE)
        .topics(["Tax", "Toll"])
        .turns(2)
        .discussions(number)
        .vary(moderator={level: said[level] for level in levels})
    )


def judges(*names):
    return [snb.LLMActor(MODEL, name, actor_type=snb.ActorType.ANNOTATOR) for name in names]


def files(folder):
    """Return what is in a study's folder, but for what was asked when, and for times."""
    found = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("discussion-*.json")}
    heads = {str(file.relative_to(folder)): json.loads(file.read_bytes()) for file in folder.rglob("run.json")}
    kept = {name: {key: head[key] for key in ("spec", "total", "seed", "status")} for name, head in heads.items()}
    study = json.loads((folder / "study.json").read_bytes())
    study.pop("stages")
    return found, kept, study


ALL = ("none", "facilitator", "strict")
TONE, WIT = snb.Likert("tone", 1, 3), snb.Likert("wit", 1, 3)


@pytest.fixture
def requests(monkeypatch):
    """Return all requests to the model."""
    made, answer = [], ScriptedModel.complete

    async def complete(self, request):
        made.append(request)
        return await answer(self, request)

    monkeypatch.setattr(ScriptedModel, "complete", complete)
    return made


@pytest.fixture
def grown(requests, tmp_path):
    """Return the folder of a pilot that has grown in every way."""
    asking().run(tmp_path / "grown").annotate(judges("a"), TONE)
    asking(ALL, 4).run(tmp_path / "grown").annotate(judges("a", "b"), [TONE, WIT])
    return tmp_path / "grown"


def test_a_study_that_grows_equals_one_asked_at_once_and_asks_nothing_twice(grown, requests, tmp_path):
    asked = sorted(request.seed for request in requests)
    requests.clear()
    once = asking(ALL, 4).run(tmp_path / "once")
    once.annotate(judges("a", "b"), [TONE, WIT])
    assert asked == sorted(request.seed for request in requests)
    assert files(grown) == files(once.folder)
    study = snb.Study(grown)
    assert (study.finished, study.labels.finished, len(study), len(study.labels)) == (True, True, 3, 3)
    assert study.to_dataframe().equals(once.to_dataframe())


def test_what_was_asked_when_is_kept_and_the_pilot_can_be_had_alone(grown):
    study = snb.Study(grown)
    assert study.stages.drop(columns="asked").values.tolist() == [
        [2, ("none", "facilitator"), ("a",), ("tone",)],
        [4, ALL, ("a",), ("tone",)],
        [4, ALL, ("a", "b"), ("tone", "wit")],
    ]
    assert study.stages.asked.is_monotonic_increasing
    first = study.stage(0)
    table = first.labels.to_dataframe()
    assert (list(first), [len(run) for run in first.values()], first.finished) == (
        ["none", "facilitator"],
        [2, 2],
        True,
    )
    assert set(table.annotator) == {"a"}
    assert set(table.scale) == {"tone"}
    assert set(table.discussion_index) == {0, 1}
    for source in (first, first.labels, first.labels["none"]):
        assert set(source.to_dataframe("discussions").discussion_index) == {0, 1}
    assert first.contrast("tone", by="moderator").n == 2
    assert set(study.stage(-1).labels.to_dataframe().annotator) == {"a", "b"}
    assert study.stage(0).stage(2)["strict"].total == 4
    with pytest.raises(UnknownItemError, match=r"no stage 3: the study has 3 stages, the first of which is 0"):
        study.stage(3)


def test_the_cells_of_the_pilot_give_the_pilot_again(grown, requests):
    there = files(grown)
    requests.clear()
    with pytest.warns(UserWarning, match="the others stay as they are"):
        again = asking().run(grown)
    with pytest.warns(UserWarning, match="the others stay as they are"):
        labels = again.annotate(judges("a"), TONE)
    assert (list(again), [len(run) for run in again.values()], again.finished) == (
        ["none", "facilitator"],
        [2, 2],
        True,
    )
    assert labels.to_dataframe().equals(snb.Study(grown).stage(0).labels.to_dataframe())
    assert (requests, files(grown), len(snb.Study(grown).stages)) == ([], there, 3)


def test_growth_that_would_change_finished_work_is_refused_by_name(grown):
    there = files(grown)
    with pytest.raises(
        RunFolderError, match=r"another design \(turns: 2 → 3\).* Only more discussions, levels of what"
    ):
        asking(ALL, 9).turns(3).run(grown)
    with pytest.raises(RunFolderError, match=r"annotators\[0\].name: 'a' → 'b'"):
        snb.Study(grown).annotate(judges("b", "a", "c"), TONE)
    assert (files(grown), len(snb.Study(grown).stages)) == (there, 3)


def test_a_study_of_an_earlier_version_has_one_stage_and_grows(grown):
    file = grown / "study.json"
    document = json.loads(file.read_bytes())
    file.write_text(json.dumps({name: value for name, value in document.items() if name != "stages"}))
    assert snb.Study(grown).stages.drop(columns="asked").values.tolist() == [[4, ALL, ("a", "b"), ("tone", "wit")]]
    asking(ALL, 5).run(grown)
    assert list(snb.Study(grown).stages.discussions) == [4, 5]
    file.write_text(json.dumps(document | {"stages": [{"asked": 3}]}))
    with pytest.raises(RecordError, match=r"study\.json cannot be read: its stages are broken"):
        snb.Study(grown)


# On another day


def test_labels_of_another_day_come_with_the_study_and_go_on(tmp_path):
    asked = asking().annotators([{"name": "a"}, {"name": "b"}], [TONE])
    asked.run(tmp_path)
    assert snb.Study(tmp_path).labels is None
    labels = snb.Study(tmp_path).annotate()
    later = snb.Study(tmp_path).labels
    assert later.to_dataframe().equals(labels.to_dataframe())
    assert (list(later), later.finished, later.labels) == (["none", "facilitator"], True, None)
    assert later["none"].replay(0)
    assert "tone" in snb.Study(tmp_path).to_dataframe("discussions").columns
    asked.discussions(3).run(tmp_path)
    assert [len(run) for run in snb.Study(tmp_path).annotate().values()] == [6, 6]


def test_labels_of_all_conditions_are_made_together(tmp_path):
    labels = asking().annotators([{"name": "a"}, {"name": "b"}], [TONE]).run(tmp_path).annotate()
    order = [(row.unit[11:16], row.unit[-2:], row.condition) for row in labels.order.itertuples()]
    assert order == [
        (number, annotator, condition)
        for number in ("00000", "00001")
        for annotator in ("00", "01")
        for condition in ("none", "facilitator")
    ]


def test_what_failed_is_retried_on_another_day(monkeypatch, tmp_path):
    done = asking().annotators([{"name": "a"}], [TONE]).run(tmp_path / "whole")
    labels = done.annotate()
    failing = {done["none"][1].messages[-1].generation.seed, labels["facilitator"][0].labels[1].generation.seed}
    answer = ScriptedModel.complete

    async def complete(self, request):
        if request.seed in failing:
            raise ConnectionError("gone")
        return await answer(self, request)

    monkeypatch.setattr(ScriptedModel, "complete", complete)
    asking().annotators([{"name": "a"}], [TONE]).run(tmp_path / "it").annotate()
    failing.clear()
    study = snb.Study(tmp_path / "it")
    assert (study.status, study.labels.status) == ("partial", "partial")
    assert study.labels.retry().status == "finished"
    assert list(study.failures.condition) == ["none", "facilitator"]
    again = study.retry()
    assert (type(again), again.status, len(again.failures), [len(run) for run in again.values()]) == (
        snb.Study,
        "finished",
        0,
        [2, 2],
    )
    snb.Study(tmp_path / "it").annotate()  # of those discussions that had failed
    assert files(tmp_path / "it")[0] == files(tmp_path / "whole")[0]


def test_a_stage_in_which_nothing_was_labelled_has_no_labels(tmp_path):
    asking().run(tmp_path)
    asking(number=3).run(tmp_path).annotate(judges("a"), TONE)
    study = snb.Study(tmp_path)
    assert study.stages.annotators.tolist() == [(), ("a",)]
    assert (study.stage(0).labels, [len(run) for run in study.stage(1).labels.values()]) == (None, [3, 3])
