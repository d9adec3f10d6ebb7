"""The part that both local chat models share, on a decoder that repeats a script."""

import asyncio
import datetime
import time

import pytest
from support import tiny

from syndisco_nb import ChatMessage, Request, Sampling
from syndisco_nb.backend.model.base import DEFAULT_SAMPLING
from syndisco_nb.backend.model.local.chat_model import ChatModel
from syndisco_nb.backend.model.local.chat_template import ChatTemplate
from syndisco_nb.backend.model.local.hub_tokenizer import HubTokenizer
from syndisco_nb.backend.model.local.reply_in_progress import ReplyInProgress
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.errors import InvalidInputError, ModelError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

DAY = datetime.datetime(2026, 1, 1)


class ScriptDecoder:
    """Gives every row the tokens of a script, one per step, with room for so many rows."""

    def __init__(self, script, ends, room=100):
        self.script, self.ends, self.room, self.rows, self.dropped, self.joined = script, ends, room, [], [], []

    def drop(self, rows):
        self.dropped += rows
        self.rows = [row for row in self.rows if row not in rows]

    def step(self, queue):
        while queue and len(self.rows) < self.room:
            self.rows.append(queue.pop(0))
            self.joined.append(self.rows[-1])
        for row in self.rows:
            row.overflowed = self.script is None
            if self.script:
                row.reply.append(self.script[len(row.reply)])
        finished = [row for row in self.rows if row.is_finished(self.ends)]
        self.rows = [row for row in self.rows if row not in finished]
        return finished


class Scripted(ChatModel):
    """Says its script, whatever it is asked."""

    def __init__(self, script, **settings):
        super().__init__("m", 1000, settings.pop("sampling", DEFAULT_SAMPLING), **settings)
        self.tokenizer = tiny.word_tokenizer(added="<think> </think>")
        self.script = script and self.tokenizer.convert_tokens_to_ids(script.split())
        self.looks = []

    def _load(self):
        if self._decoder is None:
            self._chat = ChatTemplate(HubTokenizer(self.tokenizer, DAY), self._variables, "m")
            self._decoder = ScriptDecoder(self.script, self._chat.ends)

    def _row(self, *settings):
        return ReplyInProgress(*settings)

    def _decode(self):
        for look in self.looks:
            look()
        return self._answers(self._decoder.step(self._queue))

    def _check_length(self, prompt, reply):
        if prompt + reply > 900:
            raise ModelError("too long")

    def _scorer(self):
        raise NotImplementedError


def asking(text="Tax?", situation=None, **sampling):
    return Request((ChatMessage("user", text),), 1, Sampling(**sampling) if sampling else None, situation=situation)


def ask(model, *requests, errors=False):
    async def gathering():
        return await asyncio.gather(*map(model.complete, requests), return_exceptions=errors)

    return run_sync(gathering())


SAID = "I agree fully <|im_end|>"


def test_a_reply_becomes_an_answer_with_its_record():
    model = Scripted(SAID)
    (answer,) = ask(model, asking(temperature=0.5, max_tokens=9))
    assert (answer.text, answer.finish_reason, answer.completion_tokens) == ("I agree fully", "stop", 4)
    assert (answer.sampling, answer.batch_size) == (Sampling(temperature=0.5, max_tokens=9), 1)
    assert answer.prompt_tokens == len(model.encode(asking().messages))


def test_a_reply_is_cut_at_its_limit_or_else_at_that_of_the_model():
    model = Scripted(SAID, sampling=Sampling(max_tokens=2))
    short, default, unlimited = ask(model, asking(max_tokens=1), asking(), asking(temperature=0.5, max_tokens=None))
    assert [one.text for one in (short, default, unlimited)] == ["I", "I agree", "I agree"]
    assert {one.finish_reason for one in (short, default, unlimited)} == {"length"}
    assert unlimited.sampling == Sampling(temperature=0.5, max_tokens=2)


@pytest.mark.parametrize(
    ("script", "text", "thought"),
    [(f"<think> hm so </think> {SAID}", "I agree fully", "hm so"), (SAID, "I agree fully", None)],
)
def test_thoughts_are_apart_from_the_answer(script, text, thought):
    (answer,) = ask(Scripted(script), asking())
    assert (answer.text, answer.reasoning) == (text, thought)


@pytest.mark.parametrize(
    ("limit", "message"),
    [(3, "used up all 3 tokens for reasoning"), (9, "ended its reply with its reasoning, so it has no answer")],
)
def test_a_reply_without_an_answer_is_an_error(limit, message):
    with pytest.raises(ModelError, match=message):
        ask(Scripted("<think> hm so </think> <|im_end|>"), asking(max_tokens=limit))


def test_a_reply_without_probabilities_is_an_error():
    with pytest.raises(ModelError, match="'m' computed no probabilities"):
        ask(Scripted(None), asking())


def test_a_request_that_is_too_long_fails_alone():
    answer, error = ask(Scripted(SAID), asking(), asking("hm " * 900), errors=True)
    assert (answer.text, str(error)) == ("I agree fully", "too long")


def test_a_draft_is_the_answer_so_far():
    model, situation, seen = Scripted(SAID), Situation(Participant("Ana", "user", "m"), 0, 1, ()), []
    model.looks.append(lambda: seen.append(situation.draft.read()))
    ask(model, asking(situation=situation))
    assert seen == ["", "I", "I agree", "I agree fully"]


def hold_until(happened):
    """Hold the batch, in its thread."""
    while not happened():
        time.sleep(0.001)


def abandoned(rows):
    return any(row.pending.abandoned for row in rows)


def test_an_abandoned_request_leaves_the_batch():
    model = Scripted("I " * 500)

    async def scene():
        both = [asyncio.ensure_future(model.complete(asking(max_tokens=limit))) for limit in (400, 300)]
        while not (model._decoder and model._decoder.rows):
            await asyncio.sleep(0.001)
        both[0].cancel()
        return await both[1]

    def look():
        decoder = model._decoder
        hold_until(lambda: not decoder.rows or decoder.dropped or abandoned(decoder.rows))

    model.looks.append(look)
    assert run_sync(scene()).completion_tokens == 300
    assert [len(row.reply) < 400 for row in model._decoder.dropped] == [True]


def test_an_abandoned_request_in_the_queue_never_joins():
    model = Scripted("I " * 500)
    run_sync(model.load())
    model._decoder.room = 1

    async def scene():
        both = [asyncio.ensure_future(model.complete(asking(max_tokens=limit))) for limit in (9, 8)]
        while not (model._decoder.rows and model._queue):
            await asyncio.sleep(0.001)
        both[1].cancel()
        return await both[0]

    model.looks.append(
        lambda: hold_until(lambda: not model._decoder.rows or not model._queue or abandoned(model._queue))
    )
    assert run_sync(scene()).completion_tokens == 9
    assert ask(model, asking(max_tokens=1))[0].completion_tokens == 1
    assert len(model._decoder.joined) == 2


def test_what_a_template_cannot_do_is_noted_on_the_answer():
    (answer,) = ask(Scripted(SAID, thinking=False), asking())
    assert "thinking=False changed nothing" in answer.notes[0]


def test_labels_and_ends_are_tokens_of_the_template():
    model = Scripted(SAID)
    run_sync(model.load())
    assert model._label("I agree") == model.tokenizer.convert_tokens_to_ids(["I", "agree"])
    assert model._label_ends() == [model.tokenizer.eos_token_id]


def test_the_variables_of_the_template_are_plain_and_on_record():
    model = Scripted(SAID, thinking=False, date="20251224", chat_template_kwargs={"mood": "calm"})
    assert (model.thinking, model.date, model.chat_template_kwargs) == (False, "2025-12-24", {"mood": "calm"})
    expected = {"thinking": False, "date": "2025-12-24", "chat_template_kwargs": {"mood": "'calm'"}}
    assert model._template_settings() == expected
    with pytest.raises(InvalidInputError, match="chat_template_kwargs"):
        Scripted(SAID, chat_template_kwargs={"api_key": "sk-1"})
