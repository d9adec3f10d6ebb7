"""Several models that answer alike, used as one."""

import asyncio
import contextlib
import json

import pytest
from support.replicas import FakeServer, request

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Completion
from syndisco_nb.errors import InvalidInputError, ModelError, UnavailableError
from syndisco_nb.loop import run_sync

SERVERS = [snb.OpenAIModel("gpt", f"http://{host}/v1", name="m", max_concurrency=20) for host in "ab"]


class LoadedServer(FakeServer):
    """Raises `unloadable` when it is loaded, and remembers the folders that it is used in."""

    def __init__(self, unloadable=None, **settings):
        super().__init__("m", **settings)
        self.unloadable, self.used, self.loaded = unloadable, [], 0

    async def load(self):
        self.loaded += 1
        if self.unloadable:
            raise self.unloadable

    @contextlib.contextmanager
    def in_use(self, folder):
        self.used.append(folder)
        yield
        self.used.append("left")


def test_they_are_recorded_as_the_first_of_them():
    replicas = snb.Replicas(SERVERS)
    first = SERVERS[0]
    assert (replicas.settings(), replicas.identity()) == (first.settings(), first.identity())
    assert (replicas.name, replicas.sampling) == ("m", first.sampling)
    assert (replicas.capacity, replicas.min_concurrency) == (40, 40)
    assert repr(replicas) == "Replicas('m', ['http://a/v1', 'http://b/v1'])"
    named = snb.Replicas(SERVERS, name="duo")
    assert (named.name, named.settings()) == ("duo", {**first.settings(), "name": "duo"})
    assert (named.identity(), named.arguments()["name"]) == (first.identity(), "duo")
    assert replicas.arguments() == {"models": SERVERS, "name": None, "max_retries": 10, "patience_s": 300.0}
    alone = snb.Replicas([snb.ScriptedModel("x")])
    assert (alone.capacity, alone.min_concurrency) == (None, 1)
    assert repr(alone) == "Replicas('scripted', [ScriptedModel('scripted', 1 replies)])"


def test_requests_are_shared_and_their_answers_equal_those_of_one():
    one = snb.ScriptedModel(["Yes.", "No.", "Why?"])
    both = snb.Replicas([snb.ScriptedModel(["Yes.", "No.", "Why?"]) for _ in range(2)])

    async def ask(model):
        return await asyncio.gather(*(model.complete(request(seed)) for seed in range(30)))

    assert run_sync(ask(both)) == run_sync(ask(one))
    held = [FakeServer("m", held=True) for _ in range(2)]
    shared = snb.Replicas(held)

    async def share():
        asked = asyncio.gather(*(shared.complete(request(seed)) for seed in range(30)))
        await asyncio.sleep(0.001)
        for server in held:
            server.release()
        return await asked

    assert run_sync(share()) == [Completion("m")] * 30
    assert [len(server.asked) for server in held] == [15, 15] == [replica.answered for replica in shared.replicas]


def test_one_that_cannot_be_reached_rests_and_the_others_begin():
    down, up = LoadedServer(UnavailableError("connection refused.")), LoadedServer()
    replicas = snb.Replicas([down, up])
    with pytest.warns(
        UserWarning, match=r"m: no answer from .*: connection refused \(1 of 2 replicas\)\. Its requests go to the oth"
    ):
        run_sync(replicas.load())
    assert (down.loaded, up.loaded) == (1, 1)
    assert [replica.problem for replica in replicas.replicas] == ["connection refused.", ""]
    assert run_sync(replicas.complete(request())) == Completion("m")
    assert (len(down.asked), len(up.asked)) == (0, 1)
    down.unloadable = None
    run_sync(replicas.load())
    assert [replica.problem for replica in replicas.replicas] == ["", ""]
    up.unloadable = ConnectionResetError("reset")  # of a model of the user's own
    with pytest.warns(UserWarning, match="reset"):
        run_sync(replicas.load())


def test_where_all_are_down_their_own_patience_counts():
    starting, down = LoadedServer(), LoadedServer(UnavailableError("gone."))
    starting.try_load = down.load
    replicas = snb.Replicas([starting, down])
    with pytest.warns(UserWarning, match="gone"):
        run_sync(replicas.load())
    assert [replica.problem for replica in replicas.replicas] == ["", "gone."]
    assert (starting.loaded, down.loaded) == (1, 3)


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (
            (UnavailableError("a is down."), UnavailableError("b is down.")),
            "No replica of 'm' answers. a is down. b is ",
        ),
        ((ModelError("b refused the key."), None), "^b refused the key"),
        ((UnavailableError("a is down."), ModelError("b does not know it.")), "^b does not know it"),
    ],
)
def test_no_run_begins_without_any_or_with_one_that_refuses(errors, words):
    with pytest.raises(ModelError, match=words):
        run_sync(snb.Replicas([LoadedServer(error) for error in errors]).load())


def test_all_are_told_the_folder_of_a_run(tmp_path):
    servers = [LoadedServer() for _ in range(2)]
    with snb.Replicas(servers).in_use(tmp_path):
        assert [server.used for server in servers] == [[tmp_path]] * 2
    assert [server.used for server in servers] == [[tmp_path, "left"]] * 2


def test_what_cannot_be_used_is_refused():
    with pytest.raises(InvalidInputError, match=r"models holds Replicas\. Give their models in one list"):
        snb.Replicas([snb.Replicas(SERVERS)])
    for settings, words in (({"patience_s": 0}, "patience_s is 0"), ({"max_retries": -1}, "max_retries is -1")):
        with pytest.raises(InvalidInputError, match=words):
            snb.Replicas(SERVERS, **settings)


def test_a_run_begun_with_one_goes_on_with_several_and_back(tmp_path):
    def experiment(model, discussions):
        users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
        return snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=discussions, seed=3)

    script = ["Yes.", "No.", "Why?"]
    one = snb.ScriptedModel(script)
    whole = experiment(one, 3).begin(tmp_path / "one")
    experiment(one, 1).begin(tmp_path / "mixed")
    experiment(snb.Replicas([snb.ScriptedModel(script), snb.ScriptedModel(script)]), 2).begin(tmp_path / "mixed")
    mixed = experiment(one, 3).begin(tmp_path / "mixed")
    assert [[m.text for m in talk.messages] for talk in mixed] == [[m.text for m in talk.messages] for talk in whole]
    specs = [json.loads((tmp_path / name / "run.json").read_text())["spec"] for name in ("one", "mixed")]
    assert specs[0] == specs[1]


def test_batches_are_refused():
    with pytest.raises(InvalidInputError, match="models holds a model that answers in batches"):
        snb.Replicas([snb.BatchModel(snb.OpenAIModel("m", "https://server/v1", api_key="sk-none-at-all"))])
