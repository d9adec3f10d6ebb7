"""`validate`, on labels whose errors are known, and on a study labelled by hand."""

import time
from dataclasses import replace

import pytest
from support.validated import TALKS, judged

import syndisco_nb as snb
from syndisco_nb.analysis.validation.validating import validate
from syndisco_nb.errors import InvalidInputError


def test_labels_are_compared_with_one_person():
    row = validate(judged(), judged("Dana", 0, index=1))["toxicity"]
    assert (row.people, row.comments, row.discussions, row.level) == (("Dana",), 72, 12, "ordinal")
    by_hand = [
        (own.value, true.value)
        for one, other in zip(judged(), judged("Dana", 0), strict=True)
        for own, true in zip(one.labels, other.labels, strict=True)
        if own.role == "participant"
    ]
    assert row.accuracy == pytest.approx(sum(own == true for own, true in by_hand) / 72, abs=1e-12)
    assert row.bias == pytest.approx(sum(own - true for own, true in by_hand) / 72, abs=1e-12)
    assert sum(map(sum, row.confusion)) == 72
    low, high = row.intervals["accuracy"]
    assert low < row.accuracy < high
    assert row.alternative is None


def test_several_people_make_the_alternative_annotator_test():
    found = validate(judged(), [*judged("Dana", 0.2, seed=2, index=1), *judged("Eli", 0.2, seed=3, index=2)])
    assert found.people == ("Dana", "Eli")
    test = found["toxicity"].alternative
    assert test.items == (72, 72)
    assert 0.5 < test.advantage <= 1
    assert not any("fewer than 30" in warning for warning in found.warnings)
    people = [judged(name, 0.2, seed=index, index=index)[:4] for index, name in ((2, "Dana"), (3, "Eli"))]
    few = validate(judged(), people)
    assert "toxicity: A person shares fewer than 30 comments with another" in few.warnings[1]


def test_comments_that_an_annotator_did_not_label_are_said():
    refused = [
        replace(one, labels=tuple(replace(label, value=None) if label.value == 5 else label for label in one.labels))
        for one in judged(error=0)
    ]
    found = validate(refused, judged("Dana", 0, index=1))
    kept = found["toxicity"].comments
    assert found.warnings[0].startswith(
        f"toxicity: judge has no label for {72 - kept} of 72 comments that people labelled, and these do not count."
    )


def test_where_people_labelled_everything_it_is_said_that_nothing_is_corrected():
    found = validate(judged(), judged("Dana", 0, index=1), random=True)
    assert found["toxicity"].corrected == {}
    assert found.warnings[-1].startswith("toxicity: The mean is not corrected for the error of judge: that needs")


def test_agreement_among_people_does_not_make_an_annotator_reliable():
    people = [judged(f"P{index}", 0, index=index) for index in range(1, 7)]
    careless = validate(judged(error=1, bias=2), people)["toxicity"]
    assert careless.trust == "not reliable"
    one = validate(judged(error=1, bias=2), people[0])["toxicity"]
    assert (careless.alpha, careless.ac1, careless.ac2) == pytest.approx((one.alpha, one.ac1, one.ac2), abs=0.01)


def test_openings_are_left_out_and_counted():
    found = validate(judged(), judged("Dana", 0, index=1))
    assert str(found.left_out) == "12 openings"
    assert validate(judged(), judged("Dana", 0, index=1), roles="all")["toxicity"].comments == 84


def test_nobody_tunes_on_the_part_held_out():
    gold = judged("Dana", 0, index=1)
    parts = [validate(judged(), gold, test_share=0.25, part=part, seed=4) for part in ("test", "tuning")]
    assert [(one.part, one["toxicity"].discussions) for one in parts] == [("test", 3), ("tuning", 9)]
    assert [one["toxicity"].comments for one in parts] == [18, 54]


def test_means_are_corrected_only_where_the_sample_is_random():
    gold = judged("Dana", 0, index=1, only=lambda talk, comment: comment % 3 == 1)
    found = validate(judged(bias=1), gold)
    assert found["toxicity"].corrected == {}
    assert "it is not known that people labelled a random sample" in found.warnings[-1]
    found = validate(judged(bias=1), gold, random=True)
    assert found.warnings == ()
    assert found["toxicity"].corrected[""].model - found["toxicity"].corrected[""].estimate > 0.5


@pytest.mark.parametrize(
    ("gold", "says"),
    [
        ([], "gold holds no label"),
        (
            judged("Dana", scale=snb.FreeText("tone").settings()),
            "gold holds no label that can be compared. tone is left out: its labels are any text",
        ),
        (judged("Dana", scale=snb.Likert("tone", 1, 5).settings()), "labels of toxicity; gold of tone"),
        ([replace(one, discussion_id=f"other {one.discussion_id}") for one in judged("Dana")], "No comment has labels"),
    ],
)
def test_labels_with_nothing_in_common_are_refused(gold, says):
    named = [replace(one, labels=tuple(replace(label, scale="tone") for label in one.labels)) for one in gold]
    gold = named if "tone" in says else gold
    with pytest.raises(InvalidInputError, match=says):
        validate(judged(), gold)


def test_a_study_is_validated_by_a_sample_labelled_by_hand(users, tmp_path):
    people = snb.People([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
    judge = snb.LLMActor(snb.ScriptedModel(["2", "3", "5"]), "judge", actor_type=snb.ActorType.ANNOTATOR)
    study = (
        snb.ExperimentBuilder(seed=1)
        .model(snb.ScriptedModel(["Well.", "No!", "Why?"]))
        .participants(people)
        .topics(["Tax?"])
        .vary(moderator={"none": None, "facilitator": "Be kind."})
        .turns(6)
        .discussions(4)
        .run(tmp_path / "study")
    )
    labels = study.annotate([judge], snb.Likert("toxicity", 1, 5))
    by_hand = snb.Labelling(study.sample(8, seed=2), snb.Likert("toxicity", 1, 5), "Dana", tmp_path / "dana")
    for value in [1, 2, 4, 3, 2, 5, 1, 2, 3, 1, 4, 2]:
        by_hand.label(value)
    found = labels.validate(by_hand)
    row = found["toxicity"]
    assert (row.comments, row.people) == (12, ("Dana",))
    assert list(row.corrected) == ["none", "facilitator", "facilitator − none"]
    assert "12 of 16" in found.warnings[0]
    everyone = labels.validate(by_hand, roles="all")  # the sample has no comment by a moderator
    assert everyone["toxicity"].corrected == {}
    assert "a random sample of all comments that count" in everyone.warnings[-1]
    for gold in (by_hand.run, tmp_path / "dana"):
        assert labels.validate(gold).to_dataframe().equals(found.to_dataframe())


@pytest.mark.seconds
def test_ten_thousand_labels_take_less_than_two_seconds():
    talks = [replace(TALKS[0], id=f"t{index}", index=index) for index in range(720)]
    one, other = judged(talks=talks), judged("Dana", 0, index=1, talks=talks)
    begun = time.perf_counter()
    validate(one, other)
    assert time.perf_counter() - begun < 2
