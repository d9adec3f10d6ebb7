"""Base of the two local chat models: chat template, queue of replies, and answers without the model's thoughts."""

import abc
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, MAX_TOKENS, ResolvedSampling
from syndisco_nb.backend.model.local.batching import Answered, BatchingModel, PendingRequest
from syndisco_nb.backend.model.local.chat_template import ChatTemplate, ParsedReply
from syndisco_nb.backend.model.local.reply_in_progress import ReplyInProgress
from syndisco_nb.backend.model.local.template_variables import DATE, TemplateVariables
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.thoughts import Thinking, cut_thoughts
from syndisco_nb.errors import ModelError, require
from syndisco_nb.records import ChatMessage, Sampling


class ChatModel(BatchingModel):
    """A model that answers chats, laid out by its own chat template.

    Parameters
    ----------
    name : str
        The name in transcripts.
    batch_tokens : int
        The largest batch, in tokens.
    sampling : Sampling
        Settings for requests that have none.
    thinking : bool or int, optional
        Whether the model thinks before it answers, or the largest number of tokens for that.
    date : str
        The date passed to the chat template.
    chat_template_kwargs : mapping, optional
        Further variables of the chat template.
    """

    sampling: Sampling
    _chat: ChatTemplate  # set by `_load`, as is the decoder
    _decoder: Any

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
        self._variables = TemplateVariables(thinking, date, dict(chat_template_kwargs or {}))
        refuse_secrets({"chat_template_kwargs": self._variables.extra})
        self._decoder = None
        self._queue: list[Any] = []  # replies that have not joined the batch

    @abc.abstractmethod
    def _row(
        self, pending: PendingRequest, prompt: list[int], sampling: Sampling, resolved: ResolvedSampling
    ) -> ReplyInProgress:
        """Return a new reply, as the decoder of this engine takes it; an error fails this request alone."""

    @abc.abstractmethod
    def _decode(self) -> list[Answered]:
        """Let queued replies join the batch, take it one step further, and return the requests that are answered."""

    @property
    def thinking(self) -> Thinking | None:
        """Whether the model thinks before it answers, or the largest number of tokens for that."""
        return self._variables.thinking

    @property
    def date(self) -> str:
        """The date passed to the chat template."""
        return self._variables.date

    @property
    def chat_template_kwargs(self) -> dict[str, Any]:
        """Further variables of the chat template."""
        return dict(self._variables.extra)

    def _chat_arguments(self) -> dict[str, Any]:
        """Return the arguments that the constructors of all models with a chat template share."""
        template = {name: getattr(self, name) for name in ("thinking", "date", "chat_template_kwargs")}
        return {**template, **self._sampling_arguments(DEFAULT_SAMPLING)}

    def _template_settings(self) -> dict[str, Any]:
        """Return the variables of the chat template as plain data."""
        extra = {key: repr(value) for key, value in self.chat_template_kwargs.items()}
        return {"thinking": self.thinking, "date": self.date, "chat_template_kwargs": extra}

    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, up to where the reply begins."""
        self._load()
        return self._chat.encode(messages)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all others that wait."""
        answer = await super().complete(request)
        notes = self._chat.label_notes if request.labels else self._chat.notes
        return replace(answer, notes=(*answer.notes, *notes)) if notes else answer

    def _encode_for_label(self, messages: Sequence[ChatMessage]) -> list[int]:
        return self._chat.encode_for_label(messages)

    def _label(self, text: str) -> list[int]:
        return self._chat.encode_text(text)

    def _label_ends(self) -> list[int]:
        return list(self._chat.ends)

    def _add(self, pending: PendingRequest) -> None:
        request = pending.request
        prompt, sampling = self.encode(request.messages), self._limited(request.sampling)
        resolved = ResolvedSampling.of(sampling, MAX_TOKENS)
        self._check_length(len(prompt), resolved.max_tokens)
        require(
            len(prompt) > 1,
            f"The chat template of {self.name!r} makes an empty prompt of this chat. Check the template.",
        )
        row = self._row(pending, prompt, sampling, resolved)
        if request.situation:
            request.situation.draft.read = functools.partial(self._draft, row.reply)
        self._queue.append(row)

    def _step(self) -> list[Answered]:
        abandoned = [row for row in (*self._decoder.rows, *self._queue) if row.pending.abandoned]
        self._queue = [row for row in self._queue if not row.pending.abandoned]
        self._decoder.drop(set(abandoned).intersection(self._decoder.rows))
        answered: list[Answered] = [(row.pending, None) for row in abandoned]
        return answered + self._decode() if self._queue or self._decoder.rows else answered

    def _answers(self, finished: Sequence[ReplyInProgress]) -> list[Answered]:
        """Return the answers of finished replies."""
        return [(row.pending, self._overflowed() if row.overflowed else self._completion(row)) for row in finished]

    def _limited(self, sampling: Sampling | None) -> Sampling:
        """Return the settings of a request, with the model's longest reply where they have none."""
        settings = sampling or self.sampling
        if settings.max_tokens:
            return settings
        return replace(settings, max_tokens=self.sampling.max_tokens or MAX_TOKENS)

    def _draft(self, reply: Sequence[int]) -> str:
        """Return the answer in an unfinished reply."""
        return self._chat.parse(reply).text

    def _completion(self, row: ReplyInProgress) -> Completion | ModelError:
        is_cut = row.reply[-1] not in self._chat.ends
        parsed = self._parse(row.reply, is_cut)
        if isinstance(parsed, ModelError):
            return parsed
        return Completion(
            text=parsed.text,
            finish_reason="length" if is_cut else "stop",
            sampling=row.sampling,
            prompt_tokens=len(row.prompt),
            completion_tokens=len(row.reply),
            seconds=row.pending.seconds,
            batch_size=row.pending.largest_batch,
            reasoning=parsed.reasoning,
            reasoning_tokens=parsed.reasoning_tokens,
        )

    def _parse(self, reply: Sequence[int], is_cut: bool) -> ParsedReply | ModelError:
        """Return the answer and reasoning of a finished reply, or an error if it has no answer."""
        parsed = self._chat.parse(reply)
        has_answer = not parsed.is_open and (parsed.text or not parsed.reasoning)
        if has_answer:
            return parsed
        if is_cut:
            return cut_thoughts(self.name, len(reply))
        return ModelError(
            f"{self.name} ended its reply with its reasoning, so it has no answer. Give thinking=False where the "
            "model can do without."
        )
