"""Several real servers with one model: what they say together is what one of them says."""

import asyncio
import threading
import time

import pytest
from support.replicas import request

import syndisco_nb as snb
from syndisco_nb.loop import run_sync

SHORT = snb.PromptTemplate("", "{comments}{name} says:")


def experiment(model, discussions, turns=2):
    users = [snb.LLMActor(model, name, prompt_format=SHORT) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax", "Tea"], users, num_turns=turns, num_discussions=discussions, seed=7)


def said(run):
    return {
        talk.index: [
            (message.turn, message.name, message.text, message.generation.finish_reason)
            for message in talk
            if message.generation
        ]
        for talk in run
    }


async def asked_at_once(model, number):
    await asyncio.gather(*(model.complete(request(seed)) for seed in range(number)))


def until(happened):
    """Wait for an event, however long it takes."""
    while not happened():
        time.sleep(0.005)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore:smol. one of 2 replicas")
def test_one_of_two_servers_is_killed_and_comes_back(start_llama, tmp_path):
    first, second = start_llama(2, context=256)
    alone = said(experiment(first.model(max_out_tokens=6), 7).begin(tmp_path / "alone"))
    replicas = snb.Replicas([server.model(max_out_tokens=6) for server in (first, second)])
    asking, ended = experiment(replicas, 6), threading.Event()

    def run():
        asking.begin(tmp_path / "both")
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    away = replicas.replicas[1]
    until(lambda: away.answered and away.in_flight)
    second.kill()
    until(ended.is_set)
    run = snb.Run(tmp_path / "both")
    assert (run.status, len(run.failures)) == ("finished", 0)
    assert said(run) == {index: talk for index, talk in alone.items() if index < 6}
    before = away.answered
    second.start()
    second.wait()
    more = experiment(replicas, 7).begin(tmp_path / "both")  # loads the models anew
    assert said(more) == alone
    run_sync(asked_at_once(replicas, 2))
    assert (away.problem, away.answered > before) == ("", True)
