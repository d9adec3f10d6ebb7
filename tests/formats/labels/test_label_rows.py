"""Labels in rows, joined to discussions."""

from dataclasses import replace

import pytest
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.labels.label_columns import LabelColumns, LabelLayout
from syndisco_nb.formats.labels.label_rows import LabelRows

TALK = talk_of("Op: Tax?", "Ana: Why,  now?", "Ben: ", "Ben: No.", known_as="one")
TOXICITY = snb.Likert("toxicity", 1, 5)


def row(index, label=3, **more):
    return {"conv": "one", "n": index, "toxicity": label, "coder": "Dana"} | more


def sets(rows, scales=(TOXICITY,), known=(), start=0, own=False, talks=(TALK,), **place):
    names = list(dict.fromkeys(name for row in rows for name in row))
    rows = [{name: cell for name, cell in row.items() if cell is not None} for row in rows]
    layout = LabelLayout({"index": "n"} | place, None, None, None, [scale.name for scale in scales])
    found = FoundDiscussions(talks)
    by_name = ({scale.name: scale for scale in some} for some in (scales, known))
    return LabelRows(LabelColumns(names, rows, layout, "a.csv"), *by_name, found, start, "a.csv", own).sets()


def test_labels_are_joined_by_discussion_and_index():
    made = sets([row(3, "2"), row(1, 5), row(1, 4, coder="Eli"), row(0, 1, conv="talk-0")])
    assert [(one.annotator_name, one.discussion, one.discussion_id, one.seed) for one in made] == [
        ("Dana", "one", "talk-0", None),
        ("Eli", "one", "talk-0", None),
    ]
    assert [(one.comment, one.name, one.text, one.role, one.value) for one in made[0].labels] == [
        (0, "Op", "Tax?", "opening", 1),
        (1, "Ana", "Why,  now?", "participant", 5),
        (3, "Ben", "No.", "participant", 2),
    ]
    assert made[0].labels[0].options == ("1", "2", "3", "4", "5")
    assert made[0].labels[0].model == made[0].annotator.model == "human"
    assert made[0].settings["scales"] == [TOXICITY.settings()]


def test_labels_are_joined_by_ids_that_the_table_of_comments_had():
    ids = {0: "17", 1: "4", 3: "9"}
    talk = replace(TALK, comments=tuple(replace(one, meta={"n": ids[one.index]}) for one in TALK))
    made = sets([row("9", 2), row(4, 5)], talks=[talk])
    assert [(label.comment, label.value) for label in made[0].labels] == [(1, 5), (3, 2)]
    with pytest.raises(RecordError, match="row 1, the header not counted, has the n '1', which no comment of one has"):
        sets([row(1)], talks=[talk])


def in_order(*texts, coded=(3, 3, None, 2), talks=(TALK,)):
    columns = ["conv", "text", "Dana"]
    rows = [{"conv": "one", "text": text, "Dana": code} for text, code in zip(texts, coded, strict=False)]
    rows = [{name: cell for name, cell in row.items() if cell not in (None, "")} for row in rows]
    layout = LabelLayout({"discussion": "conv"}, "Dana", "Dana", None, ["toxicity"])
    made = LabelColumns(columns, rows, layout, "a.csv")
    return LabelRows(made, {"toxicity": TOXICITY}, {}, FoundDiscussions(talks), 0, "a.csv", own=False).sets()


def test_without_numbers_the_rows_are_the_comments_and_silences_in_order():
    labels = in_order("Tax?", "Why, now?", "", "No.", coded=(1, None, None, 2))[0].labels
    assert [(label.comment, label.value) for label in labels] == [(0, 1), (3, 2)]
    without = in_order("Tax?", "Why, now?", "No.", coded=(1, None, 2))[0].labels
    assert [(label.comment, label.value) for label in without] == [(0, 1), (3, 2)]
    gaps = replace(TALK, comments=tuple(replace(one, index=10 * one.index) for one in TALK), silences=())
    assert [
        label.comment for label in in_order("Tax?", "Why, now?", "No.", coded=(1, 2, 3), talks=[gaps])[0].labels
    ] == [
        0,
        10,
        30,
    ]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Tax?", "No.", "", "Why, now?"], "row 2, the header not counted, has the text 'No.', but"),
        (["Tax?", "No.", "", "Why, now?"], "rows are in the order of the discussion: sort them, or name the column"),
        (
            ["Tax?", "Why, now?"],
            "row 1, the header not counted, is one of 2 about one, which has 3 comments and 1 silence.",
        ),
    ],
)
def test_rows_that_are_not_all_comments_in_order_are_refused(texts, words):
    with pytest.raises(RecordError) as caught:
        in_order(*texts)
    assert words in str(caught.value)


def test_a_table_may_count_from_one_and_leave_cells_empty():
    made = sets([row(2, 5), row(4, None)], start=1)
    assert [(label.comment, label.value) for label in made[0].labels] == [(1, 5)]


def test_an_empty_label_of_our_own_table_is_an_answer_without_a_label():
    assert [(one.value, one.generation.raw) for one in sets([row(1), row(3, None)], own=True)[0].labels] == [
        (3, None),
        (None, None),
    ]


def test_participants_and_whole_discussions_are_joined():
    polite, heated = snb.Flag("polite", unit="participant"), snb.Flag("heated", unit="discussion")
    rows = [
        {"conv": "one", "who": "Ana", "coder": "D", "polite": "yes", "n": ""},
        {"conv": "one", "coder": "D", "heated": "no"},
    ]
    labels = sets(rows, [polite, heated], name="who")[0].labels
    assert [(label.unit, label.name, label.value) for label in labels] == [
        ("participant", "Ana", True),
        ("discussion", "", False),
    ]


def test_a_participant_who_said_nothing_is_an_error_that_names_the_others():
    rows = [{"conv": "one", "who": "Cem", "coder": "D", "polite": "yes", "n": ""}]
    with pytest.raises(RecordError, match="is about 'Cem', who has no comment in one"):
        sets(rows, [snb.Flag("polite", unit="participant")], name="who")


def test_without_a_column_of_discussions_there_is_one():
    rows = [{"n": 1, "toxicity": 2, "coder": "Dana"}]
    assert sets(rows, discussion="")[0].discussion_id == "talk-0"
    with pytest.raises(RecordError, match="may be about any of 2 discussions"):
        sets(rows, discussion="", talks=[TALK, talk_of("Ana: a", "Ana: b", index=1)])


def test_scores_become_flags_with_probabilities_whatever_other_labels_are():
    rows = [row(1, 0.25), row(3, 1)]
    label = sets(rows, scales=(), known=[TOXICITY])[0].labels[0]
    assert (label.value, label.probabilities, label.model) == (False, {"yes": 0.25, "no": 0.75}, "Dana")


def test_labels_off_the_scale_have_no_value_and_are_counted():
    with pytest.warns(UserWarning, match="1 label not on the scale, and so without a value: '7' in row 2 on toxicity"):
        labels = sets([row(1), row(3, 7)])[0].labels
    assert [(label.value, label.generation.raw) for label in labels] == [(3, None), (None, "7")]


def test_labels_of_discussions_elsewhere_are_counted():
    with pytest.warns(UserWarning, match="2 labels left out, about 1 discussion that are not here: two"):
        made = sets([row(1), row(1, conv="two"), row(2, conv="two")])
    assert len(made) == 1


def test_a_discussion_may_be_named_with_its_condition_beside_it():
    talk = talk_of("Ana: Why?", known_as="none.one")
    assert sets([row(0, condition="none")], talks=[talk, TALK])[0].discussion == "none.one"


@pytest.mark.parametrize(
    ("rows", "settings", "words"),
    [
        ([row(9)], {}, "row 1, the header not counted, is about comment 9 of one, which has 0 to 3."),
        ([row(2)], {}, "comment 2 of one, which is a silence"),
        ([row("x")], {}, "has the index 'x', but must have a whole number"),
        ([row(1), row(1)], {}, "row 2, the header not counted, is the second label of comment 1 by Dana"),
        ([row(1, text="No.")], {}, "has the text 'No.', but the comment in one that it is about has 'Why, now?'"),
        ([row(1, conv="two")], {}, "none of its discussions is here: two. Here are one."),
        ([row(1, None)], {}, "it has no label"),
        ([row(1), row(3, conv=None)], {}, "row 2, the header not counted, has no conv"),
        ([row(1, "high")], {"scales": ()}, "has no column of scores"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_joined_is_named(rows, settings, words):
    with pytest.raises(RecordError) as caught:
        sets(rows, **settings)
    assert words in str(caught.value)


def test_texts_are_compared_but_for_white_space():
    assert sets([row(1, text="Why, now?")])[0].labels[0].text == "Why,  now?"


def test_two_discussions_of_one_name_are_an_error():
    with pytest.raises(RecordError, match="is the name of 2 discussions"):
        sets([row(1)], talks=[TALK, talk_of("Ana: a", "Ana: b", index=1, known_as="one")])


def test_a_scale_that_is_not_known_is_an_error_that_shows_it():
    rows = [{"conv": "one", "n": 1, "scale": "mood", "label": "glad", "coder": "Dana"}]
    with pytest.raises(RecordError, match=r"the labels glad on mood, whose scale is not known. Give it, as in scales="):
        sets(rows, scales=())
