"""A job done again from its record: equal where nothing was changed, and the change named where something was."""

from dataclasses import replace

import pytest
from support.experiments import discuss, judge

import syndisco_nb as snb
from syndisco_nb.jobs.recorded_actors import Playback
from syndisco_nb.jobs.reenactment import (
    label_deviations,
    message_deviations,
    place_of,
    recorded_annotation,
    recorded_discussion,
)


@pytest.fixture
def run(users, tmp_path):
    return discuss(users, moderator="Be kind.", stop=snb.AfterSilences(9)).begin(tmp_path / "talks")


@pytest.fixture
def labels(run, tmp_path):
    return snb.AnnotationExperiment([judge()], snb.Likert("tox", 1, 3), seed=1).begin(run, tmp_path / "labels")


def deviations(run, messages, whole=True):
    playback = Playback(run.spec, messages)
    return list(message_deviations(recorded_discussion(run.spec, run.seed, 0, run[0], playback), playback, whole))


def label_faults(run, labels, kept, whole=True):
    playback = Playback(labels.spec, kept)
    job = recorded_annotation(labels.spec, labels.seed, "discussion-00000", 0, run[0], playback)
    return list(label_deviations(job, playback, whole))


def test_an_untouched_discussion_follows_from_the_rules(run):
    assert deviations(run, run[0].messages) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda message: {"generation": replace(message.generation, raw="No, never.")}, "its text is"),
        (lambda message: {"name": "Zoe"}, "its name is 'Zoe'"),
        (lambda message: {"generation": replace(message.generation, seed=1)}, "its seed is 1"),
        (lambda message: {"generation": replace(message.generation, prompt=())}, "its prompt is ()"),
    ],
)
def test_a_changed_message_does_not_follow(run, change, said):
    messages = list(run[0].messages)
    place = next(place for place, message in enumerate(messages) if message.generation and message.text)
    messages[place] = replace(messages[place], **change(messages[place]))
    (reason,) = deviations(run, messages)
    assert "does not follow from what was before it" in reason
    assert said in reason


def test_a_record_that_ends_early_is_found_unless_it_is_under_way(run):
    messages = run[0].messages[:-2]
    (reason,) = deviations(run, messages)
    assert "there should be more" in reason
    assert deviations(run, messages, whole=False) == []


def test_messages_after_the_end_are_found(run):
    (reason,) = deviations(run, [*run[0].messages, run[0].messages[-1]])
    assert "comes after the discussion has ended" in reason


def test_a_guest_before_the_opening_is_found(run):
    guest = replace(run[0].messages[0], role="guest", model="human")
    (reason,) = deviations(run, [guest])
    assert "was said before the opening" in reason


def test_untouched_labels_follow_and_changed_ones_do_not(run, labels):
    kept = labels[0].labels
    assert label_faults(run, labels, kept) == []
    other = replace(kept[0].generation, raw="No label.")
    (reason,) = label_faults(run, labels, [replace(kept[0], generation=other), *kept[1:]])
    assert "does not follow from its prompt: its value is" in reason
    (reason,) = label_faults(run, labels, [replace(kept[0], comment=99), *kept[1:]], whole=False)
    assert "is about a comment that discussion-00000 does not have" in reason


def test_labels_that_do_not_tell_their_role_follow_and_those_of_another_role_do_not(run, labels):
    kept = labels[0].labels
    assert label_faults(run, labels, [replace(label, role="", turn=None) for label in kept]) == []
    (reason,) = label_faults(run, labels, [replace(kept[0], role="guest"), *kept[1:]])
    assert "its role is 'guest', but must be 'opening'" in reason
    (reason,) = label_faults(run, labels, [replace(kept[0], turn=5), *kept[1:]])
    assert "its turn is 5, but must be 0" in reason
    (reason,) = label_faults(run, labels, [replace(kept[0], turn=None), *kept[1:]])
    assert "its turn is None" in reason


def test_participants_stand_in_the_order_of_the_discussion(run, tmp_path):
    scale = snb.Likert("tox", 1, 3, unit="participant")
    labels = snb.AnnotationExperiment([judge()], scale, seed=1).begin(run, tmp_path / "people")
    kept = labels[0].labels
    assert len(kept) > 1
    assert label_faults(run, labels, kept) == []
    assert label_faults(run, labels, kept[::-1]) == ["its participants are not in the order of the discussion."]
    assert label_faults(run, labels, kept[::-1], whole=False) == []


def test_labels_of_a_sample_follow_and_those_outside_of_it_do_not(run, labels):
    kept = labels[0].labels
    spec = {
        **labels.spec,
        "sample": {"comments": [["discussion-00000", kept[2].comment], ["discussion-00000", kept[0].comment]]},
    }

    def faults(given):
        playback = Playback(spec, given)
        job = recorded_annotation(spec, labels.seed, "discussion-00000", 0, run[0], playback)
        return list(label_deviations(job, playback, whole=True))

    assert faults([kept[0], kept[2]]) == []
    assert faults([kept[0]]) == [f"labels are missing, the first for comment {kept[2].comment}."]
    assert "was not asked" in faults(kept[:3])[0]


def test_missing_labels_are_found_unless_it_is_under_way(run, labels):
    kept = labels[0].labels[1:]
    assert label_faults(run, labels, kept) == ["labels are missing, the first for comment 0."]
    assert label_faults(run, labels, kept, whole=False) == []


def test_scales_of_the_users_own_cannot_be_repeated(run, labels):
    spec = {**labels.spec, "scales": [{"type": "Own"}]}
    assert recorded_annotation(spec, 1, "discussion-00000", 0, run[0], Playback(spec)) is None


def test_what_version_1_left_in_a_comment_stays_in_later_prompts(tmp_path):
    people = [snb.LLMActor(snb.ScriptedModel("Zebra.", name="m"), name) for name in ("Ana", "Ben")]
    run = discuss(people, num_turns=2, num_discussions=1).begin(tmp_path / "talks")
    opening, first, second = run[0].messages
    kept = f"{first.name}: Zebra."
    prompt = tuple(replace(one, content=one.content.replace("Zebra.", kept)) for one in second.generation.prompt)
    old = [opening, replace(first, text=kept), replace(second, generation=replace(second.generation, prompt=prompt))]
    spec = {name: value for name, value in run.spec.items() if name != "window_counts"}
    playback = Playback(spec, old)
    discussion = recorded_discussion(spec, run.seed, 0, run[0], playback)
    assert list(message_deviations(discussion, playback, whole=True)) == []


def test_a_place_is_named_for_people(run, labels):
    comment, label = run[0].messages[1], labels[0].labels[0]
    assert place_of(comment) == f"turn {comment.turn} ({comment.name})"
    assert place_of(label) == f"the label of comment {label.comment} (tox)"
    assert place_of(replace(label, scale="")) == f"the label of comment {label.comment}"
