"""What we require is MIT, BSD, Apache, MPL or the like: never GPL, and never unknown."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
ALLOWED = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|MPL|PSF|PSFL|Python Software Foundation|ISC|Unlicense|Zlib|CC0)\b", re.IGNORECASE
)
FORBIDDEN = re.compile(r"\b[AL]?GPL\b|GNU|Affero|Proprietary", re.IGNORECASE)
ODD: dict[str, str] = {}
"""Licences of packages whose metadata do not say, as their repositories do."""


def required(extras=("cluster", "cpu", "openai")):
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return sorted({re.match(r"[\w.-]+", line)[0] for line in lines}, key=str.casefold)


def licence(name):
    """Return what a package says of its licence: an SPDX expression, classifiers, or a line of text."""
    about = metadata.metadata(name)
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    said = [about.get("License-Expression"), *classifiers, (about.get("License") or "").strip().partition("\n")[0]]
    return ODD.get(name) or next((one for one in said if one and one not in ("OSI Approved", "UNKNOWN")), "")


def judged(said):
    return bool(ALLOWED.search(said)) and not FORBIDDEN.search(said)


@pytest.mark.parametrize("name", required())
def test_what_we_require_may_be_used_under_our_licence(name):
    assert judged(licence(name)), f"{name}: {licence(name) or 'its licence is unknown'}"


def test_a_package_under_the_gpl_would_be_found():
    assert not judged(licence("krippendorff"))
    assert "krippendorff" not in required()
    assert not judged("")
