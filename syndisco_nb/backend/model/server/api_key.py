"""A server's key: found where it is kept, sent only where it belongs, and shown nowhere."""

import asyncio
import os
import urllib.parse
from collections.abc import Callable

from pydantic import SecretStr

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
"""The variable that holds the key of a host, which is sent to no other, and only encrypted."""

_NONE = "none"  # what a server without keys is sent: the client insists on one
_HIDDEN = 8  # characters; a dummy key of fewer is no secret, and part of many a word


class ApiKey:
    """A key, given as text or as a function, or to be found in the environment.

    The environment's keys go to the host they belong to, and nowhere else: whoever names another server in a file
    must not be sent them. `OPENAI_API_KEY` belongs to the server that `OPENAI_BASE_URL` names, if it is set.

    Errors are raised where no local variable holds the key, so no traceback can show it.

    Parameters
    ----------
    given : str, callable or None
        None for the environment.
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
        """Return the environment variable that holds the key of this server; "" if none does."""
        address = os.environ.get(_ADDRESS)
        if address and _origin(address) == _origin(self._base_url):
            return _OPENAI
        scheme, host, port = _origin(self._base_url)
        variable = _BELONGS.get(host, "") if (scheme, port) == ("https", 443) else ""
        return "" if address and variable == _OPENAI else variable

    def of_openai(self) -> bool:
        """Return whether this is the server that the environment's OPENAI_... variables are meant for."""
        return self.variable() == _OPENAI

    def absence(self) -> str:
        """Return why no key was sent, and what to do about it; "" if one was."""
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
            If there is none, or it cannot be sent.
        """
        problem = ""
        try:
            self._value = await self._found()
        except Exception as error:  # its text may hold anything, the key too
            problem = f"The function given as api_key failed with {type(error).__name__}. Try it alone."
        if not problem and _origin(self._base_url)[1] in _BELONGS:
            problem = self.absence()
        if not problem and not _sendable(self._value):
            problem = "api_key holds characters that no key has (white space, or beyond ASCII). Copy it again."
        if problem:
            raise ModelError(problem)

    async def current(self) -> str:
        """Return the key last found, as the client sends it."""
        return self._value.get_secret_value() or _NONE

    def hide(self, text: str) -> str:
        """Return a server's words without the key, should it quote it."""
        return text.replace(self._value.get_secret_value(), "***") if len(self._value) >= _HIDDEN else text

    async def _found(self) -> SecretStr:
        if isinstance(self._given, SecretStr):
            return _stripped(self._given)
        if self._given is None:
            variable = self.variable()
            return _stripped(SecretStr(os.environ.get(variable, "") if variable else ""))
        return _stripped(SecretStr(await asyncio.to_thread(self._given)))


def _origin(base_url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address."""
    try:
        url = urllib.parse.urlsplit(base_url.strip())
        return url.scheme, url.hostname or "", url.port or {"http": 80, "https": 443}.get(url.scheme)
    except ValueError:  # a port that is no number
        return "", "", None


def _stripped(key: SecretStr) -> SecretStr:
    """Return the key without the line break that files end in."""
    return SecretStr(key.get_secret_value().strip())


def _sendable(key: SecretStr) -> bool:
    return all("!" <= character <= "~" for character in key.get_secret_value())
