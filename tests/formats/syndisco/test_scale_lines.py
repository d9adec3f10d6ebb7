"""Several answers in one text."""

import pytest

from syndisco_nb import Flag, Likert
from syndisco_nb.formats.syndisco.scale_lines import value_in

TEXT = "Toxicity=3\nArgumentQuality=2 \n\nExplanation: the comment is short."


@pytest.mark.parametrize(
    ("name", "value"), [("toxicity", 3), ("argument_quality", 2), ("Explanation", None), ("x", None)]
)
def test_the_line_that_names_the_scale_has_its_value(name, value):
    assert value_in(TEXT, Likert(name), alone=False) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 ", 2),
        ("Toxicity=4", 4),
        ("- **toxicity**: 4", 4),
        ("I cannot rate this.", None),
        ("Toxicity=3\nToxicity=4", None),
    ],
)
def test_an_answer_to_one_question_need_not_name_it(text, value):
    assert value_in(text, Likert("toxicity"), alone=True) == value
    assert value_in("4", Likert("toxicity"), alone=False) is None


def test_any_scale_is_read():
    assert value_in("sarcasm: yes\ntoxicity: 2", Flag("sarcasm"), alone=False) is True
