"""Layouts of tables of labels."""

import pytest

from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.formats.labels.label_columns import LabelColumns, LabelLayout

WIDE = [{"conv": "a", "n": 0, "toxicity": 2, "RUDE": 0.5, "coder": "Dana"}, {"conv": "a", "n": 1, "coder": "Eli"}]
ROWS_OF_LABELS = [{"conv": "a", "n": 0, "scale": "toxicity", "label": 2, "coder": "Dana"}]


def columns(rows, annotator=None, labels=None, scale=None, scales=(), known=(), **place):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return LabelColumns(
        names, rows, LabelLayout({"index": "n"} | place, annotator, labels, scale, scales, known), "a.csv"
    )


def answers(*args, **kwargs):
    return [(one.number, one.annotator, one.scale, one.cell) for one in columns(*args, **kwargs).answers()]


def test_a_column_for_each_scale_is_found_by_name_or_named():
    both = [
        (1, "Dana", "toxicity", 2),
        (1, "Dana", "rude", 0.5),
        (2, "Eli", "toxicity", None),
        (2, "Eli", "rude", None),
    ]
    assert answers(WIDE, scales=["toxicity", "rude"]) == both
    assert answers(WIDE, labels={"toxicity": "toxicity", "rude": "RUDE"}) == both
    assert answers(WIDE, labels=["toxicity"])[0] == (1, "Dana", "toxicity", 2)
    assert answers(WIDE, labels="RUDE", scales=["rude"])[0] == (1, "Dana", "rude", 0.5)


def test_without_scales_those_of_other_labels_and_scores_are_found():
    assert answers(WIDE)[0] == (1, "Dana", "RUDE", 0.5)
    assert [one[2] for one in answers(WIDE, known=["Toxicity"])][:2] == ["Toxicity", "RUDE"]


def test_a_column_for_each_annotator():
    rows = [{"conv": "a", "n": 0, "Dana": 2, "Eli": 3}]
    assert answers(rows, ["Dana", "Eli"], scales=["toxicity"]) == [
        (1, "Dana", "toxicity", 2),
        (1, "Eli", "toxicity", 3),
    ]


@pytest.mark.parametrize("labels", ["Dana", ["Dana"], {"toxicity": "Dana"}])
def test_the_name_of_an_annotator_may_be_that_of_the_column_of_labels(labels):
    rows = [{"conv": "a", "n": 0, "Dana": 2}]
    assert answers(rows, "Dana", labels, scales=["toxicity"]) == [(1, "Dana", "toxicity", 2)]


def test_a_row_for_each_label():
    assert answers(ROWS_OF_LABELS) == [(1, "Dana", "toxicity", 2)]
    renamed = [{"conv": "a", "n": 0, "trait": "toxicity", "score": 2}]
    assert answers(renamed, "Dana", labels="score", scale="trait") == [(1, "Dana", "toxicity", 2)]


def test_the_place_is_found_and_texts_may_be_set_aside():
    rows = [{"discussion": "x", "discussion_id": "a", "index": 0, "user": "Ana", "comment": "!", "rude": 0.5}]
    assert columns(rows, "P", index="index").place == {
        "discussion": "discussion_id",
        "index": "index",
        "name": "user",
        "text": "comment",
    }
    assert "text" not in columns(rows, "P", index="index", text="").place


def test_rows_are_in_order_only_where_each_is_a_comment_with_its_text():
    def of(row, *args, **kwargs):
        layout = LabelLayout({"discussion": "conv"}, *args, **kwargs)
        return LabelColumns(list(row), [row], layout, "a.csv").in_order

    row = {"conv": "a", "text": "Why?", "Dana": 2, "Eli": 3}
    assert of(row, ["Dana", "Eli"], None, None, ["toxicity"])
    assert of(row, "Dana", "Dana", None, ["toxicity"])
    assert not of(row | {"index": 0}, "Dana", "Dana", None, ["toxicity"])
    for given in ({"coder": "Dana"}, {"scale": "toxicity", "label": 2}):
        with pytest.raises(RecordError, match="has no column of comment numbers"):
            of(row | given, "Dana" if "scale" in given else None, None, None, ["toxicity"])
    with pytest.raises(RecordError, match="or have a row for each comment, in order, with its text"):
        of({"conv": "a", "Dana": 2}, "Dana", "Dana", None, ["toxicity"])


@pytest.mark.parametrize(
    ("error", "rows", "settings", "words"),
    [
        (InvalidInputError, [{"conv": 1, "n": 0, "x": 0.5}], {}, 'as in annotator="Perspective"'),
        (InvalidInputError, WIDE, {"annotator": ["toxicity"]}, "all on one scale, but scales names none"),
        (InvalidInputError, ROWS_OF_LABELS, {"scale": "scale", "labels": ["label"]}, "one column holds all labels"),
        (
            InvalidInputError,
            WIDE,
            {"labels": {"toxicity": "tox"}},
            "must map scales to columns: labels={'tox': 'toxicity'}",
        ),
        (RecordError, WIDE, {"annotator": ["Dana"]}, "no column 'Dana', which annotator names"),
        (RecordError, WIDE, {"scales": ["harm"]}, "has no column named like harm. Its columns are conv, n, toxicity"),
        (RecordError, [{"conv": 1, "n": 0, "x": 2}], {"annotator": "P"}, "has no column of scores from 0 to 1"),
        (RecordError, WIDE, {"labels": ["rude"]}, "no column 'rude', which labels names"),
        (RecordError, [{"conv": 1, "n": 0, "x": 0.5}, {"conv": 1, "n": 1, "coder": "A"}], {}, "row 1 has no coder"),
    ],
)
def test_what_is_unclear_is_an_error(error, rows, settings, words):
    with pytest.raises(error) as caught:
        answers(rows, **settings)
    assert words in str(caught.value)
