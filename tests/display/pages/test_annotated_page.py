from dataclasses import replace

import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Fold, Note, Trajectory
from syndisco_nb.display.pages.annotated_page import annotated_discussions_page, annotated_page
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.jobs.labelled_units import all_units


@pytest.fixture
def both():
    transcript = talk()
    return snb.annotated(
        transcript, [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    )


@pytest.fixture
def unscored(both):
    sets = [
        replace(one, labels=tuple(replace(label, probabilities=None) for label in one.labels))
        for one in both.annotations
    ]
    return snb.annotated(both.transcript, sets)


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
    assert bundle["text/html"].count("<div>unparsed: “Hard to say”</div>") == 1
    assert "strict unparsed: “Hard to say”" in bundle["text/plain"]


def test_the_trajectory_is_the_mean_with_its_range(unscored):
    toxicity, sarcasm = part(annotated_page(unscored, Limits()), Trajectory)
    assert [point.text for point in toxicity.points] == ["1", "3 (2 to 4)", "1", "1.5 (1 to 2)", "2.5 (1 to 4)"]
    assert [(point.low, point.height, point.high) for point in toxicity.points][1] == (0.25, 0.5, 0.75)
    assert [point.text for point in sarcasm.points] == ["0%", "50%", "0%", "0%", "50%"]


def test_labels_of_other_discussions_are_left_out_and_only_those_is_an_error(both):
    other = replace(both.annotations[0], discussion_id="another")
    assert snb.annotated(both.transcript, [other, both.annotations[0]]).annotations == both.annotations[:1]
    with pytest.raises(InvalidInputError, match="None of the 1 annotation set is about"):
        snb.annotated(both.transcript, other)
    with pytest.raises(InvalidInputError, match="holds no discussion"):
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
    chats = [thing._repr_mimebundle_()["text/html"].count('"snb-chat"') for thing in (both.transcript, both)]
    assert chats[1] - chats[0] == 5 * 4
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


def test_a_name_from_right_to_left_does_not_move_its_number(unscored):
    comments = tuple(replace(one, name="محمد") for one in unscored.transcript.comments)
    markup = snb.annotated(replace(unscored.transcript, comments=comments), unscored.annotations)._repr_mimebundle_()[
        "text/html"
    ]
    assert "<li>1 <bdi>محمد</bdi>: 3 (2 to 4)</li>" in markup


def test_its_facts_name_the_annotators_and_count_disagreements_and_unread_answers(both):
    facts = dict(annotated_page(both, Limits()).facts)
    assert facts["annotators"] == "strict, mild"
    assert facts["disagreement"] == "5 of 10 ratings"
    assert facts["unparsed"] == "1"
    alone = dict(annotated_page(snb.annotated(both.transcript, both.annotations[1]), Limits()).facts)
    assert "disagreement" not in alone
    assert "unparsed" not in alone


def test_free_texts_that_differ_are_no_disagreement(both):
    def in_words(labels):
        notes = tuple(
            replace(one, scale="note", value=f"{labels.annotator.name}: {one.value}") for one in labels.labels
        )
        scales = [{"type": "FreeText", "name": "note", "labels": []}]
        return replace(labels, labels=notes[::2], settings={"scales": scales})

    sets = [in_words(labels) for labels in both.annotations]
    page = annotated_page(snb.annotated(both.transcript, sets), Limits())
    assert "disagreement" not in dict(page.facts)
    rated = [rating for block in part(page, Conversation) for entry in block.entries for rating in entry.ratings]
    assert {len(rating.answers) for rating in rated} == {2}
    assert not any(rating.disagreement for rating in rated)


def test_a_trajectory_says_its_measure(both, unscored):
    def legends(thing):
        return [block.legend for block in part(annotated_page(thing, Limits()), Trajectory)]

    of_two = "of 2 annotators, pale: lowest to highest"
    assert legends(unscored) == [f"mean {of_two}", f"share of yes {of_two}"]
    assert legends(both) == [f"mean of expected values {of_two}", f"share of yes {of_two}"]
    assert legends(replace(unscored, annotations=unscored.annotations[:1])) == ["mean", "share of yes"]


def test_the_trajectory_of_scored_labels_is_that_of_their_expected_values(both):
    shares = {"1": 0.5, "2": 0.2, "3": 0.15, "4": 0.1, "5": 0.05}
    labels = tuple(replace(label, probabilities=shares) for label in both.annotations[0].labels if label.value)
    scored = snb.annotated(both.transcript, replace(both.annotations[0], labels=labels))
    toxicity = part(annotated_page(scored, Limits()), Trajectory)[0]
    assert {point.text for point in toxicity.points} == {"2"}


def test_labels_of_participants_and_of_the_whole_stand_at_the_end(both):
    transcript = both.transcript
    units = [unit for unit in all_units(transcript) if unit.comment is None]
    example = both.annotations[0].labels[0]
    sets = [
        replace(
            one,
            labels=(
                *one.labels,
                *(
                    replace(example, comment=None, turn=None, unit=unit.unit, name=unit.name, text=unit.text, value=4)
                    for unit in units
                ),
            ),
        )
        for one in both.annotations
    ]
    page = annotated_page(snb.annotated(transcript, sets), Limits())
    table = page.blocks[-1]
    assert table.head == ("", "scale", "strict", "mild")
    assert table.rows[-1] == ("the whole discussion", "toxicity", "4", "4")
    assert [row[0] for row in table.rows[:-1]] == [unit.name for unit in units[:-1]]
    edited = replace(transcript, comments=transcript.comments[:-1])
    assert snb.annotated(edited, sets).left_out > 2 * sum(
        label.comment == transcript[-1].index for label in sets[0].labels
    )


def test_a_scale_that_ends_at_one_or_begins_at_zero_has_means(unscored):
    scales = [{"type": "Likert", "name": "toxicity", "labels": ["0", "1", "2", "3", "4"], "instruction": "How toxic?"}]
    labels = replace(unscored.annotations[1], settings={"scales": scales})
    (toxicity,) = part(annotated_page(snb.annotated(unscored.transcript, labels), Limits()), Trajectory)
    assert [point.text for point in toxicity.points] == ["1", "2", "1", "2", "1"]


def test_labels_are_taken_from_whatever_holds_them(tmp_path):
    study = moderated_builder().run(tmp_path / "study")
    labels = study.annotate([rater()], snb.Likert("tone", 1, 3))
    talk = study["facilitator"][1]
    wanted = snb.annotated(talk, labels["facilitator"][1])
    for source in (labels, study, study.folder, labels["facilitator"], [labels["none"], labels["facilitator"]]):
        assert snb.annotated(talk, source) == wanted
    with pytest.raises(InvalidInputError, match="holds no discussions and no labels"):
        snb.annotated(talk, 3)


def test_several_discussions_are_annotated_together(tmp_path):
    study = moderated_builder().run(tmp_path / "study")
    run = study["none"]
    with pytest.raises(InvalidInputError, match="None of the 0 annotation sets is about"):
        snb.annotated(study)
    labels = study.annotate([rater()], snb.Likert("tone", 1, 3))
    everything = snb.annotated(study)
    assert (len(everything.discussions), everything.without_labels) == (6, 0)
    assert everything.names[3] == "facilitator.discussion-00000"
    assert snb.annotated(study, labels) == everything
    for source in (run, run[:], list(run), run.folder):
        assert [one.transcript.id for one in snb.annotated(source, labels).discussions] == [talk.id for talk in run]
    page = annotated_discussions_page(snb.annotated(run, labels["none"][:1]), Limits())
    assert [type(block) for block in page.blocks] == [Note, Fold]
    assert page.blocks[0].text == "2 discussions without labels left out."
    (shown, more) = annotated_discussions_page(snb.annotated(run, labels), Limits(max_items=1)).blocks
    assert shown.page.title == run[0].topic
    assert more.text == "2 more in .discussions."
