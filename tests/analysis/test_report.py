from dataclasses import replace
from types import SimpleNamespace

import pytest
from support.hand_made_studies import labelled
from support.reported import reported_study

import syndisco_nb as snb
from syndisco_nb.analysis.report import report
from syndisco_nb.errors import InvalidInputError


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    return reported_study(tmp_path_factory.mktemp("study"), snb.Choice("stance", ["for", "against"]))


@pytest.fixture(scope="module")
def made(labels):
    return report(labels, question=" Does it help? ", draws=200)


def test_it_holds_every_part(made):
    assert made.question == "Does it help?"
    assert len(made.checks) > 10
    assert made.agreement["toxicity"].comments > 0
    assert [(effect.measure, effect.contrast.by) for effect in made.effects] == [
        ("toxicity", "moderator"),
        ("stance: for", "moderator"),
        ("stance: against", "moderator"),
    ]
    assert made.effects[0].contrast.n == 3
    assert made.effects[0].turns.heading.startswith("toxicity")
    assert len(made.measures) == 6
    assert "6 discussions of 3 turns were held" in made.methods
    assert "Software: " in made.methods
    assert made.file is None
    assert repr(made).startswith("<Report of 6 discussions: 3 effects, ")


def test_doubts_name_failed_checks_first_then_labels_then_broken_assumptions(made):
    doubts = made.doubts
    kinds = [
        "check" if one.startswith("Check ") else "effect" if " by moderator: " in one else "labels" for one in doubts
    ]
    assert kinds == sorted(kinds, key=["check", "labels", "effect"].index)
    assert any("the annotators hardly agree" in one for one in doubts)
    (few,) = [one for one in doubts if "At least 20 discussions" in one]  # once for all effects that it is about
    assert few.startswith("toxicity, stance: for, stance: against by moderator: ")


def test_labels_by_hand_are_compared(labels, made):
    assert any("Nobody labelled by hand" in doubt for doubt in made.doubts)
    study = snb.Study(labels.folder.parent)
    by_hand = [labels["none"][0], labels["facilitator"][0]]
    people = [replace(one, annotator=replace(one.annotator, name="Dana")) for one in by_hand]
    one = report(study.labels, by_hand=people, draws=200)
    assert one.validation.people == ("Dana",)
    assert not any("Nobody labelled by hand" in doubt for doubt in one.doubts)


def test_a_difference_that_the_correction_undoes_is_a_doubt(labels, made):
    effect = made.effects[0]
    seen = replace(effect.contrast, comparisons=(replace(effect.contrast.comparisons[0], interval=(0.1, 0.5)),))
    estimate = SimpleNamespace(estimate=0.2, interval=(-0.3, 0.7))
    corrected = {"facilitator − none": estimate, "none": estimate}
    row = SimpleNamespace(scale="toxicity", annotator="mild", trust="reliable", corrected=corrected)
    validation = SimpleNamespace(rows=(row,), warnings=())
    one = replace(made, effects=(replace(effect, contrast=seen),), validation=validation)
    (undone,) = [text for text in one.doubts if "corrected" in text]
    assert "the errors of mild, facilitator − none is 0.20 [−0.30, 0.70], which does not exclude 0." in undone
    assert undone not in replace(one, effects=()).doubts


def test_a_part_that_cannot_be_computed_says_why(tmp_path, users):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=2, seed=1).begin(tmp_path)
    alone = report(run)
    assert alone.agreement == alone.validation == "There are no labels."
    assert alone.effects == ()
    assert alone.design is None
    labels = report([record for some in labelled({"none": [[1, 2]]}).values() for record in some], draws=200)
    assert "of one condition" in labels.effects[0].contrast
    assert "no discussions" in labels.speakers


def test_the_ending_chooses_the_format(tmp_path, users):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=3, seed=1).begin(tmp_path / "run")
    page, text = tmp_path / "a.html", tmp_path / "a.MD"
    assert run.report(page).file == page
    assert page.read_text("utf-8").startswith("<!doctype html>")
    run.report(text)
    assert text.read_text("utf-8").startswith("## Report: ")


def test_a_study_brings_its_design_its_labels_and_its_stages(labels):
    made = report(snb.Study(labels.folder.parent), draws=200)
    assert made.design.turns == 3
    assert made.effects[0].contrast.n == 3
    assert "silence" in made.deviations[0]


def test_a_wrong_ending_and_nothing_to_report_are_refused(labels, tmp_path):
    with pytest.raises(InvalidInputError, match=r"must end in \.html or \.md"):
        report(labels, tmp_path / "a.pdf")
    with pytest.raises(InvalidInputError, match="no discussions and no labels yet"):
        report([])
