"""docs/providers.md and `OpenAIModel`, held against answers of real servers, recorded or published."""

import json
import re
from pathlib import Path

import pytest
from support.recorded_server import FOLDER, KEY, RecordedServer, answers

import syndisco_nb as snb
from syndisco_nb import ChatMessage, OpenAIModel, Request, Sampling
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.backend.model.server import answering
from syndisco_nb.backend.model.server.faults import reported, retry_after
from syndisco_nb.backend.model.server.thinking_fields import thinking_fields
from syndisco_nb.backend.model.server.workarounds import known_workarounds
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

DOCS = (Path(__file__).parents[1] / "docs" / "providers.md").read_text("utf-8")
PROVIDERS = sorted(file.stem for file in FOLDER.glob("*.jsonl"))
ROWS = {
    cells[0].strip().lower().replace(" ", "_").replace(".", "_"): cells[1]
    for cells in (line.strip("| ").split("|") for line in DOCS.splitlines() if line.startswith("| "))
    if cells[0].strip() not in ("server", "---")
}
TAKEN = Sampling(temperature=0.7, top_p=0.9, top_k=40, repetition_penalty=1.1)
FIELDS = ("temperature", "top_p", "top_k", "repetition_penalty")
SEED = "the seed is not sent, so this draw cannot be repeated: the server refuses it"
BESIDE = "top_p is not sent: the server refuses it beside temperature"
SYSTEM = "the system message is sent as part of the first message: the server refuses the role"
THINKING = "thinking is left to the server: it refuses the setting"
THOUGHTS = {
    "gpt-5-mini": (None, (26, 73, 64)),
    "gemini-2.5-flash": (None, (26, 55, 46)),
    "magistral-small-latest": ("They ask what I drink.", (26, 9, 0)),
    "Qwen/Qwen3-4B": ("They ask what I drink.", (26, 9, 0)),
    "SmolLM2": (None, (26, 8, 0)),
}
"""Thoughts, and tokens of the prompt, the answer and the thoughts, wherever the server tells them."""
SCORED = ("gpt-4.1-mini", "Qwen/Qwen3-4B", "google/gemma-2-9b-it", "llama3.1:8b")
"""Models whose servers tell how probable each first token was; of llama.cpp, the recorded ones tell no label."""


def left_out(*names):
    return tuple(f"{name} is not sent: the server refuses it" for name in FIELDS if name in names)


@pytest.fixture
def served():
    """Return a function that starts a provider and the model behind it."""
    servers = []

    def serve(provider, model_name, key=KEY, **settings):
        servers.append(RecordedServer(provider))
        return servers[-1], OpenAIModel(model_name, servers[-1].url, key, **{"max_retries": 0, **settings})

    yield serve
    for server in servers:
        server.stop()


def request(*labels, seed=1):
    """Return a request for one of these labels; without labels, for a turn, which is streamed."""
    messages = (ChatMessage("system", "You are Ana."), ChatMessage("user", "Tea or coffee?"))
    turn = None if labels else Situation(Participant("Ana", "participant", "m"), 0, 0, ())
    return Request(messages, seed, TAKEN, labels, turn)


@pytest.mark.parametrize(
    ("provider", "model_name", "host", "thinking", "notes", "most"),
    [
        ("openai", "gpt-4.1-mini", "api.openai.com", None, left_out("top_k", "repetition_penalty"), 4),
        ("openai", "gpt-5-mini", "api.openai.com", False, left_out(*FIELDS), 7),
        ("anthropic", "claude-sonnet-4-6", "api.anthropic.com", False, (BESIDE,), 2),
        ("anthropic", "claude-opus-4-7", "api.anthropic.com", None, left_out("temperature", "top_p"), 3),
        ("gemini", "gemini-2.5-flash", "generativelanguage.googleapis.com", False,
         (*left_out("top_k", "repetition_penalty"), SEED), 6),
        ("gemini", "gemini-3-flash-preview", "generativelanguage.googleapis.com", False,
         (*left_out("top_k", "repetition_penalty"), THINKING, SEED), 13),
        ("mistral", "magistral-small-latest", "api.mistral.ai", None, left_out("top_k", "repetition_penalty"), 6),
        ("vllm", "Qwen/Qwen3-4B", "localhost:8000", False, (), 1),
        ("vllm", "google/gemma-2-9b-it", "localhost:8000", None, (SYSTEM,), 2),
        ("sglang", "Qwen/Qwen3-4B", "localhost:30000", False, (), 1),
        ("ollama", "llama3.1:8b", "localhost:11434", True, (THINKING,), 2),
        ("lm_studio", "gemma-3-1b-it-qat", "localhost:1234", None, (), 1),
        ("llama_cpp", "SmolLM2", "localhost:8080", False, (), 2),  # it lists its file
        ("transformers_serve", "SmolLM2", "localhost:8000", None, left_out("top_k", "repetition_penalty"), 4),
    ],
)  # fmt: skip
def test_each_server_answers_and_is_understood_once(
    served, provider, model_name, host, thinking, notes, most, monkeypatch
):
    if provider == "mistral":  # which is known by its address
        monkeypatch.setattr(answering, "known_workarounds", lambda _: known_workarounds(f"https://{host}/v1"))
    extra = thinking_fields(f"https://{host}/v1", thinking)
    server, model = served(provider, model_name, extra_body=extra)
    first = run_sync(model.complete(request()))
    assert (bool(first.text), first.notes) == (True, notes)
    assert len(server.bodies) <= most
    found = first.reasoning, (first.prompt_tokens, first.completion_tokens, first.reasoning_tokens)
    assert found == THOUGHTS.get(model_name, found)
    before = len(server.bodies)
    asked = request(seed=2)
    again = run_sync(model.complete(asked))
    assert (again.text, asked.situation.draft.read(), server.bodies[-1]["stream"]) == (first.text, first.text, True)
    assert (again.notes, len(server.bodies)) == (notes, before + 1)
    assert ("seed" in server.bodies[-1] or "random_seed" in server.bodies[-1]) is (SEED not in notes)
    assert [getattr(again.sampling, name) for name in FIELDS] == [server.bodies[-1].get(name) for name in FIELDS]
    label = run_sync(model.complete(request("yes", "no")))
    assert label.text in ("yes", "no") or provider == "transformers_serve"  # it ignores the schema
    assert model_name in SCORED or set(notes) <= set(label.notes)  # nothing is drawn for a scored one
    assert (label.probabilities is not None) is (model_name in SCORED)
    assert "probabilities" in label.notes[-1]
    before = len(server.bodies)
    label_again = run_sync(model.complete(request("yes", "no", seed=2)))
    assert label_again.notes == label.notes
    draws = {"transformers_serve": 3, "llama_cpp": 2}  # here, the first token that was recorded tells no label
    assert len(server.bodies) == before + draws.get(provider, 1)


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "mistral", "openai"])
def test_a_wrong_key_and_a_wrong_name_are_told_as_such_and_no_key_is_shown(served, provider):
    wrong = "sk-wrong-0123456789abcdef"
    server, model = served(provider, "no-such-model", wrong)
    with pytest.raises(ModelError, match="Check the key") as refused:
        run_sync(model.complete(request()))
    assert (wrong in str(refused.value), len(server.bodies)) == (False, 1)
    server, model = served(provider, "no-such-model")
    with pytest.raises(ModelError, match="Check model_name"):
        run_sync(model.complete(request()))
    assert len(server.bodies) <= 3


def test_a_rate_limit_is_waited_for():
    limits = [line for provider in PROVIDERS for line in answers(provider) if line["about"] == "the rate limit"]
    assert len(limits) == 4
    for line in limits:
        content = json.dumps(line["body"])
        wait_s = retry_after(line["headers"])
        fault = reported(line["status"], content, "429", content, wait_s=wait_s)
        assert (fault.retried, fault.congested, fault.wait_s) == (True, True, wait_s)
        assert wait_s == float(line["headers"].get("retry-after", 0))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_page_says_what_is_refused(provider):
    refused = {name for line in answers(provider) for name in line.get("refuses", ())}
    assert set(re.findall(r"`([^`]+)`", ROWS[provider])) == refused


def test_the_page_has_a_row_and_a_section_for_each_and_its_lines_run():
    assert sorted(ROWS) == PROVIDERS
    sections = re.findall(r"^## (.*)$", DOCS, re.MULTILINE)
    assert [name.lower().replace(" ", "_").replace(".", "_") for name in sections] == [*ROWS, "prices"]
    codes = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert len(codes) == len(PROVIDERS)
    for code in codes:
        names = {"snb": snb}
        exec(code, names)  # noqa: S102
        assert isinstance(names["model"], OpenAIModel)


def test_each_answer_says_where_it_is_from_and_holds_no_path_of_a_machine():
    for provider in PROVIDERS:
        for line in answers(provider):
            assert line["basis"] in ("recorded", "published", "adapted", "assumed")
            assert line["source"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", line["date"])
            assert not re.search(r"/(home|root|tmp|work)/", json.dumps(line))
            published = line["status"] >= 400 and line["basis"] in ("published", "adapted") and line.get("refuses")
            assert not published or line["source"] in DOCS
