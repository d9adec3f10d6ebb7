"""What models that live in this process have in common: a chat template, and thoughts that are not spoken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from syndisco_nb.backend.model.base import MAX_TOKENS, Completion, Request
from syndisco_nb.backend.model.local.batching import BatchingModel, Waiting
from syndisco_nb.backend.model.local.chat import Chat, Spoken
from syndisco_nb.backend.model.local.switches import DATE, Switches
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.thoughts import Thinking, cut_thoughts
from syndisco_nb.errors import ModelError
from syndisco_nb.records import ChatMessage, Sampling


class Written(Protocol):
    """A reply in the making, whichever engine writes it; attributes as in `decoding.Row`."""

    waiting: Waiting
    prompt: list[int]
    reply: list[int]
    sampling: Sampling


class ChatModel(BatchingModel):
    """A model that is sent chats, laid out by its own chat template.

    Parameters
    ----------
    name : str
        What transcripts call the model.
    batch_tokens : int
        The largest batch, in tokens.
    sampling : Sampling
        How replies are drawn.
    thinking : bool or int, optional
        Whether the model is to think before it answers, or for how many tokens at most.
    date : str
        The date that the chat template is told, if it asks.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template.
    """

    sampling: Sampling
    _chat: Chat  # made by `_load`

    def __init__(
        self,
        name: str,
        batch_tokens: int,
        sampling: Sampling,
        thinking: Thinking | None = None,
        date: str = DATE,
        chat_template_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(name, batch_tokens)
        self.sampling = sampling
        self._switches = Switches(thinking, date, dict(chat_template_kwargs or {}))
        refuse_secrets("chat_template_kwargs", self._switches.extra)

    @property
    def thinking(self) -> Thinking | None:
        """Whether the model is to think before it answers, or for how many tokens at most; None by default."""
        return self._switches.thinking

    @property
    def date(self) -> str:
        """The date that the chat template is told."""
        return self._switches.date

    @property
    def chat_template_kwargs(self) -> dict[str, Any]:
        """Further variables of the chat template."""
        return dict(self._switches.extra)

    def _template_settings(self) -> dict[str, Any]:
        """Return, as plain data, what decides how a chat is laid out, besides the template."""
        extra = {key: repr(value) for key, value in self.chat_template_kwargs.items()}
        return {"thinking": self.thinking, "date": self.date, "chat_template_kwargs": extra}

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, laid out by the model's chat template, ready for the reply."""
        self._load()
        return self._chat.encode(messages)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all that wait."""
        answer = await super().complete(request)
        notes = self._chat.label_notes if request.labels else self._chat.notes
        return replace(answer, notes=(*answer.notes, *notes)) if notes else answer

    def _encode_for_label(self, messages: Sequence[ChatMessage]) -> list[int]:
        return self._chat.encode_for_label(messages)

    def _limited(self, sampling: Sampling | None) -> Sampling:
        """Return a request's settings, with this model's limit where they have none."""
        given = sampling or self.sampling
        return given if given.max_tokens else replace(given, max_tokens=self.sampling.max_tokens or MAX_TOKENS)

    def _draft(self, reply: Sequence[int]) -> str:
        """Return what a reply says, as far as it is written."""
        return self._chat.read(reply).text

    def _completion(self, row: Written) -> Completion | ModelError:
        """Return the answer that a reply is; an error, if it has none."""
        is_cut = row.reply[-1] not in self._chat.ends
        spoken = self._spoken(row.reply, is_cut)
        if isinstance(spoken, ModelError):
            return spoken
        return Completion(
            text=spoken.text,
            finish_reason="length" if is_cut else "stop",
            sampling=row.sampling,
            prompt_tokens=len(row.prompt),
            completion_tokens=len(row.reply),
            seconds=row.waiting.seconds,
            batch_size=row.waiting.beside,
            reasoning=spoken.reasoning,
            reasoning_tokens=spoken.reasoning_tokens,
        )

    def _spoken(self, reply: Sequence[int], is_cut: bool) -> Spoken | ModelError:
        """Return what a reply says; an error, if it has no answer."""
        spoken = self._chat.read(reply)
        if is_cut and (spoken.is_open or (spoken.reasoning and not spoken.text)):
            return cut_thoughts(self.name, len(reply))
        if spoken.is_open or (spoken.reasoning and not spoken.text):
            return ModelError(
                f"{self.name} ended its reply with its reasoning, so it has no answer. Give thinking=False where the "
                "model can do without."
            )
        return spoken
