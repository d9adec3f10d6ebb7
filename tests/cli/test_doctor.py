import json

import pytest
from support.commands import command

from syndisco_nb.cli.installation_checks import InstallationCheck


def test_checks_are_listed_and_a_fault_is_told_by_the_code(capsys, monkeypatch):
    found = [InstallationCheck("disk", "ok", "55 GB free"), InstallationCheck("GPU", "none", "Models run on the CPU.")]
    monkeypatch.setattr("syndisco_nb.cli.installation_checks.installation_checks", lambda folder, quick: iter(found))
    lines = "ok     disk                 55 GB free\nnone   GPU                  Models run on the CPU.\n"
    assert command(capsys, "doctor") == (0, lines, "")
    found.append(InstallationCheck("bundled model", "FAULT", "No memory."))
    code, out, _ = command(capsys, "doctor", "--json")
    assert code == 4
    assert json.loads(out.splitlines()[-1]) == {"name": "bundled model", "result": "FAULT", "text": "No memory."}


@pytest.mark.long
@pytest.mark.model
def test_this_installation_is_well(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capsys, "doctor")
    assert (code, err) == (0, "")
    assert "tokens/s, loaded in" in out.splitlines()[-1]
