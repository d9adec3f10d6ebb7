"""Stages of a study: one more where something is asked for that was not before."""

from support.designs import moderated_builder, rater

import syndisco_nb as snb
from syndisco_nb.builder.study_stage import StudyStage, unrecorded_stage, with_discussions, with_labels

BUILDER = moderated_builder()
MORE = BUILDER.vary(moderator={"none": None, "facilitator": "Keep it civil.", "strict": "Delete it."})
PILOT = StudyStage("2026-01-01T00:00:00+00:00", 3, ("none", "facilitator"), ("a",), ("tone",))


def test_the_first_call_makes_the_first_stage():
    (stage,) = with_discussions((), BUILDER.design)
    assert (stage.discussions, stage.conditions, stage.annotators) == (3, ("none", "facilitator"), ())


def test_more_discussions_or_conditions_are_a_new_stage_and_less_is_none():
    for asked in (BUILDER.discussions(9), MORE):
        first, new = with_discussions([PILOT], asked.design)
        assert (first, new.discussions, new.annotators) == (PILOT, asked.design.discussions, ("a",))
        assert new.asked > PILOT.asked
        for again in (asked, BUILDER, BUILDER.discussions(1)):
            assert with_discussions([PILOT, new], again.design) == (PILOT, new)


def test_what_stages_ask_for_together_is_not_asked_anew():
    stages = with_discussions(with_discussions([PILOT], BUILDER.discussions(9).design), MORE.discussions(3).design)
    assert len(stages) == 3
    assert with_discussions(stages, MORE.discussions(3).design) == stages
    assert len(with_discussions(stages, MORE.discussions(9).design)) == 4


def test_the_first_labels_belong_to_the_last_stage_and_more_of_them_make_a_new_one():
    bare = StudyStage(PILOT.asked, 3, PILOT.conditions)
    assert with_labels([bare], ["a"], ["tone"]) == (PILOT,)
    for annotators, scales in ((["a", "b"], ["tone"]), (["a"], ["tone", "wit"]), (["a"], ["wit"])):
        first, new = with_labels([PILOT], annotators, scales)
        assert (first, new.annotators, new.scales) == (PILOT, tuple(annotators), tuple(scales))
        assert with_labels([PILOT, new], annotators, scales) == (PILOT, new)
        assert with_labels([PILOT, new], ["a"], ["tone"]) == (PILOT, new)


def test_a_design_is_restricted_to_what_a_stage_asked():
    assert PILOT.restricted(MORE.discussions(9).design) == BUILDER.design


def test_the_stage_of_a_study_without_any_is_read_from_its_runs(tmp_path):
    study = BUILDER.run(tmp_path)
    assert unrecorded_stage(tmp_path, BUILDER.design).annotators == ()
    study.annotate([rater("a")], snb.Likert("tone", 1, 3))
    found = unrecorded_stage(tmp_path, BUILDER.design)
    assert (found.discussions, found.conditions, found.annotators, found.scales) == (
        3,
        PILOT.conditions,
        ("a",),
        ("tone",),
    )
    assert found.asked.startswith("20")
    assert unrecorded_stage(tmp_path / "nothing", BUILDER.design).asked == ""
