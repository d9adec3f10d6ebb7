"""Rules of the house that no linter knows; `make check` holds the others."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

import syndisco_nb as snb

PACKAGE = Path(snb.__file__).parent
TESTS = Path(__file__).parent
MODULES = [file.relative_to(PACKAGE) for file in sorted(PACKAGE.rglob("*.py")) if file.name != "__init__.py"]
TREES = {file.relative_to(PACKAGE): ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
QUESTION = re.compile(r"(What|Who|Whose|Where|When|How|Which|Why)\b")
PUBLIC = [name for name in snb.__all__ if not name.startswith("_") and callable(getattr(snb, name))]


def twice(names):
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_every_module_has_a_test_of_its_own():
    own = [f"{module.parent}/test_{module.stem}.py" for module in MODULES if module.stem != "_version"]
    assert [name for name in own if not (TESTS / name).exists()] == []


def test_a_module_can_be_found_by_its_name_alone():
    assert twice(module.stem for module in MODULES) == []


def test_a_class_can_be_found_by_its_name_alone():
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]
    assert twice(node.name for node in nodes if isinstance(node, ast.ClassDef)) == []


def test_no_docstring_begins_with_a_question_word():
    found = [
        f"{file}:{getattr(node, 'lineno', 1)}"
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED) and QUESTION.match(ast.get_docstring(node) or "")
    ]
    assert found == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(snb, name))


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_and_methods_of_several_arguments_describe_them(name):
    thing = getattr(snb, name)
    kinds = [kind for kind in getattr(thing, "__mro__", ()) if kind.__module__.startswith("syndisco_nb")]
    methods = {called: value for kind in kinds for called, value in vars(kind).items()} or {name: thing}
    for called, value in methods.items():
        method = getattr(value, "__func__", value)  # of a class method, or itself
        if called.startswith("_") or not inspect.isfunction(method):
            continue
        arguments = [one for one in inspect.signature(method).parameters if one not in ("self", "cls")]
        text = inspect.getdoc(method)
        assert len(arguments) < 2 or "Parameters\n---" in text or re.search(r"as (in|of|for) `", text), called
