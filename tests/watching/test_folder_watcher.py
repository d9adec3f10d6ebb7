import asyncio
import json
import shutil
import threading
import time
from dataclasses import replace

import pytest
from filelock import FileLock
from support.sizes import TIMED

import syndisco_nb as snb
from examples import talk
from syndisco_nb.errors import RecordError, RunFailedError
from syndisco_nb.loop import Call
from syndisco_nb.records import ChatMessage, Generation, Message
from syndisco_nb.runs import lock
from syndisco_nb.runs.lock import being_written
from syndisco_nb.runs.serialization import to_json, to_line
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.watching.folder_watcher import _SETTLED_S, FolderWatcher, result_of

LOOK_LIMIT_S = 0.02


def experiment(users, **settings):
    return snb.DiscussionExperiment(
        **{"topics": ["Tax"], "users": users, "num_turns": 4, "num_discussions": 3, "seed": 1, **settings}
    )


def message(index, tokens=5, **changes):
    generation = Generation((ChatMessage("user", "Speak."),), 1, completion_tokens=tokens)
    return replace(Message(index, index, "Ana", f"Comment {index}.", "m", generation=generation), **changes)


@pytest.fixture
def begun(tmp_path):
    """The folder of a run of three discussions, of which one is under way: written by hand, its lock held."""
    folder = RunFolder(tmp_path / "run", "discussions", {"num_turns": 4, "seed": 1}, 3)
    folder.write_status("running")
    write(folder.path, 0, [Message(0, 0, "Ben", "Tax?", "hardcoded", "opening"), message(1)])
    yield folder
    folder.close()


def write(folder, number, messages):
    with (folder / "journal" / f"discussion-{number:05d}.jsonl").open("ab") as file:
        file.writelines(map(to_line, messages))


def finish(folder, number, length):
    """Finish a discussion, as a run does."""
    transcript = replace(talk(2), index=number, comments=tuple(message(n) for n in range(length)), silences=())
    (folder / f"discussion-{number:05d}.json").write_bytes(to_json(transcript))
    (folder / "journal" / f"discussion-{number:05d}.jsonl").unlink(missing_ok=True)


class TestOneRun:
    def test_a_finished_one(self, users, tmp_path):
        experiment(users).begin(tmp_path)
        found = FolderWatcher(tmp_path).look()
        assert (found.status, found.finished, found.total, found.share, found.over) == ("finished", 3, 3, 1.0, True)
        assert (found.unfinished, found.under_way, found.in_this_process, found.problem) == ([], 0, False, "")

    def test_what_is_said_is_seen_as_it_is_said(self, begun):
        watcher = FolderWatcher(begun.path)
        first = watcher.look()
        assert (first.status, first.finished, first.total, first.share) == ("running", 0, 3, 1 / 12)
        (shown,) = first.unfinished
        assert (shown.topic, shown.turn, shown.state, shown.speakers) == ("Tax?", 1, "in progress", ("Ben", "Ana"))
        write(begun.path, 0, [message(2), message(3, silent=True, text="")])
        (shown,) = watcher.look().unfinished
        assert [one.text for one in shown.lines] == ["Tax?", "Comment 1.", "Comment 2.", ""]
        assert (shown.turn, shown.lines[-1].silent) == (3, True)

    def test_the_last_words_of_what_is_finished_are_seen(self, begun):
        watcher = FolderWatcher(begun.path)
        watcher.look()
        finish(begun.path, 0, 5)
        found = watcher.look()
        (shown,) = found.just_finished
        assert (shown.lines[-1].text, shown.state, found.finished, found.share) == ("Comment 4.", "finished", 1, 1 / 3)
        assert watcher.look().just_finished == []

    def test_tokens_are_counted_in_journals_and_in_files_and_only_once(self, begun):
        finish(begun.path, 1, 3)
        watcher = FolderWatcher(begun.path)
        assert (watcher.look().tokens, watcher.look().tokens) == (20, 20)
        finish(begun.path, 0, 4)
        assert (watcher.look().tokens, watcher.look().tokens) == (35, 35)

    def test_what_was_there_before_is_not_made_now(self, begun):
        finish(begun.path, 1, 3)
        watcher = FolderWatcher(begun.path)
        (run,) = watcher.look().runs
        assert (run.new_turns, run.new_tokens) == (0, 0)
        write(begun.path, 0, [message(2)])
        watcher.look()
        finish(begun.path, 0, 4)
        (run,) = watcher.look().runs
        assert (run.new_turns, run.new_tokens) == (3, 15)  # the file has four by Ana, of which one was there

    def test_a_folder_that_comes_later(self, users, tmp_path):
        watcher = FolderWatcher(tmp_path / "later")
        found = watcher.look()
        assert (found.status, found.over) == ("waiting", False)
        assert "not there yet" in found.problem
        experiment(users).begin(tmp_path / "later")
        assert (watcher.look().status, watcher.look().problem) == ("finished", "")

    def test_a_folder_that_goes_away(self, begun):
        watcher = FolderWatcher(begun.path)
        watcher.look()
        shutil.rmtree(begun.path)
        found = watcher.look()
        assert (found.status, found.finished, found.unfinished) == ("waiting", 0, [])
        assert "is gone" in found.problem

    def test_a_run_that_was_killed_is_told_apart(self, begun):
        assert FolderWatcher(begun.path).look().status == "running"
        begun.close()  # all that is left of a process that was killed: its word that it runs
        found = FolderWatcher(begun.path).look()
        assert (found.status, found.over, found.under_way) == ("killed", True, 0)

    def test_looking_never_keeps_a_run_from_beginning(self, users, tmp_path, monkeypatch):
        over = threading.Event()

        def look():
            while not over.wait(0.02):
                being_written(tmp_path)

        def release(held):
            if threading.current_thread() is thread:
                time.sleep(0.005)  # so that runs do begin while a look holds the lock
            FileLock.release(held)

        monkeypatch.setattr(lock, "FileLock", type("SlowLock", (FileLock,), {"release": release}))
        thread = threading.Thread(target=look)
        thread.start()
        try:
            begun = [experiment(users, num_turns=1).begin(tmp_path).status for _ in range(30)]
        finally:
            over.set()
            thread.join()
        assert begun == ["finished"] * 30
        assert not being_written(tmp_path)

    def test_a_broken_line_is_stepped_around_and_said(self, begun):
        with (begun.path / "journal" / "discussion-00000.jsonl").open("ab") as file:
            file.write(b"{oops\n")
        write(begun.path, 0, [message(2)])
        found = FolderWatcher(begun.path).look()
        assert [one.index for one in found.unfinished[0].lines] == [0, 1, 2]
        assert "discussion-00000.jsonl cannot be read" in found.problem

    def test_a_broken_run_json_is_said(self, begun):
        watcher = FolderWatcher(begun.path)
        watcher.look()
        (begun.path / "run.json").write_text("{")
        assert "run.json" in watcher.look().problem

    @pytest.mark.parametrize("content", ["a file", "a folder"])
    def test_something_else_is_refused(self, tmp_path, content):
        place = tmp_path / "x"
        if content == "a file":
            place.write_text("x")
        else:
            (place / "deep").mkdir(parents=True)
        with pytest.raises(RecordError, match="Give the folder"):
            FolderWatcher(place).refuse_strangers()

    def test_a_failure_is_listed_with_its_reason_until_it_is_mended(self, users, tmp_path):
        def fails(request):
            raise RuntimeError("the server hung up")

        broken = [snb.LLMActor(snb.ScriptedModel(fails, name="talker"), user.name) for user in users]
        with pytest.raises(RunFailedError):
            experiment(broken, num_discussions=12).begin(tmp_path)
        watcher = FolderWatcher(tmp_path)
        found = watcher.look()
        assert found.status == "failed"
        assert {(one.error, one.message) for _, one in found.failures} == {("RuntimeError", "the server hung up")}
        failed = len(found.failures)
        finish(tmp_path, 0, 4)
        assert len(watcher.look().failures) == failed - 1

    def test_a_run_of_this_process_says_what_is_under_way(self, users, tmp_path):
        async def slow(request):
            await asyncio.sleep(0.05)
            return "Yes."

        actors = [snb.LLMActor(snb.ScriptedModel(slow, name="talker"), user.name) for user in users]
        call = Call(experiment(actors, num_discussions=6, num_turns=40, max_concurrency=2).abegin(tmp_path))
        watcher = FolderWatcher(tmp_path)
        wait_for(lambda: watcher.look().under_way == 2)
        assert watcher.look().in_this_process
        snb.watch(tmp_path).pause()
        assert watcher.look().status == "paused"
        call.cancel()
        call.future.result(60)
        assert watcher.look().status == "interrupted"

    def test_annotations(self, users, annotator, tmp_path):
        run = experiment(users).begin(tmp_path / "talks")
        snb.AnnotationExperiment([annotator]).begin(run, tmp_path / "labels")
        watcher = FolderWatcher(tmp_path / "labels")
        found = watcher.look()
        assert (found.noun, found.status, found.finished, found.total) == ("annotation", "finished", 3, 3)
        (unit,) = [name for name in snb.Run(tmp_path / "labels").names if name.startswith("discussion-00000")]
        said = watcher.unit("", unit).lines
        assert [one.text for one in said] == [one.text for one in run[0].comments]
        assert {one.label for one in said} <= {"1", "2", "3"}

    def test_a_discussion_in_full(self, users, begun, tmp_path):
        run = experiment(users).begin(tmp_path / "talks")
        watcher = FolderWatcher(tmp_path / "talks")
        watcher.look()
        assert [one.text for one in watcher.unit("", "discussion-00001").lines] == [one.text for one in run[1].messages]
        going = FolderWatcher(begun.path)
        going.look()
        assert len(going.unit("", "discussion-00000").lines) == 2

    @pytest.mark.parametrize("unit", ["discussion-00009", "../../etc/passwd", ""])
    def test_a_discussion_that_is_not_there(self, begun, unit):
        watcher = FolderWatcher(begun.path)
        watcher.look()
        with pytest.raises(RecordError):
            watcher.unit("", unit)

    @TIMED
    def test_many_finished_discussions_cost_next_to_nothing(self, begun, timed):
        many = 10_000 if timed else 1_000
        content = to_json(replace(talk(2), comments=tuple(message(n) for n in range(4)), silences=()))
        for number in range(1, many + 1):
            (begun.path / f"discussion-{number:05d}.json").write_bytes(content)
        watcher = FolderWatcher(begun.path)
        costs = []
        for _ in range(20):
            before = time.thread_time()
            found = watcher.look()
            costs.append(time.thread_time() - before)
        assert found.finished == many
        if timed:
            assert sorted(costs)[10] < LOOK_LIMIT_S
        while not found.is_counted:
            found = watcher.look()
        assert found.tokens == 5 + many * 20


class TestAStudy:
    @pytest.fixture
    def builder(self):
        return (
            snb.ExperimentBuilder(seed=7)
            .model(snb.ScriptedModel(["I agree.", "Why?"]))
            .participants([snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")])
            .topics(["Cars?"])
            .vary(turns={"short": 2, "long": 6})
            .discussions(3)
        )

    def test_every_condition_has_its_row_before_it_begins(self, builder, tmp_path):
        builder.run(tmp_path)
        shutil.rmtree(tmp_path / "long")
        found = FolderWatcher(tmp_path).look()
        assert [(run.condition, run.status, run.total) for run in found.runs] == [
            ("short", "finished", 3),
            ("long", "waiting", 3),
        ]
        assert (found.finished, found.total, found.share) == (3, 6, 6 / 24)

    def test_between_two_conditions_it_is_not_over(self, builder, tmp_path, monkeypatch):
        builder.run(tmp_path)
        shutil.rmtree(tmp_path / "long")
        watcher = FolderWatcher(tmp_path)
        assert watcher.look().status == "running"
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + _SETTLED_S + 0.1)
        assert watcher.look().status == "interrupted"
        assert len(result_of(tmp_path)) == 1

    def test_a_killed_condition_says_at_once_that_no_other_follows(self, builder, tmp_path):
        builder.run(tmp_path)
        shutil.rmtree(tmp_path / "long")
        head = tmp_path / "short" / "run.json"
        head.write_text(json.dumps({**json.loads(head.read_text()), "status": "running"}))
        found = FolderWatcher(tmp_path).look()
        assert (found.status, found.over) == ("killed", True)

    def test_its_annotations(self, builder, annotator, tmp_path, monkeypatch):
        builder.run(tmp_path).annotate([annotator])
        watcher = FolderWatcher(tmp_path / "annotations")
        found = watcher.look()
        assert [run.condition for run in found.runs] == ["long", "short"]
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + _SETTLED_S + 0.1)
        assert watcher.look().status == "finished"
        assert set(result_of(tmp_path / "annotations")) == {"long", "short"}

    def test_nothing_yet_has_no_result(self, tmp_path):
        assert result_of(tmp_path) is None

    def test_a_study_of_a_newer_version_is_said(self, builder, tmp_path):
        watcher = FolderWatcher(tmp_path / "study")
        builder.run(tmp_path / "study")
        document = json.loads((tmp_path / "study" / "study.json").read_text())
        (tmp_path / "study" / "study.json").write_text(json.dumps({**document, "version": 99}))
        assert "newer" in watcher.look().problem


def test_the_time_left_leaves_out_what_failed(begun, monkeypatch):
    watcher = FolderWatcher(begun.path)
    watcher.look()
    begun.fail("discussion-00002", RuntimeError("no"))
    now = time.monotonic()
    write(begun.path, 0, [message(2)])
    monkeypatch.setattr(time, "monotonic", lambda: now + 10)
    found = watcher.look()
    # Of twelve turns two are held and four will not be: six are left, at a turn in ten seconds.
    assert found.left_s == pytest.approx(60, rel=0.05)


def wait_for(condition, timeout=60):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
