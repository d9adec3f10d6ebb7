"""A model asked in batches: labels, turns, what is found out before, and what is on file."""

import asyncio

import pytest
from support.fake_server import no, ok, scored

import syndisco_nb as snb
from syndisco_nb.backend.model.base import run_folder
from syndisco_nb.errors import InvalidInputError, ModelError
from syndisco_nb.loop import run_sync
from syndisco_nb.runs.batch_job import batch_jobs

from .conftest import KEY


def request(seed=1, labels=(), text="Tea?"):
    return snb.Request((snb.ChatMessage("user", text),), seed, labels=labels)


async def together(model, requests):
    return await asyncio.gather(*map(model.complete, requests))


def test_requests_that_wait_are_one_batch_with_the_answers_of_the_model(serve, batched, tmp_path):
    server = serve()
    model = batched(server)
    asked = [request(seed, labels) for seed in range(20) for labels in ((), ("1", "2", "3"))]
    expected = run_sync(together(model.model, asked))
    with model.in_use(tmp_path):
        got = run_sync(together(model, asked))
    assert [one.text for one in got] == [one.text for one in expected]
    assert {one.batch_size for one in got} == {40}
    assert [(one.sampling, one.prompt_tokens, one.notes) for one in got] == [
        (one.sampling, one.prompt_tokens, one.notes) for one in expected
    ]
    (batch,) = server.batches
    assert (batch["status"], server.asked.total()) == ("completed", 40)
    (job,) = batch_jobs(tmp_path)
    assert (job.stage, job.requests, job.batch) == ("fetched", 40, "batch_0")
    with model.in_use(tmp_path):  # from file
        assert run_sync(together(model, asked)) == got
    assert len(server.batches) == 1


def test_a_server_without_batches_is_an_error_before_anything_is_sent(serve, batched):
    server = serve()
    server.refusal = lambda kind, number: no(404, "Not Found") if kind == "list" else None
    with pytest.raises(ModelError, match=r"'m' at .* has no batches: 404 .* Use its model without them"):
        run_sync(batched(server).load())
    assert not server.direct


def test_the_fields_that_a_server_refuses_are_found_out_before_a_batch(serve, batched, tmp_path):
    def answer(body):
        return no(400, "Unknown field: seed") if "seed" in body else ok("Yes.")

    server = serve(answer)
    model = batched(server)
    run_sync(model.load())
    direct = len(server.direct)
    with model.in_use(tmp_path):  # equal bodies, but different draws
        first, second = run_sync(together(model, [request(1), request(2)]))
    assert first.notes == second.notes != ()
    assert (len(server.direct), len(server.bodies()), len(server.batches)) == (direct, 2, 1)
    assert not any("seed" in body for body in server.bodies())


def test_labels_have_the_probabilities_that_a_server_tells(serve, batched, tmp_path):
    server = serve(lambda body: scored({"1": 0.25, "2": 0.5}) if "logprobs" in body else ok("Yes."))
    model = batched(server)
    asked = [request(seed, ("1", "2")) for seed in range(3)]
    with model.in_use(tmp_path):
        labels = run_sync(together(model, asked))
    assert [(label.text, label.batch_size, label.mass) for label in labels] == [("2", 3, 0.75)] * 3
    assert labels[0].probabilities == pytest.approx({"1": 1 / 3, "2": 2 / 3})
    assert labels[0].notes == run_sync(model.model.complete(asked[0])).notes


def test_labels_of_a_batch_that_was_cancelled_are_not_asked_for_in_another_form(serve, batched, tmp_path):
    server = serve(lambda body: scored({"1": 0.25, "2": 0.5}) if "logprobs" in body else ok("Yes."))
    server.end = lambda batch: "cancelled"
    server.answered = lambda batch, line: False
    model = batched(server)
    with model.in_use(tmp_path), pytest.raises(ModelError, match=r"did not answer: the batch of .* was cancelled"):
        run_sync(model.complete(request(1, ("1", "2"))))
    assert len(server.batches) == 1


def test_turns_are_a_batch_each_and_equal_those_of_the_model(serve, batched, tmp_path):
    server = serve()
    model = batched(server)

    def talks(of, folder):
        users = [snb.LLMActor(of, name) for name in ("Ana", "Ben", "Cem")]
        experiment = snb.DiscussionExperiment(topics=["Tax"], users=users, num_turns=3, num_discussions=3, seed=1)
        return experiment.begin(tmp_path / folder)

    run = talks(model, "batches")
    assert [[m.text for m in talk.messages] for talk in run] == [
        [m.text for m in talk.messages] for talk in talks(model.model, "direct")
    ]
    assert [job.requests for job in batch_jobs(tmp_path / "batches")] == [3, 3, 3]
    assert run.status == "finished"
    talks(model.model, "batches")  # another way of asking is no other design


def test_an_interrupted_run_says_what_it_waits_for_and_goes_on(serve, batched, tmp_path):
    server = serve(looks=10**9)
    model = batched(server)
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(topics=["Tax"], users=users, num_turns=1, num_discussions=3, seed=1)

    async def interrupted():
        task = asyncio.ensure_future(experiment.abegin(tmp_path))
        while not server.calls["look"]:
            await asyncio.sleep(0)
        task.cancel()
        return await task

    run = run_sync(interrupted())
    assert run.status == "interrupted"
    assert "interrupted, waiting for a batch: " in repr(run)
    server.looks = 0
    assert experiment.begin(tmp_path).status == "finished"
    assert (len(server.batches), set(server.asked.values())) == (1, {1})


def test_no_key_is_in_any_file_or_error(serve, batched, tmp_path, caplog):
    def answer(body):
        return no(400, f"Bad key {KEY}") if body.get("seed") == 2 else ok(f"{KEY} said")

    server = serve(answer)
    server.problem = f"Line 1 of {KEY} is bad"
    model = batched(server)
    with model.in_use(tmp_path), pytest.raises(ModelError) as caught:
        run_sync(together(model, [request(1), request(2)]))
    server.end = lambda batch: "failed"
    with model.in_use(tmp_path), pytest.raises(ModelError) as failed:
        run_sync(model.complete(request(4)))
    assert "Line 1 of *** is bad (line 1)" in str(failed.value)
    files = [file.read_text() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) == 6  # two jobs, their requests, answers and errors of the first
    shown = [str(caught.value), str(failed.value), caplog.text, repr(model), *files]
    assert not any(KEY in text for text in shown)
    assert all(headers["Authorization"] == f"Bearer {KEY}" for headers in server.headers)


def test_without_a_folder_the_error_says_how_to_give_one(serve, batched):
    with pytest.raises(InvalidInputError, match=r"inside `with model.in_use\(\"batches\"\):`"):
        run_sync(batched(serve()).complete(request()))


def test_requests_of_several_runs_at_once_go_by_the_run_of_their_task(serve, batched, tmp_path):
    server = serve()
    model = batched(server)

    async def ask(seed):
        run_folder.set(tmp_path / str(seed % 2))
        return await model.complete(request(seed))

    async def all_together():
        return await asyncio.gather(*map(ask, range(4)))

    with model.in_use(tmp_path / "0"), model.in_use(tmp_path / "1"):
        assert [one.text for one in run_sync(all_together())] == [f"I think {seed}." for seed in range(4)]
        with pytest.raises(InvalidInputError, match="job files need a folder"):
            run_sync(model.complete(request()))
    assert [[job.requests for job in batch_jobs(tmp_path / name)] for name in "01"] == [[2], [2]]


def test_the_conditions_of_a_study_keep_their_batches_apart(serve, batched, tmp_path):
    server = serve(looks=0)
    builder = snb.ExperimentBuilder(seed=1).model(batched(server)).topics(["Tax"]).turns(2).discussions(3)
    builder = builder.participants([snb.LLMPersona("Ana"), snb.LLMPersona("Ben")], per_discussion=2)
    study = builder.vary(context={"calm": "Be calm.", "loud": "Be loud."}).run(tmp_path / "study")
    assert [run.status for run in study.values()] == ["finished"] * 2
    assert [[job.requests for job in batch_jobs(run.folder)] for run in study.values()] == [[3, 3]] * 2
    assert study.verify().problems == ()
    assert set(server.asked.values()) == {1}


def test_only_a_model_on_a_server_has_batches():
    with pytest.raises(InvalidInputError, match="must be an OpenAIModel: only servers have batches"):
        snb.BatchModel(snb.ScriptedModel("Yes."))


def test_a_run_keeps_many_units_waiting_and_records_the_model_itself(serve, batched):
    model = batched(serve(), thinking=False)
    assert model.min_concurrency >= 10_000
    assert (model.settings(), model.identity()) == (model.model.settings(), model.model.identity())
    assert (model.sampling, model.name) == (model.model.sampling, "m")


def test_the_end_of_a_run_ends_the_work_on_its_batches(serve, batched, tmp_path):
    server = serve(looks=10**9)
    model = batched(server)

    async def interrupted():
        with model.in_use(tmp_path):
            task = asyncio.ensure_future(model.complete(request()))
            while not server.calls["look"]:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        await asyncio.sleep(0.01)
        return [task for task in asyncio.all_tasks() if task.get_coro().__name__ == "_work_on"]

    assert run_sync(interrupted()) == []
    server.looks = 0
    with model.in_use(tmp_path):
        assert run_sync(model.complete(request())).text == "I think 1."
    assert (len(server.batches), set(server.asked.values())) == (1, {1})
