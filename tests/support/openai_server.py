"""An OpenAI-compatible server without a model: what it says follows from the messages and the seed.

Run as a process; prints its port. The model's name decides how it behaves.
"""

import argparse
import hashlib
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.sse import events

KEY = "sk-right-0123456789abcdef"
WORDS = ["agree", "doubt", "tax", "street", "free", "why", "never", "bus"]


class RefusalError(Exception):
    def __init__(self, status, message, **fields):
        super().__init__(message)
        self.status = status
        self.fields = {"message": message, "type": "invalid_request_error", **fields}


def digest(asked):
    text = json.dumps([asked["messages"], asked["seed"]])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def answer(asked):
    """Return the reply of a model: its text and why it ended."""
    number = digest(asked)
    name = asked["model"]
    form = asked.get("response_format")
    if name == "mute":
        return None, "length"
    if name == "prude":
        return "", "content_filter"
    if name == "stubborn" or (name == "stumbling" and number % 3):
        return '{"label": "very"}' if form else "Very much so.", "stop"
    if form:
        labels = form["json_schema"]["schema"]["properties"]["label"]["enum"]
        return json.dumps({"label": labels[number % len(labels)]}), "stop"
    if "number alone" in asked["messages"][-1]["content"]:
        return str(number % 5 + 1), "stop"
    return " ".join(WORDS[(number >> 3 * place) % 8] for place in range(12)), "stop"


def check(asked):
    """Refuse what such a model refuses."""
    name = asked["model"]
    if name == "unknown":
        raise RefusalError(404, "The model 'unknown' does not exist.", code="model_not_found")
    if name == "broke":
        raise RefusalError(429, "You exceeded your current quota.", code="insufficient_quota")
    if name == "picky" and "min_q" in asked:
        raise RefusalError(400, "Unrecognized request argument supplied: min_q")
    if name == "plain" and "response_format" in asked:
        raise RefusalError(400, "response_format is not supported")
    if name == "thinker" and "max_tokens" in asked:
        raise RefusalError(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.reply(self.models)

    def do_POST(self):
        self.reply(self.chat)

    def models(self, _):
        if self.server.unlisted:  # as transformers serve does where nothing was ever downloaded
            raise RefusalError(500, "Internal Server Error")
        return {"object": "list", "data": [{"id": "listed"}]}

    def chat(self, asked):
        check(asked)
        with self.server.lock, self.server.log.open("a") as log:
            log.write(json.dumps(asked) + "\n")
        text, reason = answer(asked)
        return {
            "id": "x",
            "object": "chat.completion",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}],
            "usage": {"prompt_tokens": len(asked["messages"]), "completion_tokens": len((text or "").split())},
        }

    def reply(self, work):
        asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if given != KEY:  # some servers really quote it
                raise RefusalError(401, f"Incorrect API key provided: {given}.", code="invalid_api_key")
            if not self.path.startswith("/v1/"):
                raise RefusalError(404, "Not Found")
            status, body = 200, work(json.loads(asked) if asked else None)
        except RefusalError as refusal:
            status, body = refusal.status, {"error": refusal.fields}
        streams = "choices" in body and json.loads(asked).get("stream")
        data = b"".join(events(body)) if streams else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--unlisted", type=int, default=0)
    options = parser.parse_args()
    server = Server(("127.0.0.1", options.port), Handler)
    server.log = options.log
    server.lock = threading.Lock()
    server.unlisted = options.unlisted
    print(server.server_port, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()  # ends with its test
    server.serve_forever()


if __name__ == "__main__":
    main()
