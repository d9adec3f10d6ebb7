import contextlib
import itertools
import json
import os
import shutil
import threading
import time
from dataclasses import replace

import pytest
from support.designs import moderated_builder
from support.experiments import judge
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RunFolderError, StorageError
from syndisco_nb.experiments.labelling import SHOWN
from syndisco_nb.runs import files
from syndisco_nb.runs.writing import RunFolder

SCALES = [snb.Likert("tone", 1, 3), snb.Flag("wit")]
VALUES = [1, True, 2, False, 3, True]


@pytest.fixture
def talks(users, tmp_path):
    return snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=3, seed=1).begin(
        tmp_path / "talks"
    )


@pytest.fixture
def judged(talks, annotator, tmp_path):
    return snb.AnnotationExperiment([annotator], SCALES[0], seed=1).begin(talks, tmp_path / "judged")


def dana(talks, folder, **given):
    return snb.Labelling(talks, SCALES, "Dana", folder, seed=5, **given)


def fill(labelling, count=None):
    """Label on, as many as told, with what the place decides."""
    while labelling.current and count != 0:
        labelling.label(VALUES[labelling.position % len(VALUES)])
        count = None if count is None else count - 1
    return labelling


def content(folder):
    """Return all that is in a folder but for times and the order of work, which a labelling by hand does not note."""
    found = {}
    for path in sorted(set(folder.rglob("*.json*")) - {folder / "order.jsonl"}):
        text = path.read_text()
        document = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
        found[str(path.relative_to(folder))] = without_times(document)
    return found


def without_times(value):
    if isinstance(value, dict):
        times = ("seconds", "started", "updated", "memory_mb", "gpu_memory_mb", "digest", "digests")
        return {name: without_times(one) for name, one in value.items() if name not in times}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def test_every_comment_is_labelled_on_every_scale_in_order(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana", window=2)
    comments = [comment for talk in talks for comment in talk.comments]
    asked = []
    while now := labelling.current:
        assert len(now.comments) <= 2
        asked.append((now.unit.text, now.scale.name, dict(now.given)))
        labelling.label((True, 1)[len(asked) % 2])
    assert [(text, scale) for text, scale, _ in asked] == [
        (comment.text, scale) for comment in comments for scale in ("tone", "wit")
    ]
    assert [given for _, _, given in asked[:3]] == [{}, {"tone": 1}, {}]
    assert labelling.progress == (2 * len(comments), 2 * len(comments))
    assert labelling.run.status == "finished"


def test_the_run_is_one_of_annotations(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"))
    run = snb.Run(tmp_path / "dana")
    assert (len(run), run.status, run.holds, run.names) == (
        3,
        "finished",
        snb.AnnotationSet,
        [f"discussion-0000{n}.annotator-00" for n in range(3)],
    )
    assert run.verify(), str(run.verify())
    assert {label.model for labels in run for label in labels.labels} == {"Dana"}
    for bundle in (run, run[0], snb.annotated(talks[0], run), labelling):
        assert "Dana" in bundle._repr_mimebundle_()["text/html"]
    viewer = talks.view(run)
    assert viewer.answer({"id": 1, "kind": "look"})["labelled"]
    assert set(run.to_dataframe().annotator) == {"Dana"}


def test_it_is_what_an_experiment_with_a_person_would_write(talks, tmp_path):
    """Byte for byte, but for times."""
    fill(dana(talks, tmp_path / "by hand"))
    values = iter(itertools.cycle(VALUES))
    person = snb.HumanModel("Dana")
    judge = snb.LLMActor(person, "Dana", actor_type=snb.ActorType.ANNOTATOR)

    def answer():
        while answering:
            for seat in sorted(person.waiting, key=lambda seat: seat.number):
                value = next(values)
                person.answer(("no", "yes")[value] if isinstance(value, bool) else str(value), seat)
            time.sleep(0.005)

    answering = [True]
    thread = threading.Thread(target=answer)
    thread.start()
    snb.AnnotationExperiment([judge], SCALES, seed=5, max_concurrency=1).begin(talks, tmp_path / "asked")
    answering.clear()
    thread.join()
    assert content(tmp_path / "by hand") == content(tmp_path / "asked")


def test_it_goes_on_where_it_was(talks, tmp_path):
    fill(dana(talks, tmp_path / "whole"))
    total = dana(talks, tmp_path / "whole").progress[1]
    for step in range(total + 1):
        labelling = dana(talks, tmp_path / "steps")
        assert labelling.progress == (step, total)
        fill(labelling, 1)
    assert content(tmp_path / "steps") == content(tmp_path / "whole")


def test_undo_goes_back_to_the_first_label_over_finished_discussions(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"))
    whole, total = content(tmp_path / "dana"), labelling.progress[1]
    given = [label for labels in labelling.run for label in labels.labels]
    for done in reversed(range(total)):
        label = labelling.undo()
        assert label == given.pop()
        assert labelling.progress == (done, total)
        assert labelling.current.key == label.key
        assert dana(talks, tmp_path / "dana").progress == (done, total)
    with pytest.raises(InvalidInputError, match="There is no label to undo"):
        labelling.undo()
    assert content(tmp_path / "dana") != whole
    fill(labelling)
    assert content(tmp_path / "dana") == whole


def test_skipping_leaves_no_label(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    labelling.skip()
    labelling.label("yes")
    while labelling.position != 0:
        fill(labelling, 1)
    assert labelling.run.status == "finished"
    first, second = labelling.run[0].labels[:2]
    assert (first.value, first.generation.finish_reason) == (None, "passed")
    assert second.value is True
    assert labelling.run.verify()


def test_what_was_skipped_comes_up_again_at_the_end_and_counts_as_open(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    total = labelling.progress[1]
    for position in range(total):
        labelling.skip() if position in (2, 5) else fill(labelling, 1)
    assert (labelling.progress, labelling.skipped) == ((total - 2, total), [2, 5])
    assert repr(labelling) == f"<Labelling by Dana: {total - 2} of {total} labels, 2 skipped>"
    assert labelling.position == 2
    fill(labelling, 1)
    assert labelling.position == 5
    labelling.skip()
    assert (labelling.current, labelling.skipped) == (None, [5])  # it comes up by itself once
    again = dana(talks, tmp_path / "dana")
    assert (again.current, again.skipped, again.progress) == (None, [5], (total - 1, total))
    again.take_up_skipped()
    again.label("yes")
    assert (again.current, again.skipped, again.progress) == (None, [], (total, total))
    assert again.run.verify(), str(again.run.verify())
    with pytest.raises(InvalidInputError, match="No label was skipped"):
        again.take_up_skipped()


def test_skipped_ones_are_taken_up_on_demand_and_then_it_goes_on(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"), 1)
    labelling.skip()
    fill(labelling, 3)
    labelling.take_up_skipped()
    assert (labelling.position, labelling.is_away) == (1, True)
    labelling.go_on()
    assert (labelling.position, labelling.is_away) == (5, False)
    labelling.take_up_skipped()
    assert labelling.label("no").value is False
    assert (labelling.position, labelling.skipped) == (5, [])


def test_an_earlier_label_is_replaced_and_undoing_that_restores_it(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"))
    before = content(tmp_path / "dana")
    labelling.undo()
    at = labelling.position
    labelling.step_back()
    labelling.go_to(2)
    assert labelling.current.given == {"tone": 2, "wit": False}
    labelling.label(3)
    assert labelling.position == at  # where one was
    assert labelling.run[0].labels[2].value == 3
    assert labelling.history()[0][0::4] == (2, 3)
    assert dana(talks, tmp_path / "dana").progress == labelling.progress
    assert labelling.undo().value == 3
    assert labelling.current.given == {"tone": 2, "wit": False}
    labelling.go_on()
    fill(labelling)
    assert content(tmp_path / "dana") == before
    assert labelling.run.verify(), str(labelling.run.verify())


def test_history_leads_back_and_forth(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"), 4)
    first, *_ = talks[0].comments
    assert [one.position for one in labelling.history()] == [3, 2, 1, 0]
    assert labelling.history(most=9)[-1] == (0, first.name, first.text, "tone", 1)
    seen = []
    for move in (labelling.step_back, labelling.step_back, labelling.step_forward, labelling.step_forward):
        move()
        seen.append(labelling.position)
    assert seen == [3, 2, 3, 4]
    labelling.go_to(0)
    with pytest.raises(InvalidInputError, match="There is no earlier label"):
        labelling.step_back()
    with pytest.raises(InvalidInputError, match="position is 1000000, but may be"):
        labelling.go_to(10**6)


def test_progress_in_a_discussion_is_told_unless_it_tells_too_much(talks, study, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    asked = 2 * len(talks[0].comments)
    fill(labelling, 2)
    labelling.skip()
    assert labelling.progress_in_discussion == (1, 2, asked)
    fill(labelling, asked - 3)
    assert labelling.progress_in_discussion == (2, 0, asked)
    fill(labelling)
    assert labelling.progress_in_discussion is None
    assert dana(talks.sample(2, seed=1), tmp_path / "sample").progress_in_discussion is None
    assert dana(study, tmp_path / "study").progress_in_discussion is None


def test_values_are_validated(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    for value in (0, 4, "4", True, "", None, 1.0):
        with pytest.raises(InvalidInputError, match="must be one of: 1, 2, 3"):
            labelling.label(value)
    assert labelling.label("2").value == 2
    assert labelling.label("no").value is False
    assert labelling.progress[0] == 2


def test_free_text_is_any_text(talks, tmp_path):
    labelling = snb.Labelling(talks[0], snb.FreeText("mood"), "Dana", tmp_path / "dana")
    with pytest.raises(InvalidInputError, match="must be text that is not empty"):
        labelling.label(" ")
    assert labelling.label(" calm\n").value == "calm"


def test_the_time_it_took_is_kept(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    time.sleep(0.5)
    begun = time.monotonic()
    assert labelling.label(1).generation.seconds >= 0.5
    second = labelling.label("yes").generation.seconds  # its time begins with the first label
    assert second <= time.monotonic() - begun + 0.001  # it is rounded


def test_every_cut_of_the_journal_loses_no_whole_label(talks, tmp_path):
    fill(dana(talks, tmp_path / "dana"), 5)
    journal = tmp_path / "dana" / "journal" / "discussion-00000.annotator-00.jsonl"
    data = journal.read_bytes()
    first, last = data.index(b"\n") + 2, data[:-1].rindex(b"\n")
    for cut in (*range(0, first, size(1, 5)), *range(len(data), last, -size(1, 5))):  # those between have the same form
        journal.write_bytes(data[:cut])
        assert dana(talks, tmp_path / "dana").progress[0] == data[:cut].count(b"\n")


class Killed(BaseException):
    """What a kill is to the code it strikes."""


def test_killed_at_any_write_no_label_is_lost(talks, tmp_path, monkeypatch):
    """Kill labelling and undoing at every byte boundary of every write and at every rename and removal."""
    start = tmp_path / "start"
    first = len(talks[0].comments) * 2
    fill(dana(talks, start), first - 1)
    for undo in (False, True):
        if undo:
            fill(dana(talks, start), 1)
        for strike in itertools.count(int(undo), size(1, 2)):
            folder = tmp_path / "struck"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(start, folder)
            labelling = dana(talks, folder)
            before = labelling.progress[0]
            struck = strike_at(monkeypatch, strike)
            try:
                labelling.undo() if undo else labelling.label("yes")
            except Killed:
                pass
            except StorageError as error:
                raise AssertionError from error
            monkeypatch.undo()
            again = dana(talks, folder)
            after = before - 1 if undo else before + 1
            assert again.progress[0] in (before, after)
            if not struck():
                assert again.progress[0] == after
                break
            fill(again)
            assert again.run.verify(), str(again.run.verify())
        assert strike > 5


def test_killed_while_a_label_is_replaced_one_of_the_two_is_there(talks, tmp_path, monkeypatch):
    fill(dana(talks, tmp_path / "start"))
    for strike in itertools.count(0, 2):
        folder = tmp_path / f"struck {strike}"
        shutil.copytree(tmp_path / "start", folder)
        labelling = dana(talks, folder)
        labelling.go_to(0)
        struck = strike_at(monkeypatch, strike)
        with contextlib.suppress(Killed):
            labelling.label(3)
        monkeypatch.undo()
        again = dana(talks, folder)
        assert again.progress[0] == again.progress[1]
        assert again.run[0].labels[0].value in ((1, 3) if struck() else (3,))
        assert again.run.verify(), str(again.run.verify())
        if not struck():
            break


def strike_at(monkeypatch, number):
    """Kill at step `number` of all that changes a file; half of what is written is written."""
    count = itertools.count()
    hit = []

    def strike():
        if next(count) >= number:
            hit.append(True)
            raise Killed

    write, rename, unlink = files.write_all, os.replace, os.unlink

    def write_all(file, data):
        if next(count) >= number:
            hit.append(True)
            write(file, data[: len(data) // 2])
            raise Killed
        write(file, data)

    def replace(*args):
        strike()
        rename(*args)
        strike()

    def remove(path, *args, **kwargs):
        strike()
        unlink(path, *args, **kwargs)
        strike()

    monkeypatch.setattr(files, "write_all", write_all)
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "unlink", remove)
    return lambda: bool(hit)


def test_a_full_disk_changes_nothing_and_says_so(talks, tmp_path, monkeypatch):
    labelling = fill(dana(talks, tmp_path / "dana"), 2)

    def full(file, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    for act in (lambda: labelling.label(1), labelling.undo, labelling.skip):
        with pytest.raises(StorageError, match="Free some space"):
            act()
        assert labelling.progress[0] == 2
    monkeypatch.undo()
    labelling.label(1)
    assert dana(talks, tmp_path / "dana").progress[0] == 3


def test_what_was_written_elsewhere_is_read_first(talks, tmp_path):
    one, other = dana(talks, tmp_path / "dana"), dana(talks, tmp_path / "dana")
    one.label(1)
    with pytest.raises(RunFolderError, match="was written elsewhere meanwhile"):
        other.label(2)
    assert other.progress[0] == 1
    other.label("yes")
    fill(other)
    with pytest.raises(RunFolderError, match="was written elsewhere meanwhile"):
        one.undo()
    assert one.current is None
    one.undo()
    assert one.progress[0] == one.progress[1] - 1
    with pytest.raises(InvalidInputError, match="Everything is labelled"):
        other.label(1)


def test_another_experiments_folder_is_refused(talks, tmp_path, judged):
    fill(dana(talks, tmp_path / "dana"), 1)
    with pytest.raises(RunFolderError, match=r"different experiment.*annotators\[0\]\.name: 'Dana' → 'Eli'"):
        snb.Labelling(talks, SCALES, "Eli", tmp_path / "dana", seed=5)
    with pytest.raises(RunFolderError, match="holds a different experiment"):
        dana(talks, judged.folder)
    with pytest.raises(RunFolderError, match="discussions, not annotations"):
        dana(talks, talks.folder)


def test_a_folder_in_use_is_refused(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"), 1)
    folder = RunFolder(tmp_path / "dana", "annotations", labelling._files._spec, 3)
    with pytest.raises(RunFolderError, match="is being written by another run"):
        labelling.label("yes")
    folder.close()
    assert labelling.progress[0] == 1
    labelling.label("yes")


def test_a_discussion_that_has_changed_is_refused(talks, users, tmp_path):
    fill(dana(talks, tmp_path / "dana"))
    shutil.rmtree(talks.folder)
    other = snb.DiscussionExperiment(["Toll"], users, num_turns=3, num_discussions=3, seed=2).begin(talks.folder)
    with pytest.raises(RunFolderError, match="of another discussion than today's"):
        dana(other, tmp_path / "dana")


def test_some_transcripts_may_be_labelled_alone(talks, users, tmp_path):
    labelling = fill(dana(talks[:2], tmp_path / "dana"))
    assert labelling.run.verify()
    assert len(labelling.run) == 2
    assert fill(dana(talks[2], tmp_path / "one")).run.names == ["discussion-00002.annotator-00"]
    again = snb.Discussion(users, topic="Tax", num_turns=2, seed=1).run()
    with pytest.raises(InvalidInputError, match="Two transcripts are called discussion-00000"):
        dana([talks[0], again], tmp_path / "double")


def test_discussions_without_comments_are_finished_at_once(users, tmp_path):
    silent = [snb.LLMActor(snb.ScriptedModel("", name="mute"), name) for name in ("Ana", "Ben")]
    mute = snb.Discussion(silent, num_turns=2, seed=1).run()
    talk = snb.Discussion(users, topic="Tax", num_turns=2, seed=1, index=1).run()
    labelling = fill(dana([mute, talk], tmp_path / "dana"))
    assert [len(labels.labels) for labels in labelling.run] == [0, 2 * len(talk.comments)]
    labelling.undo()
    assert labelling.current.discussion == "discussion-00001"
    assert dana([mute], tmp_path / "mute").current is None


def test_nobody_sees_others_labels_until_they_ask(talks, judged, tmp_path, monkeypatch):
    labelling = dana(talks, tmp_path / "dana")
    read = []
    monkeypatch.setattr(snb.Run, "_read", lambda run, file: read.append(file.name) or original(run, file))
    labelling.label(1)
    labelling.label("yes")
    assert not read
    ((name, label),) = labelling.reveal(judged)
    assert read == ["discussion-00000.annotator-00.json"]
    assert (name, label.key) == ("annotator 0", labelling.current.key)
    assert label.value == judged[0].labels[1].value
    after = [labelling.label(2), labelling.label("yes"), labelling.label(1)]
    shown = [one.generation.prompt[-1].content.startswith(SHOWN) for one in after]
    assert shown == [True, True, False]
    assert f"annotator 0: tone {label.value}" in after[0].generation.prompt[-1].content
    fill(labelling)
    assert labelling.run.verify()


original = snb.Run._read


def test_what_is_no_label_of_others_is_refused(talks, tmp_path):
    labelling = dana(talks, tmp_path / "dana")
    with pytest.raises(InvalidInputError, match="must hold annotation sets"):
        labelling.reveal(talks)
    with pytest.raises(InvalidInputError, match="must hold AnnotationSets"):
        labelling.reveal([1])
    assert labelling.reveal([]) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"annotator": " "}, "annotator is empty"),
        ({"annotator": 3}, "annotator is 3, but must be text"),
        ({"scales": []}, "scales is empty"),
        ({"discussions": []}, "discussions is empty"),
        ({"discussions": [1]}, "1 holds no discussions"),
        ({"discussions": "nowhere"}, "There is nothing at nowhere"),
        ({"window": 0}, "window is 0"),
    ],
)
def test_what_cannot_work_says_what_to_do(talks, tmp_path, given, says):
    usual = {"discussions": talks, "scales": SCALES, "annotator": "Dana", "folder": tmp_path / "dana"}
    with pytest.raises(InvalidInputError, match=says):
        snb.Labelling(**{**usual, **given})


@pytest.fixture
def study(tmp_path):
    return moderated_builder().discussions(3).run(tmp_path / "study")


def test_a_sample_is_labelled_in_its_order_and_nothing_tells_the_condition(study, tmp_path):
    sample = study.sample(3, seed=1)
    labelling = dana(sample, tmp_path / "dana", window=2)
    asked = []
    while now := labelling.current:
        assert now.blind
        assert "none" not in repr(now)
        assert "discussion-" not in str(now._repr_mimebundle_())
        asked.append((now.discussion, now.unit.comment))
        fill(labelling, 1)
    assert asked == [comment for comment in sample.comments for _ in SCALES]
    assert labelling.progress == (12, 12)
    assert (labelling.run.status, bool(labelling.run.verify())) == ("finished", True), labelling.run.verify()
    discussions = {name for name, _ in sample.comments}
    assert labelling.run.names == sorted(f"{name}.annotator-00" for name in discussions)
    frame = labelling.run.to_dataframe()
    assert dict(frame.condition.value_counts()) == {"none": 6, "facilitator": 6}


def test_a_sample_goes_on_where_it_was_and_can_be_undone(study, tmp_path):
    sample = study.sample(4, seed=1)
    fill(dana(sample, tmp_path / "whole"))
    total = 2 * len(sample)
    for step in range(total):
        labelling = dana(study.sample(4, seed=1), tmp_path / "steps")
        assert labelling.progress == (step, total)
        fill(labelling, 1)
        assert sum(len(one.labels) for one in labelling.labels) == step + 1
    assert content(tmp_path / "steps") == content(tmp_path / "whole")
    for done in reversed(range(total)):
        labelling.undo()
        assert dana(sample, tmp_path / "steps").progress == (done, total)
    fill(labelling)
    assert content(tmp_path / "steps") == content(tmp_path / "whole")


def test_a_sample_that_is_killed_while_several_discussions_are_under_way_goes_on(study, tmp_path, monkeypatch):
    sample = study.sample(6, seed=1)
    start = dana(sample, tmp_path / "start")
    while len(start._kept.under_way) < 2:
        fill(start, 1)
    fill(dana(sample, tmp_path / "whole"))
    for strike in range(0, 20, 5):
        folder = tmp_path / f"struck {strike}"
        shutil.copytree(tmp_path / "start", folder)
        labelling = dana(sample, folder)
        before = labelling.progress[0]
        strike_at(monkeypatch, strike)
        with contextlib.suppress(Killed):
            fill(labelling, 1)
        monkeypatch.undo()
        again = dana(sample, folder)
        assert again.progress[0] in (before, before + 1)
        fill(again)
        assert content(folder) == content(tmp_path / "whole")


def test_a_sample_that_was_begun_stays_as_it_is_when_the_run_grows(talks, users, tmp_path):
    sample = talks.sample(6, seed=1)
    fill(dana(sample, tmp_path / "dana"), 5)
    more = snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=9, seed=1)
    grown = more.begin(talks.folder).sample(6, seed=1)
    assert grown.comments != sample.comments
    labelling = dana(grown, tmp_path / "dana")
    assert labelling.progress == (5, 12)
    fill(labelling)
    labelled = {(one.discussion, label.comment) for one in labelling.run for label in one.labels}
    assert labelled == set(sample.comments)
    assert labelling.run.verify(), labelling.run.verify()
    with pytest.raises(RunFolderError, match=r"sample\.seed: 1 → 2"):
        dana(talks.sample(6, seed=2), tmp_path / "dana")


def test_a_larger_sample_goes_on_with_the_smaller_one(study, tmp_path):
    fill(dana(study.sample(3, seed=1), tmp_path / "dana"))
    larger = study.sample(6, seed=1)
    labelling = dana(larger, tmp_path / "dana")
    assert labelling.progress == (12, 24)
    fill(dana(study.sample(3, seed=1), tmp_path / "dana"), 1)  # the larger one is on record now
    assert fill(dana(larger, tmp_path / "dana")).progress == (24, 24)
    run = labelling.run
    assert (run.status, bool(run.verify())) == ("finished", True), run.verify()
    assert {(one.discussion, label.comment) for one in run for label in one.labels} == set(larger.comments)
    fill(dana(larger, tmp_path / "at once"))
    assert values(run) == values(snb.Run(tmp_path / "at once"))
    judged = snb.AnnotationExperiment([judge()], SCALES[0], seed=1)
    judged.begin(study.sample(3, seed=1), tmp_path / "judged")
    assert sum(len(one.labels) for one in judged.begin(larger, tmp_path / "judged")) == len(larger)


def values(run):
    """Return the place and seed of each label."""
    return {(one.discussion, label.key): label.generation.seed for one in run for label in one.labels}


def test_a_model_labels_the_same_sample(study, tmp_path):
    sample = study.sample(4, seed=1)
    labelling = fill(dana(sample, tmp_path / "dana"), 9)
    run = snb.AnnotationExperiment([judge()], SCALES, seed=1).begin(sample, tmp_path / "judged")
    assert {(one.discussion, label.comment) for one in run for label in one.labels} == set(sample.comments)
    assert (run.status, bool(run.verify())) == ("finished", True), run.verify()
    agreement = labelling.run.agreement(run)
    assert agreement["tone"].comments == 5
    assert agreement.notes[0] == "Dana has given 9 of 16 labels so far."


def test_threads_may_label_at_once(talks, tmp_path):
    labelling = snb.Labelling(talks, SCALES[0], "Dana", tmp_path / "dana")
    total = labelling.progress[1]
    errors = []

    def label():
        try:
            labelling.label(1)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=label) for _ in range(total)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert labelling.progress == (total, total)
    assert labelling.run.verify()


def test_it_shows_what_is_next(talks, tmp_path):
    labelling = fill(dana(talks, tmp_path / "dana"), 1)
    assert repr(labelling) == f"<Labelling by Dana: 1 of {labelling.progress[1]} labels>"
    assert repr(labelling.current) == "<OpenLabel: wit of comment 0, discussion 0>"
    for text in (labelling, labelling.current):
        assert "Does the comment show wit?" in text._repr_mimebundle_()["text/markdown"]


def test_options_are_shown_and_recorded_in_the_same_order(talks, tmp_path):
    scale = snb.Choice("tone", ["toxic", "civil", "mixed"], shuffle=True)
    labelling = snb.Labelling(talks, scale, "Dana", tmp_path / "dana", seed=1)
    shown = []
    while labelling.current:
        shown.append(labelling.current.scale.labels)
        labelling.label(shown[-1][0])
    given = [label for one in labelling.run for label in one.labels]
    assert [label.options for label in given] == shown
    assert len(set(shown)) > 1
    assert labelling.run.verify()


def test_a_persons_labels_of_texts_that_have_changed_since_do_not_count_as_finished(talks, tmp_path):
    one = talks[0]
    fill(dana([one], tmp_path / "labels"))
    other = replace(one, comments=tuple(replace(said, text=f"{said.text}!") for said in one.comments))
    assert other.id == one.id
    with pytest.raises(RunFolderError, match="it has changed since"):
        dana([other], tmp_path / "labels")
