"""Annotations as a form: by models, and by hand; driven without a browser."""

import pytest
from support.designs import moderated_builder
from support.foreign import foreign_corpus
from support.forms import a_study

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, SyndiscoError
from syndisco_nb.widgets.human.labeller import Labeller


@pytest.fixture
def run(tmp_path):
    people = [snb.LLMActor(snb.ScriptedModel(["Well.", "No."]), name) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax"], people, num_turns=3, num_discussions=2, seed=1).begin(tmp_path / "run")


@pytest.fixture
def form(run):
    form = snb.AnnotationForm(run.folder)
    form["model"].value = snb.ScriptedModel(["1", "2"], name="judge")
    form["scales"].add(snb.Likert("toxicity", 1, 5))
    form["seed"].text = "7"
    return form


def test_annotators_label_every_comment_as_code_would_have_it(form, run, tmp_path):
    judge = form["annotators"].add()
    judge["name"].text, judge["instructions"].text = "judge", "You rate comments."
    form.start()
    labels = form.stage.wait(60)
    assert len(labels) == 2
    assert "toxicity" in "".join(one.value for one in form.stage.shown)
    form.folder.text = str(tmp_path / "by-code")
    namespace = {}
    exec(form.code(), namespace)  # noqa: S102
    assert [one.labels for one in namespace["labels"]] == [one.labels for one in labels]


def test_a_run_or_a_study_is_as_good_as_its_folder(run, tmp_path):
    assert snb.AnnotationForm(run)["run"].text == snb.AnnotationForm(run.folder)["run"].text == str(run.folder)
    assert snb.AnnotationForm(run).folder.text == f"{run.folder}-labels"
    study = moderated_builder().run(tmp_path / "study")
    assert snb.AnnotationForm(study)["run"].text == str(study.folder)
    with pytest.raises(InvalidInputError, match="run is 3, but must be a path"):
        snb.AnnotationForm(3)


def test_what_is_missing_is_said_beside_its_field(form):
    form["run"].text = ""
    form.start()
    assert form["run"].message.startswith("Give the folder of the discussions")
    assert "There is no annotator yet. Add one." in form["annotators"]._foot.value
    form["annotators"].add()
    form["model"].value = None
    assert form.errors == {"model": "There is no model yet. Choose one, or one for each annotator."}


def test_two_annotators_of_one_name_are_refused_and_two_of_none_are_not(form):
    one, other = form["annotators"].add(), form["annotators"].add()
    assert not form.errors
    one["name"].text = other["name"].text = "judge"
    assert form.errors == {
        "annotators": "2 annotators are called 'judge', so their labels could not be told apart. Give every "
        "annotator a name of their own, or none."
    }


def test_a_folder_without_discussions_is_said_beside_its_field(form, tmp_path):
    form["annotators"].add()
    form["run"].text = str(tmp_path / "nowhere")
    assert f"There is nothing at {tmp_path / 'nowhere'}" in form["run"].message
    form.start()
    assert form.stage.job is None
    assert "There is nothing at nowhere" in snb.AnnotationForm("nowhere")["run"].message
    assert snb.AnnotationForm()["run"].message == ""


def test_a_folder_of_labels_is_said_beside_its_field(form, run, tmp_path):
    judge = snb.LLMActor(snb.ScriptedModel(["1"]), "judge", actor_type=snb.ActorType.ANNOTATOR)
    snb.AnnotationExperiment([judge]).begin(run, tmp_path / "labels")
    form["run"].text = str(tmp_path / "labels")
    assert "holds labels. Give the folder of the discussions." in form["run"].message
    form["run"].text = str(run.folder)
    assert form["run"].message == ""


def test_a_person_labels_by_hand(form, run):
    form.label()
    assert "Give your name first" in form.stage.said
    assert form.person.focused
    form.person.text = "Dana"
    form.label()
    (labeller,) = form.stage.shown
    assert isinstance(labeller, Labeller)
    namespace = {}
    exec(form.code().replace("labelling.widget()", ""), namespace)  # noqa: S102
    assert repr(namespace["labelling"]) == "<Labelling by Dana: 0 of 8 labels>"
    assert namespace["labelling"].folder.name == "run-labels-Dana"


def test_it_is_made_from_a_study(run):
    study = snb.ExperimentBuilder().annotators([{"name": "judge"}], snb.Flag("rude"))
    form = snb.AnnotationForm(run.folder, study.model(snb.ScriptedModel(["yes"])))
    assert repr(form) == "<AnnotationForm: <AnnotationExperiment: 1 annotator>>"


@pytest.mark.parametrize("name", ["labels.yaml", "labels.json"])
def test_what_is_saved_is_loaded(form, tmp_path, name, run):
    form["annotators"].add({"name": "judge"})
    other = snb.AnnotationForm(run.folder)
    other.load(form.save(tmp_path / name))
    assert other.code() == form.code()


def test_labels_of_a_study_end_in_the_contrast_and_its_figures(tmp_path):
    study = a_study().annotators([]).run(tmp_path / "study")
    form = snb.AnnotationForm(study.folder)
    form["model"].value = snb.ScriptedModel(["1", "2"], name="judge")
    form["scales"].add(snb.Likert("toxicity", 1, 5))
    form["annotators"].add()["name"].text = "judge"
    assert not form.errors
    form.start()
    form.stage.wait(60)
    contrast, turns, labels = (one.value for one in form.stage.shown)
    assert "Contrast" in contrast
    assert "<img " in turns
    assert "Run" in labels


def test_files_of_other_tools_are_as_good_as_a_run(tmp_path):
    corpus = snb.load(foreign_corpus().save(tmp_path / "talks"))
    form = snb.AnnotationForm(corpus)
    assert form["run"].text == str(tmp_path / "talks")
    form["model"].value = snb.ScriptedModel(["1", "2"], name="judge")
    form["scales"].add(snb.Likert("toxicity", 1, 5))
    form["annotators"].add()
    assert form.errors == {}
    form.start()
    labels = form.stage.wait(60)
    assert [one.discussion for one in labels] == corpus.names
    form["run"].text = str(tmp_path / "gone")
    assert form["run"].message.startswith("There is nothing at")
    with pytest.raises(InvalidInputError, match=r"run is a corpus in memory.*Save it first"):
        snb.AnnotationForm(foreign_corpus())


def test_a_folder_without_discussions_is_named_when_it_is_to_be_labelled(tmp_path):
    (tmp_path / "notes.txt").write_text("It rained.")
    form = snb.AnnotationForm(tmp_path)
    form["model"].value = snb.ScriptedModel("1")
    form["scales"].add(snb.Flag("polite"))
    form["annotators"].add()
    form.start()
    with pytest.raises(SyndiscoError, match="There is nothing to label: There is no discussion in"):
        form.stage.wait(60)
