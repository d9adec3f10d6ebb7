"""The commands of docs/command_line.md, in order, as a newcomer gives them."""

import re
import shlex
from pathlib import Path

from jsonschema import Draft202012Validator
from support.commands import command

import syndisco_nb as snb
from syndisco_nb.builder.design_schema import design_schema
from syndisco_nb.builder.documents import parse_yaml

ROOT = Path(__file__).parents[1]
DOCS, README = ((ROOT / name).read_text("utf-8") for name in ("docs/command_line.md", "README.md"))
DESIGN, COMMANDS = (re.search(rf"^```{language}\n(.*?)^```$", DOCS, re.M | re.S)[1] for language in ("yaml", "sh"))


def test_the_commands_do_what_they_say(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(snb.Study, "report", lambda study, path, question: path.write_text(question))
    Path("study.yaml").write_text(DESIGN.replace("bundled_model", 'ScriptedModel, script: ["2", "4"]'), "utf-8")
    for line in COMMANDS.splitlines():
        program, *tokens = shlex.split(line)
        code, _, err = command(capsys, *tokens)
        assert (program, code) == ("syndisco-nb", 0), err
    assert [len(run) for run in snb.Study("runs/pilot").labels.values()] == [2, 2]
    assert {"pilot.csv", "pilot-labels.xlsx"} < {path.name for path in tmp_path.iterdir()}
    assert Path("runs/pilot.html").read_text() == "Does a facilitator help?"


def test_the_design_fits_its_schema():
    assert list(Draft202012Validator(design_schema()).iter_errors(parse_yaml(DESIGN, "it"))) == []


def test_the_readme_gives_commands_that_are_explained():
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```$", README, re.M | re.S) for line in block.splitlines()]
    verbs = [line.split()[1] for line in lines if line.startswith("syndisco-nb")]
    assert len(verbs) >= 3
    for line in (*COMMANDS.splitlines(), *(line for line in lines if line.startswith("syndisco-nb"))):
        verb, *rest = line.split()[1:]
        assert re.search(rf"^\| `{verb}[ `]", DOCS, re.M), line
        assert all(option in DOCS for option in rest if option.startswith("--")), line
