"""A server with batches on loopback. It answers by a function, fails as a test says, and counts what it was asked."""

import json
import re
import threading
from collections import Counter
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from support.fake_server import no, ok


def in_words(body):
    """Answer by the seed: with a label if there is a schema, else with a sentence."""
    if form := body.get("response_format"):
        labels = form["json_schema"]["schema"]["properties"]["label"]["enum"]
        return ok(json.dumps({"label": labels[body["seed"] % len(labels)]}), usage={"prompt_tokens": 9})
    return ok(f"I think {body['seed'] % 1000}.", usage={"prompt_tokens": 9, "completion_tokens": 4})


class BatchServer:
    """A server of chat completions, files and batches.

    Parameters
    ----------
    answer : callable
        Takes the body of a request; returns a status and the answer. The same for direct and batched requests.
    looks : int
        The number of looks at a batch before it is over.

    Attributes
    ----------
    direct : list of dict
        The bodies of direct requests.
    asked : Counter
        The `custom_id` of each request in a batch that was not refused.
    batches : list of dict
        All batches, as the server shows them.
    end : callable
        Takes the number of a batch; returns its end: "completed", "expired", "failed" or "cancelled".
    answered : callable
        Takes the number of a batch and of a line; False leaves the line without an answer.
    refusal : callable
        Takes the kind of a call ("upload", "create", "look", "list", "fetch") and its number; returns a status, an
        answer and headers to refuse it with, or None.
    stop_at : tuple of str or None
        A kind of call and "before" or "after" it is carried out: there the server sets `reached` and waits for `go`.
    """

    def __init__(self, answer, looks=1):
        self.answer, self.looks = answer, looks
        self.direct, self.batches, self.headers = [], [], []
        self.files, self.asked, self.calls = {}, Counter(), Counter()
        self.end = lambda batch: "completed"
        self.answered = lambda batch, line: True
        self.refusal = lambda kind, number: None
        self.problem = "The file is not valid."
        self.stop_at, self.reached, self.go = None, threading.Event(), threading.Event()
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # head and body in one packet: two would wait for each other

            def log_message(self, *_):
                pass

            def do_GET(self):
                self.reply(*outer.handle("GET", self.path, self.headers, b""))

            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                self.reply(*outer.handle("POST", self.path, self.headers, content))

            def reply(self, status, content, headers=None):
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:  # the client was killed
                    self.close_connection = True

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def stop(self):
        """Stop the server."""
        self.go.set()
        self._server.shutdown()
        self._server.server_close()

    def handle(self, method, path, headers, content):
        """Return the answer to a call."""
        self.headers.append(headers)
        url = urlsplit(path)
        kind, given = _call(method, url.path)
        self._wait(kind, "before")
        with self.lock:
            self.calls[kind] += 1
            answer = self.refusal(kind, self.calls[kind]) or getattr(self, f"_{kind}")(given, url, headers, content)
        self._wait(kind, "after")
        return answer

    def bodies(self):
        """Return the bodies of all requests in batches, those that were sent twice twice."""
        return [line["body"] for batch in self.batches for line in self._lines(batch)]

    def _wait(self, kind, moment):
        if self.stop_at == (kind, moment):
            self.stop_at = None
            self.reached.set()
            self.go.wait(120)

    def _models(self, *_):
        return 200, {"data": [{"id": "m"}]}

    def _chat(self, _, __, ___, content):
        self.direct.append(json.loads(content))
        return self.answer(self.direct[-1])

    def _upload(self, _, __, headers, content):
        message = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + content
        )
        parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        assert parts["purpose"].get_payload(decode=True).strip() == b"batch"
        file = f"file-{len(self.files)}"
        self.files[file] = parts["file"].get_payload(decode=True)
        return 200, {"id": file, "object": "file"}

    def _create(self, _, __, ___, content):
        fields = json.loads(content)
        assert (fields["endpoint"], fields["completion_window"]) == ("/v1/chat/completions", "24h")
        batch = {
            "id": f"batch_{len(self.batches)}",
            "object": "batch",
            "status": "validating",
            "input_file_id": fields["input_file_id"],
            "metadata": fields["metadata"],
            "output_file_id": None,
            "error_file_id": None,
            "errors": None,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
        }
        self.batches.append(batch)
        lines = self._lines(batch)
        assert len({line["custom_id"] for line in lines}) == len(lines)
        if self.end(len(self.batches) - 1) != "failed":
            self.asked.update(line["custom_id"] for line in lines)
        batch["looks"] = 0
        return 200, batch

    def _look(self, given, *_):
        batch = next((one for one in self.batches if one["id"] == given), None)
        if batch is None:
            return no(404, f"No batch found with id '{given}'.")
        batch["looks"] += 1
        if batch["looks"] <= self.looks:
            batch["status"] = "in_progress"
            batch["request_counts"] = {"total": len(self._lines(batch)), "completed": batch["looks"], "failed": 0}
        elif batch["output_file_id"] is None:
            self._finish(batch)
        return 200, batch

    def _list(self, _, url, *__):
        after = parse_qs(url.query).get("after", [None])[0]
        newest = list(reversed(self.batches))
        begin = next((n + 1 for n, batch in enumerate(newest) if batch["id"] == after), 0)
        page = newest[begin : begin + 2]  # small pages, so that there are several
        return 200, {"object": "list", "data": page, "has_more": begin + 2 < len(newest)}

    def _fetch(self, given, *_):
        return (200, self.files[given]) if given in self.files else no(404, "No such file.")

    def _lines(self, batch):
        return [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]

    def _finish(self, batch):
        number = self.batches.index(batch)
        batch["status"] = end = self.end(number)
        if end == "failed":
            batch["errors"] = {"data": [{"code": "invalid", "message": self.problem, "line": 1}]}
            return
        good, bad = [], []
        for place, line in enumerate(self._lines(batch)):
            if not self.answered(number, place):
                error = {"code": f"batch_{end}", "message": "This request could not be executed in time."}
                bad += (
                    [] if end == "completed" else [{"custom_id": line["custom_id"], "response": None, "error": error}]
                )
                continue
            status, content = self.answer(line["body"])
            answer = {
                "custom_id": line["custom_id"],
                "response": {"status_code": status, "body": content},
                "error": None,
            }
            (good if status == 200 else bad).append(answer)
        for name, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                batch[name] = f"file-{len(self.files)}"
                self.files[batch[name]] = b"".join(json.dumps(line).encode() + b"\n" for line in lines[::-1])
        batch["request_counts"] = {"total": len(good) + len(bad), "completed": len(good), "failed": len(bad)}


def _call(method, path):
    """Return the kind of a call, and the id in its path."""
    kinds = {
        r"GET /v1/models": "models",
        r"POST /v1/chat/completions": "chat",
        r"POST /v1/files": "upload",
        r"POST /v1/batches": "create",
        r"GET /v1/batches": "list",
        r"GET /v1/batches/(.+)": "look",
        r"GET /v1/files/(.+)/content": "fetch",
    }
    found = ((kind, re.fullmatch(pattern, f"{method} {path}")) for pattern, kind in kinds.items())
    return next((kind, (*match.groups(), "")[0]) for kind, match in found if match)
