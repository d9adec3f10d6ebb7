"""The interface of tokenizers: both engines keep it, and control tokens are told by their brackets."""

import inspect

import pytest

from syndisco_nb.backend.model.local.chat_tokenizer import ChatTokenizer, looks_like_control
from syndisco_nb.backend.model.local.hub_tokenizer import HubTokenizer
from syndisco_nb.backend.model.local.openvino_tokenizer import OpenVINOTokenizer


@pytest.mark.parametrize("tokenizer", [HubTokenizer, OpenVINOTokenizer])
@pytest.mark.parametrize("method", ["render", "encode", "decode"])
def test_the_tokenizers_of_both_engines_keep_the_interface(tokenizer, method):
    assert inspect.signature(getattr(tokenizer, method)) == inspect.signature(getattr(ChatTokenizer, method))


@pytest.mark.parametrize("token", ["<|im_end|>", "</s>", "[INST]", "◁think▷", "<0x0A>"])
def test_a_token_in_brackets_looks_like_control(token):
    assert looks_like_control(token)


@pytest.mark.parametrize("token", ["the", "<>", "[]", "<a b>", "<s", "s>", "<s> ", "<!>"])
def test_other_tokens_do_not(token):
    assert not looks_like_control(token)
