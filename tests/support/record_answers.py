"""Ask a running server everything that `OpenAIModel` may ask it; print the answers for tests/data/providers.

Usage: python tests/support/record_answers.py http://localhost:8000/v1 MODEL [KEY]
"""

import json
import sys
import time

import httpx

MESSAGES = [{"role": "system", "content": "You are Ana. Be brief."}, {"role": "user", "content": "Tea or coffee?"}]
LABEL = {
    "type": "object",
    "properties": {"label": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["label"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": LABEL}}

SHAPES = {
    "a turn": {"seed": 7, "max_tokens": 24},
    "temperature": {"seed": 7, "max_tokens": 24, "temperature": 0.7},
    "top_p": {"seed": 7, "max_tokens": 24, "top_p": 0.9},
    "top_k": {"seed": 7, "max_tokens": 24, "top_k": 40},
    "repetition_penalty": {"seed": 7, "max_tokens": 24, "repetition_penalty": 1.1},
    "max_completion_tokens": {"seed": 7, "max_completion_tokens": 24},
    "a label": {"seed": 7, "max_tokens": 40, "response_format": FORMAT},
    "logprobs": {"seed": 7, "max_tokens": 1, "logprobs": True, "top_logprobs": 20},
    "logprobs of a label": {
        "seed": 7,
        "max_tokens": 40,
        "logprobs": True,
        "top_logprobs": 3,
        "response_format": FORMAT,
    },
    "a stream": {"seed": 7, "max_tokens": 8, "stream": True, "stream_options": {"include_usage": True}},
    "no thinking, in the template": {
        "seed": 7,
        "max_tokens": 24,
        "chat_template_kwargs": {"enable_thinking": False, "thinking": False},
    },
    "no thinking, by effort": {"seed": 7, "max_tokens": 24, "reasoning_effort": "none"},
    "an unknown field": {"seed": 7, "max_tokens": 24, "min_q": 1},
    "a wrong value": {"seed": 7, "max_tokens": 24, "temperature": -1},
    "an unknown model": {"model": "no-such-model", "seed": 7, "max_tokens": 24},
    "too long a prompt": {
        "max_tokens": 24,
        "messages": [{"role": "user", "content": "tea and coffee " * 9000}],
    },
}


def recorded(shape, answer):
    """Return an answer as a line of a file in tests/data/providers, for its writer to complete."""
    kept = {name: answer.headers[name] for name in ("content-type", "retry-after") if name in answer.headers}
    try:
        body = {"body": answer.json()}
    except ValueError:
        body = {"text": answer.text}
    return {"about": shape, "status": answer.status_code, "headers": kept, **body, "date": time.strftime("%Y-%m-%d")}


def main():
    """Print a line for each shape of a request."""
    url, model, *key = sys.argv[1:]
    right = {"Authorization": f"Bearer {key[0]}"} if key else {}

    def send(method, path, headers=right, **more):  # each on a connection of its own: some servers close theirs
        return httpx.request(method, url + path, headers=headers, timeout=120, trust_env=False, **more)

    def ask(shape, fields, headers=right):
        tell(shape, send("POST", "/chat/completions", headers, json={"model": model, "messages": MESSAGES, **fields}))

    tell("the list of models", send("GET", "/models"))
    for shape, fields in SHAPES.items():
        ask(shape, fields)
    ask("a wrong key", SHAPES["a turn"], {"Authorization": "Bearer sk-wrong-0123456789"})
    tell("a batch", send("POST", "/files", files={"file": ("a.jsonl", b"{}")}))


def tell(shape, answer):
    """Print an answer as a line."""
    print(json.dumps(recorded(shape, answer), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
