from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.analysis.comparable_labels import comparable_labels
from syndisco_nb.errors import InvalidInputError

TALK = talk(6)  # five comments and a silence


def judge(name="Dana", values=(1, 4), **changes):
    return replace(labels_of(TALK, name, values), **changes)


def test_labels_stand_by_scale_annotator_and_comment():
    comparable = comparable_labels([judge(), [judge("Eli", [None, 2])]])
    assert comparable.annotators == ("Dana", "Eli")
    assert set(comparable.scales) == {"toxicity", "sarcasm"}
    given = {
        (scale, name): {subject: one.label.value for subject, one in labels.items()}
        for scale, by_name in comparable.by_scale.items()
        for name, labels in by_name.items()
    }
    assert given["toxicity", "Dana"] == {("00ab", "comment", place): (1, 4)[place % 2] for place in range(5)}
    assert given["toxicity", "Eli"] == {("00ab", "comment", 1): 2, ("00ab", "comment", 3): 2}
    assert given["sarcasm", "Dana"]["00ab", "comment", 1] is True
    assert comparable.missing == {"Dana": 0, "Eli": 3}
    assert comparable.notes == ()


def test_a_comment_that_nobody_else_labelled_is_missing_for_them():
    some = judge("Eli")
    some = replace(some, labels=some.labels[:4])
    assert comparable_labels([judge(), some]).missing == {"Dana": 0, "Eli": 6}


def test_comments_whose_texts_differ_are_left_out_for_all_with_a_warning():
    edited = judge("Eli")
    labels = tuple(replace(label, text="Edited.") if label.comment == 2 else label for label in edited.labels)
    with pytest.warns(UserWarning, match="1 comment is left out: the annotators saw different texts"):
        comparable = comparable_labels([judge(), replace(edited, labels=labels)])
    for scale in ("toxicity", "sarcasm"):
        for given in comparable.by_scale[scale].values():
            assert ("00ab", "comment", 2) not in given
    assert comparable.missing == {"Dana": 0, "Eli": 0}
    assert comparable.notes[0].startswith("1 comment is left out")


def test_labels_of_comments_that_do_not_count_are_left_out():
    opening = judge()
    opening = replace(opening, labels=(replace(opening.labels[0], role="opening"), *opening.labels[1:]))
    comparable = comparable_labels([opening, judge("Eli")])
    assert len(comparable.by_scale["toxicity"]["Dana"]) == 4
    assert str(comparable.left_out) == "1 opening"
    openings = [
        replace(one, labels=tuple(replace(label, role="opening") for label in one.labels))
        for one in (judge(), judge("Eli"))
    ]
    assert str(comparable_labels(openings).left_out) == "5 openings", "comments are counted, not labels"
    assert len(comparable_labels([opening, judge("Eli")], roles="all").by_scale["toxicity"]["Dana"]) == 5


def test_labels_without_a_scale_or_of_free_text_are_left_out_with_a_note():
    free = {"scales": [snb.FreeText("mood").settings()]}
    comparable = comparable_labels([judge(settings={}), judge("Eli", settings=free), judge("Fay", settings=free)])
    assert comparable.scales == {}
    assert comparable.notes == (
        "Dana labelled without a scale, which is left out: any text is hardly ever equal.",
        "mood is left out: its labels are any text, so they are hardly ever equal.",
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "There are no labels"),
        ([[3]], "3 holds no discussions and no labels"),
        ([judge(), judge()], "Dana labelled comment 0 of discussion-00003 twice"),
        (
            [judge(), judge("Eli", settings={"scales": [snb.Likert("toxicity", 1, 3).settings()]})],
            "has the labels 1, 2, 3",
        ),
    ],
)
def test_an_error_names_the_argument(given, says):
    with pytest.raises(InvalidInputError, match=says) as caught:
        comparable_labels(given)
    assert caught.value.field == "labels"


def test_a_run_of_discussions_holds_no_labels(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_discussions=1, seed=1).begin(tmp_path)
    with pytest.raises(InvalidInputError, match="holds no labels"):
        comparable_labels([run])


def test_a_run_of_annotations_holds_labels(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=1, seed=1).begin(tmp_path / "talks")
    judges = [snb.LLMActor(snb.ScriptedModel("1"), name, actor_type=snb.ActorType.ANNOTATOR) for name in ("a", "b")]
    labels = snb.AnnotationExperiment(judges, snb.Likert("tone", 1, 3), seed=1).begin(run, tmp_path / "labels")
    assert comparable_labels([labels]).annotators == ("a", "b")
