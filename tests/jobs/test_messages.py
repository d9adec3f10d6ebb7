"""The messages of a discussion: comments as their speakers meant them, remarks of guests."""

import asyncio

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request, Situation
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.jobs.asking import failed_request
from syndisco_nb.jobs.messages import generated_message, guest_message
from syndisco_nb.records import ChatMessage, Message, Sampling

PROMPT = (ChatMessage("user", "Well?"),)


class Answering(Model):
    def __init__(self, completion):
        super().__init__("m")
        self.sampling = Sampling(trim="sentence")
        self.completion = completion

    async def complete(self, request):
        if isinstance(self.completion, Exception):
            raise self.completion
        return self.completion


def asked(completion, model=None, **situation):
    actor = snb.LLMActor(model or Answering(completion), "Ana")
    place = Situation(actor.describe(), 0, 3, (), **situation)
    request = Request(PROMPT, 5, situation=place)
    return asyncio.run(generated_message(actor, request, 7, 3, "participant"))


def test_a_comment_has_its_place_its_speaker_and_its_prompt():
    message = asked(Completion("Ana: I agree."))
    assert (message.index, message.turn, message.name, message.role, message.model) == (7, 3, "Ana", "participant", "m")
    assert (message.text, message.silent) == ("I agree.", False)
    assert (message.generation.prompt, message.generation.seed) == (PROMPT, 5)
    assert message.generation.raw == "Ana: I agree."


def test_an_empty_answer_is_a_silence():
    message = asked(Completion("(silence)"))
    assert (message.text, message.silent) == ("", True)


def test_a_cut_answer_ends_with_its_last_sentence_and_a_whole_one_stays():
    assert asked(Completion("I agree. But if", "length")).text == "I agree."
    assert asked(Completion("I agree. But if", "stop")).text == "I agree. But if"


def test_lines_for_others_are_noted_by_name():
    message = asked(Completion("I agree.\nBen: No!\nMo: Calm down."), users=("Ana", "Ben"), moderator="Mo")
    assert message.speaks_for == ("Ben", "Mo")


def test_the_models_own_sampling_is_on_record():
    assert asked(Completion("I agree.")).generation.sampling == Sampling(trim="sentence")


def test_an_error_keeps_the_request_behind_it():
    with pytest.raises(ConnectionError) as caught:
        asked(ConnectionError("gone"))
    request = failed_request(caught.value)
    assert (request.turn, request.prompt) == (3, PROMPT)


def test_what_a_person_types_is_kept_but_for_their_own_name():
    model = snb.HumanModel("Ana")

    async def complete(request):
        return Completion(' Ana: "(silence)" ')

    model.complete = complete
    assert asked(None, model).text == '"(silence)"'


def test_a_guests_remark_is_human_and_out_of_turn():
    assert guest_message(4, 2, " Wait! ", "Gus") == Message(4, 2, "Gus", "Wait!", "human", "guest")
    with pytest.raises(InvalidInputError):
        guest_message(4, 2, " ", "Gus")
