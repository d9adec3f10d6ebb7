"""Job files: written, read, broken, newer."""

import json
from datetime import UTC, datetime

import pytest

from syndisco_nb.errors import NewerVersionError
from syndisco_nb.runs.batch_job import (
    BatchJob,
    batch_jobs,
    batch_problems,
    batches_in_words,
    next_number,
    set_broken_jobs_aside,
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "batches").mkdir()
    return tmp_path


def saved(folder, number=0, **fields):
    job = BatchJob(folder / "batches", number, f"id-{number}", "m", "https://server/v1", 2000, **fields)
    job.save()
    return job


def test_what_is_saved_is_read_again_in_order(folder):
    jobs = [
        saved(folder, 100_000),
        saved(folder, 3, stage="created", batch="b", done=812),
        saved(folder, 12, stage="fetched"),
    ]
    assert list(batch_jobs(folder)) == [jobs[1], jobs[2], jobs[0]]
    assert json.loads(jobs[1].path.read_text())["version"] == 1
    assert (jobs[1].path.name, jobs[1].input.name) == ("batch-00003.json", "batch-00003.input.jsonl")


def test_there_are_no_jobs_without_a_folder(tmp_path):
    assert (list(batch_jobs(tmp_path)), next_number(tmp_path)) == ([], 0)


def test_a_number_is_never_given_twice(folder):
    saved(folder, 3)
    (folder / "batches" / "batch-00007.input.jsonl").touch()  # killed before the job was written
    assert next_number(folder) == 8


def test_files_to_fetch_go_by_their_ids(folder):
    job = saved(folder, output_file="f1", error_file="f2")
    assert {file: path.name for file, path in job.outputs.items()} == {
        "f1": "batch-00000.output.jsonl",
        "f2": "batch-00000.errors.jsonl",
    }
    assert saved(folder).outputs == {}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        '{"version": 1, "stage": "begun"}',
        '{"version": 1, "stage": "written", "id": 3}',
        '{"stage": "written"}',
    ],
)
def test_a_broken_job_is_passed_over_and_set_aside_by_the_run(folder, content):
    good, path = saved(folder, 1), folder / "batches" / "batch-00000.json"
    path.write_text(content)
    assert list(batch_jobs(folder)) == [good]
    assert [problem.split(": ")[0] for problem in batch_problems(folder)] == ["batches/batch-00000.json"]
    with pytest.warns(UserWarning, match=r"batch-00000.json cannot be read .* sent again"):
        set_broken_jobs_aside(folder)
    assert not path.exists()
    assert good.path.exists()
    assert list(batch_problems(folder)) == []
    assert next_number(folder) == 2


def test_an_answer_that_is_gone_is_a_problem_of_a_fetched_job_alone(folder):
    saved(folder, 0, stage="finished", output_file="f")
    assert list(batch_problems(folder)) == []
    saved(folder, 1, stage="fetched", output_file="f")
    assert list(batch_problems(folder)) == ["batches/batch-00001.output.jsonl is gone."]


def test_a_job_of_a_newer_version_is_refused(folder):
    path = saved(folder).path
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(NewerVersionError, match="was written by a newer version"):
        list(batch_jobs(folder))
    assert "was written by a newer version" in "".join(batch_problems(folder))


def test_progress_in_words(folder):
    assert batches_in_words(folder) == ""
    saved(folder, 0, stage="fetched", done=2000)
    assert batches_in_words(folder) == ""
    saved(folder, 1)
    assert batches_in_words(folder) == "sending a batch of 2,000 requests"
    now = datetime.now(UTC)
    saved(folder, 1, stage="created", done=812, since=now.isoformat())
    assert batches_in_words(folder) == f"waiting for a batch: 812 of 2,000 done, since {now.astimezone():%H:%M}"
    saved(folder, 2, stage="created", since="2026-01-05T12:02:00+00:00")
    assert batches_in_words(folder).startswith("waiting for 2 batches: 812 of 4,000 done, since 5 January, ")
    newer = saved(folder, 3).path
    newer.write_text(newer.read_text().replace('"version": 1', '"version": 2'))
    assert batches_in_words(folder) == ""
