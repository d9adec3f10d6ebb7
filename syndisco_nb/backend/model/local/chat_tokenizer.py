"""The interface that chat templates need of a tokenizer, whatever engine it belongs to."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

LooseChat = Sequence[Mapping[str, Any]]
"""A chat in the form that templates take: role and content of each message."""

_SHAPE = re.compile(r"[<\[◁]\S*\w\S*[>\]▷]")


class ChatTokenizer(Protocol):
    """A tokenizer with a chat template, of either engine.

    Attributes
    ----------
    template : str
        The source of the template.
    control : list of str
        The tokens that are recognised anywhere in a text.
    """

    template: str
    control: list[str]

    def render(self, chat: LooseChat, prompt: bool, context: Mapping[str, Any]) -> str:
        """Return the text that the template makes of a chat.

        Parameters
        ----------
        chat : sequence of mapping
        prompt : bool
            Whether to add the beginning of a reply.
        context : mapping
            Further variables of the template.
        """
        ...

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without special ones at its beginning or end."""
        ...

    def decode(self, tokens: Sequence[int], special: bool) -> str:
        """Return the text of tokens.

        Parameters
        ----------
        tokens : sequence of int
        special : bool
            Whether to include special tokens.
        """
        ...


def looks_like_control(token: str) -> bool:
    """Return whether a token is written like a control token: in brackets.

    Examples
    --------
    >>> [looks_like_control(token) for token in ("<|im_end|>", "[INST]", "<think>", "[]", "the")]
    [True, True, True, False, False]
    """
    return _SHAPE.fullmatch(token) is not None
