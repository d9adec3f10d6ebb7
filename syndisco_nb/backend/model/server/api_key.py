"""A server's API key: looked up, sent only to the server it belongs to, and never shown."""

import asyncio
import os
from collections.abc import Callable

from pydantic import SecretStr

from syndisco_nb.backend.model.server.address import origin
from syndisco_nb.errors import ModelError, require

_OPENAI, _ADDRESS = "OPENAI_API_KEY", "OPENAI_BASE_URL"
_BELONGS = {
    "api.openai.com": _OPENAI,
    "eu.api.openai.com": _OPENAI,
    "us.api.openai.com": _OPENAI,
    "api.anthropic.com": "ANTHROPIC_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "api.groq.com": "GROQ_API_KEY",
    "api.mistral.ai": "MISTRAL_API_KEY",
    "api.together.xyz": "TOGETHER_API_KEY",
    "generativelanguage.googleapis.com": "GEMINI_API_KEY",
    "openrouter.ai": "OPENROUTER_API_KEY",
    "router.huggingface.co": "HF_TOKEN",
}
"""The environment variable with a host's key, which is sent only to this host, and only encrypted."""

_NO_KEY = "none"  # sent to servers without keys, because the client requires one
_HIDDEN = 8  # characters; a shorter key is a dummy, and may be part of ordinary words


class ApiKey:
    """An API key, given as text or as a function, or taken from the environment.

    A key from the environment is sent only to the host that it belongs to: a file that names another server must not
    get it. `OPENAI_API_KEY` belongs to the server in `OPENAI_BASE_URL`, if that is set.

    Errors are raised where no local variable holds the key, so that no traceback can show it.

    Parameters
    ----------
    given : str, callable or None
        The key or a function that returns it; None for the environment.
    base_url : str
        The server.
    """

    def __init__(self, given: str | Callable[[], str] | None, base_url: str) -> None:
        require(
            given is None or isinstance(given, str) or callable(given),
            f"api_key is a {type(given).__name__}, but must be text, or a function that returns it.",
            "api_key",
        )
        self._given = SecretStr(given) if isinstance(given, str) else given
        self._base_url = base_url
        self._value = SecretStr("")

    def variable(self) -> str:
        """Return the name of the environment variable with this server's key; "" if there is none."""
        address = os.environ.get(_ADDRESS)
        if address and origin(address) == origin(self._base_url):
            return _OPENAI
        scheme, host, port = origin(self._base_url)
        variable = _BELONGS.get(host, "") if (scheme, port) == ("https", 443) else ""
        return "" if address and variable == _OPENAI else variable

    def of_openai(self) -> bool:
        """Return True for the server that the environment's OPENAI_... variables belong to."""
        return self.variable() == _OPENAI

    def absence(self) -> str:
        """Return the reason why no key was sent, with a remedy; "" if one was."""
        if self._value:
            return ""
        if self._given is not None:
            return "No key was sent: api_key is empty."
        if variable := self.variable():
            return f"No key was sent: {variable} is not set in the environment. Set it, or give api_key."
        owner = f"to the server in {_ADDRESS}" if os.environ.get(_ADDRESS) else "to api.openai.com"
        return (
            f"No key was sent: {_OPENAI} in the environment goes only {owner}. Give this server's key as api_key, or "
            f"set {_ADDRESS} to its address."
        )

    async def refresh(self) -> None:
        """Look the key up.

        Raises
        ------
        ModelError
            If the server needs a key and there is none, or it cannot be sent.
        """
        problem = ""
        try:
            self._value = await self._looked_up()
        except Exception as error:  # its text may hold the key
            problem = f"The function given as api_key failed with {type(error).__name__}. Try it alone."
        if not problem and origin(self._base_url)[1] in _BELONGS:
            problem = self.absence()
        if not problem and not _sendable(self._value):
            problem = "api_key holds characters that no key has (white space, or beyond ASCII). Copy it again."
        if problem:
            raise ModelError(problem)

    async def current(self) -> str:
        """Return the key of the last `refresh`, as the client sends it."""
        return self._value.get_secret_value() or _NO_KEY

    def hide(self, text: str) -> str:
        """Return a server's message with the key replaced by ***."""
        return text.replace(self._value.get_secret_value(), "***") if len(self._value) >= _HIDDEN else text

    def hide_in(self, content: bytes) -> bytes:
        """Return a server's answer with the key replaced by ***."""
        return (
            content.replace(self._value.get_secret_value().encode(), b"***") if len(self._value) >= _HIDDEN else content
        )

    async def _looked_up(self) -> SecretStr:
        if isinstance(self._given, SecretStr):
            return _stripped(self._given)
        if self._given is None:
            variable = self.variable()
            return _stripped(SecretStr(os.environ.get(variable, "") if variable else ""))
        return _stripped(SecretStr(await asyncio.to_thread(self._given)))


def _stripped(key: SecretStr) -> SecretStr:
    """Return the key without white space around it, such as a file's last line break."""
    return SecretStr(key.get_secret_value().strip())


def _sendable(key: SecretStr) -> bool:
    return all("!" <= character <= "~" for character in key.get_secret_value())
