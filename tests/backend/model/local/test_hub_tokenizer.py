"""The tokenizer of transformers behind the interface of both engines."""

import datetime

import pytest
from support import tiny

from syndisco_nb.backend.model.local.hub_tokenizer import HubTokenizer

DAY = datetime.datetime(2026, 1, 1)
CHAT = [{"role": "user", "content": "Tea?"}]


@pytest.fixture
def tokenizer():
    return HubTokenizer(tiny.byte_tokenizer(added="<think> plain"), DAY)


def test_tokens_that_are_special_or_look_so_are_control_tokens(tokenizer):
    assert "<|im_end|>" in tokenizer.control
    assert "<think>" in tokenizer.control
    assert "plain" not in tokenizer.control


def test_a_prompt_ends_with_the_beginning_of_a_reply(tokenizer):
    chat = tokenizer.render(CHAT, prompt=False, context={})
    prompt = tokenizer.render(CHAT, prompt=True, context={})
    assert "Tea?" in chat
    assert prompt.startswith(chat)
    assert "assistant" in prompt[len(chat) :]


def test_a_template_gets_its_variables_and_the_day_it_is_given():
    template = "{{ strftime_now('%Y-%m-%d') }} {{ mood }}"
    tokenizer = HubTokenizer(tiny.byte_tokenizer(template=template), DAY)
    assert tokenizer.render(CHAT, prompt=False, context={"mood": "calm"}) == "2026-01-01 calm"


def test_a_text_comes_back_with_or_without_its_special_tokens(tokenizer):
    tokens = tokenizer.encode("Tea?<|im_end|>")
    assert tokenizer.decode(tokens, special=True) == "Tea?<|im_end|>"
    assert tokenizer.decode(tokens, special=False) == "Tea?"
