"""Prompts: the chat messages behind every comment and label."""

import ast
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from syndisco_nb.backend.fingerprint import function_fingerprint
from syndisco_nb.errors import InvalidInputError, suggestion, within
from syndisco_nb.records import ChatMessage, Message

_TEMPLATE = "template: "
_PLACES = ("name", "context", "attributes", "instructions", "comments", "last_name", "last_comment")


class PromptedActor(Protocol):
    """Attributes of an `LLMActor` that a prompt may tell; documented there."""

    name: str
    attributes: tuple[str, ...]
    context: str
    instructions: str


@dataclass(frozen=True)
class PromptTemplate:
    """Prompt format made of two texts with places to fill.

    The places are ``{name}``, ``{context}``, ``{attributes}`` (one per line), ``{instructions}``,
    ``{comments}`` (the window, oldest first), ``{last_name}`` and ``{last_comment}``.

    Parameters
    ----------
    system : str
        The system message; left out if it is empty once filled in.
    user : str
        The user message.

    Raises
    ------
    InvalidInputError
        If a place does not exist.

    Examples
    --------
    >>> from syndisco_nb import LLMActor, ScriptedModel
    >>> template = PromptTemplate(system="You are {name}. {context}", user="{comments}Your turn.")
    >>> actor = LLMActor(ScriptedModel("Hm."), "Ana", context="This is a debate.", prompt_format=template)
    >>> [message.content for message in actor.preview([])]
    ['You are Ana. This is a debate.', 'Your turn.']
    """

    system: str
    user: str

    def __post_init__(self) -> None:
        for field, text in (("system", self.system), ("user", self.user)):
            with within(field):
                _check_places(text)

    def __call__(self, actor: PromptedActor, comments: Sequence[Message]) -> list[ChatMessage]:
        """Fill in the places."""
        places = {
            "name": actor.name,
            "context": actor.context,
            "attributes": "\n".join(actor.attributes),
            "instructions": actor.instructions,
            "comments": _listed_comments(comments),
            "last_name": comments[-1].name if comments else "",
            "last_comment": comments[-1].text if comments else "",
        }
        return _chat(self.system.format(**places), self.user.format(**places))


def speak_prompt(actor: PromptedActor, comments: Sequence[Message]) -> list[ChatMessage]:
    """Ask for the next comment: the built-in format for participants and moderators."""
    if comments:
        task = f"{_listed_comments(comments, you=actor.name)}\n\nWrite the next comment, as {actor.name}."
    else:
        task = f"Nobody has said anything yet. Write the first comment, as {actor.name}."
    return _chat(_system(actor), f"{task} Reply with the comment alone.")


def annotate_prompt(actor: PromptedActor, comments: Sequence[Message]) -> list[ChatMessage]:
    """Ask for a label of the last comment: the built-in format for annotators."""
    earlier, last = comments[:-1], comments[-1]
    before = f"The comments before:\n\n{_listed_comments(earlier)}\n\n" if earlier else ""
    return _chat(_system(actor), f"{before}The comment to annotate:\n\n{_listed_comments([last])}")


def annotate_discussion_prompt(actor: PromptedActor, comments: Sequence[Message]) -> list[ChatMessage]:
    """Ask for a label of a participant, or of all: the form of the built-in format that shows a whole discussion."""
    return _chat(_system(actor), f"The discussion to annotate:\n\n{_listed_comments(comments)}")


def _check_places(template: str) -> None:
    """Raise `InvalidInputError` if a template has a place that does not exist."""
    for place in _places(template):
        if place not in _PLACES:
            allowed = ", ".join(f"{{{name}}}" for name in _PLACES)
            raise InvalidInputError(
                f"The template has a place {{{place}}} that does not exist."
                f"{suggestion(place, _PLACES)} It may have: {allowed}. Write {{{{ for a brace."
            )


def _places(text: str) -> list[str]:
    """Return the names of the places in a template; anything but a bare name is returned as it stands."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise InvalidInputError(f"The template {text!r} has a brace too many or too few: {error}.") from None
    return [
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in parsed
        if name is not None
    ]


def _system(actor: PromptedActor) -> str:
    traits = "\n".join(f"- {attribute}" for attribute in actor.attributes)
    name = f"Your name is {actor.name}." if actor.name else ""
    about = f"About you:\n{traits}" if traits else ""
    return "\n\n".join(part for part in (actor.context, name, about, actor.instructions) if part)


def _listed_comments(comments: Sequence[Message], you: str | None = None) -> str:
    """Return the comments as they were written, each under its author's name."""
    return "\n\n".join(f"{c.name}{' (you)' if c.name == you else ''}: {c.text}" for c in comments)


def _chat(system: str, user: str) -> list[ChatMessage]:
    messages = [ChatMessage("system", system.strip())] if system.strip() else []
    return [*messages, ChatMessage("user", user)]


BUILT_IN: Mapping[Callable[..., Any], str] = {
    speak_prompt: "syndisco_nb/speak/1",
    annotate_prompt: "syndisco_nb/annotate/1",
}
"""Version of each built-in format; it must change with the wording, so that records tell which one was used."""


def format_name(prompt_format: Callable[..., Any]) -> str:
    """Return the name under which a prompt format is recorded.

    It is the version of a built-in format, the text of a template, or the fingerprint of a function.
    """
    if isinstance(prompt_format, PromptTemplate):
        return f"{_TEMPLATE}{prompt_format.system!r}, {prompt_format.user!r}"
    for built_in, version in BUILT_IN.items():
        if prompt_format is built_in:
            return version
    return f"function: {function_fingerprint(prompt_format)}"


def prompt_format_of(name: str) -> Callable[..., Any] | None:
    """Return the prompt format that `format_name` gives this name; None for a user's own function."""
    if name.startswith(_TEMPLATE):
        try:
            system, user = ast.literal_eval(f"({name.removeprefix(_TEMPLATE)})")
            return PromptTemplate(system, user)
        except (ValueError, SyntaxError, TypeError):
            return None
    return next((built_in for built_in, version in BUILT_IN.items() if version == name), None)
