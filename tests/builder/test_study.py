"""A study in its folder: begun anew, compared with its estimate, and asked for what is not there."""

import copy

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


def test_a_study_begun_anew_is_moved_aside_whole(done, tmp_path):
    judge = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    done.annotate([judge], snb.Flag("sarcasm"))
    with pytest.raises(RunFolderError, match=r"or run\(..., fresh=True\), which moves it aside"):
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
        "There is no condition 'facilitatr'. Did you mean 'facilitator'? There are: 'none', 'facilitator'."
    )
    assert isinstance(caught.value, KeyError)
    with pytest.raises(UnknownItemError, match="A study is a mapping of conditions, not a list: take one by its name"):
        done[0]
    assert done.get("facilitatr") is None
    assert "facilitatr" not in done
    assert list(done._ipython_key_completions_()) == ["none", "facilitator"]


def test_a_condition_that_has_not_begun_says_so(done):
    (done["facilitator"].folder / "run.json").unlink()
    with pytest.raises(UnknownItemError, match=r"The condition 'facilitator' has not begun yet\. Run the study again"):
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
