import re
from pathlib import Path

import pytest

from syndisco_nb import errors
from syndisco_nb.cli.exit_codes import ExitCode, code_of_error, code_of_status
from syndisco_nb.runs.run_status import WORDS

DOCS = Path(__file__).parents[2] / "docs" / "command_line.md"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InvalidInputError, 2),
        (errors.TrustError, 2),
        (errors.PersonaError, 2),
        (errors.RecordError, 5),
        (errors.NewerVersionError, 5),
        (errors.RunFolderError, 5),
        (errors.StorageError, 6),
        (errors.RunFailedError, 6),
        (errors.ModelError, 6),
        (errors.UnavailableError, 6),
        (errors.MissingDependencyError, 6),
    ],
)
def test_errors_have_the_code_of_what_is_to_be_done(error, code):
    assert code_of_error(error("x")) == code


def test_every_status_has_a_code():
    codes = {status: int(code_of_status(status)) for status in WORDS}
    assert codes == {
        "waiting": 75,
        "running": 75,
        "paused": 75,
        "finished": 0,
        "partial": 3,
        "interrupted": 75,
        "failed": 6,
        "killed": 75,
    }


def test_the_table_of_the_documentation_lists_all():
    table = re.findall(r"^\| (\d+) \|", DOCS.read_text("utf-8"), re.M)
    assert sorted(map(int, table)) == sorted(ExitCode)
