"""A server in this process that answers by a function and records the requests."""

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.sse import events


def ok(content, finish="stop", usage=None, **message):
    """Return a good answer."""
    reply = {"role": "assistant", "content": content, **message}
    return 200, {"choices": [{"message": reply, "finish_reason": finish}], "usage": usage}


def scored(shares, **message):
    """Return a good answer of one token, with the probabilities of those that could stand there."""
    tokens = [{"token": token, "logprob": math.log(share)} for token, share in shares.items()]
    status, answer = ok(next(iter(shares), ""), "length", {"prompt_tokens": 9, "completion_tokens": 1}, **message)
    answer["choices"][0]["logprobs"] = {"content": [{**tokens[0], "top_logprobs": tokens}] if tokens else []}
    return status, answer


def no(status, message):
    """Return a refusal."""
    return status, {"error": {"message": message}}


class FakeServer:
    """A server of chat completions.

    Parameters
    ----------
    answer : callable
        Takes the body and the number of a request; returns a status, and JSON, bytes, or an iterator of bytes that
        are sent one by one. An answer of `ok` is streamed if the body asks for it.
    listing : tuple, optional
        The status and the content of the list of models; by default it holds "m" alone.

    Attributes
    ----------
    bodies, headers : list
        Of the requests, in the order in which they came; requests for the list have headers alone.
    left : list
        One entry for each stream whose reader went away.
    """

    def __init__(self, answer, listing=(200, {"data": [{"id": "m"}]})):
        bodies = self.bodies = []
        headers = self.headers = []
        left = self.left = []
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                headers.append(self.headers)
                self.reply(*listing)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    bodies.append(body)
                    headers.append(self.headers)
                    number = len(bodies)
                status, content = answer(body, number)
                if body.get("stream") and status == 200 and isinstance(content, dict) and "choices" in content:
                    content = iter(events(content))
                if hasattr(content, "__next__"):
                    self.stream(content)
                else:
                    self.reply(status, content)

            def stream(self, parts):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    for part in parts:
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                except OSError:
                    left.append(len(bodies))  # the client has closed the connection
                    self.close_connection = True
                    return
                self.wfile.write(b"0\r\n\r\n")

            def reply(self, status, content):
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
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
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
