"""Labels that people gave in Label Studio."""

import json
from dataclasses import replace

import pytest
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import ReadOptions, all_formats
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.load_files import read_source
from syndisco_nb.formats.source_file import SourceFile

TALK = talk_of("Op: Tax?", "Ana: Why?", "Ben: No.")
NAME = "tasks of Label Studio"
HEAT = snb.Likert("heat", 1, 5)


def task(place=1, *results, scales=(HEAT,), **data):
    given = {"discussion_id": "talk-0", "unit": "comment", "place": place, "scales": [one.settings() for one in scales]}
    return {"id": 7, "data": given | data, "annotations": list(results), "predictions": []}


def result(person, cancelled=False, **answers):
    items = [
        {"id": "x", "from_name": name, "to_name": "the_text", "type": kind, "value": {key: value}}
        for name, (kind, key, value) in answers.items()
    ]
    return {"id": 1, "completed_by": person, "result": items, "was_cancelled": cancelled}


def chosen(*texts):
    return ("choices", "choices", list(texts))


def read(path, tasks, scales=()):
    (path / "export.json").write_text(json.dumps(tasks))
    assert [one.name for one in all_formats() if one.recognises(SourceFile(path / "export.json"))] in ([NAME], [])
    return read_source(SourceFile(path / "export.json"), ReadOptions(scales=tuple(scales)))


def joined(path, tasks, scales=()):
    sets = read(path, tasks, scales).labels[0].join(FoundDiscussions([TALK]))
    return {one.annotator.name: [(label.comment, label.scale, label.value) for label in one.labels] for one in sets}


def test_each_person_is_an_annotator(tmp_path):
    first = [result(3, heat=chosen("2"), memo=("textarea", "text", ["Hm."])), result(4, heat=chosen("5"))]
    withdrawn = result(4, cancelled=True, heat=chosen("1"))
    corrected = [result(3, heat=chosen("1")), result(3, heat=("rating", "rating", 4))]
    tasks = [task(1, *first), task(2, withdrawn, *corrected)]
    assert joined(tmp_path, tasks) == {
        "user 3": [(1, "heat", 2), (1, "memo", "Hm."), (2, "heat", 4)],
        "user 4": [(1, "heat", 5)],
    }


def test_scales_are_those_given_or_made_of_the_answers(tmp_path):
    tasks = [task(1, result(3, side=chosen("for")), scales=()), task(2, result(3, side=chosen("against")), scales=())]
    sets = read(tmp_path, tasks).labels[0].join(FoundDiscussions([TALK]))
    assert sets[0].settings["scales"][0]["labels"] == ["against", "for"]
    given = snb.Choice("side", ["for", "against", "neither"])
    sets = read(tmp_path, tasks, [given]).labels[0].join(FoundDiscussions([TALK]))
    assert sets[0].settings["scales"] == [given.settings()]


def test_json_min_holds_the_same(tmp_path):
    flat = {"discussion_id": "talk-0", "unit": "comment", "place": 2, "scales": [HEAT.settings()], "text": "No."}
    flat |= {"id": 7, "annotator": 3, "annotation_id": 8, "lead_time": 2.5, "heat": "2", "memo": ["a", "b"]}
    bare = {name: value for name, value in flat.items() if name != "scales"}
    (tmp_path / "bare.json").write_text(json.dumps([bare]))
    assert [one.name for one in all_formats() if one.recognises(SourceFile(tmp_path / "bare.json"))] == [NAME]
    assert joined(
        tmp_path, [flat, flat | {"place": 1, "text": "Why?", "heat": {"choices": ["1", "2"]}, "memo": "c"}]
    ) == {
        "user 3": [(1, "heat", None), (1, "memo", "c"), (2, "heat", 2), (2, "memo", "a\nb")],
    }


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([{"data": {"image": "x.jpg"}, "annotations": [result(1)]}], "not those of to_label_studio: discussion_id"),
        ([task(1)], "has tasks of Label Studio, but no labels yet"),
        ([task(1, {"result": 3})], "annotations.0.result"),
        ([task(1, result(1, heat=chosen("2"))), 4], "Input should be a valid dictionary"),
        ([{"discussion_id": "a", "unit": "comment", "place": 1, "annotation_id": 1}, []], "valid dictionary"),
        ([task(1, result(1, heat=chosen("2"), b=chosen("x")), scales=[snb.Flag("b")], unit="word")], "unit"),
    ],
)
def test_other_tasks_are_refused(tmp_path, tasks, words):
    with pytest.raises(RecordError, match=words):
        read(tmp_path, tasks)


def test_labels_without_their_discussion_are_named(tmp_path):
    contents = read(tmp_path, [task(1, result(3, heat=chosen("2")), discussion="talk seven")])
    assert len(contents.labels[0].join(FoundDiscussions([replace(TALK, id="other", known_as="talk seven")]))) == 1
    with pytest.raises(RecordError, match="none of its discussions is here: talk seven"):
        contents.labels[0].join(FoundDiscussions([]))


def test_labels_of_a_comment_that_is_now_another_are_refused(tmp_path):
    given = [task(1, result(3, heat=chosen("2")), text="Why?\n"), task(2, result(3, heat=chosen("4")), text="Yes.")]
    assert joined(tmp_path, given[:1]) == {"user 3": [(1, "heat", 2)]}
    with pytest.raises(RecordError, match=r"comment 2 of discussion-00000 was labelled as 'Yes\.', but is 'No\.'"):
        joined(tmp_path, given)


def test_labels_on_some_discussions_that_are_not_here_are_named(tmp_path):
    given = [
        task(1, result(3, heat=chosen("2"))),
        task(1, result(3, heat=chosen("4")), discussion_id="b", discussion="B"),
    ]
    with pytest.warns(UserWarning, match=r"labels of discussions that are not here are left out: B\."):
        assert joined(tmp_path, given) == {"user 3": [(1, "heat", 2)]}
