"""Python that makes a discussion or an annotation: run, it makes what the design says."""

import pytest
from support.forms import a_study

import syndisco_nb as snb
from syndisco_nb.builder.job_code import annotation_code, discussion_code, labelling_code


@pytest.fixture
def run(tmp_path):
    people = [snb.LLMActor(snb.ScriptedModel(["Well.", "No."]), name) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax"], people, num_turns=3, num_discussions=2, seed=1).begin(tmp_path / "run")


def made(code):
    namespace = {}
    exec(code, namespace)  # noqa: S102
    return namespace


def test_a_discussion_has_all_that_the_design_says():
    builder = (
        a_study()
        .model(snb.ScriptedModel(["Never."], name="other"), of=["Ben"])
        .moderator("Keep it civil.")
        .turn_taking(snb.Hosted(2))
        .window(5, counts="all")
        .stop([snb.AfterPhrase("bye")])
    )
    code = discussion_code(builder.design)
    discussion = made(code)["discussion"]
    assert repr(discussion) == "<Discussion by Ana, Ben: turn 0 of 3>"
    assert [actor.model.name for actor in discussion.users] == ["talker", "other"]
    assert "Keep it civil." in str(discussion.moderator.describe())
    for argument in ("window=5", "window_counts='all'", "seed=7", "AfterPhrase(phrase='bye')", "Hosted(rule=2"):
        assert argument in code


def test_what_is_usual_is_left_out():
    code = discussion_code(a_study().design)
    for name in ("moderator", "turn_manager", "window_counts", "stop", "models"):
        assert f"{name}=" not in code


def test_an_annotation_labels_the_run(run, tmp_path):
    judge = {"name": "judge", "instructions": "Rate.", "model": snb.ScriptedModel(["1"], name="own")}
    builder = a_study().annotators([judge, {"name": "other"}], snb.Flag("rude"))
    code = annotation_code(builder.design, str(run.folder), str(tmp_path / "labels"))
    namespace = made(code)
    assert [one.model.name for one in namespace["annotators"]] == ["own", "talker"]
    assert len(namespace["labels"]) == 4
    assert "seed=7" in code


def test_a_person_labels_by_hand(run, tmp_path):
    design = a_study().annotators([{"name": "judge"}], snb.Flag("rude")).design
    code = labelling_code(design, str(run.folder), str(tmp_path / "by hand"), "Dana")
    labelling = made(code.replace("labelling.widget()", ""))["labelling"]
    assert repr(labelling) == "<Labelling by Dana: 0 of 8 labels>"
    assert labelling.folder.name == "by hand"
