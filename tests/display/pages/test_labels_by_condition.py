"""The mean of each scale in each condition, on the pages of a study and of its labels."""

from dataclasses import replace
from statistics import fmean

import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.display.page import Note
from syndisco_nb.display.pages.labels_by_condition import labels_by_condition


@pytest.fixture
def study(tmp_path):
    return moderated_builder().run(tmp_path)


def test_without_labels_there_is_no_table(study):
    assert labels_by_condition(study, Limits()) == []


def test_means_are_those_of_discussions_over_participants_comments(study):
    labels = study.annotate([rater("a"), rater("", ("1", "3"))], [snb.Likert("tone", 1, 3), snb.FreeText("why")])
    (table,) = labels_by_condition(labels, Limits())
    frame = labels.to_dataframe("discussions").groupby("condition").tone.mean()
    assert [row[:2] for row in table.rows] == [("tone", "none"), ("tone", "facilitator")]
    assert [row[2] for row in table.rows] == [f"{frame[name]:.3g}" for name in ("none", "facilitator")]
    assert table.rows[0][3:] == ("3", "a, annotator 1")
    assert frame["facilitator"] != fmean(labels.to_dataframe(roles="all").query("scale == 'tone'").label)


def test_a_stage_names_the_annotators_that_it_had(study):
    scale = snb.Likert("tone", 1, 3)
    study.annotate([rater("a")], scale)
    study.annotate([rater("a"), rater("b")], scale)
    pilot, whole = (labels_by_condition(study.stage(number).labels, Limits())[0] for number in (0, 1))
    assert {row[-1] for row in pilot.rows} == {"a"}
    assert {row[-1] for row in whole.rows} == {"a, b"}


def test_an_output_does_not_wait_for_thousands_of_labels_but_a_file_has_them(study):
    labels = study.annotate([rater()], snb.Likert("tone", 1, 3))
    (note,) = labels_by_condition(labels, replace(Limits(), max_bytes=100))
    assert isinstance(note, Note)
    assert labels_by_condition(labels, replace(EVERYTHING, max_bytes=100)) == labels_by_condition(labels, Limits())


def test_a_study_is_shown_and_written_with_its_labels(study, tmp_path):
    study.annotate([rater()], snb.Likert("tone", 1, 3))
    again = snb.Study(study.folder)
    for text in (again.to_markdown(), again.to_html(tmp_path / "study.html").read_text("utf-8")):
        assert "Labels by condition" in text
        assert "annotated" in text
    shown = again._repr_mimebundle_()["text/html"]
    assert "Labels by condition" in shown
