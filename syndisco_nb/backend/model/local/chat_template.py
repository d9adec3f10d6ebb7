"""A model's chat template: turns a chat into tokens, and the tokens of a reply into answer and reasoning.

Only the template may write control tokens. One in a message, such as `<|im_end|>`, reaches the model as text: a private
mark is put inside it before the template is rendered, and the text is cut there before it is encoded, so that the
tokenizer never sees it whole.
"""

import bisect
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from syndisco_nb.backend.model.local.chat_tokenizer import ChatTokenizer, LooseChat
from syndisco_nb.backend.model.local.template_variables import TemplateVariables
from syndisco_nb.backend.model.thoughts import CHANNEL, MARKS, split_thoughts
from syndisco_nb.errors import ModelError
from syndisco_nb.records import ChatMessage

logger = logging.getLogger(__name__)

_PRIVATE = range(0xE000, 0xF900)  # characters without a meaning
_USER, _REPLY, _AGAIN, _SYSTEM = (
    ChatMessage("user", "\u2063one\u2063"),  # a text that stands in no template
    ChatMessage("assistant", "\u2063two\u2063"),
    ChatMessage("user", "\u2063three\u2063"),
    ChatMessage("system", "\u2063four\u2063"),
)


class ParsedReply(NamedTuple):
    """A reply, divided into answer and reasoning; `is_open` if it ends before the answer begins."""

    text: str
    reasoning: str | None = None
    reasoning_tokens: int = 0
    is_open: bool = False


class ChatTemplate:
    """A chat template with its tokenizer. Its abilities are found out once, by rendering test chats.

    Parameters
    ----------
    tokenizer : ChatTokenizer
    variables : TemplateVariables
        Further variables of the template.
    name : str
        The name of the model in errors.

    Attributes
    ----------
    ends : tuple of int
        The tokens that end a reply: the one that the template puts after a reply, and those of `end_with`.
    notes, label_notes : tuple of str
        Deviations from the request, for the record of each reply and each label.

    Raises
    ------
    ModelError
        If the template leaves out messages, or cannot switch thinking as requested.
    """

    def __init__(self, tokenizer: ChatTokenizer, variables: TemplateVariables, name: str) -> None:
        self._tokenizer, self._name = tokenizer, name
        control = sorted({token for token in tokenizer.control if len(token) > 1}, key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, control)) or "(?!)")
        self._first_of_control = re.compile(f"(?=(?:{self._control.pattern}))(.)", re.DOTALL)
        self._context = variables.context(tokenizer.template, name)
        self._in_parts, self._takes_system = self._layout()
        thinking_suffix = self._thinking_suffix(self._context)
        self._suffix = thinking_suffix if variables.thinking is False else ""
        self._opens_reasoning = bool(self._end_of_opened(self._context)) and not self._suffix
        self.notes = variables.notes(tokenizer.template, name, always=bool(thinking_suffix))
        self._label_context = variables.label_context(tokenizer.template, name)
        self._label_suffix = self._thinking_suffix(self._label_context)
        for_reply = self._render([_USER], self._context) + self._suffix
        for_label = self._render([_USER], self._label_context) + self._label_suffix
        is_switched = for_reply != for_label
        self.label_notes = ("Labelled without thinking: a label is scored as the whole answer.",) * is_switched
        marks = [(self._control_token(begin), self._control_token(end)) for begin, end in MARKS]
        self._thought_tokens = [(begin, end) for begin, end in marks if begin is not None and end is not None]
        self.ends: tuple[int, ...] = ()
        self.end_with(self._turn_end())

    def end_with(self, tokens: Sequence[int]) -> None:
        """Add tokens that end a reply."""
        self.ends = tuple(dict.fromkeys((*tokens, *self.ends)))
        spelled = [self._tokenizer.decode([end], special=True).strip() for end in self.ends]
        marks = "|".join(map(re.escape, filter(None, spelled))) or "(?!)"
        self._spelled_end = re.compile(rf"\s*(?:{marks})\s*(?:(?:{self._control.pattern}).*)?\Z", re.DOTALL)

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, up to where the reply begins."""
        return self._encode(messages, self._context, self._suffix)

    def encode_for_label(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, up to where a label begins: after anything the model would think first."""
        return self._encode(messages, self._label_context, self._label_suffix)

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text such as a label, without special ones at its beginning or end."""
        return self._tokenizer.encode(text)

    def parse(self, reply: Sequence[int]) -> ParsedReply:
        """Return answer and reasoning of a reply, finished or not."""
        tokens = list(reply[:-1] if reply and reply[-1] in self.ends else reply)
        if not tokens:
            return ParsedReply("", is_open=self._opens_reasoning)
        begin = self._reopened_at(tokens)
        if not begin:
            return self._parse_tokens(tokens)
        before = self._parse_tokens(tokens[:begin])
        thought = self._tokenizer.decode(tokens[begin + 1 :], special=True).strip()
        reasoning = "\n\n".join(filter(None, (before.reasoning, thought))) or None
        text = before.text.rstrip()
        return ParsedReply(text, reasoning, before.reasoning_tokens + len(tokens) - begin, before.is_open or not text)

    def _parse_tokens(self, tokens: Sequence[int]) -> ParsedReply:
        words = self._tokenizer.decode(tokens, special=True)
        reasoning, answer, is_open = split_thoughts(words, self._opens_reasoning)
        if answer == words:
            return ParsedReply(self._spelled_end.sub("", self._tokenizer.decode(tokens, special=False)))
        count = len(tokens) if is_open else self._count_thoughts(tokens) if reasoning else 0
        answer = self._control.sub("", self._spelled_end.sub("", answer)).strip()
        return ParsedReply(answer, reasoning, count, is_open)

    def _reopened_at(self, tokens: Sequence[int]) -> int:
        """Return the place of a mark after other words that opens reasoning up to the end of the reply; 0 if none does.

        Only marks that are control tokens count: the same ones spelled out may be part of the answer.
        """
        for begin, end in self._thought_tokens:
            closed = len(tokens) - tokens[::-1].index(end) if end in tokens else 0
            if begin in tokens[closed:]:
                return tokens.index(begin, closed)
        return 0

    def _control_token(self, text: str) -> int | None:
        """Return the control token with this text, or None."""
        if text not in self._tokenizer.control:
            return None
        tokens = self._tokenizer.encode(text)
        return next((token for token in tokens if self._tokenizer.decode([token], special=True).strip() == text), None)

    def _count_thoughts(self, tokens: Sequence[int]) -> int:
        """Return the number of tokens up to the end of the reasoning."""

        def is_closed(count: int) -> bool:
            thoughts = split_thoughts(self._tokenizer.decode(tokens[:count], special=True), self._opens_reasoning)
            return thoughts.reasoning is not None and not thoughts.open

        return bisect.bisect_left(range(len(tokens)), x=True, key=is_closed)

    def _encode(self, messages: Sequence[ChatMessage], context: Mapping[str, Any], suffix: str) -> list[int]:
        contents = "".join(message.content for message in messages)
        if not any(self._control.search(message.content) for message in messages):
            return self._tokenizer.encode(self._render(messages, context) + suffix)
        mark = next(chr(code) for code in _PRIVATE if chr(code) not in contents + self._tokenizer.template)
        marked = [
            ChatMessage(message.role, self._first_of_control.sub(rf"\1{mark}", message.content)) for message in messages
        ]
        first, *others = (self._render(marked, context) + suffix).split(mark)
        return [*self._tokenizer.encode(first), *(token for text in others for token in self._encode_inner(text))]

    def _encode_inner(self, text: str) -> list[int]:
        """Return the tokens of a text inside a prompt: some tokenizers add a space at the beginning of a text."""
        before = self._tokenizer.encode("\n")
        tokens = self._tokenizer.encode(f"\n{text}")
        return tokens[len(before) :] if tokens[: len(before)] == before else self._tokenizer.encode(text)

    def _render(self, messages: Sequence[ChatMessage], context: Mapping[str, Any], prompt: bool = True) -> str:
        """Return the text that the template makes of a chat, or raise a `ModelError`."""
        try:
            return self._render_unchecked(messages, context, prompt)
        except Exception as error:  # a template may raise any error
            raise ModelError(
                f"The chat template of {self._name!r} cannot lay out this chat: {_brief(error)}."
            ) from error

    def _render_unchecked(
        self, messages: Sequence[ChatMessage], context: Mapping[str, Any], prompt: bool = True
    ) -> str:
        chat: LooseChat = [{"role": message.role, "content": message.content} for message in messages]
        if not self._takes_system:
            chat = fold_system(chat)
        if self._in_parts:
            chat = [{**message, "content": [{"type": "text", "text": message["content"]}]} for message in chat]
        return self._tokenizer.render(chat, prompt, context)

    def _layout(self) -> tuple[bool, bool]:
        """Return whether the template takes contents in parts, and whether it takes a system message."""
        faults = []
        for in_parts in (False, True):
            for takes_system in (True, False):
                self._in_parts, self._takes_system = in_parts, takes_system
                faults.append(self._fault([_USER]) or self._fault([_USER, _REPLY, _AGAIN]))
                if not faults[-1] and not self._fault([_SYSTEM, _USER]):
                    if not takes_system:
                        logger.info("the chat template takes no system message; it goes into the user's")
                    return in_parts, takes_system
        raise ModelError(
            f"The chat template of {self._name!r} cannot be used: {faults[0] or 'it has no place for instructions'}. "
            'Give another with tokenizer_kwargs={"chat_template": ...}.'
        )

    def _fault(self, messages: Sequence[ChatMessage]) -> str:
        """Return the fault of the template with these messages, or "": one is left out, or it raises an error."""
        try:
            text = self._render_unchecked(messages, self._context)
        except Exception as error:
            return _brief(error)
        missing = [message.role for message in messages if message.content not in text]
        return f"it leaves out a message by the {missing[0]}" if missing else ""

    def _end_of_opened(self, context: Mapping[str, Any]) -> str:
        """Return the end mark of the reasoning that the template opens at the end of a prompt, or ""."""
        prompt = self._render([_USER], context).rstrip()
        return next((end for begin, end in MARKS if prompt.endswith(begin)), "")

    def _thinking_suffix(self, context: Mapping[str, Any]) -> str:
        """Return the text between a prompt and the answer of a model that always thinks; "" for other models."""
        if opened := self._end_of_opened(context):
            return f"\n{opened}\n\n"
        # Other templates write that text themselves, before the words of an assistant.
        prompt = self._render([_USER], context)
        before = self._render([_USER, _REPLY], context, prompt=False).partition(_REPLY.content)[0]
        between = before.removeprefix(prompt) if before.startswith(prompt) else ""
        return between if any(begin in between for begin in (CHANNEL, *dict(MARKS))) else ""

    def _turn_end(self) -> list[int]:
        """Return the control token that the template puts after an assistant's words, if it is one."""
        text = self._render([_USER, _REPLY, _AGAIN], self._context, prompt=False)
        end = self._control.match(text.partition(_REPLY.content)[2].lstrip())
        if not end or CHANNEL in self._tokenizer.template:  # with channels, reasoning ends with the same token
            return []
        tokens = self._tokenizer.encode(end[0])
        return tokens if len(tokens) == 1 else []


def fold_system(chat: LooseChat) -> LooseChat:
    """Put the system message before the first user message."""
    if len(chat) < 2 or chat[0]["role"] != "system":
        return chat
    return [{"role": chat[1]["role"], "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}, *chat[2:]]


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
