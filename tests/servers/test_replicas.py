"""Real servers, and several of them with one model."""

import pytest

from syndisco_nb.loop import run_sync


@pytest.mark.model
def test_a_killed_server_starts_again_on_its_port(start_llama):
    server = start_llama(parallel=1)[0]
    run_sync(server.model().load())
    server.kill()
    server.start()
    run_sync(server.wait().model().load())
