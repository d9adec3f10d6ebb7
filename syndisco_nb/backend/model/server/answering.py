"""Answer requests by the chat completions of a server: replies, and labels in the best way that the server has."""

import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from syndisco_nb.backend.model.request import Completion, Draft, Request
from syndisco_nb.backend.model.server.capabilities import Capabilities
from syndisco_nb.backend.model.server.connection import Connection
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.label_scoring import REFUSED, LabelScoring
from syndisco_nb.backend.model.server.request_body import STREAMED, label_in, request_body, sampling_sent
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.backend.model.server.workarounds import WHOLE, Body, known_workarounds
from syndisco_nb.backend.model.thoughts import cut_thoughts
from syndisco_nb.errors import ModelError, UnavailableError
from syndisco_nb.records import Sampling
from syndisco_nb.seeds import Purpose, derive

SendElsewhere = Callable[[Body, Body], Awaitable[ServerAnswer | Fault]]
"""Sends a request in another way. Takes the fields as the server accepts them, and all that were asked for."""

_TRIES = 3  # draws of a reply without an answer, or of a label that is not allowed
_OF_THE_SERVER = (401, 404)  # a key that has run out, another model after a restart
_JSON_TOKENS = 32  # of the JSON around a label


class Answered(NamedTuple):
    """An answer of a server.

    Attributes
    ----------
    reply : ServerAnswer
    seconds : float
        The time it took.
    sent : dict
        The fields of the request, as they were sent.
    notes : tuple of str
        The changes to the request.
    """

    reply: ServerAnswer
    seconds: float
    sent: Body
    notes: tuple[str, ...]


class Answering:
    """Answers requests by the chat completions of a server.

    Parameters
    ----------
    server : str
        The server's name in errors and in the log.
    model_name : str
        The model's name on the server.
    sampling : Sampling
        The settings for requests without their own.
    fields : mapping
        Further fields of every request.
    connection : Connection
    thinks : bool
        Whether the model was asked to think, so that its first token is no label.
    """

    def __init__(
        self,
        server: str,
        model_name: str,
        sampling: Sampling,
        fields: Mapping[str, Any],
        connection: Connection,
        thinks: bool,
    ) -> None:
        self._server = server
        self._model_name = model_name
        self._sampling = sampling
        self._fields = fields
        self._connection = connection
        self._elsewhere: SendElsewhere | None = None
        self._capabilities = Capabilities(server, known_workarounds(connection.base_url))
        self._scoring = LabelScoring(server, thinks)

    def sent_by(self, send: SendElsewhere) -> "Answering":
        """Return the same with another way of sending; both know what the server accepts."""
        other = copy.copy(self)
        other._elsewhere = send
        return other

    async def hello(self, request: Request, without: tuple[str, ...], patience_s: float) -> None:
        """Ask for a reply of a single token, to find out whether the model is there.

        Parameters
        ----------
        request : Request
        without : tuple of str
            Fields that are not sent.
        patience_s : float
            As in `Retrying.ask`.
        """
        body = request_body(self._model_name, request, replace(self._sampling, max_tokens=1), self._fields)
        answer = await self._ask({name: value for name, value in body.items() if name not in without}, patience_s)
        if isinstance(answer, Fault):
            raise refusal(self._server, answer)

    async def reply(self, request: Request, patience_s: float) -> Completion:
        """Return the reply; one with reasoning but without an answer is drawn again.

        Parameters
        ----------
        request : Request
        patience_s : float
            As in `Retrying.ask`.
        """
        asked = request.sampling or self._sampling
        for number in range(_TRIES):
            again = (f"draw {number + 1}: the one before held thoughts and no answer",) if number else ()
            body = request_body(self._model_name, _redrawn(request, Purpose.ANSWER, number), asked, self._fields)
            draft = None if self._elsewhere else _watched_draft(request)
            if draft:
                body = {**STREAMED, **body}
            answer = await self._ask(body, patience_s, draft)
            if isinstance(answer, Fault):
                raise self._error(answer, patience_s)
            reply, seconds, sent, notes = answer
            if "stream" in sent and not reply.completion_tokens:
                self._capabilities.learn([WHOLE])  # it counts the tokens of whole answers at best
            sampling = sampling_sent(sent, asked)
            if reply.ending == "filtered":
                raise ModelError(f"{self._server} withheld an answer: its content filter struck. Change the prompt.")
            if reply.ending == "length" and not reply.text:  # not a silence: it was cut off before the answer
                raise cut_thoughts(self._server, sampling.max_tokens)
            if reply.text or not reply.reasoning:
                return _completion(reply, sampling, seconds, (*notes, *reply.notes, *again))
        raise ModelError(
            f"{self._server} gave {_TRIES} answers that hold only reasoning, and nothing said. Give thinking=False, or "
            "look into the server's settings for reasoning."
        )

    async def label(self, request: Request, patience_s: float) -> Completion:
        """Return the likeliest label with the probabilities of all, or else an answer that holds nothing but a label.

        Parameters
        ----------
        request : Request
        patience_s : float
            As in `Retrying.ask`.
        """
        async with self._scoring.found_out():
            return await self._label(request, patience_s)

    async def _label(self, request: Request, patience_s: float) -> Completion:
        scored = await self._scored(request, patience_s)
        if isinstance(scored, Completion):
            return scored
        for number in range(_TRIES):
            completion = await self._constrained(_redrawn(request, Purpose.LABEL, number), patience_s)
            if completion.text in request.labels:
                break
        self._scoring.answered_otherwise(scored)
        return replace(completion, notes=(*completion.notes, scored))

    async def _scored(self, request: Request, patience_s: float) -> Completion | str:
        """Return the label with its probabilities, or a note why there are none."""
        if self._scoring.unfit:
            return self._scoring.unfit
        answer = await self._ask(self._scoring.body(self._model_name, request, self._fields), patience_s)
        return REFUSED if isinstance(answer, Fault) else self._scoring.read(request, *answer)

    async def _constrained(self, request: Request, patience_s: float) -> Completion:
        sampling = request.sampling or self._sampling
        if sampling.max_tokens is not None:
            needed = max(map(len, request.labels)) + _JSON_TOKENS
            sampling = replace(sampling, max_tokens=max(sampling.max_tokens, needed))
        completion = await self.reply(replace(request, sampling=sampling), patience_s)
        label = label_in(completion.text)
        return replace(completion, text=label) if label in request.labels else completion

    def _error(self, fault: Fault, patience_s: float) -> ModelError:
        """Return the error of a refusal: of a server that served before, another one may do better."""
        error = refusal(self._server, fault)
        return UnavailableError(*error.args) if not patience_s and fault.status in _OF_THE_SERVER else error

    async def _ask(self, body: Body, patience_s: float, draft: Draft | None = None) -> Answered | Fault:
        def send(fields: Body, no_retry: Callable[[Fault], bool]) -> Any:
            return self._connection.chat(fields, patience_s, no_retry, draft)

        if self._elsewhere:
            form, notes = self._capabilities.known_form(body)
            reply = await self._elsewhere(form, body)
            return reply if isinstance(reply, Fault) else Answered(reply, 0.0, form, notes)
        answer = await self._capabilities.ask(body, send)
        if isinstance(answer, Fault):
            return answer
        (reply, seconds), sent, notes = answer
        return Answered(reply, seconds, sent, notes)


def _watched_draft(request: Request) -> Draft | None:
    """Return the draft of a reply that somebody may be looking at: to stream costs ten times the work of a reply."""
    draft = request.situation.draft if request.situation and not request.labels else None
    return draft if draft and draft.is_wanted else None


def refusal(server: str, fault: Fault) -> ModelError:
    """Return the error of a request that a server refused.

    Parameters
    ----------
    server : str
        The server's name.
    fault : Fault
    """
    return ModelError(f"{server} refused: {fault.cause}. {fault.remedy}")


def _redrawn(request: Request, purpose: Purpose, number: int) -> Request:
    """Return the request with the seed of this draw; the first draw has the request's own."""
    return replace(request, seed=derive(request.seed, purpose, number)) if number else request


def _completion(reply: ServerAnswer, sampling: Sampling, seconds: float, notes: tuple[str, ...]) -> Completion:
    return Completion(
        text=reply.text,
        finish_reason="length" if reply.ending == "length" else "stop",
        sampling=sampling,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        seconds=seconds,
        batch_size=reply.batch_size,
        reasoning=reply.reasoning,
        reasoning_tokens=reply.reasoning_tokens,
        notes=notes,
    )
