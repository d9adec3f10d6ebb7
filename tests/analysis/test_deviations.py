from dataclasses import replace

import pytest
from support.labelled import labelled, talk

import syndisco_nb as snb
from syndisco_nb.analysis.deviations import deviations
from syndisco_nb.builder.study_stage import StudyStage
from syndisco_nb.runs.sources import gather


def test_where_all_is_there_there_are_none():
    one = talk()
    assert deviations(gather(one, labelled(one, [1, 2, 3, 4]))) == ()


def test_silences_cut_replies_and_lines_for_others_are_counted():
    one = talk(("Well.", "", "Ben: No!", "A long"))
    comments = list(one.comments)
    comments[2] = replace(comments[2], speaks_for=("Ben",))
    cut = replace(comments[3].generation, finish_reason="length", notes=("no seed was sent",))
    comments[3] = replace(comments[3], generation=cut)
    found = deviations(gather(replace(one, comments=tuple(comments), ended="2 silences in a row")))
    assert found == (
        "1 silence, 25% of 4 turns.",
        "1 reply cut off at the token limit, 25% of 4 turns.",
        "1 comment with lines for other speakers, 25% of 4 turns.",
        "1 discussion ended early: 2 silences in a row.",
        "1 answer: no seed was sent",
    )


def test_answers_without_a_label_are_counted():
    assert deviations(gather(labelled(talk(), [1, None, None, 3]))) == (
        "2 answers of annotators held no label, 50% of 4.",
    )


@pytest.mark.filterwarnings("ignore:.*failed")
def test_what_is_missing_is_named_with_its_reason(tmp_path, users):
    def breaks(request):
        raise RuntimeError("no connection")

    users[0].model.script = breaks
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=2, seed=1).begin(tmp_path)
    (found,) = deviations(gather(run), [("none", run)])
    assert found.startswith("2 of 2 files of none missing; status of the run in ")
    assert found.endswith(": some failed (RuntimeError 2). The turns kept of 2 of them are not counted.")


def test_growth_is_told_stage_by_stage():
    pilot = StudyStage("2026-01-02T03:04:05+00:00", 6, ("none", "host"))
    whole = StudyStage("2026-02-03T03:04:05+00:00", 30, ("none", "host"), ("judge",), ("toxicity",))
    assert deviations(gather(talk()), stages=[pilot]) == ()
    (found,) = deviations(gather(talk()), stages=[pilot, whole])
    assert found == (
        "The study grew; it was asked for in 2 stages: on 2026-01-02, 6 discussions in each of none, host; "
        "on 2026-02-03, 30 discussions in each of none, host, labelled by judge on toxicity."
    )
