"""Many annotators on many discussions: apart, resumable, and never on texts that have changed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.designs import moderated_builder
from support.experiments import content, discuss, judge, person
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb import AnnotationExperiment, LLMActor
from syndisco_nb.errors import InvalidInputError, ModelError, RunFolderError
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.opening import write_head
from syndisco_nb.runs.run_part import RunPart


@pytest.fixture
def flaky():
    """A model that can be made to fail."""
    return RecordingModel(lambda request: f"Word {request.seed % 1000}.")


def test_one_failing_annotation_stops_no_other_and_is_retried_alone(users, flaky, tmp_path):
    discuss(users).begin(tmp_path / "talks")
    experiment = AnnotationExperiment(annotators=[LLMActor(flaky, "", actor_type=snb.ActorType.ANNOTATOR)], seed=1)
    whole = experiment.begin(tmp_path / "talks", tmp_path / "whole")
    flaky.failing = {whole[1].labels[-1].generation.seed}
    partial = experiment.begin(tmp_path / "talks", tmp_path / "partial")
    assert list(partial.failures.unit) == ["discussion-00001.annotator-00"]
    assert (len(partial), partial.status) == (2, "partial")
    flaky.requests.clear()
    flaky.failing.clear()
    again = experiment.begin(tmp_path / "talks", tmp_path / "partial")
    assert (len(again.failures), content(again)) == (0, content(whole))
    assert set(flaky.seeds) <= {label.generation.seed for label in whole[1].labels}


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


def test_two_identical_annotators_are_kept_apart(talks, tmp_path):
    annotators = [judge(), judge(), judge(("yes", "no"), model="other")]
    run = AnnotationExperiment(annotators=annotators, seed=1).begin(talks, tmp_path / "labels")
    assert len(run) == 9
    assert [(one.discussion[-1], one.index) for one in run] == [(d, a) for d in "012" for a in range(3)]
    assert {label.annotator for label in run[1].labels} == {1}
    table = run.to_dataframe(roles="all")
    assert not table.duplicated(["discussion", "index", "annotator_index"]).any()
    assert len(table) == 3 * sum(len(transcript.comments) for transcript in talks)
    first, second = (table[table.annotator_index == number].label.tolist() for number in (0, 1))
    assert first != second


def test_labels_carry_their_comment_and_discussion(talks, tmp_path):
    run = AnnotationExperiment(annotators=[judge()]).begin(talks, tmp_path / "labels")
    for transcript, labels in zip(talks, run, strict=True):
        assert labels.discussion_id == transcript.id
        assert [(label.comment, label.name, label.text) for label in labels.labels] == [
            (comment.index, comment.name, comment.text) for comment in transcript.comments
        ]


def test_annotation_files_are_the_same_for_the_same_seed(talks, tmp_path):
    one, same = (
        AnnotationExperiment(annotators=[judge()], seed=3, max_concurrency=most).begin(talks, tmp_path / str(most))
        for most in (1, 64)
    )
    assert content(one) == content(same)


def test_discussions_that_come_later_are_annotated_too(talks, tmp_path):
    experiment = AnnotationExperiment(annotators=[judge()], seed=1)
    later = tmp_path / "discussion-00002.json"
    shutil.move(Path(talks, later.name), later)
    before = content(experiment.begin(talks, tmp_path / "labels"))
    shutil.move(later, Path(talks, later.name))
    after = content(experiment.begin(talks, tmp_path / "labels"))
    assert (len(before), len(after)) == (2, 3)
    assert before.items() <= after.items()


@pytest.mark.parametrize(
    ("annotators", "message"),
    [
        ([], "annotators is empty. Give at least one LLMActor."),
        (judge(), "must be a list of LLMActor"),
        (
            [person("Ana")],
            "'Ana' is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR",
        ),
        ([judge(["a"]), judge(["a", "b"])], "Two different models are both called 'judge'"),
        ([judge(name="J"), judge(name=" J ")], "2 annotators are called 'J', so their labels could not be told apart."),
    ],
)
def test_bad_annotators_are_refused_with_the_remedy(annotators, message):
    with pytest.raises(InvalidInputError) as caught:
        AnnotationExperiment(annotators=annotators)
    assert message in str(caught.value)


def test_annotators_may_come_from_any_iterable(talks, tmp_path):
    run = AnnotationExperiment(annotators=iter([judge()])).begin(talks, tmp_path / "labels")
    assert len(run) == 3


def test_annotations_of_a_discussion_that_has_changed_are_not_taken_for_its_own(users, tmp_path):
    experiment = AnnotationExperiment(annotators=[judge()], seed=1)
    experiment.begin(discuss(users).begin(tmp_path / "talks"), tmp_path / "labels")
    shutil.rmtree(tmp_path / "talks")
    discuss(users, seed=8).begin(tmp_path / "talks")
    with pytest.raises(RunFolderError, match=r"annotations of another discussion .* it has changed since"):
        experiment.begin(tmp_path / "talks", tmp_path / "labels")


def edited(file, change):
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


OTHER_TEXTS = {
    "text": lambda d: d["logs"][1].update(text="Not at all."),
    "name": lambda d: d["logs"][1].update(name="Zoe"),
    "gone": lambda d: d["logs"].pop(),
    "more": lambda d: d["logs"].append(d["logs"][-1] | {"index": 99}),
}


@pytest.mark.parametrize("change", OTHER_TEXTS.values(), ids=OTHER_TEXTS)
def test_labels_of_texts_that_have_changed_under_the_same_id_do_not_count_as_finished(change, users, tmp_path):
    experiment = AnnotationExperiment(annotators=[judge()], seed=1)
    talks = discuss(users).begin(tmp_path / "talks")
    run = experiment.begin(talks, tmp_path / "labels")
    assert run.status == "finished"
    edited(tmp_path / "talks" / "discussion-00001.json", change)
    with pytest.raises(RunFolderError, match=r"another discussion than today's discussion-00001: it has changed since"):
        experiment.begin(talks, tmp_path / "labels")
    assert type(run)(tmp_path / "labels").status == "finished"


@pytest.mark.parametrize("change", list(OTHER_TEXTS.values())[:3], ids=list(OTHER_TEXTS)[:3])
def test_labels_under_way_of_texts_that_have_changed_are_set_aside(change, users, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    AnnotationExperiment(annotators=[judge()], seed=1).begin(talks, tmp_path / "whole")
    labels = shutil.copytree(tmp_path / "whole", tmp_path / "labels")
    unit = labels / "discussion-00001.annotator-00.json"
    lines = [json.dumps(one) for one in json.loads(unit.read_bytes())["logs"]]
    (labels / "journal" / "discussion-00001.annotator-00.jsonl").write_text("\n".join([*lines, ""]), "utf-8")
    unit.unlink()
    edited(tmp_path / "talks" / "discussion-00001.json", change)
    with pytest.warns(UserWarning, match=r"is about another text: .* has changed since\. Copied to .*broken"):
        run = AnnotationExperiment(annotators=[judge()], seed=1).begin(talks, labels)
    told = {one.index: (one.name, one.text) for one in type(talks)(tmp_path / "talks")[1].comments}
    assert (run.status, {one.comment: (one.name, one.text) for one in run[1].labels}) == ("finished", told)


def test_labels_behind_a_link_find_their_discussions_by_every_way(users, tmp_path):
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "deep")
    experiment = AnnotationExperiment(annotators=[judge()], seed=1)
    talks = discuss(users).begin(tmp_path / "talks")
    (tmp_path / "same").symlink_to(tmp_path / "talks")
    run = experiment.begin(talks, tmp_path / "link" / "labels")
    assert run.verify(), str(run.verify())
    for source, folder in (("talks", "real/deep/labels"), ("same", "link/labels"), ("same", "real/deep/labels")):
        again = experiment.begin(tmp_path / source, tmp_path / folder)
        assert again.verify(), str(again.verify())
    head = tmp_path / "link" / "labels" / "run.json"
    document = json.loads(head.read_bytes())
    document["spec"]["discussions"] = "../../talks"  # as it was written once, with no look at the link
    head.write_text(json.dumps(document), "utf-8")
    again = experiment.begin(talks, tmp_path / "link" / "labels")
    assert again.verify(), str(again.verify())
    edited(tmp_path / "talks" / "discussion-00001.json", OTHER_TEXTS["text"])
    assert not run.verify()


# Growth

TONE, WIT = snb.Likert("tone", 1, 3), snb.Flag("wit")


def rated(model, talks, folder, names=("a",), scales=(TONE,)):
    judges = [LLMActor(model, name, actor_type=snb.ActorType.ANNOTATOR) for name in names]
    return AnnotationExperiment(judges, scales, seed=3).begin(talks, folder)


@pytest.fixture
def rater():
    return RecordingModel(lambda request: "yes" if "wit" in request.messages[-1].content else str(request.seed % 3 + 1))


FEWER = {
    "discussions": (2, {}),
    "annotators": (4, {"names": ("a",)}),
    "scales": (4, {"scales": (TONE,)}),
    "all": (2, {"names": ("a",), "scales": (TONE,)}),
}


@pytest.mark.parametrize(("number", "fewer"), FEWER.values(), ids=FEWER)
def test_labels_that_grow_equal_those_asked_at_once_and_nothing_is_asked_twice(number, fewer, users, rater, tmp_path):
    whole = {"names": ("a", "b"), "scales": (TONE, WIT)}
    discuss(users, num_discussions=number).begin(tmp_path / "talks")
    pilot = list(rated(rater, tmp_path / "talks", tmp_path / "grown", **whole | fewer))
    talks = discuss(users, num_discussions=4).begin(tmp_path / "talks")
    grown = rated(rater, talks, tmp_path / "grown", **whole)
    asked = len(rater.seeds)
    assert asked == len(set(rater.seeds))
    once = rated(rater, talks, tmp_path / "once", **whole)
    assert len(rater.seeds) == 2 * asked
    assert content(grown) == content(once)
    assert (grown.spec, grown.total, grown.status) == (once.spec, 8, "finished")
    assert grown.verify(), str(grown.verify())
    first = snb.Run(talks.folder, part=RunPart(talks.names[:number]))
    with pytest.warns(UserWarning, match="labels of more discussions, annotators or scales"):
        again = rated(rater, first, tmp_path / "grown", **whole | fewer)
    assert (list(again), again.total, again.status) == (pilot, len(pilot), "finished")
    assert (content(grown), snb.Run(grown.folder).status) == (content(once), "finished")
    assert len(rater.seeds) == 2 * asked


def test_fewer_are_worked_on_alone_and_what_is_under_way_on_other_scales_is_kept(users, rater, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    once = content(rated(rater, talks, tmp_path / "once", ("a", "b"), (TONE, WIT)))
    whole = set(rater.seeds)
    rater.failing = set(rater.seeds[1::2])
    rater.requests.clear()
    assert rated(rater, talks, tmp_path / "labels", ("a", "b"), (TONE, WIT)).status == "partial"
    known = set(rater.seeds) - rater.failing
    rater.failing = set()
    rater.requests.clear()
    with pytest.warns(UserWarning, match="of the experiment|left out of the run"):
        part = rated(rater, talks, tmp_path / "labels", ("a",), (TONE,))
    assert (part.status, len(part), {label.scale for one in part for label in one.labels}) == ("finished", 3, {"tone"})
    assert (snb.Run(part.folder).status, snb.Run(part.folder).total) == ("interrupted", 6)
    rated(rater, talks, tmp_path / "labels", ("a", "b"), (TONE, WIT))
    assert content(tmp_path / "labels") == once
    assert set(rater.seeds) | known == whole


def test_labels_of_listed_discussions_grow_with_the_list(users, rater, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    rated(rater, talks[:2], tmp_path / "labels")
    grown = rated(rater, talks[:3], tmp_path / "labels")
    assert (len(grown), grown.total, len(rater.seeds)) == (3, 3, len(set(rater.seeds)))
    there = content(grown)
    with pytest.warns(UserWarning, match="left out of the run"):
        assert rated(rater, talks[1], tmp_path / "labels").names == ["discussion-00001.annotator-00"]
    assert content(grown) == there


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"names": ("b", "a")}, r"annotators\[0\]\.name: 'a' → 'b'"),
        ({"names": ("b",)}, r"annotators\[0\]\.name: 'a' → 'b'"),
        ({"scales": (snb.Likert("tone", 1, 5),)}, r"scales\[0\]\.labels: 3 → 5"),
        ({"scales": ()}, "scales: 1 → 0"),
    ],
)
def test_a_change_of_finished_labels_is_refused_by_name(changed, named, users, rater, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    labels = rated(rater, talks, tmp_path / "labels")
    there = content(labels)
    with pytest.raises(RunFolderError, match=rf"{named}.* Only more discussions, more annotators after those on file"):
        rated(rater, talks, tmp_path / "labels", **changed)
    assert (content(labels), labels.status) == (there, "finished")


def test_a_scale_of_the_users_own_must_be_given_again(users, rater, tmp_path):
    class Own(snb.Likert):
        pass

    talks = discuss(users).begin(tmp_path / "talks")
    labels = rated(rater, talks, tmp_path / "labels", scales=(Own("own", 1, 3), TONE))
    there = content(labels)
    with pytest.raises(RunFolderError, match=r"There are labels on 'own', a scale of your own\. Give it"):
        rated(rater, talks, tmp_path / "labels", scales=(TONE,))
    assert content(labels) == there


@pytest.mark.parametrize("given", [lambda study: study, lambda study: study.folder], ids=["study", "folder"])
def test_a_whole_study_is_labelled_in_one_run(given, rater, tmp_path):
    study = moderated_builder().run(tmp_path / "study")
    labels = rated(rater, given(study), tmp_path / "labels")
    assert labels.names[::3] == ["facilitator.discussion-00000.annotator-00", "none.discussion-00000.annotator-00"]
    assert (labels.status, len(labels), labels.spec["discussions"]) == ("finished", 6, "../study")
    assert labels.verify(), str(labels.verify())
    assert set(labels.to_dataframe().condition) == {"none", "facilitator"}
    moderated_builder().discussions(4).run(study.folder)
    assert "none.discussion-00003 has been added since" in str(labels.verify())
    rater.requests.clear()
    grown = rated(rater, given(snb.Study(study.folder)), tmp_path / "labels")
    assert (len(grown), grown.total, {one.discussion[-1] for one in grown}) == (8, 8, set("0123"))
    assert grown.verify(), str(grown.verify())
    assert len(rater.seeds) == sum(len(talk) for run in snb.Study(study.folder).values() for talk in run[3:])


UNITS = [
    snb.Flag("quarrel", unit="discussion"),
    snb.Likert("tox", 1, 3),
    snb.Likert("effort", 1, 3, unit="participant"),
]


def units_asked(talks):
    said = [{message.name for message in talk if message.role == "participant"} for talk in talks]
    return [len(talk) + len(names) + 1 for talk, names in zip(talks, said, strict=True)]


def test_comments_participants_and_discussions_are_labelled_counted_and_verified(talks, tmp_path):
    experiment = AnnotationExperiment([judge(("1", "2", "yes"))], UNITS, seed=1)
    run = experiment.begin(talks, tmp_path / "labels")
    assert [len(one.labels) for one in run] == units_asked(talks)
    assert experiment.estimate(talks).calls == sum(units_asked(talks))
    assert run.verify(), str(run.verify())
    assert run.replay(0)
    before = content(tmp_path / "labels")
    assert content(experiment.begin(talks, tmp_path / "labels")) == before


@pytest.mark.parametrize("first", [[0], [1], [2], [1, 2], [2, 0]])
def test_scales_of_other_units_are_added_to_labels_that_are_there(talks, first, tmp_path):
    model = RecordingModel(lambda request: "2" if "number" in request.messages[-1].content else "yes")
    annotator = LLMActor(model, "", actor_type=snb.ActorType.ANNOTATOR)
    some = [UNITS[place] for place in first]
    grown = [*some, *(scale for scale in UNITS if scale not in some)]
    whole = AnnotationExperiment([annotator], grown, seed=1).begin(talks, tmp_path / "whole")
    model.requests.clear()
    begun = AnnotationExperiment([annotator], some, seed=1).begin(talks, tmp_path / "grown")
    asked = sum(len(one.labels) for one in begun)
    run = AnnotationExperiment([annotator], grown, seed=1).begin(talks, tmp_path / "grown")
    assert content(run) == content(whole)
    assert 0 < asked < len(model.requests) == sum(len(one.labels) for one in whole)
    assert run.verify(), str(run.verify())


def test_labels_of_a_discussion_that_has_changed_are_refused_whatever_their_unit(talks, tmp_path):
    experiment = AnnotationExperiment([judge()], UNITS[2], seed=1)
    experiment.begin(talks, tmp_path / "labels")
    file = next(Path(talks.folder).glob("discussion-00000.json"))
    data = json.loads(file.read_text("utf-8"))
    next(one for one in data["logs"] if one["role"] == "participant")["text"] = "Edited."
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(RunFolderError, match="it has changed since"):
        experiment.begin(talks, tmp_path / "labels")


def test_until_an_added_scale_is_labelled_the_earlier_labels_stay_and_are_in_order(users, rater, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    before = content(rated(rater, talks, tmp_path / "labels"))
    with pytest.raises(ModelError, match="gone"):
        rated(refusing(rater), talks, tmp_path / "labels", scales=(TONE, WIT))
    labels = snb.Run(tmp_path / "labels")
    assert (content(labels), labels.status, len(labels)) == (before, "failed", 3)
    assert labels.verify(), str(labels.verify())
    head = read_head(labels.folder)
    write_head(labels.folder, replace(head, status="finished"))
    assert "its scales is" in str(labels.verify())


def refusing(model):
    model.load_error = ModelError("gone")
    return model


def test_while_a_scale_is_added_no_digest_on_file_is_that_of_a_set_which_changes(users, tmp_path):
    talks = discuss(users).begin(tmp_path / "talks")
    digests = []

    def script(request):
        digests.append(len(read_head(tmp_path / "labels").digests))
        return "1"

    rated(RecordingModel(script), talks, tmp_path / "labels")
    digests.clear()
    labels = rated(RecordingModel(script), talks, tmp_path / "labels", scales=(TONE, snb.Likert("wit", 1, 3)))
    assert set(digests) == {0}
    assert (len(read_head(labels.folder).digests), bool(labels.verify())) == (3, True)
