"""Labels that people give in other programs."""

import pytest
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.formats.coded_labels import CodedAnswer, coded_set, read_answer, scale_from_labels
from syndisco_nb.records import LabelKey, Participant

TALK = talk_of("Op: Tax?", "Ana: Why?", "Ben: ", "Ana: No.")
DANA = Participant("Dana", "annotator", "human")


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["3", "2"], "Likert"),
        (["1", "5"], "RecordedNumbers"),
        (["no", "yes"], "Flag"),
        (["for", "against"], "Choice"),
        ([], "FreeText"),
        (["x"], "RecordedScale"),
    ],
)
def test_labels_tell_the_kind_of_their_scale(labels, kind):
    assert type(scale_from_labels("s", labels)).__name__ == kind


def test_a_scale_comes_back_with_its_question():
    for scale in (snb.Likert("heat", 1, 3, "How hot?"), snb.Choice("side", ["a", "b"], unit="discussion")):
        assert (
            scale_from_labels(scale.name, scale.labels, scale.instruction(), scale.unit).settings() == scale.settings()
        )


def test_answers_are_labels_in_the_order_of_the_discussion():
    scales = {"heat": snb.Likert("heat", 1, 3), "memo": snb.FreeText("memo"), "other": snb.Flag("other")}
    keys = [("comment", 3, "memo"), ("comment", 3, "heat"), ("comment", 9, "heat"), ("comment", 1, "heat")]
    given = [CodedAnswer(LabelKey(*key), text) for key, text in zip(keys, ["Hm.", "3/3", "1", "high"], strict=True)]
    given += [CodedAnswer(LabelKey("comment", 3, "memo"), "And."), CodedAnswer(LabelKey("discussion", "", "heat"), "2")]
    labels = coded_set(TALK, DANA, 4, given, scales)
    found = [(one.comment, one.scale, one.value, one.generation.raw, one.name) for one in labels.labels]
    assert found == [
        (1, "heat", None, "high", "Ana"),
        (3, "heat", 3, None, "Ana"),
        (3, "memo", "Hm.\nAnd.", None, "Ana"),
        (None, "heat", 2, None, ""),
    ]
    assert {one.annotator for one in labels.labels} == {4}
    assert [scale["name"] for scale in labels.settings["scales"]] == ["heat", "memo"]


def test_contradictory_answers_are_no_label():
    assert read_answer(snb.Likert("heat"), ["2", "4"]) is None
    labels = coded_set(
        TALK,
        DANA,
        0,
        [CodedAnswer(LabelKey("comment", 1, "heat"), text) for text in "24"],
        {"heat": snb.Likert("heat")},
    )
    assert labels.labels[0].generation.raw == "2\n4"
