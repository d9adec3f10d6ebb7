import pytest

from syndisco_nb.backend.model.server.thinking_fields import thinking_fields
from syndisco_nb.backend.model.server.workarounds import THINKING_FIELDS

LOCAL = "http://localhost:8000/v1"


@pytest.mark.parametrize(
    ("url", "off", "on", "budget"),
    [
        (
            "https://api.openai.com/v1",
            {"reasoning_effort": "none"},
            {"reasoning_effort": "medium"},
            {"reasoning_effort": "low"},
        ),
        (
            "http://localhost:11434/v1",
            {"reasoning_effort": "none"},
            {"reasoning_effort": "medium"},
            {"reasoning_effort": "low"},
        ),
        (
            "https://openrouter.ai/api/v1",
            {"reasoning": {"enabled": False}},
            {"reasoning": {"enabled": True}},
            {"reasoning": {"max_tokens": 2000}},
        ),
        (
            "https://api.anthropic.com/v1",
            {"thinking": {"type": "disabled"}},
            {"thinking": {"type": "enabled", "budget_tokens": 1024}},
            {"thinking": {"type": "enabled", "budget_tokens": 2000}},
        ),
        (
            "https://api.mistral.ai/v1",
            {"reasoning_effort": "none"},
            {"reasoning_effort": "high"},
            {"reasoning_effort": "high"},
        ),
        (
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
            {"enable_thinking": False},
            {"enable_thinking": True},
            {"enable_thinking": True, "thinking_budget": 2000},
        ),
        (
            LOCAL,
            {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
            {"chat_template_kwargs": {"enable_thinking": True, "thinking": True}},
            {"chat_template_kwargs": {"enable_thinking": True, "thinking": True, "thinking_budget": 2000}},
        ),
    ],
)
def test_thinking_is_said_in_the_way_the_server_reads(url, off, on, budget):
    assert [thinking_fields(url, thinking) for thinking in (False, True, 2000)] == [off, on, budget]


def test_it_is_left_to_the_server_unless_given():
    assert thinking_fields(LOCAL, None) == {}


@pytest.mark.parametrize("tokens", [1, 2048, 2049, 8192, 8193])
def test_a_number_is_an_effort_where_there_is_no_budget(tokens):
    effort = thinking_fields("https://api.openai.com/v1", tokens)["reasoning_effort"]
    assert effort == ("low" if tokens <= 2048 else "medium" if tokens <= 8192 else "high")


def test_gemini_is_told_within_a_field_of_its_own():
    url = "https://generativelanguage.googleapis.com/v1beta/openai/"
    assert thinking_fields(url, thinking=False) == {"reasoning_effort": "none"}
    assert thinking_fields(url, 9)["extra_body"]["google"]["thinking_config"]["thinking_budget"] == 9


def test_every_field_can_be_done_without():
    urls = [
        LOCAL,
        "http://h:11434",
        *(f"https://{host}" for host in ("api.z.ai", "openrouter.ai", "generativelanguage.googleapis.com")),
    ]
    said = {name for url in urls for thinking in (False, True, 9) for name in thinking_fields(url, thinking)}
    assert said <= set(THINKING_FIELDS)
