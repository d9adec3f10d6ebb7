"""The Binder environment: rendered as Binder would, and the same versions as were tested."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
BINDER = REPOSITORY / "binder"


@pytest.fixture(scope="module")
def dockerfile():
    command = [Path(sys.executable).parent / "jupyter-repo2docker", "--no-build", "--debug", REPOSITORY]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_repo2docker_renders_it_with_our_python_and_steps(dockerfile):
    assert "binder/requirements.txt" in dockerfile
    assert "binder/postBuild" in dockerfile
    assert "Building conda environment for python=3.11" in dockerfile


def test_post_build_is_a_sound_executable_script():
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    assert "set -euo pipefail" in script.read_text()


def test_post_build_converts_the_weights_by_a_function_that_there_is():
    imported, called = re.search(r'python -c "(.+); (\w+\(\))"', (BINDER / "postBuild").read_text()).groups()
    namespace = {}
    exec(imported, namespace)  # noqa: S102
    assert callable(namespace[called.removesuffix("()")])


def test_requirements_are_the_versions_that_were_tested():
    tested = dict(re.findall(r"^([\w.-]+)==(\S+)$", (REPOSITORY / "constraints.txt").read_text(), re.MULTILINE))
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)$", (BINDER / "requirements.txt").read_text(), re.MULTILINE))
    assert pinned
    assert {name: version.removesuffix("+cpu") for name, version in pinned.items()} == {
        name: tested[name] for name in pinned
    }


def test_requirements_hold_everything_the_package_needs():
    project = (REPOSITORY / "pyproject.toml").read_text()
    needed = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)[1]
    names = re.findall(r'"([\w.-]+)', needed)
    pinned = (BINDER / "requirements.txt").read_text()
    assert [name for name in names if not re.search(rf"^{name}==", pinned, re.MULTILINE)] == []


def test_the_weights_are_the_ones_that_the_error_message_names():
    from syndisco_nb.backend.model.local.bundled import INSTALL

    package = INSTALL.split()[-1]
    assert package in (BINDER / "postBuild").read_text()
    assert package in (REPOSITORY / "Makefile").read_text()
