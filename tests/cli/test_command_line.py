import json
import os
import subprocess
import sys

import pytest
from support.commands import command

from syndisco_nb._version import __version__
from syndisco_nb.errors import RunFailedError

COMMANDS = ["run", "status", "watch", "retry", "annotate", "report", "export", "verify", "lab", "doctor"]
LIMIT_S = 0.4
HEAVY = {"torch", "transformers", "pandas", "numpy", "scipy", "matplotlib", "ipywidgets", "IPython", "openai"}


@pytest.mark.parametrize("tokens", [[], ["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_fits_80_columns_without_colour(tokens, capsys):
    code, out, err = command(capsys, *tokens)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    assert "Parameters\n---" not in out
    assert "ARGS" not in out


def test_commands_are_listed_in_the_order_of_their_use(capsys):
    listed = command(capsys)[1].split("Commands")[1].split("Parameters")[0]
    names = [line.split()[0] for line in listed.splitlines() if line[1:2].isalpha()]
    assert names == COMMANDS


def test_the_version(capsys):
    assert command(capsys, "--version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize(
    ("tokens", "error"),
    [
        (["stauts"], 'Unknown command "stauts". Did you mean "status"?'),
        (["run", "--trsut", "code"], "Unknown option: --trsut. Did you mean --trust?"),
        (["run"], 'Command "run" parameter DESIGN requires an argument. See: syndisco-nb run --help'),
        (["export", "x"], 'Command "export" parameter --to requires an argument. See: syndisco-nb export --help'),
        (["verify", "a", "b"], "Unused Tokens: ['b']. See: syndisco-nb verify --help"),
    ],
)
def test_what_is_mistyped_is_named_with_what_was_meant(tokens, error, capsys):
    code, out, err = command(capsys, *tokens)
    assert (code, out, err.startswith(f"Error: {error}")) == (2, "", True), err


def test_an_error_is_a_line_and_with_debug_a_traceback(capsys, monkeypatch):
    monkeypatch.delenv("SYNDISCO_NB_DEBUG", raising=False)
    assert "Traceback" not in command(capsys, "report", "/gone")[2]
    monkeypatch.setenv("SYNDISCO_NB_DEBUG", "")
    _, _, err = command(capsys, "report", "/gone", "--debug")
    assert err.startswith("Traceback")
    assert err.endswith("Error: There is nothing at /gone. Give a file or folder that exists.\n")


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (RunFailedError("Stopped after 10 failures."), 6, "Error: Stopped after 10 failures.\n"),
        (ZeroDivisionError("by zero"), 1, "Error: ZeroDivisionError: by zero\nThis is an error of syndisco_nb"),
        (KeyboardInterrupt(), 130, ""),
        (SystemExit(75), 75, ""),
    ],
)
def test_each_outcome_has_its_code(error, code, text, capsys, monkeypatch):
    monkeypatch.delenv("SYNDISCO_NB_DEBUG", raising=False)

    def fail(_):
        raise error

    monkeypatch.setattr("syndisco_nb.runs.folder_status.folder_status", fail)
    found, out, err = command(capsys, "status", "x")
    assert (found, out, err.startswith(text)) == (code, "", True)


@pytest.mark.long
def test_a_reader_that_has_seen_enough_is_no_error():
    program = f"{sys.executable} -m syndisco_nb status {' '.join(['/'] * 50)} 2>&1 | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", program], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr


def test_what_is_looked_at_often_brings_in_nothing_heavy(made_studies):
    code = (
        "import json, sys\nfrom syndisco_nb.cli.command_line import run_command_line as run\n"
        "codes = [run(['--help']), run(['run', '--help'])]\nassert 'pydantic' not in sys.modules\n"
        f"codes += [run(['status', {str(made_studies / 'labelled')!r}])]\n"
        "print(json.dumps([codes, *sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    codes, *modules = json.loads(done.stdout.splitlines()[-1])
    assert codes == [0, 0, 0]
    assert not {*modules} & {*HEAVY, "syndisco_nb.builder", "syndisco_nb.backend.model"}


@pytest.mark.seconds
@pytest.mark.parametrize("tokens", [["--help"], ["status", "STUDY"]])
def test_what_is_looked_at_often_takes_no_time(tokens, made_studies):
    given = [word.replace("STUDY", str(made_studies / "labelled")) for word in tokens]
    before = os.times().children_user
    subprocess.run([sys.executable, "-m", "syndisco_nb", *given], capture_output=True, check=True)
    assert os.times().children_user - before < LIMIT_S
