"""The fields that turn a model's thinking on or off on a server; each provider has its own."""

import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.backend.model.thoughts import Thinking

_OLLAMA_PORT = 11434
_LOW, _MEDIUM = 2048, 8192  # largest token budgets of a low and a medium effort


def thinking_fields(base_url: str, thinking: Thinking | None) -> dict[str, Any]:
    """Return the fields of a request that turn thinking on or off, or limit it to a number of tokens.

    Parameters
    ----------
    base_url : str
        The server. Its host tells the provider; servers of unknown providers get `chat_template_kwargs`, which vLLM,
        SGLang and llama.cpp read.
    thinking : bool, int or None
        None leaves it to the server.

    Examples
    --------
    >>> thinking_fields("https://api.openai.com/v1", False)
    {'reasoning_effort': 'none'}
    >>> thinking_fields("https://openrouter.ai/api/v1", 2000)
    {'reasoning': {'max_tokens': 2000}}
    >>> thinking_fields("http://localhost:8000/v1", False)
    {'chat_template_kwargs': {'enable_thinking': False, 'thinking': False}}
    """
    if thinking is None:
        return {}
    url = urllib.parse.urlsplit(base_url)
    if url.port == _OLLAMA_PORT:
        return _effort(thinking)
    host = url.hostname or ""
    form = next((form for name, form in _FORMS.items() if host == name or host.endswith(f".{name}")), _template)
    return form(thinking)


def thinking_budget(thinking: Thinking | None, fields: Mapping[str, Any]) -> int:
    """Return the largest number of tokens to think for; 0 if the server is not sent any.

    Parameters
    ----------
    thinking : bool, int or None
    fields : mapping
        The fields from `thinking_fields`.
    """
    if thinking is True and isinstance(form := fields.get("thinking"), Mapping):
        return int(form.get("budget_tokens", 0))
    return 0 if thinking is None else int(not isinstance(thinking, bool) and thinking)


def _effort(thinking: Thinking) -> dict[str, Any]:
    if thinking is False:
        return {"reasoning_effort": "none"}
    if thinking is True:
        return {"reasoning_effort": "medium"}
    return {"reasoning_effort": "low" if thinking <= _LOW else "medium" if thinking <= _MEDIUM else "high"}


def _switched_effort(on: str) -> Callable[[Thinking], dict[str, Any]]:
    return lambda thinking: {"reasoning_effort": "none" if thinking is False else on}


def _openrouter(thinking: Thinking) -> dict[str, Any]:
    return {"reasoning": {"enabled": thinking} if isinstance(thinking, bool) else {"max_tokens": thinking}}


def _anthropic(thinking: Thinking) -> dict[str, Any]:
    if thinking is False:
        return {"thinking": {"type": "disabled"}}
    return {
        "thinking": {"type": "enabled", "budget_tokens": 1024 if thinking is True else thinking}
    }  # 1024: the minimum


def _gemini(thinking: Thinking) -> dict[str, Any]:
    if thinking is False:
        return {"reasoning_effort": "none"}
    budget = -1 if thinking is True else thinking  # -1: the model decides
    config = {"thinking_budget": budget, "include_thoughts": True}
    return {"extra_body": {"google": {"thinking_config": config}}}


def _switch(thinking: Thinking) -> dict[str, Any]:
    return {"thinking": {"type": "disabled" if thinking is False else "enabled"}}


def _qwen(thinking: Thinking) -> dict[str, Any]:
    budget = {} if isinstance(thinking, bool) else {"thinking_budget": thinking}
    return {"enable_thinking": thinking is not False, **budget}


def _template(thinking: Thinking) -> dict[str, Any]:
    on = thinking is not False
    budget = {} if isinstance(thinking, bool) else {"thinking_budget": thinking}
    return {
        "chat_template_kwargs": {"enable_thinking": on, "thinking": on, **budget}
    }  # templates read one or the other


_FORMS: dict[str, Callable[[Thinking], dict[str, Any]]] = {
    "api.openai.com": _effort,
    "openai.azure.com": _effort,
    "openrouter.ai": _openrouter,
    "api.anthropic.com": _anthropic,
    "generativelanguage.googleapis.com": _gemini,
    "api.mistral.ai": _switched_effort("high"),
    "api.groq.com": _switched_effort("default"),
    "api.deepseek.com": _switch,
    "api.moonshot.ai": _switch,
    "api.z.ai": _switch,
    "aliyuncs.com": _qwen,
}
