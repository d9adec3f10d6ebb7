"""A chat completion as the server-sent events in which a server streams it."""

import json


def event(**fields):
    return f"data: {json.dumps(fields)}\n\n".encode()


def events(answer, size=3):
    """Return the events of a whole answer, each text in pieces of so many characters, with the usage in the last."""
    choice = answer["choices"][0]
    message = dict(choice["message"])
    deltas = [{"role": message.pop("role", "assistant")}]
    for name, value in message.items():
        pieces = [value[at : at + size] for at in range(0, len(value), size)] if isinstance(value, str) else [value]
        deltas += [{name: piece} for piece in pieces]
    about = {name: value for name, value in choice.items() if name not in ("message", "finish_reason")}
    choices = [{"index": 0, "delta": delta, **about, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]})
    parts = [event(object="chat.completion.chunk", choices=[one], usage=None) for one in choices]
    return [*parts, event(choices=[], usage=answer.get("usage")), b"data: [DONE]\n\n"]
