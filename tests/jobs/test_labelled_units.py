"""The units of a discussion that are labelled, in their order."""

from dataclasses import replace

from strategies import a_generation, a_transcript

from syndisco_nb import Flag, Likert
from syndisco_nb.jobs.labelled_units import all_units, labelled_units, scale_units

SCALES = [Flag("rude"), Likert("wit", unit="participant"), Likert("heat", unit="discussion"), Flag("kind")]


def keys(scales=SCALES, comments=None):
    return [tuple(one.key) for one in labelled_units(a_transcript(), scales, comments)]


def test_comments_come_first_then_participants_then_the_whole():
    assert keys() == [
        *[("comment", index, scale) for index in (0, 2, 3) for scale in ("rude", "kind")],
        ("participant", "Ana", "wit"),
        ("discussion", "", "heat"),
    ]


def test_without_scales_one_text_is_asked_of_each_comment():
    assert keys(scales=()) == [("comment", 0, ""), ("comment", 2, ""), ("comment", 3, "")]


def test_a_sample_restricts_the_comments_alone():
    assert keys(comments=[2]) == [
        ("comment", 2, "rude"),
        ("comment", 2, "kind"),
        ("participant", "Ana", "wit"),
        ("discussion", "", "heat"),
    ]


def test_a_participant_is_labelled_by_their_own_comments_without_their_opening():
    (ana,) = [unit for unit in all_units(a_transcript()) if unit.unit == "participant"]
    assert (ana.name, ana.text, ana.role, ana.turn) == ("Ana", "é", "participant", None)  # Ben was silent


def test_a_moderator_of_the_name_of_a_participant_adds_nothing_to_their_comments():
    transcript = a_transcript()
    *others, last = transcript.comments
    same = replace(transcript, comments=(*others, replace(last, name="Ana")))
    (ana,) = [unit for unit in all_units(same) if unit.unit == "participant"]
    assert ana.text == "é"


def test_each_scale_has_the_unit_that_it_is_asked_of():
    assert scale_units(SCALES) == {"rude": "comment", "wit": "participant", "heat": "discussion", "kind": "comment"}
    assert scale_units(()) == {"": "comment"}


def test_a_label_of_a_unit_is_about_it():
    unit = next(all_units(a_transcript()))
    label = unit.label(annotator=2, model="m", generation=a_generation(), value=3, scale="toxicity")
    assert (label.key, label.name, label.text) == (unit.key(Likert("toxicity")), "Ana", "Cars?\nOr “bikes”?")
    assert (label.role, label.turn, label.annotator, label.value) == ("opening", 0, 2, 3)
