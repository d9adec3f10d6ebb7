"""Real OpenAI-compatible servers on loopback, in processes of their own: llama.cpp's, and `transformers serve`."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import syndisco_nb as snb
from syndisco_nb.backend.model.local.bundled import converted_folder, gguf_path

_LIMIT_S = 120  # on a machine however busy


class RealServer:
    """A server process on a port of its own; killed, it can be started again there."""

    model_name: str

    def __init__(self, *command):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._command = [*command, f"--port={self.port}"]
        self.start()

    def start(self):
        """Start it; `wait` for it before it is asked."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self._command, stdin=subprocess.PIPE, **quiet)

    def wait(self):
        """Return the server once it answers."""
        deadline = time.monotonic() + _LIMIT_S
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return self
            except OSError:
                assert self.process.poll() is None, "the server ended"
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def kill(self):
        """Kill it with SIGKILL, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    def model(self, **settings):
        """Return the model behind this server."""
        given = {"max_out_tokens": 16, "api_key": "sk-of-this-test", "name": "smol", **settings}
        return snb.OpenAIModel(self.model_name, self.url, **given)


class LlamaServer(RealServer):
    """llama.cpp's own server with the bundled GGUF file.

    Parameters
    ----------
    parallel : int
        The number of requests that it answers at once; others wait. With 1, each begins with an empty cache, so that
        an answer depends on its request alone: in four bits, rounding shows.
    context : int
        The longest request with its answer, in tokens.
    """

    model_name = "SmolLM2"

    def __init__(self, parallel=8, context=1024):
        program = Path(__file__).with_name("llama_server.py")
        super().__init__(sys.executable, program, gguf_path(), f"--parallel={parallel}", f"--context={context}")


class TransformersServer(RealServer):
    """The server that comes with transformers, with the bundled weights."""

    def __init__(self):
        self.model_name = str(converted_folder())
        program = Path(sys.executable).with_name("transformers")
        super().__init__(program, "serve", "--host=127.0.0.1", "--device=cpu", "--log-level=error")
