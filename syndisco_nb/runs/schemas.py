"""JSON Schemas of the files in a run folder, for readers without this package.

``python -m syndisco_nb.runs.schemas docs/schema`` writes them.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.runs.failures import FAILURE
from syndisco_nb.runs.file_format import FileFormat
from syndisco_nb.runs.head import HEAD, RUN_FORMAT
from syndisco_nb.runs.order_of_work import WORK_EVENT
from syndisco_nb.runs.serialization import ADAPTERS, FORMATS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of all files and lines, by name."""
    return {
        "run": _schema(HEAD, "run.json", RUN_FORMAT),
        "discussion": _schema(ADAPTERS[Transcript], "A finished discussion", FORMATS[Transcript]),
        "annotation": _schema(ADAPTERS[AnnotationSet], "A finished annotation", FORMATS[AnnotationSet]),
        "message": _schema(ADAPTERS[Message], "A line of a discussion's journal"),
        "label": _schema(ADAPTERS[Label], "A line of an annotation's journal"),
        "failure": _schema(FAILURE, "A line of failures.jsonl"),
        "order": _schema(WORK_EVENT, "A line of order.jsonl"),
    }


def write_schemas(folder: Path) -> None:
    """Write each schema to a file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _schema(adapter: TypeAdapter[Any], title: str, file_format: FileFormat | None = None) -> dict[str, Any]:
    schema = adapter.json_schema(by_alias=True)
    if file_format:
        schema["properties"] = {
            "format": {"const": file_format.name},
            "version": {"type": "integer", "minimum": 1, "maximum": file_format.version},
            **schema["properties"],
        }
        schema["required"] = ["format", "version", *schema["required"]]
    return {"$schema": _DIALECT, **schema, "title": title}


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
