import os
import sys
from pathlib import Path

import nbformat
import pytest
from support.commands import command


@pytest.fixture(autouse=True)
def here(studies):
    return studies


@pytest.fixture
def opened(monkeypatch):
    """The arguments of the JupyterLab that would take the place of this process."""
    found = []

    def execv(program, arguments):
        assert (program, arguments[:3]) == (sys.executable, [sys.executable, "-m", "jupyterlab"])
        found.append(arguments[3:])

    monkeypatch.setattr(os, "execv", execv)
    return found


def test_a_notebook_beside_the_run_shows_it(opened, capsys, monkeypatch):
    assert command(capsys, "lab", "finished", "--no-browser") == (0, "", "")
    assert opened == [[str(Path("finished.ipynb").resolve()), "--no-browser"]]
    notebook = nbformat.read("finished.ipynb", as_version=4)
    nbformat.validate(notebook)
    namespace = {}
    exec(notebook.cells[1].source, namespace)  # noqa: S102
    assert namespace["run"].status == "finished"
    assert command(capsys, "lab", "finished/none") == (0, "", "")
    monkeypatch.chdir("finished")
    exec(nbformat.read("none.ipynb", as_version=4).cells[1].source, namespace)  # noqa: S102
    assert len(namespace["run"]) == 2


def test_a_notebook_that_is_there_is_opened_as_it_is(opened, capsys):
    Path("interrupted.ipynb").write_text("mine", "utf-8")
    assert command(capsys, "lab", "interrupted")[0] == 0
    assert (Path("interrupted.ipynb").read_text("utf-8"), len(opened)) == ("mine", 1)


def test_without_a_run_there_is_no_notebook(opened, capsys):
    assert command(capsys, "lab")[0] == 0
    assert opened == [[]]
    for folder in ("gone", "empty", "syndisco", "study.yaml", "broken/none"):
        assert command(capsys, "lab", folder)[0] == 5
    assert (opened, list(Path().glob("*.ipynb"))) == ([[]], [])
