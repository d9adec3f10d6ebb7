"""A server with batches, and a model that does not wait between two looks at it."""

import asyncio
import contextlib

import pytest
from support.batch_server import BatchServer, in_words

import syndisco_nb as snb

KEY = "sk-planted-0123456789abcdef"


@pytest.fixture
def serve():
    """Start a server with batches; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def starting(answer=in_words, **settings):
            server = BatchServer(answer, **settings)
            stack.callback(server.stop)
            return server

        yield starting


@pytest.fixture
def batched():
    """Make a model whose pauses are as short as can be, and noted in `pauses`."""

    def making(server, **settings):
        model = snb.BatchModel(snb.OpenAIModel("m", server.url, api_key=KEY, max_retries=0, patience_s=0.1, **settings))
        model.pauses = []

        async def pause(seconds):
            model.pauses.append(seconds)
            await asyncio.sleep(0)

        model._pause = pause
        return model

    return making
