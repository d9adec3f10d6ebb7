"""A real server process, a proxy before it that spoils answers, and a server that says what a test wants."""

import contextlib
import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from support.fake_server import FakeServer

TESTS = Path(__file__).parents[2]


class Process:
    """A program from `tests/support` that serves on loopback, and keeps a log."""

    def __init__(self, program, log, **options):
        self.log = log
        given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        command = [sys.executable, "-m", f"support.{program.removesuffix('.py')}", f"--log={log}", *given]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=TESTS, text=True, **pipes)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def lines(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def stop(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(tmp_path):
    """Start a program; it ends with the test."""
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:

        def starting(program, **options):
            log = tmp_path / f"{program}-{next(numbers)}.log"
            process = Process(program, log, **options)
            stack.callback(process.stop)
            return process

        yield starting


@pytest.fixture
def server(start):
    return start("openai_server.py")


@pytest.fixture
def fake():
    """Start a server that answers as a function says; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def starting(answer, **settings):
            server = FakeServer(answer, **settings)
            stack.callback(server.stop)
            return server

        yield starting
