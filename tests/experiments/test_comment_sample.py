"""A random sample of comments, the same number of each condition."""

from collections import Counter

import pytest
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RunFolderError


def begun(folder, discussions=3, conditions=("none", "facilitator")):
    """Hold a small study in which the facilitator speaks, too."""
    told = {"none": None, "facilitator": "Be civil.", "judge": "Be strict."}
    return (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel(["I agree.", "Why?"]))
        .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
        .topics(["Ban cars?"])
        .vary(moderator={name: told[name] for name in conditions})
        .turns(4)
        .discussions(discussions)
        .run(folder)
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return begun(tmp_path_factory.mktemp("study"))


def condition_of(comment):
    return comment[0].partition(".")[0]


def test_as_many_are_drawn_of_each_condition_and_openings_and_moderators_are_left_out(study):
    sample = study.sample(5, seed=1)
    assert Counter(map(condition_of, sample.comments)) == {"none": 5, "facilitator": 5} == sample.drawn
    assert {message.role for message in sample} == {"participant"}
    assert sample.population == {"none": 12, "facilitator": 12}
    assert str(sample.left_out) == "6 openings, 12 moderators' comments"
    assert len(set(sample.comments)) == len(sample) == 10
    assert repr(sample) == "<CommentSample: 10 of 24 comments, from 2 conditions>"
    others = study.sample(20, seed=1, roles=["moderator", "opening"])
    assert (others.roles, others.population) == (("moderator", "opening"), {"none": 3, "facilitator": 15})
    assert others.drawn == others.population


def test_every_beginning_of_a_sample_is_one_of_each_condition_alike(study):
    sample = study.sample(6, seed=1)
    for place in range(0, len(sample), 2):
        assert {condition_of(comment) for comment in sample.comments[place : place + 2]} == {"none", "facilitator"}
    assert len({condition_of(comment) for comment in sample.comments[::2]}) == 2
    assert len({name for name, _ in sample.comments[:8]}) > 2


def test_it_follows_from_the_seed_and_a_larger_one_begins_with_the_smaller(study):
    sample = study.sample(4, seed=1)
    again = snb.sample_comments(study.folder, 4, seed=1)
    assert again.comments == sample.comments != study.sample(4, seed=2).comments
    assert study.sample(8, seed=1).comments[:8] == sample.comments


def test_each_comment_has_the_same_chance(study):
    drawn = Counter(comment for seed in range(200) for comment in study.sample(3, seed=seed).comments)
    assert len(drawn) == 24
    expected = 200 * 3 / 12
    assert sum((number - expected) ** 2 / (expected * 0.75) for number in drawn.values()) < 50  # chi square, 22 df


@pytest.mark.parametrize(
    "take", [lambda run: run, lambda run: run[:3], lambda run: str(run.folder), lambda run: list(run)]
)
def test_outside_a_study_it_is_drawn_of_all(users, tmp_path, take):
    run = discuss(users).begin(tmp_path / "talks")
    sample = snb.sample_comments(take(run), 7, seed=1)
    assert sample.comments == run.sample(7, seed=1).comments
    assert (len(sample), sample.population) == (7, {"": 10})


def test_one_transcript_is_enough(study):
    assert len(snb.sample_comments(study["none"][0], 20)) == 4


def test_the_comments_of_a_condition_are_a_sample_of_its_run(study):
    sample = study.sample(4, seed=1)
    own = sample.of_condition("facilitator")
    assert own.comments == study["facilitator"].sample(4, seed=1).comments
    assert {f"facilitator.{name}" for name, _ in own.comments} <= {name for name, _ in sample.comments}
    assert (own.population, own.sources.folder) == ({"": 12}, study.folder / "facilitator")
    assert own.spec == study["facilitator"].sample(4, seed=1).spec


def test_a_table_tells_the_conditions(study):
    sample = study.sample(2, seed=1)
    frame = sample.to_dataframe()
    assert list(zip(frame.discussion, frame["index"], strict=True)) == list(sample.comments)
    assert list(frame.condition) == list(map(condition_of, sample.comments))
    assert list(frame.text) == [message.text for message in sample]


def test_a_sample_on_record_counts_though_the_study_has_grown(study, tmp_path):
    small = study.sample(4, seed=1)
    larger = begun(tmp_path / "larger", discussions=6).sample(4, seed=1)
    assert larger.comments != small.comments
    kept = larger.recorded(small.spec)
    assert (kept.comments, kept.population, kept.spec) == (small.comments, small.population, small.spec)
    assert larger.recorded(study.sample(4, seed=2).spec) is larger
    assert larger.recorded({}) is larger
    assert study.sample(6, seed=1).recorded(small.spec).comments == study.sample(6, seed=1).comments
    assert study.sample(2, seed=1).recorded(small.spec).spec == small.spec
    gone = larger.spec | {"comments": [["none.discussion-00077", 2]]}
    with pytest.raises(RunFolderError, match=r"none\.discussion-00077, which is not among the discussions any more"):
        larger.recorded(gone)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"per_condition": 0}, "per_condition is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"roles": "guest"}, "There is no comment to draw: 6 openings, 24 participants' comments, 12 moderators' "),
        ({"roles": "bot"}, "roles holds 'bot'"),
    ],
)
def test_a_sample_that_cannot_be_drawn_says_why(study, given, said):
    with pytest.raises(InvalidInputError, match=said):
        study.sample(**given)
