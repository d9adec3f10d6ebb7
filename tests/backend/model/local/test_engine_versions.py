from pathlib import Path

import pytest

from syndisco_nb.backend.model.local import engine_versions
from syndisco_nb.backend.model.local.engine_versions import TRIED, check_engine
from syndisco_nb.errors import ModelError

ROOT = Path(__file__).parents[4]


def test_the_versions_tried_are_those_that_the_tests_run_with():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert {f"{package}=={version}" for package, version in TRIED.items()} <= set(lines)


def test_a_next_major_version_of_transformers_is_not_installed_untried():
    assert '"transformers>=5.23,<6"' in (ROOT / "pyproject.toml").read_text()


def test_an_assumption_that_fails_names_both_versions_and_the_command(monkeypatch):
    monkeypatch.setattr(engine_versions.importlib.metadata, "version", lambda package: "9.9")
    check_engine("transformers", holds=True, assumption="")
    with pytest.raises(ModelError) as caught:
        check_engine("transformers", holds=False, assumption="a cache has layers")
    tried = TRIED["transformers"]
    assert str(caught.value) == (
        "transformers 9.9 does not work as expected (a cache has layers). This package was tried with "
        f"{tried}. Run: pip install transformers=={tried}"
    )
