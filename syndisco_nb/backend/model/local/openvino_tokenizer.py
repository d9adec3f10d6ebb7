"""The tokenizer of openvino-genai, with the interface of `ChatTokenizer`."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.model.local.chat_tokenizer import LooseChat, looks_like_control
from syndisco_nb.backend.model.local.template_variables import fixed_date


class OpenVINOTokenizer:
    """A tokenizer of openvino-genai as a `ChatTokenizer`.

    Parameters
    ----------
    tokenizer : openvino_genai.Tokenizer
    day : datetime.datetime
        Today's date for the template.
    """

    def __init__(self, tokenizer: Any, day: datetime.datetime) -> None:
        self._tokenizer = tokenizer
        self.template = fixed_date(str(tokenizer.chat_template), day)
        self.control = list(self._control())

    def render(self, chat: LooseChat, prompt: bool, context: Mapping[str, Any]) -> str:
        """Return the text that the template makes of a chat; see `ChatTokenizer`."""
        return str(
            self._tokenizer.apply_chat_template(
                [dict(message) for message in chat],
                add_generation_prompt=prompt,
                chat_template=self.template,
                extra_context=dict(context),
            )
        )

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without special ones at its beginning or end."""
        return [int(token) for token in self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0]]

    def decode(self, tokens: Sequence[int], special: bool) -> str:
        """Return the text of tokens; see `ChatTokenizer`."""
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=not special)) if tokens else ""

    def _control(self) -> Iterator[str]:
        """Yield the control tokens, which the engine does not list: those that `skip_special_tokens` hides."""
        vocabulary = self._tokenizer.get_vocab().items()
        bracketed = [number for token, number in vocabulary if re.search("[<>[\\]◁▷]", token.decode(errors="ignore"))]
        shown, hidden = (
            self._tokenizer.decode([[number] for number in bracketed], skip_special_tokens=skip)
            for skip in (False, True)
        )
        for number, text, rest in zip(bracketed, shown, hidden, strict=True):
            if text != rest or (looks_like_control(text) and self.encode(text) == [number]):
                yield text
