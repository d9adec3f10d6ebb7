"""A model that answers from a script: for tests, for teaching, and for trying out a design without waiting."""

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from syndisco_nb.backend.fingerprint import function_fingerprint
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import InvalidInputError, named_arguments, require

Script = str | Sequence[str] | Callable[[Request], str] | Callable[[Request], Awaitable[str]]


class ScriptedModel(Model):
    """A model without weights.

    Parameters
    ----------
    script : str, list of str, or callable
        One reply to every request; a list of replies, from which the request's seed picks one, so that the order of
        the requests does not matter; or a function, plain or async, from `Request` to text.
    name : str
        The name of the model in transcripts.

    Examples
    --------
    >>> ScriptedModel(["Yes.", "No."])
    ScriptedModel('scripted', 2 replies)
    """

    form_label = "Scripted replies"
    form_rank = 5

    @named_arguments
    def __init__(self, script: Script, name: str = "scripted") -> None:
        super().__init__(name)
        listed = isinstance(script, Sequence) and all(isinstance(reply, str) for reply in script)
        if not (callable(script) or listed):
            raise InvalidInputError(
                f"script is {script!r}, but must be a reply, a list of replies, or a function.", field="script"
            )
        require(
            script or isinstance(script, str),
            "script is empty. Give a reply, a list of replies, or a function.",
            "script",
        )
        self.script = (script,) if isinstance(script, str) else script

    async def complete(self, request: Request) -> Completion:
        """Answer from the script."""
        if not callable(self.script):
            return Completion(self.script[request.seed % len(self.script)])
        answer = self.script(request)
        text = await answer if inspect.isawaitable(answer) else answer
        require(isinstance(text, str), f"The script of {self.name!r} returned {text!r}, but must return text.")
        return Completion(text)

    def settings(self) -> dict[str, Any]:
        """Return the name, and either the number and the digest of the replies or the function's fingerprint."""
        if callable(self.script):
            return {**super().settings(), "function": function_fingerprint(self.script)}
        digest = hashlib.blake2b("\x1f".join(self.script).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        return {**super().settings(), "replies": len(self.script), "digest": digest}

    def __repr__(self) -> str:
        script = self.settings().get("function") or f"{self.settings()['replies']} replies"
        return f"ScriptedModel({self.name!r}, {script})"
