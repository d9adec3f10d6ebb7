"""A design as a document: what YAML and JSON files, and a study's folder, hold of it."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from syndisco_nb.builder.design import Design
from syndisco_nb.errors import NewerVersionError, RecordError

FORMAT = "syndisco_nb/design"
VERSION = 1


def as_document(design: Design) -> dict[str, Any]:
    """Return the design as plain data; defaults too, so that a later version cannot change what it means."""
    return {"format": FORMAT, "version": VERSION, **design.model_dump(mode="json")}


def to_yaml(design: Design) -> str:
    """Return the design's document as YAML."""
    return yaml.dump(as_document(design), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def parse_yaml(data: str | bytes, where: str) -> dict[Any, Any]:
    """Parse YAML that must be a mapping, or say what is wrong with the file."""
    try:
        document = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RecordError(f"{where} cannot be read: {' '.join(str(error).split())}.") from None
    if not isinstance(document, dict):
        raise RecordError(f"{where} is no design: it holds no settings. It begins with: format: {FORMAT}")
    return document


def from_document(document: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the settings that a document gives, or raise `RecordError` if it is another one, or too new."""
    settings = {str(name): value for name, value in document.items()}
    found, version = settings.pop("format", FORMAT), settings.pop("version", VERSION)  # by hand, who would write them?
    if found != FORMAT:
        raise RecordError(f"{where} is no design (its format is {found!r}, not {FORMAT!r}).")
    if not isinstance(version, int) or version > VERSION:
        raise (NewerVersionError if isinstance(version, int) else RecordError)(
            f"{where} has version {version!r} of its format, but this package reads up to {VERSION}. Upgrade "
            "syndisco_nb to read it."
        )
    return settings


class _Dumper(yaml.SafeDumper):
    """Quotes texts with Unicode's rarer line breaks, which PyYAML would write bare, and read as spaces."""


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if re.search("[\x85\u2028\u2029]", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)
