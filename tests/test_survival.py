"""What a user does with a run that did not go smoothly: interrupt, start anew, retry, and ask whether it is sound."""

import asyncio
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, ModelError, RunFailedError, RunFolderError, UnknownArgumentError
from syndisco_nb.seeds import derive

UNIT = "discussion-00001"


@pytest.fixture
def model():
    return RecordingModel(["Yes.", "No.", ""], error=ConnectionError("wrong key"))


@pytest.fixture
def make(model):
    def make(other=None, **settings):
        users = [snb.LLMActor(other or model, name) for name in ("Ana", "Ben", "Cem")]
        given = {"topics": ["Tax", "Toll"], "users": users, "num_turns": 3, "num_discussions": 3, "seed": 7}
        return snb.DiscussionExperiment(**given | settings)

    return make


@pytest.fixture
def rate():
    judge = snb.LLMActor(snb.ScriptedModel(["1", "2", "5"], name="j"), "", actor_type=snb.ActorType.ANNOTATOR)
    return snb.AnnotationExperiment([judge, judge], [snb.Likert("tone"), snb.FreeText("gist")], seed=7)


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("discussion-*.json")}


# Starting anew


def test_a_fresh_run_moves_the_old_one_aside_whole(make, tmp_path):
    folder = tmp_path / "pilot"
    old = [content(make(seed=1).begin(folder, fresh=True))]
    for seed, name in ((2, "pilot.old-1"), (3, "pilot.old-2")):
        with pytest.warns(UserWarning, match=rf"pilot was moved aside, to {name}, to start anew"):
            old.append(content(make(seed=seed).begin(folder, fresh=True)))
    assert [content(tmp_path / name) for name in ("pilot.old-1", "pilot.old-2", "pilot")] == old
    assert snb.Run(tmp_path / "pilot.old-1").verify()
    assert len({frozenset(files.items()) for files in old}) == 3


@pytest.mark.parametrize("call", ["begin", "abegin", "start"])
def test_only_a_fresh_by_name_that_is_true_moves_a_run_aside(make, rate, tmp_path, call):
    talks = make().begin(tmp_path / "talks")
    before = content(talks)
    for experiment, places in ((make(), (talks.folder,)), (rate, (talks, tmp_path / "labels"))):
        method = getattr(experiment, call)
        with pytest.raises(UnknownArgumentError, match=r"too many positional arguments\. By name alone: fresh"):
            method(*places, "fresh")
        with pytest.raises(InvalidInputError, match="fresh is 'yes', but must be True or False"):
            asyncio.run(method(*places, fresh="yes"))
    assert content(talks) == before
    assert [path.name for path in tmp_path.iterdir()] == ["talks"]


def test_annotations_start_anew_too(make, rate, tmp_path):
    talks = make().begin(tmp_path / "talks")
    first = rate.begin(talks, tmp_path / "labels")
    with pytest.warns(UserWarning, match="labels was moved aside, to labels.old-1"):
        again = rate.begin(talks, tmp_path / "labels", fresh=True)
    assert content(again) == content(first) == content(tmp_path / "labels.old-1")


def test_the_refusal_of_another_experiment_names_the_way_out(make, tmp_path):
    make().begin(tmp_path)
    with pytest.raises(
        RunFolderError, match=r"\(num_turns: 3 → 4\)\. Use another folder, .* begin\(\.\.\., fresh=True\)"
    ):
        make(num_turns=4).begin(tmp_path)


def test_a_fresh_run_is_refused_while_another_writes_there(make, tmp_path):
    async def both():
        async def reply(_):
            await asyncio.sleep(0.05)
            return "Yes."

        experiment = make(snb.ScriptedModel(reply))
        first = asyncio.create_task(experiment.abegin(tmp_path / "pilot"))
        while not any((tmp_path / "pilot").glob("journal/*.jsonl")):
            await asyncio.sleep(0.005)
        with pytest.raises(RunFolderError, match="is being written by another run"):
            await experiment.abegin(tmp_path / "pilot", fresh=True)
        first.cancel()
        return await first

    assert asyncio.run(both()).status == "interrupted"
    assert [path.name for path in tmp_path.iterdir()] == ["pilot"]


def test_when_all_is_there_no_model_is_loaded(make, rate, tmp_path):
    whole = make(snb.ScriptedModel("Yes.", name="m")).begin(tmp_path / "talks")
    unloadable = RecordingModel("Yes.", load_error=ModelError("no weights"))
    again = make(unloadable).begin(tmp_path / "talks")
    assert (again.status, content(again)) == ("finished", content(whole))
    Path(again, f"{UNIT}.json").unlink()
    with pytest.raises(ModelError, match="no weights"):
        make(unloadable).begin(tmp_path / "talks")
    assert snb.Run(tmp_path / "talks").status == "failed"


# Other processes

STUDY = """
import asyncio, itertools, sys
import syndisco_nb as snb

asked = itertools.count()

async def reply(request):
    if next(asked) >= int(sys.argv[2]):
        await asyncio.sleep(3600)
    print("asked", flush=True)
    return f"Word {request.seed % 97}."

users = [snb.LLMActor(snb.ScriptedModel(reply), name) for name in ("Ana", "Ben")]
run = snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=3, seed=1).begin(sys.argv[1])
print(run, flush=True)
"""


def start(folder, answers=12):
    """Run the study in another process; after so many answers the model says no more."""
    command = [sys.executable, "-c", STUDY, str(folder), str(answers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_second_process_is_refused_until_the_first_is_dead(tmp_path):
    first = start(tmp_path / "run", answers=0)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "run" / "run.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        out, err = start(tmp_path / "run").communicate(timeout=120)
        assert "RunFolderError" in err
        assert "is being written by another run, here or in another process" in err
        assert out == ""
    finally:
        first.kill()
        first.communicate()
    out, err = start(tmp_path / "run").communicate(timeout=120)
    assert "3 of 3 discussions, finished>" in out, err


def test_sigterm_hands_back_what_is_done(tmp_path):
    with start(tmp_path / "run", answers=4) as process:
        for _ in range(4):
            assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.stdout.read(), process.stderr.read()  # communicate() would miss what readline() buffers
    assert (process.returncode, re.search(r"of 3 discussions.*, interrupted>", out) is not None) == (0, True), err
    journals = b"".join(path.read_bytes() for path in (tmp_path / "run" / "journal").glob("*.jsonl"))
    answered = 4 + out.count("asked")
    assert answered - 3 <= journals.count(b'"generation"') <= answered
    out, _ = start(tmp_path / "run").communicate(timeout=120)
    assert "3 of 3 discussions, finished>" in out
    assert out.count("asked") == 12 - journals.count(b'"generation"')


def test_sigterm_is_left_as_it_was(make, tmp_path):
    seen = []

    def reply(_):
        seen.append(signal.getsignal(signal.SIGTERM))
        return "Yes."

    experiment = make(snb.ScriptedModel(reply), num_discussions=1)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    experiment.begin(tmp_path / "a")
    assert (set(seen), signal.getsignal(signal.SIGTERM)) == ({signal.default_int_handler}, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, own := lambda *_: None)
    try:
        seen.clear()
        experiment.begin(tmp_path / "b")
        assert (set(seen), signal.getsignal(signal.SIGTERM)) == ({own}, own)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


# Failures


def test_failures_are_a_table_with_what_was_asked(make, model, tmp_path):
    whole = make().begin(tmp_path / "whole")
    last = whole[1].messages[-1]
    model.failing = {last.generation.seed}
    table = make().begin(tmp_path / "run").failures
    assert list(table.columns) == ["unit", "error", "message", "done", "attempt", "turn", "prompt"]
    (row,) = table.to_dict("records")
    prompt = "\n\n".join(map(str, last.generation.prompt))
    assert row == {
        "unit": UNIT,
        "error": "ConnectionError",
        "message": "wrong key",
        "done": 3,
        "attempt": 1,
        "turn": 3,
        "prompt": prompt,
    }
    assert list(whole.failures.columns) == list(table.columns)
    assert len(whole.failures) == 0


def test_an_annotations_failure_names_its_own_request(make, tmp_path):
    talks = make().begin(tmp_path / "talks")
    shared = ConnectionError("gone")  # as a batch that fails gives one error to all who wait

    async def reply(request):
        await asyncio.sleep(0.01)
        if "Yes." in request.messages[-1].content:
            raise shared
        return "1"

    judge = snb.LLMActor(snb.ScriptedModel(reply), "", actor_type=snb.ActorType.ANNOTATOR)
    run = snb.AnnotationExperiment([judge], window=1).begin(talks, tmp_path / "labels")
    assert len(run.failures) > 1
    for failure in run.failures.itertuples():
        comments = {comment.index: comment for comment in talks[int(failure.unit[11:16])].comments}
        assert comments[failure.turn].text in failure.prompt
        assert f"{comments[failure.turn].name}: {comments[failure.turn].text}" in failure.prompt


def test_a_failure_that_no_model_made_has_no_prompt(make, tmp_path):
    def prompt(actor, comments):
        raise KeyError("no such field")

    users = [snb.LLMActor(snb.ScriptedModel("Yes."), name, prompt_format=prompt) for name in ("Ana", "Ben")]
    table = make(users=users, num_discussions=1).begin(tmp_path).failures
    assert (table.error[0], table.prompt[0], table.turn.isna()[0]) == ("KeyError", "", True)


def test_retry_repeats_what_failed_and_nothing_else(make, model, tmp_path):
    whole = make().begin(tmp_path / "whole")
    model.failing = {whole[1].messages[-1].generation.seed}
    run = make().begin(tmp_path / "run")
    model.requests.clear()
    assert run.retry().failures.attempt[0] == 2
    model.failing.clear()
    Path(run, "discussion-00002.json").unlink()
    again = run.retry()
    assert model.seeds == [whole[1].messages[-1].generation.seed] * 2
    assert (again.status, len(again), len(again.failures)) == ("interrupted", 2, 0)
    assert content(make().begin(tmp_path / "run")) == content(whole)


def test_retry_and_replay_of_a_run_without_its_experiment_say_what_to_do(make, tmp_path):
    make().begin(tmp_path)
    for call in (snb.Run(tmp_path).retry, lambda: snb.Run(tmp_path).replay(0)):
        with pytest.raises(RunFolderError, match=r"its experiment is not at hand\. Call begin of the same experiment"):
            call()


def test_a_run_in_which_everything_fails_stops_early_and_says_why(make, model, tmp_path):
    model.failing = {"all"}
    experiment = make(num_discussions=1000, max_concurrency=16)
    with pytest.raises(
        RunFailedError, match=r"Stopped after \d\d failures.* ConnectionError: wrong key\. Fix the cause"
    ):
        experiment.begin(tmp_path)
    assert 10 <= len(model.seeds) <= 26
    assert snb.Run(tmp_path).status == "failed"
    model.failing.clear()
    assert len(experiment.begin(tmp_path)) == 1000


def test_a_key_that_is_withdrawn_later_stops_the_run_too(make, model, tmp_path):
    async def reply(request):
        if len(model.requests) == 50:
            model.failing = {"all"}
        return (await model.complete(request)).text

    with pytest.raises(RunFailedError):
        make(snb.ScriptedModel(reply, name="m"), num_discussions=1000, max_concurrency=4).begin(tmp_path)
    assert 60 <= len(model.seeds) <= 66


def test_bad_apples_at_the_start_do_not_stop_the_good_ones(make, model, tmp_path):
    plan = make(num_discussions=60)
    firsts = {derive(plan.discussion(index, 7).seed, "sampling", "participant", 1) for index in range(20)}

    async def reply(request):
        if request.seed in firsts:
            raise ConnectionError("bad apple")
        await asyncio.sleep(0.1)
        return "Yes."

    run = make(snb.ScriptedModel(reply, name="m"), num_discussions=60, max_concurrency=21).begin(tmp_path)
    assert (len(run), len(run.failures), run.status) == (40, 20, "partial")


def test_half_a_character_in_a_reply_costs_no_discussion(make, tmp_path):
    run = make(snb.ScriptedModel(lambda _: "So \ud83d"), num_discussions=1).begin(tmp_path)
    assert (run.status, run[0].comments[1].text) == ("finished", "So \ufffd")


# Verification


@pytest.fixture
def sound(make, rate, tmp_path):
    moderated = make(moderator=snb.LLMActor(snb.ScriptedModel("Calm.", name="mod"), "Mo"))
    talks = moderated.begin(tmp_path / "talks")
    return talks, rate.begin(talks, tmp_path / "labels")


def test_a_sound_run_is_verified(sound):
    for run in sound:
        found = run.verify()
        assert bool(found), found.problems
        assert repr(found) == f"<Verification of {str(run.folder)!r}, {len(run)} checked: no problems found>"


def edit(run, change, unit=UNIT):
    file = Path(run, f"{unit}.json")
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def drop_turn(document):
    del document["logs"][2]


def rename_speaker(document):
    document["logs"][1]["name"] = "Zoe"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(seed=5), "its seed is 5, but must be"),
        (lambda d: d.update(index=4), "its index is 4, but must be 1"),
        (lambda d: d.update(topic="Bread"), "its topic is 'Bread', but must be"),
        (lambda d: d["settings"].update(num_turns=9), "its num_turns is 9, but must be 3"),
        (lambda d: d["settings"].update(window=1), "its window is 1, but must be 3"),
        (lambda d: d.pop("moderator"), "its moderator is None"),
        (lambda d: d["users"].pop(), "took part, but 2 different users must"),
        (lambda d: d["users"][0].update(context="x"), "took part, but the run describes them otherwise"),
        (drop_turn, "one is missing, or stands twice"),
        (lambda d: d["logs"].pop(0), "its opening is missing"),
        (lambda d: d["logs"][0].update(text="Hi"), "is not the opening that follows from the seed"),
        (rename_speaker, "'Zoe' speaks as participant, but does not take part as one"),
        (lambda d: d["logs"][1].update(model="other"), "is by the model 'other', but"),
        (lambda d: d["logs"][1].update(turn=7), "its turns are"),
        (lambda d: d["logs"][1]["generation"].update(seed=1), "was drawn with another seed"),
        (lambda d: d["logs"][1].pop("generation"), "has no prompt"),
        (lambda d: d["logs"][1].update(silent=True), "is marked as silent, but is not"),
        (lambda d: d.update(version=99), "has version 99"),
    ],
)
def test_what_is_not_as_it_was_asked_is_found(sound, change, said):
    edit(sound[0], change)
    found = sound[0].verify()
    assert not found
    assert any(problem.startswith(f"{UNIT}.json: ") and said in problem for problem in found.problems), found.problems
    assert all(problem.startswith(UNIT) for problem in found.problems)


def other_scale(document):
    document["settings"]["scales"][0]["labels"] = ["1"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["logs"][0].update(value=9), "has the label 9, but its scale allows 1, 2, 3, 4, 5"),
        (lambda d: d["logs"][0].update(value=True), "has the label True, but its scale allows"),
        (lambda d: d["logs"][0].update(probabilities={"1": 0.5, "2": 0.1}), "probabilities"),
        (lambda d: d["logs"].append(d["logs"][0]), "two labels are of one scale"),
        (lambda d: d["logs"].pop(), "labels are missing, the first for comment"),
        (lambda d: d["logs"][0].update(text="Other."), "about other comments than those of another annotator"),
        (lambda d: d["logs"][0]["generation"].update(seed=1), "was drawn with another seed"),
        (lambda d: d.update(seed=1), "its seed is 1, but must be"),
        (lambda d: d.update(discussion="discussion-00002"), "its discussion is 'discussion-00002'"),
        (lambda d: d["annotator"].update(instructions="x"), "its annotator is"),
        (other_scale, "its scales is"),
    ],
)
def test_labels_that_are_not_as_they_were_asked_are_found(sound, change, said):
    edit(sound[1], change, f"{UNIT}.annotator-01")
    assert said in str(sound[1].verify())


def test_what_is_missing_doubled_or_does_not_belong_is_found(sound, make, model, tmp_path):
    run, labels = sound
    shutil.copy(Path(run, f"{UNIT}.json"), Path(run, "discussion-00007.json"))
    Path(run, "discussion-00002.json").unlink()
    Path(run, "notes.json").write_text("{}")
    journal = Path(run, "journal", f"{UNIT}.jsonl")
    journal.write_bytes(b'{"index": 0, "turn": 0, "name": "Ana", "text": "x", "model": "m"}\n{}\n')
    said = str(run.verify())
    for words in (
        "discussion-00007.json: the run has only 3 discussions",
        f"discussion-00007.json: it has the id of {UNIT}.json",
        "discussion-00002.json is missing, though the run is finished",
        "notes.json: it does not belong to the run",
        f"journal/{UNIT}.jsonl: it differs from {UNIT}.json",
        f"journal/{UNIT}.jsonl, line 2 cannot be read",
    ):
        assert words in said
    Path(labels, f"{UNIT}.annotator-01.json").unlink()
    assert "5 annotation sets are there, though 6 were finished" in str(labels.verify())
    model.failing = {"all"}
    assert make().begin(tmp_path / "failed").verify()  # what failed is on record, and nothing is wrong


def test_a_folder_without_its_run_json_is_said_to_be_so(sound):
    Path(sound[0], "run.json").write_bytes(b"{}")
    assert "is not a syndisco_nb/run file" in repr(sound[0].verify())


# Replays


def test_a_replay_is_equal_or_names_the_first_turn_that_differs(sound):
    for run in sound:
        assert [bool(run.replay(place)) for place in range(len(run))] == [True] * len(run)
    run, labels = sound
    assert repr(run.replay(1)) == f"<Replay of {UNIT}: equal>"
    edit(run, lambda d: d["logs"][2].update(text="Never."))
    name, turn = run[1].comments[2].name, run[1].comments[2].turn
    assert run.replay(1).difference.startswith(f"turn {turn} ({name}) differs: text: 'Never.' → ")
    edit(run, lambda d: d["logs"].pop())
    edit(labels, lambda d: d["logs"][0].update(value=4), f"{UNIT}.annotator-00")
    assert "the label of comment 0 (tone) differs: value: 4 → " in repr(labels.replay(2))


def test_a_replay_writes_nothing(sound):
    before = {path: path.read_bytes() for path in sound[0].folder.rglob("*.json*")}
    asyncio.run(sound[0].areplay(0))
    assert {path: path.read_bytes() for path in sound[0].folder.rglob("*.json*")} == before


# Equal runs


@pytest.mark.parametrize("settings", [{"max_concurrency": 1}, {"max_concurrency": 7}, {"max_concurrency": 64}])
def test_order_and_concurrency_change_nothing(make, settings, tmp_path):
    calls, instant = [], []

    async def reply(request):
        calls.append(request)
        if not instant:
            await asyncio.sleep(hash((request.seed, len(calls))) % 5 / 1000)
        return f"Word {request.seed % 997}."

    slow = snb.ScriptedModel(reply, name="m")
    run = make(slow, num_discussions=12, **settings).begin(tmp_path / "run")
    instant.append(True)
    assert content(run) == content(make(slow, num_discussions=12).begin(tmp_path / "whole"))
    instant.clear()
    drawn = make(slow, num_discussions=12, seed=None, **settings).begin(tmp_path / "drawn")
    given = make(slow, num_discussions=12, seed=drawn.seed).begin(tmp_path / "given")
    assert content(drawn) == content(given) != content(run)
