from dataclasses import replace

import pytest
from strategies import a_generation, a_transcript, an_annotation_set

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
