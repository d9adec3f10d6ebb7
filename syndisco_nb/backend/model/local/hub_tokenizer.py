"""The tokenizer of transformers, with the interface of `ChatTokenizer`."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.backend.model.local.chat_tokenizer import LooseChat, looks_like_control
from syndisco_nb.backend.model.local.template_variables import fixed_date


class HubTokenizer:
    """A tokenizer of transformers as a `ChatTokenizer`.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
    day : datetime.datetime
        Today's date for the template.
    """

    def __init__(self, tokenizer: Any, day: datetime.datetime) -> None:
        self._tokenizer = tokenizer
        self.template = fixed_date(str(tokenizer.get_chat_template()), day)
        added = tokenizer.added_tokens_decoder.values()
        self.control = [token.content for token in added if token.special or looks_like_control(token.content)]

    def render(self, chat: LooseChat, prompt: bool, context: Mapping[str, Any]) -> str:
        """Return the text that the template makes of a chat; see `ChatTokenizer`."""
        options = {**context, "chat_template": self.template, "add_generation_prompt": prompt, "tokenize": False}
        return str(self._tokenizer.apply_chat_template([dict(message) for message in chat], **options))

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without a BOS: the template writes it."""
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def decode(self, tokens: Sequence[int], special: bool) -> str:
        """Return the text of tokens; see `ChatTokenizer`."""
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=not special))
