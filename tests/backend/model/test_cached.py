import asyncio
import json

import pytest

import syndisco_nb as snb
from syndisco_nb import CachedModel, ChatMessage, Request, Sampling, ScriptedModel
from syndisco_nb.errors import CacheMissError, InvalidInputError
from syndisco_nb.loop import run_sync


class Counting(ScriptedModel):
    """A model that counts what it is asked, and has weights that can be loaded."""

    def __init__(self):
        super().__init__(self.answer, name="counted")
        self.asked = 0
        self.loaded = 0

    def answer(self, request):
        self.asked += 1
        return f"Answer {self.asked}, Größe\n\u2028"

    async def load(self):
        self.loaded += 1


@pytest.fixture
def model():
    return Counting()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store" / "answers.jsonl"


def request(text="Tea?", seed=1, **sampling):
    return Request((ChatMessage("system", "Ana"), ChatMessage("user", text)), seed, Sampling(**sampling))


def ask(model, *requests):
    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in requests))

    return [completion.text for completion in run_sync(asking())]


def test_the_same_request_is_asked_once(model, path):
    cached = CachedModel(model, path)
    first = ask(cached, request())
    assert (ask(cached, request()), model.asked) == (first, 1)


def test_it_is_kept_for_the_next_session(model, path):
    completions = [run_sync(CachedModel(model, path).complete(request(seed=seed))) for seed in (1, 2)]
    again = [run_sync(CachedModel(Counting(), path, mode="replay").complete(request(seed=seed))) for seed in (1, 2)]
    assert again == completions


@pytest.mark.parametrize(
    "other",
    [
        request(seed=2),
        request("Coffee?"),
        request(temperature=0.5),
        request(max_tokens=3),
        Request((ChatMessage("user", "Ana"), ChatMessage("user", "Tea?")), 1, Sampling()),
        Request((ChatMessage("system", "AnaTea?"), ChatMessage("user", "")), 1, Sampling()),
    ],
)
def test_whatever_decides_the_answer_is_in_the_key(model, path, other):
    cached = CachedModel(model, path)
    ask(cached, request())
    ask(cached, other)
    assert model.asked == 2


def test_another_model_has_answers_of_its_own(path):
    ask(CachedModel(ScriptedModel("Yes."), path), request())
    assert ask(CachedModel(ScriptedModel("No."), path), request()) == ["No."]


def test_the_models_own_settings_count_where_the_request_has_none(path):
    model = Counting()
    bare = Request((ChatMessage("user", "Tea?"),), 1)
    for temperature in (0.5, 0.7, 0.5):
        model.sampling = Sampling(temperature=temperature)
        ask(CachedModel(model, path), bare)
    assert model.asked == 2


def test_replay_never_loads_and_never_asks(model, path):
    cached = CachedModel(model, path, mode="replay")
    run_sync(cached.load())
    with pytest.raises(CacheMissError, match=r"holds no answer of 'counted' .* 'Tea\?'\. Record it with mode 'auto'"):
        ask(cached, request())
    assert (model.asked, model.loaded) == (0, 0)


def test_record_asks_anew_and_the_last_answer_counts(model, path):
    ask(CachedModel(model, path), request())
    recorded = ask(CachedModel(model, path, mode="record"), request())
    assert ask(CachedModel(Counting(), path, mode="replay"), request()) == recorded
    assert model.asked == 2


def test_off_never_touches_the_store(model, path):
    cached = CachedModel(model, path, mode="off")
    ask(cached, request(), request())
    assert (model.asked, path.exists()) == (2, False)


def test_the_environment_decides_where_nothing_is_said(model, path, monkeypatch):
    monkeypatch.setenv("SYNDISCO_NB_CACHE", "replay")
    assert CachedModel(model, path).mode == "replay"
    assert CachedModel(model, path, mode="off").mode == "off"
    monkeypatch.setenv("SYNDISCO_NB_CACHE", "always")
    with pytest.raises(InvalidInputError, match="mode is 'always', but must be one of: auto, record, replay, off"):
        CachedModel(model, path)


def test_a_broken_line_is_asked_again_and_the_others_are_kept(model, path):
    cached = CachedModel(model, path)
    ask(cached, request(seed=1), request(seed=2))
    lines = path.read_bytes().splitlines()
    path.write_bytes(lines[0][:-9] + b"\n[1]\n{}\n" + lines[1] + b"\n")
    model.asked = 0
    ask(CachedModel(model, path), request(seed=1), request(seed=2))
    assert model.asked == 1


def test_a_store_that_was_cut_takes_new_answers(model, path):
    ask(CachedModel(model, path), request(seed=1))
    path.write_bytes(path.read_bytes()[:-9])
    answer = ask(CachedModel(model, path), request(seed=2))
    assert ask(CachedModel(Counting(), path, mode="replay"), request(seed=2)) == answer


def test_the_store_is_text_that_a_person_can_read(model, path):
    ask(CachedModel(model, path), request())
    assert "Größe" in path.read_text("utf-8")
    assert json.loads(path.read_bytes())["text"].endswith("\u2028")


def test_a_run_from_the_store_is_the_run(model, path, tmp_path):
    def hold(model, folder):
        users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
        return snb.DiscussionExperiment(topics=["Tax"], users=users, num_turns=3, seed=1).begin(tmp_path / folder)

    first = hold(CachedModel(model, path), "first")
    again = hold(CachedModel(Counting(), path, mode="replay"), "again")
    assert list(again) == list(first)
