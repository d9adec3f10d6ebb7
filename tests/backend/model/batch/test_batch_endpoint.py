"""Calls of the endpoints of batches, each sent once."""

from syndisco_nb import OpenAIModel
from syndisco_nb.backend.model.batch.batch_endpoint import BatchEndpoint, _state
from syndisco_nb.backend.model.batch.batch_lines import request_line
from syndisco_nb.loop import run_sync

from .conftest import KEY


def endpoint(server):
    return BatchEndpoint(OpenAIModel("m", server.url, api_key=KEY).connection)


def test_a_batch_from_its_upload_to_its_answers(serve):
    server = serve(looks=1)
    batches = endpoint(server)
    content = request_line("k", {"model": "m", "messages": [], "seed": 3})
    file = run_sync(batches.upload("requests.jsonl", content))
    assert server.files[file] == content
    created = [run_sync(batches.create(file, f"job-{number}")) for number in range(5)]
    assert (created[1].id, created[1].status, created[1].mark) == ("batch_1", "validating", "job-1")
    assert [run_sync(batches.find(f"job-{number}")).id for number in (0, 4)] == ["batch_0", "batch_4"]  # on any page
    assert run_sync(batches.find("job-5")) is None
    states = [run_sync(batches.look("batch_1")) for _ in range(2)]
    assert [(state.status, state.done) for state in states] == [("in_progress", 1), ("completed", 1)]
    assert b"I think 3." in run_sync(batches.fetch(states[1].output_file))
    assert states[1].error_file == ""


def test_a_refusal_is_a_fault_with_the_wait_that_the_server_asks_for(serve):
    server = serve()
    server.refusal = lambda kind, number: (429, {"error": {"message": "Later."}}, {"Retry-After": "7"})
    batches = endpoint(server)
    faults = [run_sync(call) for call in (batches.create("f", "j"), batches.find("j"), batches.upload("n", b""))]
    assert [(fault.status, fault.wait_s, fault.retried) for fault in faults] == [(429, 7.0, True)] * 3
    assert set(server.calls.values()) == {1}
    assert run_sync(batches.look("batch_9")).status == 429


def test_an_unknown_batch_is_a_fault_for_good(serve):
    fault = run_sync(endpoint(serve()).look("batch_9"))
    assert (fault.status, fault.retried) == (404, False)


def test_states_of_other_servers_are_read_leniently():
    state = _state({"id": "b", "status": "COMPLETED", "request_counts": None, "metadata": None, "errors": "Broken."})
    assert (state.status, state.done, state.output_file, state.problem, state.mark) == (
        "completed",
        0,
        "",
        "Broken",
        "",
    )
    many = {"data": [{"message": f"No {n}.", "line": n} for n in range(5)]}
    assert _state({"id": "b", "errors": many}).problem == "No 0 (line 0); No 1 (line 1); No 2 (line 2); 2 more"


def test_a_server_that_answers_otherwise_is_a_fault(serve):
    server = serve()
    server.refusal = lambda kind, number: (200, {"object": "error"})
    assert "cannot be read" in run_sync(endpoint(server).create("f", "j")).cause
