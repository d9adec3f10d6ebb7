import json
from pathlib import Path

import pytest
from support.commands import command

import syndisco_nb as snb
from syndisco_nb.cli.writing_commands import export
from syndisco_nb.formats.export_files import FORMATS


@pytest.fixture(autouse=True)
def here(studies):
    return studies


def test_a_report_is_written_beside_its_folder(capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(snb.Study, "report", lambda study, path, question: asked.append((path.name, question)))
    assert command(capsys, "report", "labelled", "--question", "Do hosts help?") == (0, "labelled.html\n", "")
    assert command(capsys, "report", "labelled/", "--out", "a/page.md") == (0, "a/page.md\n", "")
    monkeypatch.chdir("finished")
    code, out, _ = command(capsys, "report", ".")
    assert (code, Path(out.strip())) == (0, Path.cwd().with_name("finished.html"))
    assert asked == [("labelled.html", "Do hosts help?"), ("page.md", ""), ("finished.html", "")]


@pytest.mark.long
def test_a_report_is_a_page(capsys):
    assert command(capsys, "report", "labelled", "--question", "Do hosts help?") == (0, "labelled.html\n", "")
    assert "Do hosts help?" in Path("labelled.html").read_text("utf-8")
    assert command(capsys, "report", "finished", "--out", "page.doc")[0] == 2


def test_what_is_interrupted_or_of_another_tool_is_exported_as_far_as_it_goes(capsys):
    assert command(capsys, "export", "finished", "--to", "talks.csv") == (0, "talks.csv\n", "")
    assert len(snb.load("talks.csv")) == 4
    assert command(capsys, "export", "syndisco", "--to", "chats.jsonl")[0] == 0
    assert json.loads(Path("chats.jsonl").read_text("utf-8").splitlines()[0])["messages"][0]["content"] == "Tax?"
    assert command(capsys, "export", "labelled", "--to", "corpus", "--format", "convokit") == (0, "corpus\n", "")
    assert command(capsys, "export", "interrupted", "--to", "some.csv")[0] == 0


@pytest.mark.parametrize(
    ("folder", "code", "message"),
    [
        ("gone", 5, "There is nothing at gone. Give a file or folder that exists."),
        ("empty", 5, "There is no discussion in empty. It is empty."),
        ("broken", 5, "broken/none/run.json cannot be read: invalid JSON"),
    ],
)
@pytest.mark.parametrize("verb", [["report"], ["export", "--to", "x.csv"]])
def test_other_folders_are_refused(verb, folder, code, message, capsys):
    found, out, err = command(capsys, *verb, folder)
    assert (found, out, err.startswith(f"Error: {message}")) == (code, "", True), err


def test_the_help_names_every_format_and_ending():
    words = export.__doc__.replace(",", " ").replace("(", " ").split()
    assert {end for one in FORMATS.values() for end in one.endings} <= set(words)
    first = {one for one, format_ in FORMATS.items() if not format_.endings} | {"labels", "discussions", "participants"}
    assert first <= set(words)
