"""Units that are not finished, read from their journals, whatever ended their run."""

import asyncio
import os
import signal
import time
from dataclasses import replace

import pytest
from support.designs import small_builder
from support.experiments import discuss, judge, person

import syndisco_nb as snb
from syndisco_nb.records import Records
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.runs.unfinished import is_by_hand, turns_kept, unfinished_journals

PEOPLE = ("Ana", "Ben", "Cem")


class Failing(snb.ScriptedModel):
    """Fails in discussion 1 after turn 2, and in later ones at once."""

    async def complete(self, request):
        if (request.situation.discussion, request.situation.turn) > (1, 2):
            raise ConnectionError("gone")
        return await super().complete(request)


class Stuck(snb.ScriptedModel):
    """Never answers in turn 3."""

    async def complete(self, request):
        await asyncio.sleep(60 * (request.situation.turn == 3))
        return await super().complete(request)


def failed(folder, **settings):
    model = Failing("Yes.", name="talker")
    return discuss([snb.LLMActor(model, name) for name in PEOPLE], **settings).begin(folder)


def test_a_failed_discussion_is_read_as_far_as_it_went(tmp_path):
    run = failed(tmp_path / "run")
    whole = discuss([person(name) for name in PEOPLE]).begin(tmp_path / "whole")
    assert (len(run), [talk.index for talk in run.unfinished]) == (1, [1, 2])
    talk, last = run.unfinished
    assert (talk.ended, talk.finished, whole[1].finished) == ("unfinished after turn 2 of 4", False, True)
    assert last.ended == "unfinished, before turn 1 of 4"
    assert talk.messages == whole[1].messages[:3]
    assert [user.name for user in talk.users] == [user.name for user in whole[1].users]
    assert isinstance(run.unfinished, Records)
    assert list(run.unfinished.to_dataframe("discussions").ended) == [talk.ended, last.ended]
    assert whole.unfinished == []
    assert [held.index for held in snb.Run(run.folder)] == [0]


def test_a_run_says_how_much_of_the_others_is_kept(tmp_path):
    run = failed(tmp_path / "run")
    assert ": 1 of 3 discussions and 2 turns of unfinished ones, partial, 2 failed (Conn" in repr(run)
    assert turns_kept(unfinished_journals(run.folder)) == 2
    assert "unfinished" not in repr(discuss([person(name) for name in PEOPLE]).begin(tmp_path / "whole"))


def test_what_is_kept_has_been_paid_for(tmp_path):
    run = failed(tmp_path / "run", num_discussions=2)
    answered = [line for talk in (*run, *run.unfinished) for line in talk.messages if line.generation]
    assert run.costs().truth["calls"] == len(answered)
    assert len(answered) > sum(line.generation is not None for talk in run for line in talk.messages)


def test_of_a_part_of_a_run_only_its_own_are_there(tmp_path):
    failed(tmp_path / "run")
    with pytest.warns(UserWarning, match="the others stay as they are"):
        fewer = failed(tmp_path / "run", num_discussions=2)
    assert [talk.index for talk in fewer.unfinished] == [1]


def test_killed_in_another_process_its_talks_can_be_read_while_it_runs_and_afterwards(tmp_path):
    experiment = discuss([snb.LLMActor(Stuck("Yes.", name="talker"), name) for name in PEOPLE], max_concurrency=1)
    pid = os.fork()
    if not pid:
        experiment.begin(tmp_path)
        os._exit(0)
    try:
        deadline = time.monotonic() + 60
        while not unfinished_journals(tmp_path) or turns_kept(unfinished_journals(tmp_path)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        run = snb.Run(tmp_path)
        assert [talk.ended for talk in run.unfinished] == ["unfinished after turn 2 of 4"]
        assert repr(run).endswith("and 2 turns of unfinished ones, running>")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert repr(run).endswith("and 2 turns of unfinished ones, killed>")
    assert [talk.ended for talk in run.unfinished] == ["unfinished after turn 2 of 4"]
    text = run._repr_mimebundle_()["text/plain"]
    for part in ("0 of 3 discussions finished", "2 of 12 turns kept, 17%", "The process was killed.", "2 of 4"):
        assert part in text


@pytest.mark.parametrize("damage", [b'{"index": 3, "turn": 3', b"{\n", b"\x00\xff\n", b"null\nnull\n"])
def test_of_a_damaged_journal_counts_all_that_is_before_the_damage(damage, tmp_path):
    run = failed(tmp_path / "run", num_discussions=2)
    (journal,) = unfinished_journals(run.folder)
    (whole,) = run.unfinished
    journal.write_bytes(journal.read_bytes() + damage)
    assert run.unfinished == [whole]
    assert turns_kept([journal]) == 2


def test_a_journal_that_keeps_nothing_or_is_none_of_the_run_is_no_discussion(tmp_path):
    run = failed(tmp_path / "run", num_discussions=2)
    (journal,) = unfinished_journals(run.folder)
    (journal.parent / "notes.jsonl").write_bytes(journal.read_bytes())
    (journal.parent / "discussion-00007.jsonl").write_bytes(b"")
    (journal.parent / "discussion-00008.jsonl").mkdir()
    (journal.parent / "discussion-00000.jsonl").write_bytes(journal.read_bytes())  # its unit is finished
    assert [talk.index for talk in run.unfinished] == [1]
    assert turns_kept(unfinished_journals(run.folder)) == 2


def test_labels_that_a_model_has_given_are_kept_too(tmp_path):
    talks = discuss([person(name) for name in PEOPLE]).begin(tmp_path / "talks")
    run = snb.AnnotationExperiment([judge(name="Judge")], snb.Likert("tone", 1, 3), seed=1).begin(talks, tmp_path / "l")
    whole, unit = run[2], run.names[2]
    (run.folder / f"{unit}.json").unlink()
    (run.folder / "journal" / f"{unit}.jsonl").write_bytes(b"".join(map(to_line, whole.labels[:2])))
    assert list(run.unfinished) == [replace(whole, labels=whole.labels[:2])]
    assert "2 of 3 annotation sets and 2 labels of unfinished ones" in repr(snb.Run(run.folder))
    assert not is_by_hand(run.spec)


def test_each_condition_of_a_study_has_its_own(tmp_path):
    study = small_builder().vary(window={"short": 1, "long": 5}).run(tmp_path / "study")
    for run in study.values():
        (run.folder / "discussion-00002.json").unlink()
        journal = b"".join(map(to_line, run[1].messages[:2]))
        (run.folder / "journal" / "discussion-00001.jsonl").write_bytes(journal)
        (run.folder / "discussion-00001.json").unlink()
    study = snb.Study(tmp_path / "study")
    assert {name: [talk.index for talk in run.unfinished] for name, run in study.items()} == {"short": [1], "long": [1]}
