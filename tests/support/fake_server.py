"""A server in this process that answers each request as a function says, and keeps what it was sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def ok(content, finish="stop", usage=None, **message):
    """Return a good answer."""
    said = {"role": "assistant", "content": content, **message}
    return 200, {"choices": [{"message": said, "finish_reason": finish}], "usage": usage}


def no(status, message):
    """Return a refusal."""
    return status, {"error": {"message": message}}


class FakeServer:
    """Answers chat completions by ``answer(body, number of the request)``: a status, and JSON or bytes.

    Parameters
    ----------
    answer : callable
    models : tuple
        What the list of models holds.
    """

    def __init__(self, answer, models=("m",)):
        bodies = self.bodies = []
        headers = self.headers = []
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                headers.append(self.headers)
                self.reply(200, {"data": [{"id": name} for name in models]})

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    bodies.append(body)
                    headers.append(self.headers)
                    number = len(bodies)
                self.reply(*answer(body, number))

            def reply(self, status, what):
                data = what if isinstance(what, bytes) else json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def stop(self):
        """End it."""
        self._server.shutdown()
        self._server.server_close()
