import dataclasses
import json

import pytest
from support.designs import moderated_builder, rater, small_builder

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.folder_status import ConditionStatus, folder_status


@pytest.fixture
def study(tmp_path):
    return moderated_builder().annotators(rater(), snb.Likert("tone")).run(tmp_path / "study")


def test_a_study_is_told_by_condition_like_its_runs(study):
    status = folder_status(study.folder)
    assert (status.status, status.is_study, status.annotators, status.labels) == ("finished", True, 1, ())
    assert status.discussions == tuple(
        ConditionStatus(name, "discussions", run.status, len(run), run.total) for name, run in study.items()
    )
    study.annotate()
    status = folder_status(study.folder)
    assert [(one.kind, one.finished, one.total) for one in status.labels] == [("annotations", 3, 3)] * 2
    assert status.runs == (*status.discussions, *status.labels)


def test_the_status_is_that_of_the_run_which_is_farthest_from_finished(study):
    status = folder_status(study.folder)
    first = status.discussions[0]

    def together(*statuses):
        runs = tuple(dataclasses.replace(first, status=one) for one in statuses)
        return dataclasses.replace(status, discussions=runs).status

    assert together("finished", "waiting") == "interrupted"
    assert together("waiting", "waiting") == "waiting"
    assert together("partial", "killed", "finished") == "killed"
    assert together("running", "failed") == "running"
    assert together("broken", "running") == "broken"


def test_what_has_not_begun_has_the_number_that_is_asked_for(study):
    document = json.loads((study.folder / "study.json").read_bytes())
    document["vary"]["moderator"]["other"] = None
    (study.folder / "study.json").write_text(json.dumps(document))
    assert folder_status(study.folder).discussions[2] == ConditionStatus("other", "discussions", "waiting", 0, 3)


def test_failures_and_kept_turns_are_told(tmp_path):
    def script(request):
        if request.situation.turn == 3:
            raise ValueError("no")
        return "Yes."

    users = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=1, seed=1).begin(tmp_path)
    (one,) = folder_status(tmp_path).discussions
    assert (one.condition, one.status, one.finished, one.kept) == ("", "partial", 0, 2)
    assert [failure.error for failure in one.failures] == list(run.failures.error)


def test_a_run_of_labels_by_itself_has_no_discussions(study):
    labels = study.annotate()
    status = folder_status(labels["none"].folder)
    assert (status.is_study, status.discussions, len(status.labels)) == (False, (), 1)


def test_broken_files_are_told_or_refused(study):
    (study.folder / "none" / "run.json").write_bytes(b"")
    status = folder_status(study.folder)
    assert (status.status, status.discussions[0].status) == ("broken", "broken")
    assert "run.json cannot be read" in status.discussions[0].problem
    with pytest.raises(RecordError, match=r"run\.json cannot be read"):
        folder_status(study.folder / "none")
    for text in (b"", b"{}", b"[]", b'{"vary": {}, "discussions": "x", "annotators": []}', b'{"vary": 3}'):
        (study.folder / "study.json").write_bytes(text)
        with pytest.raises(RecordError, match=r"Run the same design on the folder again, which mends it\."):
            folder_status(study.folder)


def test_a_process_that_is_gone_was_killed(tmp_path):
    study = small_builder().run(tmp_path)
    head = json.loads((study["all"].folder / "run.json").read_bytes())
    (study["all"].folder / "run.json").write_text(json.dumps({**head, "status": "running"}))
    assert folder_status(tmp_path).status == "killed"
