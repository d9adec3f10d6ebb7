import datetime

import pytest

from syndisco_nb.backend.model.local.template_variables import TemplateVariables, fixed_date, undeclared
from syndisco_nb.errors import InvalidInputError, ModelError

QWEN = "{% if enable_thinking is defined and enable_thinking is false %}x{% endif %}{{ messages }}"
GRANITE = "{% if thinking %}x{% endif %}{{ messages }}"
SEED = "{% if thinking_budget is not defined %}{% set thinking_budget = -1 %}{% endif %}{{ thinking_budget }}"
GPT = "{% if reasoning_effort is not defined %}{% set reasoning_effort = 'medium' %}{% endif %}{{ reasoning_effort }}"
MISTRAL = "{% if reasoning_effort not in ['none', 'high'] %}{{ raise_exception('x') }}{% endif %}{{ messages }}"
NONE = "{{ messages[0].thinking }}<thinking>"


@pytest.mark.parametrize(
    ("template", "thinking", "expected"),
    [
        (QWEN, None, {}),
        (QWEN, True, {"enable_thinking": True}),
        (QWEN, False, {"enable_thinking": False}),
        (GRANITE, True, {"thinking": True}),
        (SEED, 512, {"thinking_budget": 512}),
        (SEED, True, {"thinking_budget": -1}),
        (SEED, False, {"thinking_budget": 0}),
        (QWEN + SEED, 512, {"enable_thinking": True, "thinking_budget": 512}),
        (QWEN + SEED, False, {"enable_thinking": False}),
        (MISTRAL, True, {"reasoning_effort": "high"}),
        (MISTRAL, False, {"reasoning_effort": "none"}),
        (GPT, True, {}),
        (NONE, False, {}),
    ],
)
def test_each_template_is_told_in_its_own_words(template, thinking, expected):
    assert TemplateVariables(thinking).context(template, "m") == expected


@pytest.mark.parametrize("template", [QWEN, GRANITE, NONE])
def test_a_number_of_tokens_needs_a_template_that_takes_one(template):
    with pytest.raises(ModelError, match=r"takes no number of tokens\. Give True or False"):
        TemplateVariables(512).context(template, "m")


def test_for_a_label_thinking_is_off_whatever_was_given():
    given = TemplateVariables(thinking=True, extra={"enable_thinking": True, "mood": "calm"})
    assert given.context(QWEN, "m") == {"enable_thinking": True, "mood": "calm"}
    assert given.label_context(QWEN, "m") == {"enable_thinking": False, "mood": "calm"}


def test_a_template_that_does_not_parse_is_searched_for_words():
    assert "enable_thinking" in undeclared("{% if enable_thinking %}")
    assert undeclared("{% generation %}{{ a }}{% endgeneration %}{% for x in y %}{% break %}{% endfor %}") == {"a", "y"}


def test_the_date_is_the_one_given_in_every_format():
    day = TemplateVariables(date="2025-03-09").day
    template = """{{ strftime_now("%d %b %Y") }} {{ strftime_now( '%Y-%m-%d' ) }}"""
    assert fixed_date(template, day) == """{{ "09 Mar 2025" }} {{ '2025-03-09' }}"""
    assert TemplateVariables(date="2025-03-09").context("{{ date_string }}", "m") == {"date_string": "09 Mar 2025"}
    assert TemplateVariables().day == datetime.datetime(2026, 1, 1)


@pytest.mark.parametrize("date", ["2025-03-09", "20250309", "2025-W10-7", "2025W107"])
def test_one_day_has_one_identity(date):
    assert TemplateVariables(date=date) == TemplateVariables(date="2025-03-09")
    assert TemplateVariables(date=date).date == "2025-03-09"


def test_a_date_that_cannot_be_fixed_is_on_record():
    assert "cannot be fixed" in TemplateVariables().notes("{{ strftime_now(format) }}", "m", always=False)[0]
    assert TemplateVariables().notes("{% if strftime_now is defined %}{% endif %}", "m", always=False) == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"thinking": 0}, "thinking is 0, but must be True, False, a number of tokens of 1 or more, or None"),
        ({"thinking": "on"}, "thinking is 'on', but must be"),
        ({"date": "today"}, "date is 'today', but must be a date such as \"2026-01-01\""),
        ({"date": None}, "date is None, but must be"),
        ({"extra": {"messages": []}}, r"chat_template_kwargs has \['messages'\], which every request sets itself"),
        ({"extra": ["a"]}, r"chat_template_kwargs is \['a'\], but must be a mapping"),
    ],
)
def test_what_cannot_be_is_refused(given, message):
    with pytest.raises(InvalidInputError, match=message):
        TemplateVariables(**given)
