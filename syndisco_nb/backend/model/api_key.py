"""A server's key: found where it is kept, and shown nowhere."""

import asyncio
import os
from collections.abc import Callable

from pydantic import SecretStr

from syndisco_nb.errors import ModelError, require

VARIABLE = "OPENAI_API_KEY"
_NONE = "none"  # what a server without keys is sent: the client insists on one


class ApiKey:
    """A key, given as text or as a function, or to be found in the environment.

    Errors are raised where no local variable holds the key, so no traceback can show it.

    Parameters
    ----------
    given : str, callable or None
        None for the environment.
    needed : bool
        Whether the server is known to insist on one.
    """

    def __init__(self, given: str | Callable[[], str] | None, needed: bool) -> None:
        require(
            given is None or isinstance(given, str) or callable(given),
            f"api_key is a {type(given).__name__}, but must be text, or a function that returns it.",
        )
        self._given = SecretStr(given) if isinstance(given, str) else given
        self._needed = needed
        self._value = SecretStr("")

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
        if not problem and not self._value.get_secret_value() and self._needed:
            problem = f"There is no key: {VARIABLE} is not set in the environment. Set it, or give api_key."
        if not problem and not _sendable(self._value):
            problem = "api_key holds characters that no key has (white space, or beyond ASCII). Copy it again."
        if problem:
            raise ModelError(problem)

    async def current(self) -> str:
        """Return the key last found, as the client sends it."""
        return self._value.get_secret_value() or _NONE

    def hide(self, text: str) -> str:
        """Return a server's words without the key, should it quote it."""
        return text.replace(self._value.get_secret_value(), "***") if self._value else text

    async def _found(self) -> SecretStr:
        if isinstance(self._given, SecretStr):
            return _stripped(self._given)
        if self._given is None:
            return _stripped(SecretStr(os.environ.get(VARIABLE, "")))
        return _stripped(SecretStr(await asyncio.to_thread(self._given)))


def _stripped(key: SecretStr) -> SecretStr:
    """Return the key without the line break that files end in."""
    return SecretStr(key.get_secret_value().strip())


def _sendable(key: SecretStr) -> bool:
    return all("!" <= character <= "~" for character in key.get_secret_value())
