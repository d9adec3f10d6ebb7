from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Note, Table, Trajectory
from syndisco_nb.display.pages.annotation_pages import annotated_page, annotation_set_page
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import Records


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


def test_a_set_counts_how_often_each_label_was_given(both):
    page = annotation_set_page(both.annotations[0], Limits())
    toxicity, sarcasm, table = part(page, Table)
    assert [(label, share.text) for label, share in toxicity.rows] == [
        ("1", "2"),
        ("2", "0"),
        ("3", "0"),
        ("4", "2"),
        ("5", "0"),
    ]
    assert [(label, share.text) for label, share in sarcasm.rows] == [("yes", "2"), ("no", "3")]
    assert table.head == ("comment", "toxicity", "sarcasm")
    assert [row[1:] for row in table.rows[:3]] == [
        ("1 (20%)", "no"),
        ("4 (20%)", "yes"),
        ("no label in “Hard to say”", "no"),
    ]
    assert dict(page.facts)["no label"] == "1"


SAYS_LITTLE = "The allowed labels have a probability of 1.2% together (median): the model would rather answer"


def weighed(labels, *masses):
    """Return the labels with these masses, in turn."""
    return replace(
        labels,
        labels=tuple(replace(one, mass=masses[n % len(masses)]) for n, one in enumerate(labels.labels)),
    )


def says_little(thing):
    bundle = thing._repr_mimebundle_()
    found = {SAYS_LITTLE in " ".join(bundle[kind].split()) for kind in ("text/plain", "text/markdown", "text/html")}
    assert len(found) == 1
    return found.pop()


def test_labels_that_the_model_would_not_give_are_warned_of(both, tmp_path):
    labels = weighed(both.annotations[0], 0.012, 0.001, 0.9, 0.012, None)
    assert says_little(labels)
    assert says_little(snb.annotated(both.transcript, [labels]))
    assert says_little(Records([labels, labels]))
    assert repr(labels).endswith("10 labels, which have a mass of 1.2%>")
    assert "all labels together 1.2%" in labels.labels[0]._repr_mimebundle_()["text/plain"]


def test_labels_that_the_model_would_give_or_without_a_mass_are_not(both):
    for labels in (both.annotations[0], weighed(both.annotations[0], 0.5), weighed(both.annotations[0], 0.9, 0.2)):
        assert not says_little(labels)
        assert not says_little(snb.annotated(both.transcript, [labels]))
        assert "mass" not in repr(labels)


def test_a_set_on_one_scale_shows_how_probable_each_label_was(both):
    labels = replace(both.annotations[0], labels=both.annotations[0].labels[::2])
    *_, table = part(annotation_set_page(labels, Limits(max_items=2)), Table)
    assert table.head == ("comment", "label", "how probable")
    assert table.rows[1][1:] == ("4", "1 20% · 2 20% · 3 20% · 4 20% · 5 20%")
    assert table.more == "3 more in .labels"


def test_the_prompt_behind_each_label_can_be_opened(both):
    (talk_block,) = part(annotated_page(both, Limits()), Conversation)
    whys = [answer.why for rating in talk_block.entries[1].ratings for answer in rating.answers]
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
    without = sum(not entry.ratings[0].answers[0].why for entry in rated)
    assert without > 0
    (note,) = [block.text for block in part(page, Note) if "labels" in block.text]
    assert note.startswith(f"The prompts behind the labels of {without} comments are not shown here")


def test_a_name_from_right_to_left_does_not_move_its_number(both):
    transcript = replace(both.transcript, comments=tuple(replace(one, name="محمد") for one in both.transcript.comments))
    markup = snb.annotated(transcript, both.annotations)._repr_mimebundle_()["text/html"]
    assert "<li>1 <bdi>محمد</bdi>: 3 (2 to 4)</li>" in markup
