import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.recording_model import RecordingModel

from syndisco_nb import DiscussionExperiment, LLMActor, Run
from syndisco_nb.errors import RecordError, RunFolderError, StorageError
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.runs.file_format import RUN_VERSION
from syndisco_nb.runs.head import digest
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.runs.writing import RunFolder

UNIT = "discussion-00000"


@pytest.fixture
def model():
    return RecordingModel(["", "Yes.", "No.", "Größe\n“x”"], name="counter", error=ConnectionError("no {answer}"))


@pytest.fixture
def make(model):
    def make(**settings):
        users = [LLMActor(model=model, name=name) for name in ("Ana", "Ben", "Cem")]
        given = {"topics": ["Tax", "Toll"], "users": users, "num_turns": 4, "num_discussions": 3, "seed": 7}
        return DiscussionExperiment(**{**given, **settings})

    return make


@pytest.fixture
def run(make, tmp_path):
    return make().begin(tmp_path / "run")


def names(folder):
    return sorted(
        str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file() and path.name != ".lock"
    )


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("discussion-*.json")}


# Layout


def test_a_finished_run_leaves_its_files_and_nothing_else(run):
    found = [f"discussion-0000{index}.json" for index in range(3)]
    assert names(run) == [*found, "journal/run.json.last", "order.jsonl", "run.json"]
    assert [json.loads(Path(run, name).read_text("utf-8"))["index"] for name in found] == [0, 1, 2]


def test_run_json_says_what_was_asked(run):
    head = json.loads(Path(run, "run.json").read_text("utf-8"))
    assert (head["format"], head["version"], head["status"]) == ("syndisco_nb/run", RUN_VERSION, "finished")
    assert (head["seed"], head["spec"]["num_turns"], head["total"]) == (7, 4, 3)
    assert head["digests"] == {name.removesuffix(".json"): digest(data) for name, data in content(run).items()}
    assert set(head["software"]) >= {"syndisco_nb", "python"}
    assert head["spec"]["models"][0]["name"] == "counter"
    assert {user["prompt_format"] for user in head["spec"]["users"]} == {"syndisco_nb/speak/1"}


def test_a_discussion_file_has_the_logs_that_syndisco_users_know(run):
    document = json.loads(Path(run, f"{UNIT}.json").read_text("utf-8"))
    assert set(document["logs"][0]) >= {"name", "text", "model"}
    assert document["logs"][0]["model"] == "hardcoded"
    assert all(entry["text"].strip() for entry in document["logs"])


def test_texts_are_written_as_they_are(run):
    assert any("Größe\\n“x”".encode() in data for data in content(run).values())


def test_a_drawn_seed_is_kept_with_the_run(make, tmp_path):
    first = make(seed=None).begin(tmp_path / "drawn")
    assert content(make(seed=first.seed).begin(tmp_path / "given")) == content(first)


def test_every_turn_is_on_disk_before_the_next_is_asked(make, model, tmp_path):
    whole = make(num_discussions=1).begin(tmp_path / "whole")[0]
    seeds = [message.generation.seed for message in whole.messages if message.generation]
    model.failing = {seeds[-1]}
    make(num_discussions=1).begin(tmp_path / "cut")
    journal = tmp_path / "cut" / "journal" / f"{UNIT}.jsonl"
    assert journal.read_bytes() == b"".join(map(to_line, whole.messages[:-1]))


# Writing


def test_a_full_disk_stops_the_run_and_keeps_what_is_done(make, model, tmp_path, monkeypatch):
    def replace(source, target):
        if Path(target).name == f"{UNIT}.json":
            raise OSError("disk full")
        Path(source).rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(StorageError, match=r"discussion-00000\.json cannot be written .*: disk full\. Fix"):
            make(max_concurrency=1).begin(tmp_path)
    run = Run(tmp_path)
    assert (run.status, len(run), len(run.failures), len(model.seeds)) == ("failed", 0, 0, 4)
    assert len(make().begin(tmp_path)) == 3
    assert len(model.seeds) == 12


# Resuming


def journal_of(run, folder, index=0, **changed):
    """Start the run in another folder; return where a discussion has its journal, and what would be in it."""
    begun = RunFolder(folder, "discussions", run.spec | changed, 3)
    begun.write_status("running")
    begun.close()
    path = folder / "journal" / f"discussion-{index:05d}.jsonl"
    return path, b"".join(map(to_line, run[index].messages))


def test_killed_at_any_byte_it_ends_as_if_never_cut(make, model, run, tmp_path):
    folder = tmp_path / "cut"
    journal, lines = journal_of(run, folder, num_discussions=1)
    for cut in range(0, len(lines) + 1, 101):
        journal.write_bytes(lines[:cut])
        model.requests.clear()
        assert content(make(num_discussions=1).begin(folder)) == {f"{UNIT}.json": content(run)[f"{UNIT}.json"]}
        whole_turns = max(0, lines[:cut].count(b"\n") - 1)
        assert len(model.seeds) == 4 - whole_turns
        (folder / f"{UNIT}.json").unlink()


def test_cut_in_the_first_line_and_cut_again_it_still_goes_on(make, model, run, tmp_path):
    folder = tmp_path / "cut"
    journal, lines = journal_of(run, folder)
    journal.write_bytes(lines[:20])
    model.failing = {"all"}
    make().begin(folder)
    model.failing.clear()
    again = make().begin(folder)
    assert (len(again.failures), content(again)) == (0, content(run))


def test_a_kill_while_a_journal_is_mended_loses_no_turn(run, tmp_path):
    journal, lines = journal_of(run, tmp_path)
    folder = RunFolder(tmp_path, "discussions", run.spec, 3)
    journal.write_bytes(lines[:-5])
    code = (
        "import os, pathlib, signal, sys; from syndisco_nb import Message; from syndisco_nb.runs import files\n"
        "from syndisco_nb.runs.journal import Journal\n"
        "def killed(*_): raise AssertionError('a journal is never rewritten')\n"
        "files.write_all = killed\n"
        "journal = Journal(pathlib.Path(sys.argv[1]), Message)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, journal], check=False).returncode == -signal.SIGKILL
    with folder.journal(UNIT, Message) as mended:
        assert mended.done == list(run[0].messages[:-1])


def test_a_finished_run_is_not_asked_again(make, model, run):
    model.requests.clear()
    again = make().begin(run)
    assert (model.seeds, list(again)) == ([], list(run))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"num_turns": 5}, "num_turns: 4 → 5"),
        ({"seed": 8}, "seed: 7 → 8"),
        ({"topics": ["Tax", "Bread"]}, "topics[1]: 'Toll' → 'Bread'"),
        ({"topics": ["Tax"]}, "topics: 2 → 1"),
        ({"window_counts": "all"}, "window_counts: 'participants' → 'all'"),
        ({"window": 2, "num_active_users": 3}, "num_active_users: 2 → 3; window: 3 → 2"),
    ],
)
def test_a_different_experiment_is_refused_with_the_difference(make, model, run, changed, named):
    before = content(run)
    model.requests.clear()
    with pytest.raises(RunFolderError) as caught:
        make(**changed).begin(run)
    assert f"holds a different experiment ({named}). Use another folder" in str(caught.value)
    assert (model.seeds, content(run), run.status) == ([], before, "finished")


def test_a_run_that_says_nothing_of_whose_comments_count_is_read_but_not_continued(make, model, run):
    file = run.folder / "run.json"
    document = json.loads(file.read_bytes())
    del document["spec"]["window_counts"]
    file.write_text(json.dumps(document))
    assert [talk.id for talk in Run(run.folder)] == [talk.id for talk in run]
    with pytest.raises(RunFolderError, match="written by an earlier version: it can be read, not continued"):
        make().begin(run)


def test_another_moderator_or_instruction_is_a_different_experiment(make, run):
    users = list(make().users)
    users[1] = LLMActor(model=users[1].model, name="Ben", instructions="Shout.")
    with pytest.raises(RunFolderError, match=r"users\[1\].instructions: '' → 'Shout.'"):
        make(users=users).begin(run)
    with pytest.raises(RunFolderError, match="moderator: None → "):
        make(moderator=LLMActor(model=users[1].model, name="Mo")).begin(run)


def test_speed_is_not_part_of_the_experiment(make, run):
    assert make(max_concurrency=1).begin(run).status == "finished"


# Failures


def test_a_failure_is_shown_and_written_down(make, model, run, tmp_path):
    model.failing = {run[1].messages[2].generation.seed}
    partial = make().begin(tmp_path / "partial")
    assert (partial.status, len(partial), partial.total) == ("partial", 2, 3)
    (failure,) = partial.failures.itertuples()
    assert (failure.unit, failure.error, failure.message) == ("discussion-00001", "ConnectionError", "no {answer}")
    assert (failure.done, failure.attempt) == (2, 1)
    (line,) = (tmp_path / "partial" / "failures.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["unit"] == "discussion-00001"
    assert "1 failed" in repr(partial)


def test_attempts_are_counted_until_it_works(make, model, run, tmp_path):
    model.failing = {run[1].messages[2].generation.seed}
    attempts = [make().begin(tmp_path / "partial").failures.attempt[0] for _ in range(3)]
    model.failing.clear()
    last = make().begin(tmp_path / "partial")
    assert attempts == [1, 2, 3]
    assert (len(last.failures), last.status, content(last)) == (0, "finished", content(run))


@pytest.mark.parametrize("cut", [10, -2, "brace"])
def test_a_cut_line_of_failures_hides_nothing_that_follows(make, model, tmp_path, cut):
    model.failing = {"all"}
    make().begin(tmp_path)
    file = tmp_path / "failures.jsonl"
    line = file.read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(line[: line.index(b"{answer}") + 8] if cut == "brace" else line[:cut])
    assert len(make().begin(tmp_path).failures) == 3


# The sequence


def test_a_run_shows_itself_though_a_folder_stands_where_failures_go(run):
    (run.folder / "failures.jsonl").mkdir()
    (run.folder / "discussion-00001.json").unlink()
    for show in (repr, lambda run: run.failures, lambda run: run._repr_mimebundle_()):
        with pytest.warns(UserWarning, match=r"The failures cannot be read: .*failures\.jsonl cannot be read"):
            show(Run(run.folder))


def test_a_run_is_a_sequence_of_transcripts(run):
    assert len(run) == 3
    assert [transcript.index for transcript in run] == [0, 1, 2]
    assert (run[0].index, run[-1].index) == (0, 2)
    assert [transcript.index for transcript in run[1:]] == [1, 2]
    assert [transcript.index for transcript in run[::-1]] == [2, 1, 0]
    assert [transcript.index for transcript in reversed(run)] == [2, 1, 0]
    assert run[1] in run
    assert isinstance(run[0], Transcript)
    with pytest.raises(IndexError):
        run[3]


def test_a_run_is_read_back_from_its_folder(run):
    for path in (run, run.folder, str(run.folder)):
        again = Run(path)
        assert (list(again), again.seed, again.spec, again.status) == (list(run), 7, run.spec, "finished")


def test_a_run_may_be_given_wherever_a_path_may(run):
    assert os.fspath(run) == str(run.folder)
    assert Path(run) == run.folder


def test_a_run_has_a_one_line_repr(run):
    assert repr(run) == f"<Run {str(run.folder)!r}: 3 of 3 discussions, finished>"


def test_a_run_becomes_a_table_of_all_messages(run):
    table = run.to_dataframe()
    assert list(table.text) == [message.text for transcript in run for message in transcript.messages]
    assert list(table.discussion.unique()) == [f"discussion-0000{index}" for index in range(3)]
    assert table.silent.sum() == sum(len(transcript.silences) for transcript in run) > 0


def test_an_empty_run_becomes_an_empty_table(make, model, tmp_path):
    model.failing = {"all"}
    run = make().begin(tmp_path)
    assert (len(run), len(run.to_dataframe()), list(run)) == (0, 0, [])


def test_annotations_make_a_run_too(run, annotator, tmp_path):
    from syndisco_nb import AnnotationExperiment

    labels = AnnotationExperiment(annotators=[annotator]).begin(run, tmp_path / "labels")
    assert isinstance(labels[0], AnnotationSet)
    found = [f"discussion-0000{index}.annotator-00.json" for index in range(3)]
    assert names(labels) == [*found, "journal/run.json.last", "order.jsonl", "run.json"]
    assert repr(labels).endswith("3 of 3 annotation sets, finished>")
    assert len(labels.to_dataframe(roles="all")) == sum(len(transcript.comments) for transcript in run)


def test_a_hundred_thousand_and_more_are_in_the_order_of_their_index(run):
    for index in (99_999, 100_000):
        data = content(run)[f"{UNIT}.json"].replace(b'"index": 0', f'"index": {index}'.encode(), 1)
        Path(run, f"discussion-{index:05d}.json").write_bytes(data)
    assert [transcript.index for transcript in Run(run)] == [0, 1, 2, 99_999, 100_000]


# Folders that cannot be opened


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RecordError, match=r"is not a run folder.*Give a folder that an experiment wrote"):
            Run(folder)


@pytest.mark.parametrize("head", [b"", b'{"format": "synd', b"[]", b'{"format": "other", "version": 1}'])
def test_a_broken_run_json_is_refused_by_name(run, head):
    Path(run, "run.json").write_bytes(head)
    with pytest.raises(RecordError, match=r"run\.json"):
        Run(run)


@pytest.mark.parametrize("field", ["format", "version", "kind"])
def test_a_run_json_that_lacks_a_field_is_refused_by_name(run, field):
    head = json.loads(Path(run, "run.json").read_text("utf-8"))
    del head[field]
    Path(run, "run.json").write_text(json.dumps(head), "utf-8")
    with pytest.raises(RecordError, match=r"run\.json"):
        Run(run)


def test_a_newer_run_is_refused(make, run):
    head = json.loads(Path(run, "run.json").read_text("utf-8"))
    Path(run, "run.json").write_text(json.dumps(head | {"version": RUN_VERSION + 1}), "utf-8")
    for open_it in (Run, make().begin):
        with pytest.raises(RecordError, match=r"has version 3 of its format, .* Upgrade syndisco_nb"):
            open_it(run.folder)


def test_a_newer_discussion_is_refused(run):
    file = Path(run, f"{UNIT}.json")
    file.write_text(
        file.read_text("utf-8").replace(f'"version": {RUN_VERSION}', f'"version": {RUN_VERSION + 1}', 1), "utf-8"
    )
    with pytest.raises(RecordError, match=r"has version 3 .* reads up to 2. Upgrade"):
        run[0]


# Interrupts

STUDY = """
import asyncio, sys
import syndisco_nb as snb

folder, answered, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])

async def reply(request):
    await asyncio.sleep(seconds)
    with open(answered, "a") as file:
        file.write(f"{request.seed}\\n")
    return f"Word {request.seed % 97}."

users = [snb.LLMActor(model=snb.ScriptedModel(reply), name=name) for name in ("Ana", "Ben")]
print(snb.DiscussionExperiment(topics=["Tax"], users=users, num_turns=4, num_discussions=3, seed=1).begin(folder))
"""


def test_an_interrupted_run_hands_back_what_it_has_and_goes_on(tmp_path):
    answered = tmp_path / "answered"
    answered.touch()

    def start(folder, log, seconds):
        command = [sys.executable, "-c", STUDY, str(tmp_path / folder), str(log), seconds]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    process = start("cut", answered, "0.15")
    deadline = time.monotonic() + 60
    while answered.read_bytes().count(b"\n") < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert re.search(r"of 3 discussions and \d+ turns of unfinished ones, interrupted>", out)
    assert process.returncode == 0
    before = answered.read_text().split()
    assert 4 <= len(before) < 12
    out, _ = start("cut", answered, "0").communicate(timeout=120)
    assert "3 of 3 discussions, finished>" in out
    seeds = answered.read_text().split()
    assert (len(seeds), len(set(seeds))) == (12, 12)
    start("whole", tmp_path / "other", "0").communicate(timeout=120)
    assert content(tmp_path / "cut") == content(tmp_path / "whole")


def test_killed_outright_it_goes_on_too(tmp_path):
    answered = tmp_path / "answered"
    answered.touch()
    command = [sys.executable, "-c", STUDY, str(tmp_path / "cut"), str(answered)]
    process = subprocess.Popen([*command, "0.15"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while answered.read_bytes().count(b"\n") < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert Run(tmp_path / "cut").status == "running"
    out = subprocess.run([*command, "0"], capture_output=True, text=True, check=True).stdout
    assert "3 of 3 discussions, finished>" in out
    # A turn that was answered but not yet written when the kill came is asked again: one per discussion at most.
    seeds = answered.read_text().split()
    assert len(set(seeds)) == 12
    assert len(seeds) <= 15
