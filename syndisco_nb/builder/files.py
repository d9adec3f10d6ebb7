"""A design as a document: what YAML and JSON files, and a study's folder, hold of it."""

from collections.abc import Mapping
from typing import Any

from syndisco_nb.builder.design import Design
from syndisco_nb.errors import RecordError

FORMAT = "syndisco_nb/design"
VERSION = 1


def as_document(design: Design) -> dict[str, Any]:
    """Return the design as plain data; defaults too, so that a later version cannot change what it means."""
    return {"format": FORMAT, "version": VERSION, **design.model_dump(mode="json")}


def from_document(document: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the settings that a document gives, or raise `RecordError` if it is another one, or too new."""
    settings = {str(name): value for name, value in document.items()}
    found, version = settings.pop("format", FORMAT), settings.pop("version", VERSION)  # by hand, who would write them?
    if found != FORMAT:
        raise RecordError(f"{where} is no design (its format is {found!r}, not {FORMAT!r}).")
    if not isinstance(version, int) or version > VERSION:
        raise RecordError(
            f"{where} has version {version!r} of its format, but this package reads up to {VERSION}. Upgrade "
            "syndisco_nb to read it."
        )
    return settings
