"""Who may take part: texts that stand for a moderator or topics, and what else is given in place of actors."""

import pandas as pd
import pytest

import syndisco_nb as snb
from syndisco_nb import AnnotationExperiment, Discussion, DiscussionExperiment, LLMActor, LLMPersona, ScriptedModel
from syndisco_nb.errors import InvalidInputError

CONTEXT = "You are in a forum."
HOW = r"Make one of each persona: \[LLMActor\(model, one\.username, one\.to_attribute_list\(\)\) for one in people\]"


def users(*models):
    talkers = models or [ScriptedModel(["I agree.", "Why?"], name="talker")] * 2
    return [LLMActor(model, name, context=CONTEXT) for model, name in zip(talkers, ("Ana", "Ben"), strict=False)]


@pytest.mark.parametrize(
    "make",
    [
        lambda people: Discussion(people, moderator="Keep it civil.", topic="Tax", num_turns=2),
        lambda people: DiscussionExperiment(["Tax"], people, moderator="Keep it civil."),
        lambda people: Discussion(people, topic="Tax", num_turns=2).fork(0, moderator="Keep it civil."),
    ],
)
def test_a_moderator_may_be_given_as_a_text_as_in_the_builder(make):
    people = users()
    moderator = make(people).moderator
    assert (moderator.name, moderator.instructions, moderator.context) == ("Moderator", "Keep it civil.", CONTEXT)
    assert moderator.model is people[0].model


def test_and_moderates(tmp_path):
    talk = Discussion(users(), moderator="Keep it civil.", topic="Tax", num_turns=2, seed=1).run()
    said = [message for message in talk.messages if message.role == "moderator"]
    assert len(said) == 2
    assert "Keep it civil." in str(said[0].generation.prompt)
    run = DiscussionExperiment(["Tax"], users(), moderator="Keep it civil.", num_turns=2, seed=1).begin(tmp_path / "a")
    built = (
        snb.ExperimentBuilder(seed=1)
        .model(users()[0].model)
        .participants([LLMPersona("Ana"), LLMPersona("Ben")])
        .topics(["Tax"])
        .context(CONTEXT)
        .moderator("Keep it civil.")
    )
    (same,) = built.build().values()
    assert same.moderator.describe() == run[0].moderator


def test_of_several_models_the_users_must_say_which_one_moderates():
    people = users(ScriptedModel("a", name="a"), ScriptedModel("b", name="b"))
    with pytest.raises(InvalidInputError, match=r"several models. Say which one answers: moderator=LLMActor\(model,"):
        Discussion(people, moderator="Keep it civil.", topic="Tax")


def test_a_text_cannot_moderate_a_user_of_its_name():
    people = [LLMActor(ScriptedModel("a"), name) for name in ("Moderator", "Ben")]
    with pytest.raises(InvalidInputError, match="The moderator and a user are both called 'Moderator'"):
        Discussion(people, moderator="Keep it civil.", topic="Tax")


def test_a_topic_in_the_moderators_place_moderates_nothing():
    with pytest.raises(
        InvalidInputError, match=r"Was it meant as the topic\? Give topic=\.\.\. by name; a moderator's"
    ):
        Discussion(users(), "Should public transport be free?", num_turns=2)
    talk = Discussion(users(), "Keep it civil.", "Should public transport be free?", num_turns=2)
    assert talk.moderator.instructions == "Keep it civil."


def test_a_fork_of_a_discussion_without_a_topic_may_get_a_moderator():
    talk = Discussion(users(), num_turns=2, seed=1)
    talk.run()
    assert talk.fork(at=0, moderator="Keep it civil.").moderator.instructions == "Keep it civil."


LOOK_ALIKE = [("J", "J\u200b"), ("É", "E\u0301"), ("J", "\uff2a"), ("J", "J ")]


@pytest.mark.parametrize("names", LOOK_ALIKE)
def test_names_that_look_the_same_are_one(names):
    people = [LLMActor(ScriptedModel("a"), name) for name in names]
    with pytest.raises(InvalidInputError, match="2 users are called"):
        Discussion(people, topic="Tax")
    with pytest.raises(InvalidInputError, match="The moderator and a user are both called"):
        Discussion(people[:1], moderator=people[1], topic="Tax")
    judges = [LLMActor(ScriptedModel("1"), name, actor_type=snb.ActorType.ANNOTATOR) for name in names]
    with pytest.raises(InvalidInputError, match="2 annotators are called"):
        AnnotationExperiment(judges, snb.Likert("toxicity"))


def test_annotators_without_a_name_that_can_be_seen_are_any_number():
    judges = [LLMActor(ScriptedModel("1"), "\u200b", actor_type=snb.ActorType.ANNOTATOR)] * 2
    assert AnnotationExperiment(judges, snb.Likert("toxicity"))


def test_topics_may_be_the_path_of_a_file_as_in_the_builder(tmp_path):
    file = tmp_path / "topics.txt"
    file.write_text("\ufeffTax\n\n Toll \n", "utf-8")
    assert DiscussionExperiment(topics=str(file), users=users()).topics == ("Tax", "Toll")
    assert DiscussionExperiment(topics=file, users=users()).topics == ("Tax", "Toll")
    with pytest.raises(InvalidInputError, match=r"cannot be read as a file: .*topics=\[\"Should buses be free"):
        DiscussionExperiment(topics="Should buses be free?", users=users())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([LLMPersona("Ana")], "users holds the persona LLMPersona"),
        (snb.People([LLMPersona("Ana")]), "users holds the persona LLMPersona"),
        ([{"username": "Ana"}], "users holds the mapping"),
        (["Ana", "Ben"], "users holds the text 'Ana'"),
        (pd.DataFrame({"username": ["Ana"]}), "users is a table"),
        ("people.json", "users is 'people.json'"),
        ({"Ana": 3}, "users is {'Ana': 3}"),
        (LLMActor(ScriptedModel("a"), "Ana"), "users is LLMActor"),
    ],
)
def test_what_is_given_in_place_of_users_is_answered_with_how_to_make_them(given, said):
    for make in (lambda: Discussion(given), lambda: DiscussionExperiment(["Tax"], given)):
        with pytest.raises(InvalidInputError, match=HOW) as caught:
            make()
        assert str(caught.value).startswith(said)


def test_and_in_place_of_annotators():
    with pytest.raises(InvalidInputError, match="annotators holds the persona LLMPersona"):
        AnnotationExperiment([LLMPersona("Ana")])


@pytest.mark.parametrize("scales", ["toxicity", ["toxicity"], 3, {"toxicity": 5}])
def test_a_text_in_place_of_a_scale_is_answered_with_how_to_make_one(scales):
    judge = LLMActor(ScriptedModel("1"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    with pytest.raises(InvalidInputError, match=r"Give Likert\('toxicity'\) for numbers from 1 to 5"):
        AnnotationExperiment([judge], scales)


def test_absurd_numbers_end_with_a_message():
    with pytest.raises(InvalidInputError, match="num_discussions is 1000000000, but may be 1,000,000 at most"):
        DiscussionExperiment(["Tax"], users(), num_discussions=10**9)
    with pytest.raises(InvalidInputError, match=r"num_turns is 1000000.*, but may be 1,000,000 at most"):
        DiscussionExperiment(["Tax"], users(), num_turns=10**400)
