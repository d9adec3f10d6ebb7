"""A server that answers as a provider does, from the lines of tests/data/providers.

Each line is an answer. The first whose condition (`when`) a request fulfils is sent:

    wrong_key     true: for a key that is not `KEY`
    path          another path than /chat/completions
    model, models the model asked for
    any, all      fields of the request, of which some are there, or all
    values        fields with these values; a dot leads into a field
    not           fields that must not have these values
    roles         roles of which some message has one

In an answer, "$name" stands for the name of a refused field, "$value" for its value: where several are refused, the
text or the part of a list is there once for each. A good answer is streamed, in OpenAI's form, where that is asked for
and no stream was recorded.

`basis` says where an answer is from: "recorded" by us, "published" by the source word for word, "adapted" from there to
this model or field, "assumed" where the source does not show it.
"""

import copy
import json
import re
from pathlib import Path

from support.fake_server import FakeServer

FOLDER = Path(__file__).parent.parent / "data" / "providers"
KEY = "sk-right-0123456789abcdef"


def answers(provider):
    """Return the answers of a provider, as dicts."""
    return [json.loads(line) for line in (FOLDER / f"{provider}.jsonl").read_text(encoding="utf-8").splitlines()]


class RecordedServer(FakeServer):
    """A provider on loopback."""

    def __init__(self, provider):
        self.lines = answers(provider)
        listed = next(line for line in self.lines if line["when"].get("path") == "/models")
        super().__init__(self._answer, (listed["status"], _content(listed, {})))

    def _answer(self, body, number):
        key = self.headers[-1].get("Authorization", "").removeprefix("Bearer ")
        line = next(line for line in self.lines if _fits(line["when"], body, key))
        return line["status"], _content(line, body)


def _fits(when, body, key):
    model = body["model"]
    return (
        "path" not in when
        and (not when.get("wrong_key") or key != KEY)
        and when.get("model", model) == model
        and model in when.get("models", [model])
        and any(name in body for name in when.get("any", body))
        and all(name in body for name in when.get("all", []))
        and all(_value(body, name) == value for name, value in when.get("values", {}).items())
        and all(_value(body, name) != value for name, value in when.get("not", {}).items())
        and any(message["role"] in when.get("roles", [message["role"]]) for message in body["messages"])
    )


def _value(body, name):
    for part in name.split("."):
        body = body.get(part) if isinstance(body, dict) else None
    return body


def _content(line, body):
    if "text" in line:
        return line["text"].encode()
    if body.get("stream") and line["status"] == 200:
        return _streamed(copy.deepcopy(line["body"]))
    refused = [name for name in line["when"].get("any", ()) if name in body]
    return _filled(line["body"], [(name, body[name]) for name in refused])


def _streamed(answer):
    """Return a whole answer as the events of a stream."""
    (choice,) = answer["choices"]
    message = choice["message"]
    words = message.pop("content")
    pieces = re.findall(r"\S+\s*", words) if isinstance(words, str) else [[part] for part in words]
    events = [{"choices": [{"index": 0, "delta": delta}]} for delta in (message, *({"content": one} for one in pieces))]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    events.append({"choices": [], "usage": answer["usage"]})
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode() + b"data: [DONE]\n\n"


def _filled(node, refused):
    """Return an answer with the names and values of the refused fields in it."""
    if isinstance(node, list):
        each = [[_filled(part, [one]) for one in refused] if "$name" in json.dumps(part) else [part] for part in node]
        return [part for parts in each for part in parts]
    if isinstance(node, dict):
        return {name: _filled(part, refused) for name, part in node.items()}
    if node == "$value":
        return refused[0][1]
    if isinstance(node, str) and "$name" in node:
        return "\n".join(node.replace("$name", name) for name, _ in refused)
    return node
