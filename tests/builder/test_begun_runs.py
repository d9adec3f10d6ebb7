"""The runs in a study's folder, as far as a design or a stage asks for them."""

from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.builder.begun_runs import begun_labels, begun_runs
from syndisco_nb.builder.study_stage import StudyStage


def test_only_what_a_design_asks_for_is_read(tmp_path):
    builder = moderated_builder()
    study = builder.run(tmp_path)
    study.annotate([rater("a"), rater("b")], [snb.Likert("tone", 1, 3), snb.Likert("wit", 1, 3)])
    whole = begun_runs(tmp_path, builder.design, lambda _: None)
    assert [(name, len(run), run.part) for name, run in whole.items()] == [("none", 3, None), ("facilitator", 3, None)]
    labels = begun_labels(tmp_path, whole, None, lambda _: None)
    assert [(len(run), run.part) for run in labels.values()] == [(6, None), (6, None)]
    first = begun_runs(tmp_path, builder.discussions(2).design, lambda _: None)
    assert [(len(run), run.total, run.status) for run in first.values()] == [(2, 2, "finished")] * 2
    labels = begun_labels(tmp_path, first, None, lambda _: None)
    assert [(len(run), len(run[0].settings["scales"])) for run in labels.values()] == [(4, 2), (4, 2)]
    stage = StudyStage("", 2, ("none", "facilitator"), ("a",), ("wit",))
    labels = begun_labels(tmp_path, first, stage, lambda _: None)
    assert [one.discussion[-1] + one.annotator.name + one.labels[0].scale for one in labels["none"]] == [
        "0awit",
        "1awit",
    ]


def test_what_has_not_begun_is_left_out(tmp_path):
    assert begun_runs(tmp_path, moderated_builder().design, lambda _: None) == {}
    study = moderated_builder().run(tmp_path)
    assert begun_labels(tmp_path, study, None, lambda _: None) == {}
