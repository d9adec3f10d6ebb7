from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Note, Trajectory
from syndisco_nb.display.pages.annotated_page import annotated_page
from syndisco_nb.errors import InvalidInputError


@pytest.fixture
def both():
    transcript = talk()
    return snb.annotated(
        transcript, [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    )


def part(page, kind):
    return [block for block in page.blocks if isinstance(block, kind)]


def test_every_comment_has_the_answers_of_all(both):
    (talk_block,) = part(annotated_page(both, Limits()), Conversation)
    toxicity = [entry.ratings[0] for entry in talk_block.entries if entry.ratings]
    assert [[answer.value for answer in rating.answers] for rating in toxicity] == [
        ["1", "1"],
        ["4", "2"],
        [None, "1"],
        ["1", "2"],
        ["4", "1"],
    ]
    assert [rating.disagreement for rating in toxicity] == [False, True, False, True, True]


def test_an_answer_without_a_label_is_shown_as_it_was(both):
    bundle = both._repr_mimebundle_()
    assert bundle["text/html"].count("<b>no label</b> in <q>Hard to say</q>") == 1
    assert "strict no label in 'Hard to say'" in bundle["text/plain"]


def test_the_trajectory_is_the_mean_with_its_range(both):
    toxicity, sarcasm = part(annotated_page(both, Limits()), Trajectory)
    assert [point.text for point in toxicity.points] == ["1", "3 (2 to 4)", "1", "1.5 (1 to 2)", "2.5 (1 to 4)"]
    assert [(point.low, point.height, point.high) for point in toxicity.points][1] == (0.25, 0.5, 0.75)
    assert [point.text for point in sarcasm.points] == ["0%", "50%", "0%", "0%", "50%"]


def test_labels_of_other_discussions_are_left_out_and_only_those_is_an_error(both):
    other = replace(both.annotations[0], discussion_id="another")
    assert snb.annotated(both.transcript, [other, both.annotations[0]]).annotations == both.annotations[:1]
    with pytest.raises(InvalidInputError, match="None of the 1 annotation set is about"):
        snb.annotated(both.transcript, other)
    with pytest.raises(InvalidInputError, match="must be a Transcript"):
        snb.annotated(other, other)


def test_labels_of_other_texts_are_left_out_with_a_note(both):
    comments = [replace(one, text="Edited.") if one.index == 2 else one for one in both.transcript.comments]
    found = snb.annotated(replace(both.transcript, comments=tuple(comments)), both.annotations)
    assert found.left_out == sum(label.comment == 2 for one in both.annotations for label in one.labels) > 0
    assert all(label.comment != 2 for one in found.annotations for label in one.labels)
    for text in found._repr_mimebundle_().values():
        assert f"{found.left_out} labels are left out" in text
    assert both.left_out == 0


def test_the_prompt_behind_each_label_can_be_opened(both):
    (talk_block,) = part(annotated_page(both, Limits()), Conversation)
    whys = [answer.prompt for rating in talk_block.entries[1].ratings for answer in rating.answers]
    assert [one.title for one in whys] == ["strict, toxicity", "mild, toxicity", "strict, sarcasm", "mild, sarcasm"]
    label = both.annotations[0].labels[2]
    assert (whys[0].messages, dict(whys[0].facts)["seed"]) == (label.generation.prompt, str(label.generation.seed))
    assert both._repr_mimebundle_()["text/html"].count("why these labels") == 5
    assert both.to_markdown().count("<summary>mild, sarcasm</summary>") == 5


def test_where_there_is_no_room_for_the_prompts_of_labels_it_is_said():
    transcript = talk(120)
    sets = [labels_of(transcript, name, [1, 4]) for name in ("strict", "mild")]
    page = annotated_page(snb.annotated(transcript, sets), Limits())
    (talk_block,) = part(page, Conversation)
    rated = [entry for entry in talk_block.entries if getattr(entry, "ratings", ())]
    without = sum(not entry.ratings[0].answers[0].prompt for entry in rated)
    assert without > 0
    (note,) = [block.text for block in part(page, Note) if "labels" in block.text]
    assert note.startswith(f"The prompts behind the labels of {without} comments are not shown here")


def test_a_name_from_right_to_left_does_not_move_its_number(both):
    transcript = replace(both.transcript, comments=tuple(replace(one, name="محمد") for one in both.transcript.comments))
    markup = snb.annotated(transcript, both.annotations)._repr_mimebundle_()["text/html"]
    assert "<li>1 <bdi>محمد</bdi>: 3 (2 to 4)</li>" in markup


def test_its_facts_name_the_annotators_and_count_disagreements_and_unread_answers(both):
    facts = dict(annotated_page(both, Limits()).facts)
    assert facts["annotators"] == "strict, mild"
    assert facts["they disagree"] == "5 of 10 ratings"
    assert facts["no label"] == "1"
    alone = dict(annotated_page(snb.annotated(both.transcript, both.annotations[1]), Limits()).facts)
    assert "they disagree" not in alone
    assert "no label" not in alone


def test_a_trajectory_says_its_measure(both):
    titles = [block.title for block in part(annotated_page(both, Limits()), Trajectory)]
    assert titles == ["toxicity over the discussion: mean, from 1 to 5", "sarcasm over the discussion: share of yes"]


def test_a_scale_that_ends_at_one_or_begins_at_zero_has_means(both):
    scales = [{"type": "Likert", "name": "toxicity", "labels": ["0", "1", "2", "3", "4"], "instruction": "How toxic?"}]
    labels = replace(both.annotations[1], settings={"scales": scales})
    (toxicity,) = part(annotated_page(snb.annotated(both.transcript, labels), Limits()), Trajectory)
    assert [point.text for point in toxicity.points] == ["1", "2", "1", "2", "1"]
