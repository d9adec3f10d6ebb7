"""The content of a design's fields in a few words."""

import pytest

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.widgets.forms.summaries import _SUMMARIES, summary


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("turns", 14, "14 turns"),
        ("discussions", "many", "many discussions"),
        ("window", 1, "1 comment remembered"),
        ("seed", 0, "seed 0"),
        ("participants", [snb.LLMPersona(username="Ana"), {"age": -7}], "2: Ana, ?"),
        ("topics", (["One.", "Two."], "Tax"), "2: One."),
        ("scales", [{"type": "Likert", "name": "toxicity"}, {"type": "Flag"}], "toxicity, Yes or no"),
        ("turn_taking", {"type": "RoundRobin"}, "One after the other"),
        ("model", {"type": "OpenAIModel", "model_name": "gpt"}, "gpt"),
        ("stop", [{"type": "Unknown"}], "Unknown"),
        ("vary", {"window": {"short": 1, "long": 5}, "turn_taking": {}}, "window: short, long; turn taking: "),
        ("moderator", {"instructions": "", "name": "Mo"}, "Mo"),
        ("window_counts", "all", "moderators' counted, too"),
        ("window_counts", "participants", ""),
        ("context", "Long text.", ""),
        ("turns", None, ""),
        ("topics", (), ""),
    ],
)
def test_a_field_is_summed_up(name, value, text):
    assert summary(name, value) == text


def test_every_field_of_a_design_is_summed_up_or_left_out_on_purpose():
    assert set(Design.model_fields) - set(_SUMMARIES) == {"context", "instructions", "annotation_window"}
