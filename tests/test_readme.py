"""The README, block by block, as a newcomer runs it: in order, in one folder that holds only the files it shows."""

import ast
import re
from pathlib import Path

import pytest

import syndisco_nb as snb

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"(?:^`([\w.]+)`\n\n)?^```(\w+)\n(.*?)^```$", README, re.M | re.S)
FILES = {name: text for name, _, text in BLOCKS if name}
CODE = [text for _, language, text in BLOCKS if language == "python"]


def run(code, namespace):
    """Run a block, and show what each line of it ends in, as a notebook would."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.Expr):
            value = eval(compile(ast.Expression(node.value), "README.md", "eval"), namespace)  # noqa: S307
            show = getattr(value, "_repr_mimebundle_", None)
            assert value is None or (show() if show else repr(value)), ast.unparse(node)
        else:
            exec(compile(ast.Module([node], []), "README.md", "exec"), namespace)  # noqa: S102


def test_every_file_that_is_read_is_shown():
    read = set(re.findall(r'"([\w.]+\.(?:json|txt|csv))"', "".join(CODE)))
    assert read == set(FILES) == {"people.json", "topics.txt", "survey.csv", "forum.csv"}


@pytest.fixture
def all_blocks(tmp_path, monkeypatch):
    """Return what runs all blocks, and returns the names that they leave."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")  # as the block of servers has it
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")

    def execute():
        namespace = {}
        for code in CODE:
            run(code, namespace)
        return namespace

    return execute


def check(namespace):
    assert len(CODE) >= 9
    assert len(namespace["run"]) == len(namespace["labels"]) == 4
    assert len(namespace["by_hand"].run) == 1
    assert [len(one) for one in namespace["done"].values()] == [6] * 4
    assert {"pilot.html", "facilitator.html", "study.yaml"} <= {file.name for file in Path().iterdir()}


def test_every_block_runs_as_written_on_scripted_replies(all_blocks, monkeypatch):
    monkeypatch.setattr(snb, "bundled_model", lambda: snb.ScriptedModel(["2", "3"]), raising=False)
    check(all_blocks())


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_every_block_runs_as_written(all_blocks):
    check(all_blocks())
