"""Records to files and back.

Every field is written out, defaults too, so a later version cannot change what a file means; only
fields that are None are left out.
"""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript

FORMAT_VERSION = 1

Record = TypeVar("Record", Transcript, AnnotationSet, Message, Label)

_FORMATS: dict[type[Any], str] = {Transcript: "discussion", AnnotationSet: "annotation"}
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Transcript, AnnotationSet, Message, Label)
}
_OBJECT = TypeAdapter(dict[str, Any])


def to_json(record: Transcript | AnnotationSet) -> bytes:
    """Return the file that holds this record: UTF-8 JSON, indented, equal bytes for equal records."""
    head = f'{{\n  "format": "syndisco_nb/{_FORMATS[type(record)]}",\n  "version": {FORMAT_VERSION},\n'
    body = _ADAPTERS[type(record)].dump_json(record, indent=2, by_alias=True, exclude_none=True)
    return head.encode() + body.removeprefix(b"{\n") + b"\n"


def from_json(kind: type[Record], data: bytes, where: str) -> Record:
    """Read back what `to_json` wrote.

    Parameters
    ----------
    kind : type
        The record that is expected.
    data : bytes
        The content of the file.
    where : str
        What to call the file in an error.

    Raises
    ------
    RecordError
        If the data is broken, is something else, or was written by a newer version.
    """
    expected = f"syndisco_nb/{_FORMATS[kind]}"
    document = parse_object(data, where)
    found = document.pop("format", None)
    version = document.pop("version", None)
    if found != expected:
        raise RecordError(f"{where} is not a {expected} file (its format is {found!r}).")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise RecordError(
            f"{where} has version {version!r} of its format, but this package reads up to "
            f"{FORMAT_VERSION}. Upgrade syndisco_nb to read it."
        )
    return validate(kind, document, where)


def parse_object(data: bytes, where: str) -> dict[str, Any]:
    """Parse JSON that must be an object, or say what is wrong with the file."""
    try:
        return dict(_OBJECT.validate_json(data))
    except ValidationError as error:
        reason = "it is empty" if not data.strip() else error.errors()[0]["msg"]
        raise RecordError(f"{where} cannot be read: {reason}.") from None


def to_line(record: Message | Label) -> bytes:
    """Return the journal line of one message or label."""
    return _ADAPTERS[type(record)].dump_json(record, exclude_none=True) + b"\n"


def from_line(kind: type[Record], line: bytes, where: str) -> Record:
    """Read back what `to_line` wrote."""
    return validate(kind, parse_object(line, where), where)


def validate(kind: type[Record], document: dict[str, Any], where: str) -> Record:
    """Make a record of plain data, or say which field is wrong."""
    try:
        record: Record = _ADAPTERS[kind].validate_python(document)
        return record
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise RecordError(f"{where} cannot be read: {place}: {first['msg']}.") from None
