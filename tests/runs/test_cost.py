import sys
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

from strategies import a_transcript

from syndisco_nb.records import Generation, Message
from syndisco_nb.runs.cost import Cost, memory, side_by_side, spent


def test_a_run_costs_what_its_generated_messages_cost():
    cost = spent(a_transcript().messages, 2.0, 100, 5)
    assert cost == Cost(calls=3, prompt_tokens=0, completion_tokens=0, seconds=2.0, memory_mb=100, gpu_memory_mb=5)
    assert repr(cost) == "<Cost: 3 calls, 0 prompt and 0 completion tokens, 2 s, 100 MB, 5 MB on the GPU>"


def test_the_ratio_is_truth_by_estimate_where_there_is_one():
    truth = Cost(10, 200, 50, 2.0, 100)
    table = side_by_side(Cost(8, 0, 50, 4.0, 100), truth)
    assert table["calls"] == {"estimate": 8, "truth": 10, "ratio": 1.25}
    assert table["prompt_tokens"] == {"estimate": 0, "truth": 200, "ratio": None}
    assert side_by_side(None, truth)["seconds"] == {"estimate": None, "truth": 2.0, "ratio": None}


def test_memory_counts_the_gpu_only_where_torch_is_there(monkeypatch):
    cuda = SimpleNamespace(is_available=lambda: True, max_memory_allocated=lambda: 3 * 2**20)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    here, on_gpu = memory()
    assert here > 10
    assert on_gpu == 3
    monkeypatch.delitem(sys.modules, "torch")
    assert memory()[1] == 0


def test_the_price_is_that_of_each_models_tokens_on_the_day():
    talk = Message(0, 1, "Ana", "Why?", "m", generation=Generation((), 1, prompt_tokens=400_000))
    other = replace(talk, model="local", index=1)
    models = [{"name": "m", "model_name": "gpt-4o", "base_url": "https://api.openai.com/v1"}, {"name": "local"}]
    cost = spent([talk, other, talk], 1.0, 1, 0, models, datetime(2026, 11, 26, tzinfo=UTC))
    assert (cost.calls, cost.prompt_tokens, cost.price_usd, cost.unpriced) == (3, 1_200_000, 2.0, ())
    assert repr(cost) == "<Cost: 3 calls, 1,200,000 prompt and 0 completion tokens, $2.00, 1 s, 1 MB>"
    assert side_by_side(replace(cost, price_usd=4.0), cost)["price_usd"] == {
        "estimate": 4.0,
        "truth": 2.0,
        "ratio": 0.5,
    }
    batched = replace(talk, generation=replace(talk.generation, batch_size=8))
    assert spent([talk, batched], 1.0, 1, 0, models, datetime(2026, 11, 26, tzinfo=UTC)).price_usd == 1.5
    assert "price_usd" in side_by_side(None, cost)
    assert "unpriced" not in side_by_side(None, cost)
