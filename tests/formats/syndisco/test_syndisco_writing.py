"""Our discussions, and those of others, as SynDisco's logs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.designs import moderated_builder
from support.experiments import discuss, judge, person
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import AnnotationSet, Participant, Records

LOGS = Path(__file__).parent / "syndisco_logs"
VERSIONS = ("1.0", "2.0", "2.1", "2.2")
SCALES = [snb.Likert("toxicity"), snb.Flag("polite")]
TALK = talk_of("Op: Tax?", "Ana: Why?", "Ben: ", "Mo: Calm.", "Ben: No.", "Ana: Hm.")
FORMS = {"seed_22d47e1": "1.0", "1.0.2": "1.0", "2.0.1": "2.0", "2.0.2": "2.0", "2.0.8": "2.0"} | {
    "2.1.0": "2.1",
    "2.1.1": "2.2",
    "2.2.1": "2.2",
}


def documents(folder):
    return {file.stem: json.loads(file.read_bytes()) for file in folder.glob("*.json")}


def same(corpus, other):
    assert list(corpus) == list(other)
    # Labels are found by file names, which are other ones now.
    assert [replace(one, index=0) for one in corpus.annotations] == [replace(one, index=0) for one in other.annotations]


@pytest.mark.parametrize("sample", FORMS)
def test_every_sample_is_written_in_its_own_form_byte_by_byte(tmp_path, sample):
    corpus = snb.load(LOGS / sample)
    out = corpus.to_syndisco(tmp_path / "out", FORMS[sample])
    for file in (LOGS / sample).glob("discussion*.json"):
        assert (out / "discussions" / file.name).read_bytes() == file.read_bytes()
    (written,) = (out / "annotations").iterdir()
    assert written.read_bytes() == (LOGS / sample / "annotation.json").read_bytes()
    same(snb.load(out), corpus)


def test_the_form_of_2024_is_kept_in_that_of_1_0(tmp_path):
    corpus = snb.load(LOGS / "2024")
    again = snb.load(corpus.to_syndisco(tmp_path, "1.0"))
    assert again[0] == corpus[0]
    assert again.annotations[0].labels == corpus.annotations[0].labels


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("sample", ["1.0.2", "2.0.1", "2.2.1"])
def test_texts_and_labels_survive_in_the_form_of_any_version(tmp_path, sample, version):
    corpus = snb.load(LOGS / sample)
    again = snb.load(corpus.to_syndisco(tmp_path, version))
    assert again.skipped == []
    for talk, other in zip(corpus, again, strict=True):
        assert [(one.name, one.text, one.model, one.meta) for one in other.messages] == [
            (one.name, one.text, one.model, one.meta) for one in talk.messages
        ]
    for labels, others in zip(corpus.annotations, again.annotations, strict=True):
        assert [(one.comment, one.value) for one in others.labels] == [
            (one.comment, one.value) for one in labels.labels
        ]


@pytest.fixture
def labels(tmp_path):
    run = discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")
    return snb.AnnotationExperiment([judge(), judge()], SCALES).begin(run, tmp_path / "labels")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_and_its_labels_come_back(tmp_path, labels, version):
    out = labels.to_syndisco(tmp_path / "out", version)
    corpus = snb.load(out, scales=SCALES)
    run = snb.Run(tmp_path / "run")
    assert corpus.skipped == []
    assert corpus.names == run.names
    assert [[(one.name, one.text, one.role) for one in talk] for talk in corpus] == [
        [(one.name, one.text, one.role) for one in talk] for talk in run
    ]
    assert [(one.discussion, one.index) for one in corpus.annotations] == [
        (one.discussion, one.index) for one in labels
    ]
    assert [[(one.scale, one.text, one.value) for one in given.labels] for given in corpus.annotations] == [
        [(one.scale, one.text, one.value) for one in given.labels] for given in labels
    ]


def test_empty_prompts_stay_empty(tmp_path):
    log = json.loads((LOGS / "2.2.1" / "discussion.json").read_text())
    log["logs"] = [entry | {"prompt": ""} for entry in log["logs"]]
    (tmp_path / "log.json").write_text(json.dumps(log))
    out = snb.load(tmp_path / "log.json").to_syndisco(tmp_path / "out")
    assert documents(out / "discussions") == {"log": log}


def test_prompts_that_are_not_their_speakers_stay_beside_their_messages(tmp_path):
    prompts = [
        json.dumps({"context": c, "instructions": "", "type": "user", "persona": {"username": "A"}}) for c in "xy"
    ]
    entries = [{"name": "A", "text": "Hm.", "model": "m", "prompt": prompt} for prompt in prompts]
    (tmp_path / "log.json").write_text(json.dumps({"timestamp": "", "logs": entries}))
    corpus = snb.load(tmp_path / "log.json")
    assert documents(corpus.to_syndisco(tmp_path / "new") / "discussions")["log"]["logs"] == entries
    old = documents(corpus.to_syndisco(tmp_path / "old", "2.1") / "discussions")["log"]["logs"]
    assert [json.loads(entry["prompt"])["context"] for entry in old] == ["x", "y"]
    assert [json.loads(entry["prompt"])["type"] for entry in old] == ["1", "1"]


@pytest.mark.parametrize("prompt", ["", "Rate.", {"instructions": "Rate.", "type": "1"}, None])
def test_labels_stay_labels_in_the_form_of_2_2(tmp_path, prompt):
    for name, log in {
        "log": {"id": "1", "users": ["A"], "logs": [{"name": "A", "text": "Hm.", "model": "m"}]},
        "labels": {"conv_id": "1", "annotator_prompt": prompt, "logs": [["Hm.", "3"]]},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(log))
    for version in VERSIONS:
        again = snb.load(snb.load(tmp_path).to_syndisco(tmp_path.with_name(f"out{version}"), version))
        assert [(len(again), one.labels[0].value) for one in again.annotations] == [(1, "3")]


def test_the_keys_of_1_0_and_2_2_stand_in_their_order(tmp_path, labels):
    for version, keys, more in (
        ("1.0", "id timestamp users moderator user_prompts moderator_prompt ctx_length logs", ""),
        ("2.2", "timestamp logs", " prompt"),
    ):
        out = labels.to_syndisco(tmp_path / version, version)
        for log in documents(out / "discussions").values():
            assert list(log) == keys.split()
            assert all(list(entry) == ("name text model" + more).split() for entry in log["logs"])
            assert log["logs"][0]["model"] == "hardcoded"
    old, new = documents(tmp_path / "1.0" / "annotations"), documents(tmp_path / "2.2" / "annotations")
    assert old.keys() == new.keys()
    for name in old:
        assert list(old[name]) == ["conv_id", "timestamp", "annotator_model", "annotator_prompt", "ctx_length", "logs"]
        assert [text for _, text in old[name]["logs"]] == [entry["text"] for entry in new[name]["logs"]]
        assert json.loads(new[name]["logs"][0]["prompt"])["type"] == "annotator"


def test_our_silences_are_left_out_and_labels_stay_beside_their_comments(tmp_path):
    given = snb.Annotation(
        snb.LLMActor(snb.ScriptedModel("1"), "J", actor_type=snb.ActorType.ANNOTATOR),
        TALK,
        snb.Likert("toxicity"),
        comments=[1, 4],
    ).run()
    out = Records([TALK, given]).to_syndisco(tmp_path, "1.0")
    log = documents(out / "annotations")["discussion-00000.annotator-00"]["logs"]
    assert log == [["Tax?", ""], ["Why?", "1"], ["Calm.", ""], ["No.", "1"]]
    assert [entry["text"] for entry in documents(out / "discussions")["discussion-00000"]["logs"]] == [
        *("Tax?", "Why?", "Calm.", "No.", "Hm.")
    ]


def test_a_study_is_written_with_its_conditions(tmp_path):
    study = moderated_builder().discussions(1).run(tmp_path / "study")
    out = study.to_syndisco(tmp_path / "out")
    for name in study:
        logs = documents(out / "discussions" / name)  # in a folder of its own, which SynDisco calls the variant
        assert list(logs) == [f"{name}.discussion-00000"]
        assert logs[f"{name}.discussion-00000"]["condition"] == name
    again = snb.load(out)
    assert again.names == [f"{name}.discussion-00000" for name in sorted(study)]
    assert [talk.meta["condition"] for talk in again] == sorted(study)


def test_equal_records_give_equal_bytes_and_may_be_written_again(tmp_path, labels):
    files = [
        {file.name: file.read_bytes() for file in labels.to_syndisco(tmp_path / name).rglob("*.json")}
        for name in ("one", "two", "two")
    ]
    assert files[0] == files[1] == files[2]
    with pytest.raises(InvalidInputError, match=r"two holds annotations, which"):
        snb.Run(tmp_path / "run").to_syndisco(tmp_path / "two")


@pytest.mark.parametrize("version", ["1.0", "2.0", "2.1", "2.2"])
def test_meta_of_other_tools_replaces_no_speaker_and_no_text(tmp_path, version):
    meta = {"name": "Eve", "text": "Buy!", "model": "gpt", "votes": 3}
    comments = tuple(replace(one, meta=meta) for one in TALK.comments)
    (again,) = snb.load(replace(TALK, seed=None, comments=comments).to_syndisco(tmp_path / version, version))
    assert [(one.name, one.text, one.model) for one in again] == [(one.name, one.text, one.model) for one in TALK]
    assert {one.meta["votes"] for one in again} == {3}


def test_errors_say_how_to_go_on(tmp_path):
    with pytest.raises(InvalidInputError, match=r"version is '3', but must be one of: 1\.0, 2\.0, 2\.1, 2\.2"):
        TALK.to_syndisco(tmp_path, "3")
    with pytest.raises(InvalidInputError, match="Two discussions are called discussion-00000"):
        Records([TALK, talk_of("Ana: Why?", id="other")]).to_syndisco(tmp_path)
    (tmp_path / "discussions").mkdir()
    (tmp_path / "discussions" / "mine.txt").write_text("x")
    with pytest.raises(InvalidInputError, match=r"holds discussions/mine\.txt, which"):
        TALK.to_syndisco(tmp_path)


def test_labels_of_whole_discussions_alone_are_no_log(tmp_path):
    given = AnnotationSet("talk-0", "discussion-00000", 0, 1, Participant("J", "annotator", "m"))
    out = Records([TALK, given]).to_syndisco(tmp_path)
    assert not (out / "annotations").exists()
