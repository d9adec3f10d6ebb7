import asyncio
import json
import os
from dataclasses import dataclass, replace

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb import CachedModel, ChatMessage, Request, Sampling, ScriptedModel
from syndisco_nb.backend.model.request import Completion, Situation
from syndisco_nb.errors import CacheMissError, InvalidInputError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant


def counted(answer=None):
    """Return a model whose answers tell how many it has given, unless it gives another."""

    def reply(_):
        return answer or f"Answer {len(model.requests)}, Größe\n\u2028"

    model = RecordingModel(reply, name="counted")
    return model


@pytest.fixture
def model():
    return counted()


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
    assert (ask(cached, request()), len(model.requests)) == (first, 1)


def test_a_request_that_is_under_way_is_waited_for_and_asked_again_only_if_it_was_cancelled(path):
    class Held(snb.Model):
        asked = 0

        async def complete(self, request):
            self.asked += 1
            number, event = self.asked, self.let_go
            await event.wait()
            return Completion(f"Answer {number}")

    async def asking():
        held = Held("held")
        held.let_go = asyncio.Event()
        cached = CachedModel(held, path)
        first, second, third = (asyncio.ensure_future(cached.complete(request())) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        held.let_go.set()
        return held.asked, [one.text for one in await asyncio.gather(second, third)]

    assert run_sync(asking()) == (2, ["Answer 2", "Answer 2"])


def test_it_is_kept_for_the_next_session(model, path):
    completions = [run_sync(CachedModel(model, path).complete(request(seed=seed))) for seed in (1, 2)]
    again = [run_sync(CachedModel(counted(), path, mode="replay").complete(request(seed=seed))) for seed in (1, 2)]
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
    assert len(model.requests) == 2


def test_another_model_has_answers_of_its_own(path):
    ask(CachedModel(ScriptedModel("Yes."), path), request())
    assert ask(CachedModel(ScriptedModel("No."), path), request()) == ["No."]


def test_the_models_own_settings_count_where_the_request_has_none(path):
    model = counted()
    bare = Request((ChatMessage("user", "Tea?"),), 1)
    for temperature in (0.5, 0.7, 0.5):
        model.sampling = Sampling(temperature=temperature)
        ask(CachedModel(model, path), bare)
    assert len(model.requests) == 2


def test_replay_never_loads_and_never_asks(model, path):
    cached = CachedModel(model, path, mode="replay")
    run_sync(cached.load())
    with pytest.raises(CacheMissError, match=r"holds no answer of 'counted' .* 'Tea\?'\. Record it with mode 'auto'"):
        ask(cached, request())
    assert (len(model.requests), model.loads) == (0, 0)


def test_record_asks_anew_and_the_last_answer_counts(model, path):
    ask(CachedModel(model, path), request())
    recorded = ask(CachedModel(model, path, mode="record"), request())
    assert ask(CachedModel(counted(), path, mode="replay"), request()) == recorded
    assert len(model.requests) == 2


def test_off_never_touches_the_store(model, path):
    cached = CachedModel(model, path, mode="off")
    ask(cached, request(), request())
    assert (len(model.requests), path.exists()) == (2, False)


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
    model.requests.clear()
    ask(CachedModel(model, path), request(seed=1), request(seed=2))
    assert len(model.requests) == 1


def test_a_store_that_was_cut_takes_new_answers(model, path):
    ask(CachedModel(model, path), request(seed=1))
    path.write_bytes(path.read_bytes()[:-9])
    answer = ask(CachedModel(model, path), request(seed=2))
    assert ask(CachedModel(counted(), path, mode="replay"), request(seed=2)) == answer


def test_the_store_is_text_that_a_person_can_read(model, path):
    ask(CachedModel(model, path), request())
    assert "Größe" in path.read_text("utf-8")
    assert json.loads(path.read_bytes())["text"].endswith("\u2028")


def test_a_run_from_the_store_is_the_run(model, path, tmp_path):
    def hold(model, folder):
        users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
        return snb.DiscussionExperiment(topics=["Tax"], users=users, num_turns=3, seed=1).begin(tmp_path / folder)

    first = hold(CachedModel(model, path), "first")
    again = hold(CachedModel(counted(), path, mode="replay"), "again")
    assert list(again) == list(first)


@pytest.mark.parametrize("trim", [None, "sentence"])
def test_how_an_answer_is_trimmed_is_up_to_whoever_reads_it(path, trim):
    model = RecordingModel(lambda request: Completion("Yes. And", "length", request.sampling))
    run_sync(CachedModel(model, path).complete(request(trim="sentence")))
    again = run_sync(CachedModel(model, path, mode="replay").complete(request(trim=trim)))
    assert (again.text, again.sampling.trim) == ("Yes. And", trim)


def test_numbers_are_equal_however_they_are_written(model, path):
    cached = CachedModel(model, path)
    ask(cached, request(temperature=1, top_p=1.0), request(temperature=1.0, top_p=1))
    assert len(model.requests) == 1


def test_settings_left_out_are_not_those_that_change_nothing(model, path):
    ask(CachedModel(model, path), request(temperature=None), request(temperature=1.0))
    assert len(model.requests) == 2


def test_the_order_of_the_labels_is_in_the_key(model, path):
    asked = [Request((ChatMessage("user", "Tea?"),), 1, labels=labels) for labels in (("a", "b"), ("b", "a"))]
    assert len({CachedModel(model, path).key(one) for one in asked}) == 2


def test_keys_are_those_of_the_stores_that_users_have(path):
    cached = CachedModel(ScriptedModel("Yes."), path)
    assert cached.key(request()) == "e09ae13a207b044b24c5b314"
    assert cached.key(replace(request(top_k=50, temperature=None), labels=("a", "b"))) == "fe0677ac3eec6c848ca44419"
    assert cached.key(Request((), 1)) == "fd256ef33f33ce223e8f2677"


@dataclass(frozen=True, slots=True)
class LaterSampling(Sampling):
    """Sampling with a setting that a later version has added."""

    min_p: float | None = None


@dataclass(frozen=True, slots=True)
class LaterRequest(Request):
    """A request with a field that a later version has added."""

    stop: tuple[str, ...] = ()


def test_a_field_added_later_keeps_the_answers_stored_before(model, path):
    before = ask(CachedModel(model, path), request(temperature=0.5))
    replayed = CachedModel(counted(), path, mode="replay")
    messages = request().messages
    assert ask(replayed, Request(messages, 1, LaterSampling(temperature=0.5))) == before
    assert ask(replayed, LaterRequest(messages, 1, LaterSampling(temperature=0.5))) == before


def test_a_field_added_later_decides_where_it_differs_from_its_default(model, path):
    messages = request().messages
    cached = CachedModel(model, path)
    for min_p in (None, 0.1, 0.2, 0.1):
        ask(cached, Request(messages, 1, LaterSampling(min_p=min_p)))
    assert len(model.requests) == 3
    for stop in ((), ("Ben:",), ("Ana:",), ("Ben:",)):
        ask(cached, LaterRequest(messages, 1, Sampling(), stop=stop))
    assert len(model.requests) == 5


def test_where_a_request_comes_from_is_not_in_the_key(path):
    cached = CachedModel(ScriptedModel("Yes."), path)
    situation = Situation(Participant("Ana", "participant", "m"), 1, 2, ())
    assert cached.key(request()) == cached.key(replace(request(), situation=situation))


def test_the_whole_answer_is_kept(path):
    whole = Completion(
        text="Yes.",
        sampling=Sampling(temperature=None),
        prompt_tokens=3,
        completion_tokens=9,
        seconds=0.5,
        probabilities={"Yes.": 0.75, "No.": 0.25},
        mass=0.5,
        reasoning="Hm.",
        reasoning_tokens=4,
        notes=("The server refused a seed.",),
    )

    run_sync(CachedModel(counted(whole), path).complete(request(temperature=None)))
    replay = CachedModel(counted(whole), path, mode="replay")
    assert run_sync(replay.complete(request(temperature=None))) == whole


FOREIGN = {
    "a text": b"Chapter 1\n",
    "a script": b"#!/bin/sh\necho\n",
    "JSON lines of another tool": b'{"key": "a", "text": "Hi"}\n' * 3,
    "a transcript": b'{\n  "format": "syndisco_nb/discussion"\n}\n',
    "something binary": bytes(range(256)),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("mode", ["auto", "record", "replay"])
def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(model, tmp_path, content, mode):
    file = tmp_path / "thesis.txt"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"thesis\.txt holds something other than answers of a CachedModel"):
        CachedModel(model, file, mode=mode)
    assert file.read_bytes() == content


def test_a_file_that_appears_later_is_not_appended_to_either(model, path):
    cached = CachedModel(model, path)
    ask(cached, request(seed=1))
    path.write_bytes(b"Chapter 1\n")
    with pytest.raises(InvalidInputError, match="holds something other than"):
        ask(cached, request(seed=2))
    assert path.read_bytes() == b"Chapter 1\n"


def test_an_empty_file_becomes_a_store(model, path):
    path.parent.mkdir()
    path.touch()
    assert ask(CachedModel(model, path), request()) == ask(CachedModel(counted(), path, mode="replay"), request())


def test_a_folder_and_a_pipe_are_refused(model, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInputError, match=r"is a folder\. Give CachedModel the path of a file, such as "):
        CachedModel(model, tmp_path)
    with pytest.raises(InvalidInputError, match="is not an ordinary file"):
        CachedModel(model, tmp_path / "pipe")


def test_swapped_arguments_are_named(model, path):
    with pytest.raises(
        InvalidInputError, match=r"^path is ScriptedModel\(.*The model comes first: CachedModel\(model, path\)"
    ):
        CachedModel(str(path), model)
    with pytest.raises(InvalidInputError, match=r"model is 'small', but must be a model"):
        CachedModel("small", path)
    with pytest.raises(InvalidInputError, match="path is None, but must name a file"):
        CachedModel(model, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("finish_reason", "error"),
        ("finish_reason", None),
        ("text", 3),
        ("seconds", "long"),
        ("prompt_tokens", 1.5),
        ("mass", float("nan")),
        ("probabilities", {"a": float("inf")}),
        ("notes", [1]),
        ("sampling", {"temperature": -1}),
    ],
)
def test_an_entry_that_no_record_could_hold_is_not_served(model, path, caplog, field, value):
    ask(CachedModel(model, path), request())
    entry = json.loads(path.read_bytes())
    path.write_text(json.dumps(entry | {field: value}) + "\n", "utf-8")
    ask(CachedModel(model, path), request())
    assert len(model.requests) == 2
    assert "line 1 of" in caplog.text
    assert "is broken" in caplog.text


@pytest.mark.parametrize(
    "odd", [{"finish_reason": "weird"}, {"seconds": float("nan")}, {"mass": object()}, {"notes": 3}]
)
def test_an_answer_that_no_record_could_hold_is_not_kept(path, caplog, odd):
    model = counted(Completion(text="Yes.", **odd))
    assert ask(CachedModel(model, path), request()) == ["Yes."]
    assert "an answer of 'counted' is not kept" in caplog.text
    assert not path.exists()


class FromTheHub(RecordingModel):
    commit = None

    def identity(self):
        return {"model_path": "org/model", "commit": self.commit}


def test_an_answer_is_not_served_for_another_commit(path):
    model = FromTheHub()
    model.commit = "aaa"
    ask(CachedModel(model, path), request())
    model.commit = "bbb"
    ask(CachedModel(model, path), request())
    ask(CachedModel(model, path), request())
    assert len(model.requests) == 2


def test_a_computer_without_the_weights_replays_and_a_first_download_asks_nothing_again(path):
    def downloading(_):
        model.commit = "aaa"
        return "Yes."

    model = FromTheHub(downloading)
    ask(CachedModel(model, path), request())
    ask(CachedModel(model, path), request())
    assert len(model.requests) == 1
    assert ask(CachedModel(FromTheHub(), path, mode="replay"), request())
