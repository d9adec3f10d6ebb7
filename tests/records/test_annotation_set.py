from dataclasses import replace

import pytest
from strategies import a_generation, a_transcript, an_annotation_set

from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.records import Label, median_mass
from syndisco_nb.runs.serialization import from_line, to_line


def test_annotations_as_dataframe_can_be_joined_to_their_comments():
    labels = an_annotation_set().to_dataframe()
    assert str(labels["mass"].dtype) == "float64"  # NaN where it is not known
    joined = a_transcript().to_dataframe().merge(labels, on=["discussion_id", "index"], suffixes=("", "_label"))
    assert list(joined["text"]) == list(joined["text_label"]) == ["é"]
    assert list(joined["label"]) == ["3 – polite"]
    assert list(joined["annotator"]) == ["annotator 1"]


def test_a_label_of_an_earlier_version_has_no_known_role_and_turn():
    line = to_line(replace(a_label(0.5), role="moderator", turn=4))
    assert from_line(Label, line, "x") == replace(a_label(0.5), role="moderator", turn=4)
    old = line.replace(b'"role":"moderator","turn":4,', b"")
    assert len(old) < len(line)
    assert from_line(Label, old, "x") == a_label(0.5)
    assert (a_label(0.5).role, a_label(0.5).turn) == ("", None)


def test_the_key_of_a_label_tells_what_it_is_about():
    comment = a_label(0.5)
    person = replace(comment, comment=None, unit="participant", scale="tox")
    whole = replace(person, name="", unit="discussion")
    assert [label.key for label in (comment, person, whole)] == [
        ("comment", 0, ""),
        ("participant", "Ana", "tox"),
        ("discussion", "", "tox"),
    ]
    assert [str(label.key) for label in (comment, person, whole)] == ["comment 0", "Ana", "the whole discussion"]
    assert [repr(label) for label in (comment, person)] == [
        "<Label of comment 0 by Ana: no label>",
        "<Label of Ana: no label>",
    ]
    assert from_line(Label, to_line(person), "x") == person
    assert b'comment":' not in to_line(person).split(b"generation")[0]


@pytest.mark.parametrize("change", [{"comment": None}, {"unit": "participant"}])
def test_a_label_of_a_comment_has_its_index_and_no_other_label_has_one(change):
    with pytest.raises(InvalidInputError, match="labels of comments have one, and no others"):
        replace(a_label(0.5), **change)
    line = to_line(a_label(0.5))
    broken = (
        line.replace(b'"comment":0,', b"")
        if "comment" in change
        else line.replace(b'"unit":"comment"', b'"unit":"participant"')
    )
    with pytest.raises(RecordError, match="labels of comments have one"):
        from_line(Label, broken, "x")


def a_label(mass):
    return Label(0, "Ana", "x", 0, "m", a_generation(), mass=mass)


@pytest.mark.parametrize(
    ("masses", "median"), [([], None), ([None], None), ([0.4], 0.4), ([0.1, None, 0.9, 0.2], 0.2), ([0.2, 0.4], 0.3)]
)
def test_the_median_mass_leaves_out_labels_without_one(masses, median):
    assert median_mass([a_label(mass) for mass in masses]) == (median and pytest.approx(median))


def test_the_position_of_a_label_is_its_place_among_the_options():
    frame = an_annotation_set().to_dataframe()
    assert frame["position"].isna().all()
