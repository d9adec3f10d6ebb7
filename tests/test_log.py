import logging
import subprocess
import sys

import pytest

import syndisco_nb as snb
from syndisco_nb.log import LogFile

LOGGER = logging.getLogger("syndisco_nb")


def talk(folder, script="Yes."):
    users = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
    return snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=2, seed=1).begin(folder)


@pytest.fixture
def log(tmp_path):
    with snb.log_to(tmp_path / "logs") as log:
        yield log


def lines(log):
    return log.path.read_text("utf-8").splitlines()


def test_a_run_is_a_line_per_event(log, tmp_path):
    talk(tmp_path / "run")
    said = [line.split(": ", 1)[1] for line in lines(log)]
    run = tmp_path / "run"
    assert said[0] == f"{run} started: 0 of 2 finished, 2 to do"
    assert sorted(said[1:3]) == [f"discussion-0000{n} finished in {run}" for n in range(2)]
    assert said[3:] == [f"{run} finished: 2 of 2 finished"]
    assert all(" INFO syndisco_nb." in line for line in lines(log))


def test_failures_and_retries_are_lines_too_whatever_the_error_says(log, tmp_path):
    def script(request):
        raise ConnectionError("first line\nsecond \udcff")

    talk(tmp_path / "run", script).retry()
    said = "\n".join(lines(log))
    assert said.count("ConnectionError: first line\\nsecond ") == 4
    assert "2 to retry" in said
    assert said.count(" WARNING ") == 4


def test_calling_twice_doubles_no_line_and_changes_the_level(log, tmp_path):
    assert snb.log_to(log.path.parent, level="WARNING") is log
    talk(tmp_path / "run")
    assert lines(log) == []
    snb.log_to(log.path.parent)
    talk(tmp_path / "again")
    assert len(lines(log)) == 4


def test_other_libraries_are_not_in_it(log):
    logging.getLogger("httpx").error("not ours")
    logging.getLogger("syndisco_nb_other").error("not ours")
    assert lines(log) == []


def test_stopped_it_writes_no_more_and_all_is_as_before(tmp_path):
    before = (LOGGER.level, list(LOGGER.handlers))
    log = snb.log_to(tmp_path)
    assert repr(log) == f"<LogFile {str(tmp_path / 'syndisco_nb.log')!r}, INFO>"
    log.stop()
    talk(tmp_path / "run")
    assert (LOGGER.level, LOGGER.handlers) == before
    assert lines(log) == []


def test_at_midnight_a_new_file_begins(log, tmp_path):
    LOGGER.info("yesterday")
    log.rolloverAt = 0
    LOGGER.info("today")
    old = [path for path in log.path.parent.iterdir() if path != log.path]
    assert ["yesterday" in path.read_text() for path in old] == [True]
    assert ["today" in line for line in lines(log)] == [True]


def test_a_level_that_does_not_exist_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="LOUD"):
        snb.log_to(tmp_path, level="LOUD")
    assert not any(isinstance(handler, LogFile) for handler in LOGGER.handlers)


def test_without_it_nothing_is_said(tmp_path):
    code = (
        "import sys, syndisco_nb as snb\n"
        "users = [snb.LLMActor(snb.ScriptedModel(lambda r: 1 / 0), name) for name in ('Ana', 'Ben')]\n"
        "snb.DiscussionExperiment(['Tax'], users, num_discussions=1).begin(sys.argv[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "failed=1" in done.stderr
    assert "ZeroDivisionError" not in done.stderr
