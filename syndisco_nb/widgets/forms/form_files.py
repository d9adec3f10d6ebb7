"""What is filled into a form, as a file: YAML or JSON, after the file's name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic_core
import yaml

from syndisco_nb.builder.documents import is_json, load_yaml, parse_json
from syndisco_nb.errors import RecordError


def write(given: Any, file: Path) -> str:
    """Return what is filled in, as the text of a file."""
    plain = pydantic_core.to_jsonable_python(given)
    if is_json(file):
        return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def parse(data: bytes, file: Path) -> Mapping[str, Any]:
    """Return what a file holds, or raise `RecordError` if that is nothing to fill in."""
    found = parse_json(data, str(file)) if is_json(file) else load_yaml(data, str(file))
    if not isinstance(found, Mapping):
        raise RecordError(f"{file} holds no settings. Give a file that `save` wrote.")
    return found
