import asyncio
import dataclasses

import pytest
from support.recording_model import RecordingModel

from syndisco_nb import ActorType, Annotation, Choice, Completion, Discussion, Flag, Likert, LLMActor, ScriptedModel
from syndisco_nb.errors import InvalidInputError

MODERATOR = LLMActor(model=ScriptedModel("Calm down.", name="host"), name="Mo")


@pytest.fixture
def transcript(users):
    return Discussion(users, MODERATOR, "Tax", num_turns=9, seed=8).run()


def judge(script="2"):
    return LLMActor(model=ScriptedModel(script, name="judge"), name="", actor_type=ActorType.ANNOTATOR)


def test_every_comment_is_labelled_and_no_silence(transcript, annotator):
    result = Annotation(annotator, transcript, seed=1).run()
    assert transcript.silences
    assert [(label.comment, label.name, label.text) for label in result.labels] == [
        (comment.index, comment.name, comment.text) for comment in transcript.comments
    ]
    assert [(label.role, label.turn) for label in result.labels] == [(one.role, one.turn) for one in transcript]
    assert {label.role for label in result.labels} == {"opening", "participant", "moderator"}
    assert {label.value for label in result.labels} == {"1", "2", "3"}
    assert result.discussion_id == transcript.id


def test_the_annotator_sees_the_last_three_comments(transcript):
    model = RecordingModel("1")
    annotator = LLMActor(model, "", actor_type=ActorType.ANNOTATOR)
    annotator.prompt_format = lambda _, comments: [
        {"role": "user", "content": "|".join(str(comment.index) for comment in comments)}
    ]
    result = Annotation(annotator, transcript, window_counts="all").run()
    prompts = dict(zip(model.seeds, model.prompts, strict=True))
    indexes = [str(comment.index) for comment in transcript.comments]
    assert [prompts[label.generation.seed] for label in result.labels] == [
        "|".join(indexes[max(0, place - 2) : place + 1]) for place in range(len(indexes))
    ]


def test_the_comments_of_moderators_come_in_addition_but_for_the_one_to_label(transcript):
    annotation = Annotation(judge(), transcript)
    of_people = {comment.index for comment in transcript.comments if comment.role != "moderator"}
    moderated = 0
    for place, (unit, _) in enumerate(annotation.asked):
        comment, seen = transcript[place], annotation.seen(unit)
        before = [one.index for one in seen[:-1] if one.index in of_people]
        assert seen[-1] == comment
        assert before == [index for index in sorted(of_people) if index < comment.index][-2:]
        assert list(seen) == [one for one in transcript.comments[: place + 1] if not before or one.index >= before[0]]
        moderated += len(seen) > 3
        assert Annotation(judge(), transcript, window=1).seen(unit) == (comment,)
    assert moderated
    assert annotation.annotation_set.settings["window_counts"] == "participants"


def test_only_the_comments_of_a_sample_are_labelled_each_with_those_before_it(transcript, annotator):
    whole = Annotation(annotator, transcript, Likert("tox"), seed=1).run()
    chosen = [transcript[5].index, transcript[2].index]
    annotation = Annotation(annotator, transcript, Likert("tox"), seed=1, comments=chosen)
    assert repr(annotation).endswith("0 of 2>")
    some = annotation.run()
    assert some.labels == tuple(label for label in whole.labels if label.comment in chosen)
    assert len(some.labels) == 2
    assert some.settings["comments"] == sorted(chosen)
    assert "comments" not in whole.settings


@pytest.mark.parametrize(
    ("comments", "said"),
    [
        ("all", "comments is 'all', but must be a list of numbers"),
        ([99], r"comments holds \[99\]"),
        ([-1], "0 or more"),
    ],
)
def test_a_sample_of_comments_that_are_not_there_is_refused(transcript, annotator, comments, said):
    with pytest.raises(InvalidInputError, match=said):
        Annotation(annotator, transcript, comments=comments)


WHOLES = [
    Likert("effort", 1, 3, unit="participant"),
    Flag("quarrel", unit="discussion"),
    Likert("tox", 1, 3),
    Flag("leader", unit="participant"),
]


def test_participants_and_the_whole_discussion_are_labelled_after_the_comments(transcript):
    labels = Annotation(judge(["2", "yes"]), transcript, WHOLES, seed=1).run().labels
    spoke = [
        user.name
        for user in transcript.users
        if any((m.name, m.role) == (user.name, "participant") for m in transcript)
    ]
    comments = [("comment", comment.index, "tox") for comment in transcript]
    people = [("participant", name, scale) for name in spoke for scale in ("effort", "leader")]
    assert [label.key for label in labels] == [*comments, *people, ("discussion", "", "quarrel")]
    assert len(spoke) > 1
    of_first, whole = labels[len(comments)], labels[-1]
    own = [comment.text for comment in transcript if (comment.name, comment.role) == (spoke[0], "participant")]
    assert (of_first.name, of_first.role, of_first.turn, of_first.comment) == (spoke[0], "participant", None, None)
    assert of_first.text == "\n\n".join(own)
    assert (whole.name, whole.role, whole.text) == ("", "", "\n\n".join(map(str, transcript)))


def test_the_annotator_of_a_participant_sees_the_whole_discussion_and_the_name_in_the_question(transcript):
    asked = Annotation(judge(), transcript, WHOLES, seed=1, window=1).asked
    annotation = Annotation(judge(), transcript, WHOLES, seed=1, window=1)
    requests = {one.key: annotation.request(*one) for one in asked}
    people = [key for key in requests if key.unit == "participant" and key.scale == "effort"]
    for key in people:
        prompt = requests[key].messages[-1].content
        assert prompt.startswith("The discussion to annotate:")
        assert all(str(comment) in prompt for comment in transcript)
        assert f"How much effort does {key.place} show in the discussion, from 1" in prompt
    (whole,) = [requests[key].messages[-1].content for key in requests if key.unit == "discussion"]
    assert whole.endswith("Does the discussion show quarrel? Answer with yes or no.")
    assert len({request.seed for request in requests.values()}) == len(requests)


def test_scales_of_other_units_change_nothing_about_the_labels_of_comments(transcript):
    alone = Annotation(judge(), transcript, WHOLES[2], seed=1).run().labels
    among = Annotation(judge(["2", "yes"]), transcript, WHOLES, seed=1)
    assert [among.request(*one) for one in among.asked if one.unit.comment is not None] == [
        Annotation(judge(), transcript, WHOLES[2], seed=1).request(unit, WHOLES[2])
        for unit, scale in among.asked
        if unit.comment is not None
    ]
    assert [label.key for label in alone] == [one.key for one in among.asked if one.unit.comment is not None]


def test_units_are_resumed_where_they_were_and_those_of_another_text_are_refused(transcript):
    whole = Annotation(judge(["2"]), transcript, WHOLES, seed=1).run()
    for done in (whole.labels[:-1], whole.labels[-3:], whole.labels[:2]):
        assert Annotation(judge(["2"]), transcript, WHOLES, seed=1, done=done).run() == whole
    edited = dataclasses.replace(transcript, comments=transcript.comments[:-1])
    with pytest.raises(InvalidInputError, match=r"A label of the whole discussion of .* is about another text"):
        Annotation(judge(), edited, WHOLES, done=whole.labels[-1:])


def test_who_said_nothing_is_no_participant_to_label(transcript):
    silent = dataclasses.replace(transcript, comments=transcript.comments[:1])
    asked = Annotation(judge(), silent, WHOLES[0]).asked
    assert asked == ()


def test_an_annotation_is_resumed_where_it_was(transcript, annotator):
    whole = Annotation(annotator, transcript, seed=1).run()
    for done in ([], whole.labels[:1], whole.labels[3:5], whole.labels[::-1]):
        assert Annotation(annotator, transcript, seed=1, done=done).run() == whole


def test_a_resumed_annotation_asks_for_the_missing_labels_only(transcript):
    model = RecordingModel("1")
    annotator = LLMActor(model, "", actor_type=ActorType.ANNOTATOR)
    whole = Annotation(annotator, transcript, seed=1).run()
    heard = []
    model.requests.clear()
    Annotation(annotator, transcript, seed=1, done=whole.labels[1:]).run(heard.append)
    assert (len(model.requests), heard) == (1, [whole.labels[0]])


def test_comments_of_equal_text_get_their_own_labels():
    ana = LLMActor(model=ScriptedModel("Same."), name="Ana")
    talk = Discussion([ana], topic="Same.", num_turns=4).run()
    seeds = {label.generation.seed for label in Annotation(judge(), talk).run().labels}
    assert len(seeds) == 5


def test_an_annotation_can_be_awaited(transcript, annotator):
    whole = Annotation(annotator, transcript, seed=1).run()
    assert asyncio.run(Annotation(annotator, transcript, seed=1).arun()) == whole


def test_what_was_labelled_before_an_error_is_kept(transcript, annotator):
    whole = Annotation(annotator, transcript, seed=1).run()
    bad = whole.labels[4].generation.seed

    async def reply(request):
        if request.seed == bad:
            await asyncio.sleep(0.01)
            raise ConnectionError("gone")
        return "1"

    annotation = Annotation(judge(reply), transcript, seed=1)
    with pytest.raises(ConnectionError, match="gone"):
        annotation.run()
    assert len(annotation.labels) == len(transcript.comments) - 1


def test_a_participant_cannot_annotate(users, transcript):
    with pytest.raises(InvalidInputError, match=r"'Ana' is a participant.*actor_type=ActorType\.ANNOTATOR"):
        Annotation(users[0], transcript)


@pytest.mark.parametrize(
    "scale", [Choice("tone", ["toxic", "civil", "mixed"], shuffle=True), Flag("irony", shuffle=True)]
)
def test_the_order_in_which_the_prompt_names_the_options_is_on_record(transcript, scale):
    def first_named(request):
        shares = {label: 0.5**place for place, label in enumerate(request.labels)}
        total = sum(shares.values())
        return Completion(request.labels[0], probabilities={label: one / total for label, one in shares.items()})

    annotator = LLMActor(RecordingModel(first_named), "", actor_type=ActorType.ANNOTATOR)
    result = Annotation(annotator, transcript, scale, seed=1).run()
    assert result == Annotation(annotator, transcript, scale, seed=1).run()
    orders = {label.options for label in result.labels}
    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset(scale.labels)}
    for label in result.labels:
        end = label.generation.prompt[-1].content.rpartition("Answer with ")[2]
        assert sorted(label.options, key=end.index) == list(label.options)
        assert tuple(label.probabilities) == scale.labels
        assert label.probabilities[label.options[0]] == max(label.probabilities.values())
    assert set(result.to_dataframe()["position"]) == {1}
    plain = Annotation(judge(scale.labels[-1]), transcript, scale, seed=1).run().to_dataframe()
    assert sorted(set(plain["position"])) == list(range(1, len(scale.labels) + 1))


def test_a_free_text_has_no_place_among_options(transcript):
    assert Annotation(judge("2"), transcript, seed=1).run().to_dataframe()["position"].isna().all()
    unread = Annotation(judge("hm"), transcript, Flag("irony"), seed=1).run()
    assert unread.to_dataframe()["position"].isna().all()


def test_an_answer_without_a_label_is_kept_word_for_word_also_if_it_is_none(transcript):
    (label, *_) = Annotation(judge("None"), transcript, Likert("tone"), seed=1).run().labels
    assert (label.value, label.generation.raw) == (None, "None")
    (label, *_) = Annotation(judge("yes"), transcript, Flag("irony"), seed=1).run().labels
    assert (label.value, label.generation.raw) == (True, None)
    (label, *_) = Annotation(judge("True"), transcript, Flag("irony"), seed=1).run().labels
    assert (label.value, label.generation.raw) == (True, "True")
