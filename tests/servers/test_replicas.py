"""Several real servers with one model: what they say together is what one of them says."""

import asyncio
import logging
import threading
import time

import pytest
from support.replicas import request

import syndisco_nb as snb
from syndisco_nb.loop import run_sync

logger = logging.getLogger(__name__)

SHORT = snb.PromptTemplate("", "{comments}{name} says:")

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore:smol. no answer from")]


def experiment(model, discussions, turns=2):
    users = [snb.LLMActor(model, name, prompt_format=SHORT) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax", "Tea"], users, num_turns=turns, num_discussions=discussions, seed=7)


def said(run):
    return {
        talk.index: [(message.turn, message.name, message.text) for message in talk.messages if message.generation]
        for talk in run
    }


def until(happened):
    """Wait for an event, however long it takes."""
    while not happened():
        time.sleep(0.005)


def begun(experiment, folder):
    """Begin a run in another thread, and return an event for its end."""
    ended = threading.Event()

    def run():
        experiment.begin(folder)
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    return ended


async def asked_at_once(model, number):
    return await asyncio.gather(*(model.complete(request(seed)) for seed in range(number)))


def test_one_of_two_servers_is_killed_and_comes_back(start_llama, tmp_path):
    first, second = start_llama(2, parallel=1)
    alone = said(experiment(first.model(max_out_tokens=4), 4).begin(tmp_path / "alone"))
    replicas = snb.Replicas([server.model(max_out_tokens=4) for server in (first, second)])
    ended, away = begun(experiment(replicas, 3), tmp_path / "both"), replicas.replicas[1]
    until(lambda: away.answered and away.in_flight)
    second.kill()
    until(ended.is_set)
    run = snb.Run(tmp_path / "both")
    assert (run.status, len(run.failures)) == ("finished", 0)
    assert said(run) == {index: talk for index, talk in alone.items() if index < 3}
    before = away.answered
    second.start()
    second.wait()
    more = experiment(replicas, 4).begin(tmp_path / "both")  # loads the models anew
    assert said(more) == alone
    run_sync(asked_at_once(replicas, 2))
    assert (away.problem, away.answered > before) == ("", True)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("start", "options", "discussions", "turns", "settings"),
    [
        ("start_llama", {"parallel": 1}, 64, 4, {"max_out_tokens": 12, "max_concurrency": 8}),
        (
            "start_transformers",
            {},
            16,
            3,
            {"max_out_tokens": 8, "max_concurrency": 2, "sampling": snb.Sampling(temperature=0)},
        ),
    ],
)
def test_a_server_killed_in_the_middle_of_many_discussions_comes_back_while_they_go_on(
    request, tmp_path, start, options, discussions, turns, settings
):
    first, second = request.getfixturevalue(start)(2, **options)
    alone = said(experiment(first.model(**settings), discussions, turns).begin(tmp_path / "alone"))
    replicas = snb.Replicas([server.model(**settings) for server in (first, second)])
    asking = experiment(replicas, discussions, turns)
    ended, (stays, away) = begun(asking, tmp_path / "both"), replicas.replicas
    until(lambda: stays.answered + away.answered > discussions * turns // 4 and away.in_flight)
    second.kill()
    before = away.answered
    until(lambda: away.problem)
    second.start()
    second.wait()
    until(lambda: ended.is_set() or away.answered > before)
    until(ended.is_set)
    run = snb.Run(tmp_path / "both")
    logger.info("%d and %d answers, %d of them after the kill", stays.answered, away.answered, away.answered - before)
    assert (run.status, len(run.failures), bool(run.verify())) == ("finished", 0, True)
    assert said(run) == alone
    assert stays.answered + away.answered == discussions * turns  # one good answer for each turn
    assert away.answered > before


@pytest.mark.seconds
def test_two_servers_answer_more_than_one(start_llama):
    one, two = start_llama(2, parallel=4)
    models = [server.model(max_out_tokens=32, max_concurrency=4) for server in (one, two)]
    both = snb.Replicas(models)
    seconds = {"one": [], "two": []}
    for _ in range(3):  # in turns, for the machine may have other work
        for name, model in (("one", models[0]), ("two", both)):
            started = time.perf_counter()
            run_sync(asked_at_once(model, 48))
            seconds[name].append(time.perf_counter() - started)
    ratio = min(seconds["one"]) / min(seconds["two"])
    logger.info("%.2f times as fast: %s", ratio, seconds)
    assert ratio > 1.5
