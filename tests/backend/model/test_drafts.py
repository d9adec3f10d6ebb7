"""An answer in the making: who looks on sees it grow, and it is the beginning of what is answered."""

import asyncio

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.records import ChatMessage, Participant
from syndisco_nb.seeds import generator

ANA = Participant("Ana", "user", "small")


@pytest.mark.model
@pytest.mark.parametrize("engine", ["openvino", "bundled"])
def test_local_models_let_others_look_on(engine, request):
    model = request.getfixturevalue(engine)
    situations = [Situation(ANA, number, 1, ()) for number in range(3)]
    story = (ChatMessage("user", "Tell a story."),)
    requests = [
        snb.Request(story, seed, snb.Sampling(max_tokens=24), situation=one) for seed, one in enumerate(situations)
    ]

    async def look_on():
        answering = [asyncio.create_task(model.complete(one)) for one in requests]
        seen = [[] for _ in requests]
        while not all(task.done() for task in answering):
            await asyncio.sleep(0.005)
            for texts, one in zip(seen, situations, strict=True):
                texts.append(one.draft.read())
        return seen, [task.result() for task in answering]

    seen, answers = asyncio.run(look_on())
    for texts, answer, one in zip(seen, answers, situations, strict=True):
        assert len(set(texts)) > 1
        assert texts == sorted(texts, key=len)
        # A character of several bytes may still be incomplete at the end.
        assert all(answer.text.startswith(text.rstrip("\N{REPLACEMENT CHARACTER}")) for text in texts)
        assert one.draft.read() == answer.text


def test_a_model_that_does_not_write_word_by_word_shows_nothing():
    one = Situation(ANA, 0, 1, ())
    asyncio.run(snb.ScriptedModel("Yes.").complete(snb.Request((), 1, situation=one)))
    assert one.draft.read() == ""
    assert repr(one.draft) == "<Draft: ''>"


def test_a_draft_makes_no_difference_between_requests():
    one, other = Situation(ANA, 0, 1, ()), Situation(ANA, 0, 1, ())
    one.draft.read = lambda: str(generator(1, "x").random())
    assert one == other
