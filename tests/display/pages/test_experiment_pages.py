import pytest

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Prompt, Table
from syndisco_nb.display.pages.experiment_pages import (
    annotation_experiment_page,
    annotation_page,
    discussion_experiment_page,
    discussion_page,
)


@pytest.fixture
def judge():
    return snb.LLMActor(snb.ScriptedModel("1"), "", instructions="Judge.", actor_type=snb.ActorType.ANNOTATOR)


def blocks(page, kind):
    return [block for block in page.blocks if isinstance(block, kind)]


def test_an_experiment_shows_its_settings_people_and_first_prompt(users):
    moderator = snb.LLMActor(snb.ScriptedModel("Calm."), "Mo")
    settings = {"num_turns": 3, "num_discussions": 4, "moderator": moderator, "stop": [snb.AfterSilences(2)], "seed": 5}
    page = discussion_experiment_page(snb.DiscussionExperiment(["Tax", "Toll"], users, **settings), Limits(max_items=1))
    facts = dict(page.facts)
    assert page.title == "4 discussions"
    assert facts["comments"] == "12 (+ moderator turns)"
    assert facts["ends after"] == str(snb.AfterSilences(2))
    assert facts["seed"] == "5"
    topics, people, moderators = blocks(page, Table)
    assert (topics.rows, topics.more) == ((("Tax",),), "1 more")
    assert people.rows[0][0] == users[0].name
    assert moderators.rows[0][:2] == ("Mo", moderator.model.name)
    (prompt,) = blocks(page, Prompt)
    assert prompt.messages == users[0].prompt(())
    assert prompt.folded


def test_an_experiment_without_a_seed_says_when_it_is_drawn(users):
    page = discussion_experiment_page(snb.DiscussionExperiment(["Tax"], users), Limits())
    assert dict(page.facts)["seed"] == "drawn at the start"
    assert dict(page.facts)["moderator"] == "none"


def test_an_annotation_experiment_counts_the_labels_of_each_comment(judge):
    scales = [snb.Likert("toxicity", 1, 5), snb.Flag("sarcasm")]
    page = annotation_experiment_page(snb.AnnotationExperiment([judge, judge], scales), Limits())
    assert dict(page.facts)["labels per comment"] == "4"
    assert [name for name, _ in blocks(page, Facts)[0].pairs] == ["toxicity", "sarcasm"]
    assert blocks(page, Table)[0].rows[0][0] == "no name"
    assert blocks(annotation_experiment_page(snb.AnnotationExperiment([judge]), Limits()), Note)


def test_jobs_show_their_progress_until_they_are_done(users, judge):
    discussion = snb.Discussion(users, topic="Tax", num_turns=4, seed=1)
    assert discussion_page(discussion, Limits()).progress.text == "0 of 4 turns"
    discussion.run()
    assert discussion_page(discussion, Limits()).progress is None
    annotation = snb.Annotation(judge, talk(3), snb.Likert("toxicity", 1, 5), seed=1)
    assert annotation_page(annotation, Limits()).progress.text == "0 of 3 labels"
    annotation.run()
    assert annotation_page(annotation, Limits()).progress is None
