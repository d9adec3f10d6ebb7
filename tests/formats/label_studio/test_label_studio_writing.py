"""Discussions as tasks of Label Studio."""

import json
import tempfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_made_studies import labels_of, of_conditions, talk
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.foreign_format import ReadOptions
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.label_studio.label_studio_writing import write_label_studio
from syndisco_nb.formats.load_files import read_source
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import Records

SIDE = snb.Choice("side", ['"for" & <more>', "against"], "How is {name}?", unit="participant")


def tasks_of(file):
    return json.loads(file.read_text("utf-8"))


def test_a_task_shows_the_comment_and_those_before_it(tmp_path):
    many = talk_of(*[f"Ana: {number}" for number in range(15)])
    folder = many.to_label_studio(tmp_path / "tasks", snb.Likert("heat", 1, 3))
    assert sorted(path.name for path in folder.iterdir()) == ["comments.json", "comments.xml"]
    data = tasks_of(folder / "comments.json")[12]["data"]
    assert (data["discussion_id"], data["place"], data["name"], data["text"]) == ("talk-0", 12, "Ana", "12")
    assert [one["text"] for one in data["dialogue"]] == [str(number) for number in range(2, 12)]


def test_every_unit_has_its_questions(tmp_path):
    folder = talk(0).to_label_studio(tmp_path, [SIDE, snb.FreeText("memo", unit="discussion")])
    assert sorted(path.stem for path in folder.iterdir()) == ["discussions"] * 2 + ["participants"] * 2
    view = ElementTree.parse(folder / "participants.xml").getroot()  # noqa: S314  # our own
    assert [one.get("value") for one in view.iter("Choice")] == list(SIDE.options)
    assert "How is $name?" in [one.get("value") for one in view.iter("Header")]
    assert [one["data"]["place"] for one in tasks_of(folder / "participants.json")] == ["Ana", "Ben"]
    assert [len(one["data"]["dialogue"]) for one in tasks_of(folder / "discussions.json")] == [4]
    names = [element.get("name") for element in view.iter() if element.get("name")]
    assert {one.get("toName") for one in view.iter("Choices")} < set(names)


def test_labels_at_hand_go_along_unless_they_would_sway_people(tmp_path):
    records = Records([talk(0), labels_of(0, [2, 4, None])])
    with_labels = tasks_of(records.to_label_studio(tmp_path / "a") / "comments.json")
    assert [len(one.get("predictions", ())) for one in with_labels] == [0, 1, 1, 0]
    assert with_labels[1]["predictions"][0]["result"][0]["value"] == {"choices": ["2"]}
    blind = tasks_of(records.to_label_studio(tmp_path / "b", labels=False) / "comments.json")
    assert not any("predictions" in one for one in blind)


def test_conditions_are_told_by_the_name_of_the_discussion(tmp_path):
    study = of_conditions({"none": [talk(0, "none")], "host": [talk(0, "host")]})
    folder = write_label_studio(study, tmp_path, snb.Likert("heat"))
    names = {one["data"]["discussion"] for one in tasks_of(folder / "comments.json")}
    assert names == {"none.discussion-00000", "host.discussion-00000"}


def test_nothing_to_ask_and_nothing_to_label_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="Give the scales"):
        talk(0).to_label_studio(tmp_path)
    with pytest.raises(InvalidInputError, match="no discussion to write"):
        Records().to_label_studio(tmp_path, snb.Likert("heat"))
    with pytest.raises(InvalidInputError, match="labels is 'no', but must be True or False"):
        talk(0).to_label_studio(tmp_path, snb.Likert("heat"), labels="no")


SCALES = [snb.Likert("heat", 0, 2, "How?"), snb.Flag("joke"), snb.Choice("side", ["a, b", "c"]), snb.FreeText("memo")]
VALUES = {"heat": st.integers(0, 2), "joke": st.booleans(), "side": st.sampled_from(["a, b", "c"])}
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).map(str.strip).filter(bool)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_labels_come_back_equal(data):
    talks = [talk(index) for index in range(2)]
    sets = []
    for number, name in enumerate(data.draw(st.lists(TEXTS, min_size=1, max_size=2, unique=True))):
        for index in range(2):
            scale = data.draw(st.sampled_from(SCALES))
            values = data.draw(st.lists(VALUES.get(scale.name, TEXTS), min_size=1, max_size=3))
            made = labels_of(index, values, annotator=number, name=name, scale=scale)
            sets.append(replace(made, annotator=replace(made.annotator, model="a model")))
    with tempfile.TemporaryDirectory() as folder:
        file = Records([*talks, *sets]).to_label_studio(folder) / "comments.json"
        again = Records([*talks, *sets]).to_label_studio(folder) / "comments.json"
        assert again.read_bytes() == file.read_bytes()
        back = read_source(SourceFile(file), ReadOptions()).labels[0].join(FoundDiscussions(talks))
    seen = [
        {
            (one.discussion_id, one.annotator.name, one.annotator.model, label.key, label.value, label.options)
            for one in each
            for label in one.labels
        }
        for each in (sets, back)
    ]
    assert seen[0] == seen[1]
    scales = [{str(scale) for one in each for scale in one.settings["scales"]} for each in (sets, back)]
    assert scales[0] == scales[1]
