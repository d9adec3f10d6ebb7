"""Score labels by one token of an answer, where the server tells how probable each first token was."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from syndisco_nb.backend.model.request import Completion, Request, scored_completion
from syndisco_nb.backend.model.server.first_tokens import MOST_TOKENS, label_shares
from syndisco_nb.backend.model.server.request_body import request_body
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.backend.model.server.workarounds import Body
from syndisco_nb.backend.model.thoughts import CHANNEL, MARKS
from syndisco_nb.records import Sampling

logger = logging.getLogger(__name__)

SCORED = "probabilities are those of each label's first token"
"""The beginning of the note on a label with probabilities."""

REFUSED = "labels without probabilities: the server refuses to tell them"
"""The note on a label whose probabilities a server refused to tell."""

_THINKS = "labels without probabilities: the model thinks before it answers"
_UNTOLD = "labels without probabilities: the server tells none"
_UNCLEAR = "a label without probabilities: the likeliest first tokens do not tell them"
_THOUGHTS = tuple(mark.encode() for mark in (CHANNEL, *(begin for begin, _ in MARKS)))


class LabelScoring:
    """Scores labels by the first token of an answer, until the server is found not to tell the probabilities.

    Parameters
    ----------
    server : str
        The server's name in the log.
    thinks : bool
        Whether the model was asked to think.

    Attributes
    ----------
    unfit : str
        The note why no label can be scored; "" as long as nothing is known against it.
    """

    def __init__(self, server: str, thinks: bool) -> None:
        self._server = server
        self.unfit = _THINKS if thinks else ""
        self._logged = thinks
        self._first = asyncio.Lock()
        self._is_found_out = False

    @contextlib.asynccontextmanager
    async def found_out(self) -> AsyncIterator[None]:
        """Return a context for one label: those that come beside the first wait for what is found out by it."""
        if not self._is_found_out:
            async with self._first:
                if not self._is_found_out:
                    try:
                        yield
                    finally:  # after an error as well: else the others would fail one after the other
                        self._is_found_out = True
                    return
        yield

    def body(self, model_name: str, request: Request, fields: Mapping[str, Any]) -> Body:
        """Return the body of a request for one token and for the probabilities of all that could stand there.

        Parameters
        ----------
        model_name : str
            The model's name on the server.
        request : Request
        fields : mapping
            Further fields.
        """
        bare = request_body(model_name, replace(request, labels=()), Sampling(max_tokens=1), fields)
        # A temperature of 1 leaves probabilities as they are; not sent, a server might use another one.
        return {**bare, "temperature": 1, "logprobs": True, "top_logprobs": MOST_TOKENS}

    def read(
        self, request: Request, reply: ServerAnswer, seconds: float, sent: Body, notes: tuple[str, ...]
    ) -> Completion | str:
        """Return the likeliest label with the probabilities of all, or a note why there are none.

        Parameters
        ----------
        request : Request
        reply, seconds, sent, notes
            As in `Answered`.
        """
        tokens = reply.first_tokens
        if reply.reasoning or max(tokens, key=tokens.__getitem__, default=b"").strip().startswith(_THOUGHTS):
            return self._give_up(_THINKS)
        if not tokens:
            # Of a drawn token that is a part of a character, llama.cpp tells nothing; of the next one it does.
            return self._give_up(_UNTOLD) if reply.text.strip("\ufffd") else _UNCLEAR
        shares = label_shares(request.labels, tokens)
        if not shares or reply.ending == "filtered":
            return _UNCLEAR
        note = f"{SCORED}, among the {sent['top_logprobs']} likeliest tokens"
        self._log(logging.INFO, note)
        scored = scored_completion(request.labels, *shares, reply.prompt_tokens, seconds, reply.batch_size)
        return replace(scored, completion_tokens=reply.completion_tokens, notes=(*notes, *reply.notes, note))

    def answered_otherwise(self, note: str) -> None:
        """Take note that a request was answered that could not be scored: if that was refused, others would be, too.

        Parameters
        ----------
        note : str
            The reason why it could not be scored.
        """
        if note == REFUSED:
            self._give_up(note)

    def _give_up(self, note: str) -> str:
        self.unfit = note
        self._log(logging.WARNING, note)
        return note

    def _log(self, level: int, note: str) -> None:
        if not self._logged:
            logger.log(level, "%s: %s", self._server, note)
        self._logged = True
