"""Links, folders, pipes and huge files where files of a run belong: set aside, never followed, never waited for."""

import json
import os
import shutil
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import NewerVersionError, RunFolderError
from syndisco_nb.runs import files
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.writing import RunFolder

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")


def link(file, outside):
    file.symlink_to(outside)


def dangling(file, outside):
    file.symlink_to(outside.with_name("nowhere"))


def folder(file, outside):
    file.mkdir()
    (file / "mine").write_text("mine")


def pipe(file, outside):
    os.mkfifo(file)


def huge(file, outside):
    with file.open("wb") as opened:
        opened.truncate(files.SIZE_LIMIT + 1)


THINGS = pytest.mark.parametrize("thing", [link, dangling, folder, pipe, huge], ids=lambda thing: thing.__name__)
PLACES = ["discussion-00001.json", "journal/discussion-00001.jsonl", "failures.jsonl", "journal/run.json.last"]


@pytest.fixture
def make():
    def make(script=("Yes.", "No.")):
        model = snb.ScriptedModel(script if callable(script) else list(script), name="m")
        people = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
        return snb.DiscussionExperiment(["Tax"], people, num_turns=2, num_discussions=3, seed=7)

    return make


@pytest.fixture
def outside(tmp_path):
    (tmp_path / "outside").write_text('{"mine": 1}\n')
    return tmp_path / "outside"


def content(run):
    return {path.name: path.read_bytes() for path in Path(run).glob("discussion-*.json") if path.is_file()}


@THINGS
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_set_aside_and_the_run_goes_on(thing, place, make, outside, tmp_path):
    whole = content(make().begin(tmp_path / "run"))
    (tmp_path / "run" / "discussion-00001.json").unlink()
    file = tmp_path / "run" / place
    file.unlink(missing_ok=True)
    thing(file, outside)
    if thing is huge and place == "journal/run.json.last":  # an ordinary file: it is replaced
        run = make().begin(tmp_path / "run")
    else:
        with pytest.warns(UserWarning, match=rf"(?s){file.name}\.broken"):
            run = make().begin(tmp_path / "run")
    assert (run.status, content(run)) == ("finished", whole)
    assert outside.read_text() == '{"mine": 1}\n'
    assert not (tmp_path / "nowhere").exists()


@THINGS
def test_what_comes_into_the_place_of_a_record_while_it_is_made_is_set_aside(thing, make, outside, tmp_path):
    whole = content(make().begin(tmp_path / "whole"))
    file = tmp_path / "run" / "discussion-00001.json"

    def script(request):
        if not os.path.lexists(file):
            thing(file, outside)
        return ["Yes.", "No."][request.seed % 2]

    experiment = make()
    model = experiment.users[0].model
    complete = model.complete

    async def interfering(request):
        script(request)
        return await complete(request)

    model.complete = interfering
    if thing is huge:  # an ordinary file: it is replaced
        run = experiment.begin(tmp_path / "run")
    else:
        with pytest.warns(UserWarning, match=r"Moved to discussion-00001\.json\.broken"):
            run = experiment.begin(tmp_path / "run")
    assert (run.status, content(run)) == ("finished", whole)
    assert outside.read_text() == '{"mine": 1}\n'


@THINGS
def test_nothing_is_written_through_what_stands_in_the_place_of_a_half_written_file(thing, make, outside, tmp_path):
    (tmp_path / "run").mkdir()
    thing(tmp_path / "run" / ".discussion-00001.json.partial", outside)
    thing(tmp_path / "run" / ".run.json.partial", outside)
    assert make().begin(tmp_path / "run").status == "finished"
    assert outside.read_text() == '{"mine": 1}\n'


@pytest.mark.parametrize("name", ["journal", "journal/.lock"])
@pytest.mark.parametrize("thing", [link, dangling, pipe])
def test_journal_and_lock_are_not_followed_either(thing, name, make, outside, tmp_path):
    file = tmp_path / "run" / name
    file.parent.mkdir(parents=True)
    thing(file, outside)
    with pytest.warns(UserWarning, match=r"was moved to .*\.broken"):
        assert make().begin(tmp_path / "run").status == "finished"
    assert outside.read_text() == '{"mine": 1}\n'


def test_a_failure_is_kept_though_a_pipe_stands_where_failures_go(make, tmp_path):
    def script(request):
        os.mkfifo(tmp_path / "failures.jsonl") if not asked else None
        asked.append(request)
        raise ConnectionError("gone")

    asked = []
    with pytest.warns(UserWarning, match=r"Moved to failures\.jsonl\.broken"):
        run = make(script).begin(tmp_path)
    assert (run.status, len(run.failures)) == ("partial", 3)


def test_labels_go_on_as_well(make, outside, tmp_path):
    talks = make().begin(tmp_path / "talks")
    judge = snb.LLMActor(snb.ScriptedModel("1", name="j"), "", actor_type=snb.ActorType.ANNOTATOR)
    experiment = snb.AnnotationExperiment([judge], snb.Likert("tone"), seed=1)
    whole = content(experiment.begin(talks, tmp_path / "labels"))
    file = tmp_path / "labels" / "discussion-00001.annotator-00.json"
    for thing in (link, folder, pipe):
        file.unlink()
        thing(file, outside)
        with pytest.warns(UserWarning, match=r"Moved to discussion-00001\.annotator-00\.json\.broken"):
            assert content(experiment.begin(talks, tmp_path / "labels")) == whole


@pytest.mark.parametrize("name", ["discussion-00009.json", "discussion-000001.json", "talk.annotator-00.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_file_of_no_unit_is_set_aside_and_counts_in_no_table(name, content, make, tmp_path):
    table = make().begin(tmp_path).to_dataframe()
    shutil.copy(tmp_path / "discussion-00001.json", tmp_path / name)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.warns(UserWarning, match=rf"Moved to {name}\.broken: .*{name} is not of this run"):
        run = make().begin(tmp_path)
    assert (len(run), run.status, bool(run.verify()), run.to_dataframe().equals(table)) == (3, "finished", True, True)
    assert (tmp_path / f"{name}.broken").exists()


def test_a_file_of_no_unit_beside_a_run_json_that_is_gone_is_named(make, tmp_path):
    make().begin(tmp_path)
    shutil.copy(tmp_path / "discussion-00001.json", tmp_path / "talk.annotator-00.json")
    for file in (tmp_path / "run.json", tmp_path / "journal" / "run.json.last"):
        file.unlink()
    with pytest.raises(
        RunFolderError, match=r"talk\.annotator-00\.json is not of this experiment: the experiment has only 3 discuss"
    ):
        make().begin(tmp_path)


def test_a_newer_versions_file_of_no_unit_stays(make, tmp_path):
    make().begin(tmp_path)
    document = json.loads((tmp_path / "discussion-00001.json").read_bytes()) | {"version": 99}
    (tmp_path / "discussion-00009.json").write_text(json.dumps(document))
    with pytest.raises(NewerVersionError, match=r"discussion-00009\.json has version 99"):
        make().begin(tmp_path)
    assert json.loads((tmp_path / "discussion-00009.json").read_bytes()) == document


def test_labels_of_a_discussion_that_was_deleted_are_set_aside_and_those_of_a_broken_one_stay(make, tmp_path):
    talks = make().begin(tmp_path / "talks")
    judge = snb.LLMActor(snb.ScriptedModel("1", name="j"), "", actor_type=snb.ActorType.ANNOTATOR)
    experiment = snb.AnnotationExperiment([judge], snb.Likert("tone"), seed=1)
    labels = experiment.begin(talks, tmp_path / "labels").folder
    (talks.folder / "discussion-00001.json").unlink()
    with pytest.warns(UserWarning, match=r"Moved to discussion-00001\.annotator-00\.json\.broken: "):
        run = experiment.begin(talks, labels)
    assert (len(run), run.total, bool(run.verify())) == (2, 2, True)
    whole = (talks.folder / "discussion-00002.json").read_bytes()
    (talks.folder / "discussion-00002.json").write_bytes(whole[:50])
    with pytest.warns(UserWarning, match="Skipped 1 of the files"):
        experiment.begin(talks, labels)
    (talks.folder / "discussion-00002.json").write_bytes(whole)
    assert (len(experiment.begin(talks, labels)), len(list(labels.glob("*.broken*")))) == (2, 1)


def test_a_unit_that_is_to_be_changed_has_no_digest_on_file_that_a_kill_could_leave_wrong(make, tmp_path):
    run = make().begin(tmp_path)
    folder = RunFolder(tmp_path, "discussions", run.spec, 3)
    assert (folder.total, folder.spec) == (3, run.spec)
    folder.forget(["discussion-00001", "discussion-00007"])
    assert sorted(read_head(tmp_path).digests) == ["discussion-00000", "discussion-00002"]
    folder.total = 4
    folder.write_status("interrupted")
    folder.close()
    assert (read_head(tmp_path).total, run.total) == (4, 4)
