"""SynDisco's labels find their discussions."""

import json
import shutil
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import RecordError

LOGS = Path(__file__).parent / "syndisco_logs"
JUDGE = json.dumps({"context": "", "instructions": "Rate.", "type": "annotator", "persona": {}})


def write(folder, **documents):
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))


def talk(*lines, **more):
    return {"logs": [dict(zip(("name", "text", "model"), (*line, "m"), strict=True)) for line in lines], **more}


def labels(*names, first=1):
    entries = [{"name": name, "text": str(number), "model": "j"} for number, name in enumerate(names, first)]
    return {"timestamp": "", "logs": [entry | {"prompt": JUDGE} for entry in entries]}


@pytest.mark.parametrize("version", ["1.0.2", "2.0.1", "2.0.8"])
def test_labels_of_a_pair_of_texts_are_joined_by_id_and_position(version):
    (labelled,) = snb.load(LOGS / version).annotations
    log = json.loads((LOGS / version / "annotation.json").read_text())["logs"]
    assert (labelled.discussion, labelled.seed, labelled.annotator.model) == ("discussion_mod", None, "canned")
    assert labelled.annotator.type == "annotator"
    for label in labelled.labels:
        assert (label.text, label.value) == tuple(log[label.comment])
        assert (label.scale, label.generation.raw) == ("", label.value)
    silent = labelled.meta["labels_of_silences"]
    assert sorted([*map(int, silent), *(label.comment for label in labelled.labels)]) == list(range(len(log)))


def test_labels_since_2_1_are_joined_by_position():
    (labelled,) = snb.load(LOGS / "2.1.0", scales=snb.Likert("toxicity")).annotations
    assert [label.value for label in labelled.labels] == [1, 2, 4, None, 1]
    assert labelled.labels[3].generation.raw == "I cannot rate this."
    assert labelled.labels[1].name == "Giannis"


def test_all_samples_together_find_the_discussion_in_their_own_folder():
    corpus = snb.load(LOGS)
    assert corpus.skipped == []
    assert len(corpus.annotations) == 9
    talks = {talk.name: talk for talk in corpus}
    joined = [(one.discussion_id, [label.value for label in one.labels]) for one in corpus.annotations]
    for version in LOGS.iterdir():
        (alone,) = snb.load(version).annotations
        assert joined.count((alone.discussion_id, [label.value for label in alone.labels])) == 1
    assert all(talks[one.discussion].id == one.discussion_id for one in corpus.annotations)
    assert len({one.discussion for one in corpus.annotations}) == 9


def test_several_scales_are_read_from_the_lines_that_name_them():
    (labelled,) = snb.load(LOGS / "2024", scales=[snb.Likert("toxicity"), snb.Likert("argument quality")]).annotations
    assert [(one.comment, one.scale, one.value) for one in labelled.labels] == [
        *[(0, "toxicity", 3), (0, "argument quality", 2)],
        *[(2, "toxicity", 1), (2, "argument quality", None)],
    ]


def test_ten_annotators_with_one_prompt_stay_ten(tmp_path):
    write(tmp_path, talk=talk("AB"), **{f"labels-{number}": labels("A", first=number) for number in range(10)})
    sets = snb.load(tmp_path).annotations
    assert [one.index for one in sets] == list(range(10))
    assert [one.labels[0].value for one in sets] == [str(number) for number in range(10)]


def test_repeated_texts_and_prefixes_are_joined_by_position(tmp_path):
    same = talk(("A", "Hm."), ("B", "Hm."), ("A", "Hm."), id="1", users=["A", "B"])
    write(tmp_path, talk=same, labels={"conv_id": "1", "logs": [["Hm.", "1"], ["Hm.", "2"]]})
    (labelled,) = snb.load(tmp_path).annotations
    assert [(one.comment, one.name, one.value) for one in labelled.labels] == [(0, "A", "1"), (1, "B", "2")]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"conv_id": "2", "logs": [["Hm.", "1"]]}, r"without its discussion: none here has the id 2"),
        ({"conv_id": "1", "logs": [["Ha.", "1"]]}, r"texts at entry 0 of logs differ: 'Ha\.' there, 'Hm\.' in the"),
        ({"conv_id": "1", "logs": [["Hm.", "1"]] * 3}, r"with 3 labels, but its discussion talk has 2 entries"),
        ({"conv_id": "1", "logs": []}, r"annotation log without entries"),
        ({"conv_id": "1", "logs": [["Hm.", 1]]}, r"logs\.0\.1"),
        (labels("B"), r"without its discussion: none here begins with its speakers in their order"),
        (labels("A", "A", "A"), r"none here begins with"),
    ],
)
def test_labels_that_do_not_fit_are_reported(tmp_path, document, words):
    write(tmp_path, talk=talk(("A", "Hm."), ("A", "Hm."), id="1"), labels=document)
    corpus = snb.load(tmp_path)
    assert not corpus.annotations
    with pytest.raises(RecordError, match=words):
        raise RecordError(corpus.skipped[0].reason)


def test_of_several_discussions_that_fit_the_name_decides(tmp_path):
    for name in ("one", "two"):
        write(tmp_path, **{name: talk(("A", name), ("B", name))})
    sub = tmp_path / "labels"
    sub.mkdir()
    write(sub, **{"two": labels("A", "B"), "one.annotator-03": labels("A"), "other": labels("A")})
    corpus = snb.load(tmp_path)
    assert [(one.discussion, one.labels[0].text) for one in corpus.annotations] == [("one", "one"), ("two", "two")]
    assert (
        "more than one discussion begins with its speakers in their order: one, two. Name it like"
        in corpus.skipped[0].reason
    )


def test_of_namesakes_in_folders_of_conditions_the_folder_decides(tmp_path):
    for number, condition in enumerate(("mod", "none"), 3):
        for place in ("discussions", "annotations", "elsewhere"):
            (tmp_path / place / condition).mkdir(parents=True)
        write(tmp_path / "discussions" / condition, first=talk(("Ana", condition), ("Ben", "No.")))
        write(tmp_path / "annotations" / condition, first=labels("Ana", "Ben", first=number))
        write(tmp_path / "elsewhere", **{f"labels-{condition}": labels("Ana", "Ben")})
    write(tmp_path / "elsewhere", first=labels("Ana"))
    corpus = snb.load(tmp_path)
    assert [(one.labels[0].text, one.labels[0].value) for one in corpus.annotations] == [("mod", "3"), ("none", "4")]
    assert [(one.file, "Name it like" in one.reason) for one in corpus.skipped] == [
        ("elsewhere/first.json", False),
        ("elsewhere/labels-mod.json", True),
        ("elsewhere/labels-none.json", True),
    ]


def test_labels_of_a_discussion_that_is_cut_off_go_to_no_other(tmp_path):
    for place in ("discussions", "annotations", "second"):
        (tmp_path / place).mkdir()
    write(tmp_path / "discussions", a=talk(("Ana", "Tax?"), ("Ben", "No.")))
    write(tmp_path / "annotations", a=labels("Ana", "Ben"), b=labels("Ana", "Ben", first=4))
    (tmp_path / "discussions" / "b.json").write_text('{"logs": [{"name": "Ana", "te')
    corpus = snb.load(tmp_path)
    assert [label.value for one in corpus.annotations for label in one.labels] == ["1", "2"]
    assert sorted(one.file for one in corpus.skipped) == ["annotations/b.json", "discussions/b.json"]
    assert "named like b, which could not be read" in corpus.skipped[-1].reason
    write(tmp_path / "second", c=talk(("Ana", "Bus?"), ("Ben", "No.")), b=labels("Ana", "Ben", first=7))
    corpus = snb.load(tmp_path)  # a file of that name is no obstacle where the folder decides
    assert [label.value for one in corpus.annotations for label in one.labels] == ["1", "2", "7", "8"]


def test_labels_alone_say_that_the_discussion_is_missing(tmp_path):
    shutil.copy(LOGS / "2.2.1" / "annotation.json", tmp_path)
    with pytest.raises(RecordError, match="is a SynDisco annotation log without its discussion"):
        snb.load(tmp_path)


def test_a_scale_of_another_unit_is_refused():
    corpus = snb.load(LOGS / "2.2.1", scales=snb.Likert("civility", unit="participant"))
    assert "whose labels are of comments. Leave out the scales civility" in corpus.skipped[0].reason


def test_a_folder_of_logs_is_labelled_resumed_verified_and_compared(tmp_path):
    shutil.copytree(LOGS / "1.0.2", tmp_path / "logs")
    write(
        tmp_path / "logs", few={"id": "1", "users": ["A"], "logs": [{"name": "A", "text": "Hi", "model": "hardcoded"}]}
    )
    toxicity = snb.Likert("toxicity")
    broken = True

    def answer(request):
        if broken and "civil" in request.messages[-1].content:
            raise RuntimeError("No power.")
        return "3"

    judge = snb.LLMActor(snb.ScriptedModel(answer), "J", actor_type=snb.ActorType.ANNOTATOR)
    experiment = snb.AnnotationExperiment([judge], toxicity, seed=1)
    run = experiment.begin(tmp_path / "logs", tmp_path / "labels")
    assert (run.status, len(run)) == ("partial", 2)
    broken = False
    run = experiment.begin(tmp_path / "logs", tmp_path / "labels")
    assert (run.status, len(run)) == ("finished", 3)
    assert run.verify()
    corpus = snb.load(tmp_path / "logs", scales=toxicity)
    frame = run.to_dataframe()
    assert list(frame["discussion"].unique()) == ["discussion_mod", "discussion_nomod"]  # "few" has an opening alone
    row = run.agreement(corpus.annotations).rows[0]
    assert (row.scale, row.comments) == ("toxicity", 3)
