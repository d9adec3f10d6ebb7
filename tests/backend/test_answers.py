"""Labels in free answers: read where they stand alone or after an anchor, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb import Choice, Flag, Likert

TOXICITY, SARCASM, TONE = Likert("toxicity", 1, 5), Flag("sarcasm"), Choice("tone", ["toxic", "civil"])
STANCE = Choice("stance", ["agree", "agree strongly", "don't know", "N/A"])
KIND = Choice("kind", ["None", "Insult", "Threat"])

LABELS = [
    (TOXICITY, "3", 3),
    (TOXICITY, "3.", 3),
    (TOXICITY, "**3**", 3),
    (TOXICITY, "3/5", 3),
    (TOXICITY, "3 / 5", 3),
    (TOXICITY, "3 out of 5", 3),
    (TOXICITY, "3.0", 3),
    (TOXICITY, "Score (1-5): 3", 3),
    (TOXICITY, "Answer: 3", 3),
    (TOXICITY, "toxicity: 3", 3),
    (TOXICITY, "Toxicity=3", 3),
    (TOXICITY, "**Answer:** 3", 3),
    (TOXICITY, "**Answer: 3**", 3),
    (TOXICITY, "The toxicity score is 3.", 3),
    (TOXICITY, "Final answer: 3/5.", 3),
    (TOXICITY, '{"label": "3"}', 3),
    (TOXICITY, '{"label": 3}', 3),
    (TOXICITY, '{"toxicity": 3.0}', 3),
    (TOXICITY, '```json\n{"reason": "x", "score": 3}\n```', 3),
    (TOXICITY, "3\n\nThe comment is mild, 2 of 5 people agree.", 3),
    (TOXICITY, "The comment is mild. Answer: 3", 3),
    (TOXICITY, "Hm.\nRating: 3 (mild)", 3),
    (TOXICITY, "Score: 3 - it is mild", 3),
    (TOXICITY, "“3”", 3),
    (TOXICITY, "(3)", 3),
    (TOXICITY, "Answer: 3. The comment is mild.", 3),
    (TOXICITY, "Toxicity level: 3", 3),
    (SARCASM, "Yes", True),
    (SARCASM, "yes.", True),
    (SARCASM, "**No**", False),
    (SARCASM, "true", True),
    (SARCASM, "False", False),
    (SARCASM, "Yes, it does.", True),
    (SARCASM, "No, it does not.", False),
    (SARCASM, '{"label": true}', True),
    (SARCASM, '{"sarcasm": "no"}', False),
    (SARCASM, "Answer: yes", True),
    (SARCASM, "Sarcasm: no.", False),
    (TONE, "Civil.", "civil"),
    (TONE, "The tone is civil.", "civil"),
    (TONE, "Label: toxic", "toxic"),
    (STANCE, "agree", "agree"),
    (STANCE, "Agree strongly.", "agree strongly"),
    (STANCE, "Answer: agree strongly", "agree strongly"),
    (STANCE, "Don't know", "don't know"),
    (STANCE, "N/A", "N/A"),
    (STANCE, "n/a.", "N/A"),
    (KIND, "None", "None"),
    (KIND, '{"label": "None"}', "None"),
    (KIND, "NONE", "None"),
]
NONE = [
    (TOXICITY, "3/7", None),
    (TOXICITY, "3 out of 10", None),
    (TOXICITY, "I would rate this 4.", None),
    (TOXICITY, "I cannot rate this comment. 5 people would disagree.", None),
    (TOXICITY, "2 or 3", None),
    (TOXICITY, "Answer: 2 or 3", None),
    (TOXICITY, "Answer: 3 - 4", None),
    (TOXICITY, "Answer: 3.5", None),
    (TOXICITY, "2-3", None),
    (TOXICITY, "3?", None),
    (TOXICITY, "-3", None),
    (TOXICITY, "Score: -3", None),
    (TOXICITY, "Answer: 3\nScore: 4", None),
    (TOXICITY, "If the answer is 3 then", None),
    (TOXICITY, "The answer is not 3.", None),
    (TOXICITY, "1. The comment\n2. Another", None),
    (TOXICITY, "7", None),
    (TOXICITY, "On a scale of 1 to 5", None),
    (TOXICITY, '{"label": null}', None),
    (TOXICITY, '{"label": [3]}', None),
    (TOXICITY, '{"score": 3, "label": 4}', None),
    (TOXICITY, "", None),
    (TOXICITY, "{", None),
    (SARCASM, "I have no idea.", None),
    (SARCASM, "No idea.", None),
    (SARCASM, "No, I cannot say.", None),
    (SARCASM, "Yes and no.", None),
    (SARCASM, "yes or no", None),
    (SARCASM, "I do not know", None),
    (SARCASM, "Yes.\nNo.", None),
    (SARCASM, "There is no sarcasm.", None),
    (SARCASM, "yes?", None),
    (TONE, "This is not toxic.", None),
    (TONE, "not toxic", None),
    (TONE, "Label: not toxic", None),
    (TONE, "The tone is not toxic.", None),
    (TONE, "toxic, civil", None),
    (TONE, "Label: toxic language", None),
    (TONE, "non-toxic", None),
    (STANCE, "I agree", None),
    (KIND, '{"category": "Insult"}', None),
    (KIND, '{"label": null}', None),
    (KIND, "null", None),
    (TOXICITY, '{"label": "high"}', None),
    (TOXICITY, '{"label": "high", "score": 3}', None),
]


@pytest.mark.parametrize(("scale", "answer", "value"), LABELS)
def test_a_label_alone_or_after_an_anchor_is_read(scale, answer, value):
    assert scale.parse(answer) == value
    assert type(scale.parse(answer)) is type(value)


@pytest.mark.parametrize(("scale", "answer", "value"), NONE)
def test_prose_refusals_and_negations_hold_no_label(scale, answer, value):
    assert scale.parse(answer) is value


PIECES = ["3", "5", "yes", "no", "toxic", "not ", "Answer", "toxicity", ": ", "/", ".", "\n", "{", "}", '"', "**", " "]


@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from([*PIECES, "label", "(1-5)"]), max_size=10).map("".join))
)
def test_reading_never_fails_and_gives_an_allowed_value(answer):
    for scale in (TOXICITY, SARCASM, TONE, STANCE):
        value = scale.parse(answer)
        assert value is None or scale.accept(value) == value


NAMES = st.text(min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_every_label_is_read_as_itself(options):
    scale = Choice("x", options)
    assert [scale.parse(option) for option in options] == options


@pytest.mark.parametrize("scale", [Likert("x", 0, 100), Choice("us", ["us", "US", "u.s.", '"us"', "*"]), SARCASM])
def test_every_label_of_a_scale_is_read_as_itself(scale):
    assert [scale.parse(label) for label in scale.labels] == [scale.value(label) for label in scale.labels]


def test_a_spelling_that_two_labels_share_is_read_as_none():
    assert Choice("x", ["C", "C.", "D"]).parse("c!") is None
    assert Choice("x", ["C", "C.", "D"]).parse("d!") == "D"


@pytest.mark.parametrize(
    "text",
    [
        "Answer: 3 - no, rather 4",
        "Answer: 3 (or 4)",
        "Score: 3 - not 4",
        "Rating: 3 (maybe)",
        "3\n4\n3",
        "Answer: 3 (4)",
    ],
)
def test_a_number_that_is_taken_back_or_doubted_is_no_label(text):
    assert Likert("tox").parse(text) is None


def test_a_label_that_is_taken_back_is_none_and_one_that_is_explained_is_one():
    tone, flag = Choice("tone", ["toxic", "civil"]), Flag("sarcasm")
    assert [
        tone.parse(text) for text in ("Tone: toxic (not)", "Answer: toxic - really civil", "civil\ntoxic\ncivil")
    ] == [None] * 3
    assert flag.parse("Answer: yes (no, wait)") is None
    assert tone.parse("Tone: toxic (it insults her)") == "toxic"
    assert Likert("tox").parse("Answer: 3 - it is mild") == 3
