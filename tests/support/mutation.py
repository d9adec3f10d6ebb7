"""Break the package, one place at a time, and see whether its tests notice.

    python tests/support/mutation.py syndisco_nb/seeds.py syndisco_nb/runs --sample 100

Each mutant is one changed operator, condition, number, return or call. The tests of its module (the mirrored file, and
doctests) run with it, in a process of their own; a mutant that no test notices has survived, and is printed. Which ones
are taken of many follows from the seed, so a run can be repeated. `make mutants` does it for the rooms where a wrong
line would be the hardest to see.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SWAPS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
MORE_TESTS = {  # besides the mirrored file
    "runs": ["tests/runs/test_run.py", "tests/runs/test_writing.py", "tests/running/test_verification.py"],
    "running": ["tests/running/test_verification.py"],
    "backend/model/local/scoring": ["tests/backend/model/local/test_transformers_scoring.py"],
}
UNTESTED = (ast.Raise, ast.JoinedStr, ast.AnnAssign, ast.arguments, ast.Import, ast.ImportFrom)


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Yield line, description and tree of every mutant."""
    places = list(_places(tree))
    for number in range(len(places)):
        mutant = copy.deepcopy(tree)
        node, change = list(_places(mutant))[number]
        before = ast.unparse(node)
        change()
        if ast.unparse(node) == before:
            continue
        ast.fix_missing_locations(mutant)
        yield node.lineno, f"{_line(before)}  →  {_line(ast.unparse(node))}", mutant


def _places(node: ast.AST):
    """Yield the nodes that can be broken, each with the function that breaks it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, UNTESTED) or _is_about_types(child) or _is_log(child):
            continue
        if isinstance(child, ast.Compare) and type(child.ops[0]) in SWAPS:
            yield child, lambda child=child: child.ops.__setitem__(0, SWAPS[type(child.ops[0])]())
        elif isinstance(child, ast.BoolOp | ast.BinOp) and type(child.op) in SWAPS and not _is_type_union(child):
            yield child, lambda child=child: setattr(child, "op", SWAPS[type(child.op)]())
        elif isinstance(child, ast.If | ast.IfExp | ast.While):
            yield child, lambda child=child: setattr(child, "test", ast.UnaryOp(ast.Not(), child.test))
        elif isinstance(child, ast.Constant) and type(child.value) in (bool, int):
            new = not child.value if type(child.value) is bool else child.value + 1
            yield child, lambda child=child, new=new: setattr(child, "value", new)
        elif (isinstance(child, ast.Return) and child.value is not None) or (
            isinstance(child, ast.Expr) and isinstance(child.value, ast.Call | ast.Await)
        ):
            yield child, lambda child=child: setattr(child, "value", ast.Constant(None))
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in child.body:  # not decorators, defaults and annotations
                yield from _places(ast.Module([part], []))
        else:
            yield from _places(child)


def _is_about_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _is_log(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("logger.")


def _is_type_union(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)


def _line(text: str) -> str:
    return text.splitlines()[0][:90]


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name, path, target=None):
        if name == self.name:
            return importlib.machinery.ModuleSpec(name, self, origin=str(self.path))
        return None

    def exec_module(self, module):
        module.__file__ = str(self.path)
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)  # noqa: S102


def survives(name: str, path: Path, tree: ast.Module, tests: list[str], limit_s: float) -> bool:
    """Run the tests with a mutant, in a fork; return whether they pass. One that hangs was noticed."""
    child = os.fork()
    if child == 0:
        os.setsid()
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        sys.meta_path.insert(0, Mutated(name, path, tree))
        import pytest

        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "-m", "not model"]
        os._exit(pytest.main([*options, *tests]))
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def tests_of(path: Path) -> list[str]:
    """Return the tests of a module: its mirrored file, those of its room that cover it, and its doctests."""
    inside = path.relative_to(REPOSITORY / "syndisco_nb").with_suffix("")
    mirrored = Path("tests", *inside.parts[:-1], f"test_{inside.name}.py")
    more = [test for room, tests in MORE_TESTS.items() if str(inside).startswith(room) for test in tests]
    return [*dict.fromkeys([*([str(mirrored)] if mirrored.exists() else []), *more])]


def _name(file: Path) -> str:
    return ".".join(file.relative_to(REPOSITORY).with_suffix("").parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="modules or folders of the package")
    parser.add_argument("--sample", type=int, help="how many mutants, of all; all by default")
    parser.add_argument("--seed", type=int, default=1, help="decides which")
    parser.add_argument("--limit", type=float, default=120, help="seconds for the tests of one mutant")
    given = parser.parse_args()
    os.chdir(REPOSITORY)
    sys.path.insert(0, str(REPOSITORY))
    import pandas  # noqa: F401  # here, so that no fork needs to
    import pydantic  # noqa: F401
    import pytest  # noqa: F401

    files = [
        file
        for path in given.paths
        for file in (sorted(path.resolve().rglob("*.py")) if path.is_dir() else [path.resolve()])
    ]
    made = [(file, *one) for file in files for one in mutants(ast.parse(file.read_text()))]
    chosen = sorted(random.Random(given.seed).sample(range(len(made)), min(given.sample or len(made), len(made))))
    for file in files:  # a test that is red without a mutant would notice them all
        if tests_of(file) and not survives(_name(file), file, ast.parse(file.read_text()), tests_of(file), given.limit):
            parser.error(f"The tests of {file.relative_to(REPOSITORY)} are red as it is: {' '.join(tests_of(file))}")
    survivors = 0
    for count, place in enumerate(chosen, start=1):
        file, line, text, tree = made[place]
        where = file.relative_to(REPOSITORY)
        tests = tests_of(file)
        if not tests or survives(_name(file), file, tree, tests, given.limit):
            survivors += 1
            print(f"{where}:{line}: {text}", flush=True)
        if count % 50 == 0:
            print(f"… {count} of {len(chosen)}, {survivors} survived", flush=True)
    print(f"{len(chosen)} mutants of {len(made)}: {len(chosen) - survivors} noticed, {survivors} survived")


if __name__ == "__main__":
    main()
