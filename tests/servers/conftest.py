"""Real servers on loopback; each ends with its test, or with the session.

Without the package xllamacpp these tests are skipped, and say so; where SYNDISCO_NB_REQUIRE_ALL is set, they fail
instead.
"""

import contextlib
import importlib.util
import os

import pytest
from support.real_servers import LlamaServer, TransformersServer

REQUIRED = bool(os.environ.get("SYNDISCO_NB_REQUIRE_ALL"))


@pytest.fixture(autouse=True)
def no_settings_of_mine(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-alone")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture(scope="session")
def has_llama():
    if importlib.util.find_spec("xllamacpp") is None:
        reason = "there is no xllamacpp: pip install xllamacpp"
        (pytest.fail if REQUIRED else pytest.skip)(reason)


def _starting(kind):
    """Yield a function that starts servers of a kind, all at once, and kill them at the end."""
    with contextlib.ExitStack() as stack:

        def starting(number=1, **options):
            servers = [kind(**options) for _ in range(number)]
            for server in servers:
                stack.callback(server.kill)
            return [server.wait() for server in servers]

        yield starting


@pytest.fixture
def start_llama(has_llama):
    """Start some llama.cpp servers of the test's own, which it may kill."""
    yield from _starting(LlamaServer)


@pytest.fixture(scope="session")
def llama(has_llama):
    """A llama.cpp server that all tests of the session share."""
    for starting in _starting(LlamaServer):
        yield starting()[0]


@pytest.fixture
def start_transformers():
    """Start some servers that come with transformers; each takes 25 seconds."""
    yield from _starting(TransformersServer)
