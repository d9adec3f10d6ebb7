"""Write records as JSON and read them back.

Every field is written, defaults included, so that a later version cannot change the meaning of a file; only fields that
are None are left out.
"""

import codecs
from pathlib import Path
from typing import Any, TypeVar

import pydantic_core
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.runs.file_format import FileFormat
from syndisco_nb.runs.files import read_bounded

Record = TypeVar("Record", Transcript, AnnotationSet, Message, Label)
T = TypeVar("T")

FORMATS: dict[type[Any], FileFormat] = {
    Transcript: FileFormat("syndisco_nb/discussion"),
    AnnotationSet: FileFormat("syndisco_nb/annotation"),
}
ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Transcript, AnnotationSet, Message, Label)
}


def to_json(record: Transcript | AnnotationSet) -> bytes:
    """Return the bytes of a record's file: UTF-8 JSON, indented, equal for equal records."""
    header = pydantic_core.to_json(FORMATS[type(record)].header(), indent=2).removesuffix(b"\n}")
    try:
        body = ADAPTERS[type(record)].dump_json(record, indent=2, by_alias=True, exclude_none=True, warnings="error")
    except PydanticSerializationError as error:
        raise _not_plain(error) from None
    return header + b",\n" + body.removeprefix(b"{\n") + b"\n"


def read_record(kind: type[Record], path: Path) -> Record:
    """Read the file of a transcript or an annotation set.

    Parameters
    ----------
    kind : type
        The expected record.
    path : Path

    Raises
    ------
    RecordError
        If it cannot be read, is broken, has another format, or was written by a newer version.
    """
    try:
        data = read_bounded(path)
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}.") from None
    return from_json(kind, data, str(path))


def from_json(kind: type[Record], data: bytes, where: str) -> Record:
    """Return the record in bytes that `to_json` wrote.

    Parameters
    ----------
    kind : type
        The expected record.
    data : bytes
        The content of the file.
    where : str
        Name of the file in an error.

    Raises
    ------
    RecordError
        If the data is broken or has another format; a `NewerVersionError` if its version is newer.
    """
    document = FORMATS[kind].without_header(parse_object(data, where), where)
    record: Record = validated(ADAPTERS[kind], document, where)
    return record


def readable_json(record: Transcript | AnnotationSet) -> bytes:
    """Return the same as `to_json`; raise `RecordError` if it could not be read back."""
    data = to_json(record)
    try:
        ADAPTERS[type(record)].validate_json(data)
    except ValidationError as error:
        raise _not_plain(error) from None
    return data


def parse_object(data: bytes, where: str) -> dict[str, Any]:
    """Return the JSON object in the bytes of a file, or raise `RecordError`.

    Parameters
    ----------
    data : bytes
    where : str
        Name of the file in an error.
    """
    try:
        document = pydantic_core.from_json(data.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False)
    except ValueError as error:
        reason = f"invalid JSON: {error}" if data.strip() else "it is empty"
        raise RecordError(f"{where} cannot be read: {reason}.") from None
    if not isinstance(document, dict):
        raise RecordError(f"{where} cannot be read: it holds no JSON object.")
    return document


def to_line(record: Message | Label) -> bytes:
    """Return the journal line of a message or label; raise `RecordError` if a part of it is not plain data."""
    try:
        return ADAPTERS[type(record)].dump_json(record, exclude_none=True, warnings="error") + b"\n"
    except PydanticSerializationError as error:
        raise _not_plain(error) from None


def from_line(kind: type[Record], line: bytes, where: str) -> Record:
    """Return the record in a line that `to_line` wrote.

    Parameters
    ----------
    kind : type
        `Message` or `Label`.
    line : bytes
    where : str
        Name of the line in an error.
    """
    record: Record = validated(ADAPTERS[kind], parse_object(line, where), where)
    return record


def _not_plain(error: Exception) -> RecordError:
    reason = " ".join(str(error).split())
    return RecordError(f"The record was not written, because it could not be read back: {reason}")


def validated(adapter: TypeAdapter[T], document: dict[str, Any], where: str) -> T:
    """Return an object made of plain data; raise `RecordError` with the first wrong field.

    Parameters
    ----------
    adapter : TypeAdapter
        Of the object's type.
    document : dict
    where : str
        Name of the file in an error.
    """
    try:
        return adapter.validate_python(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise RecordError(f"{where} cannot be read: {place}: {first['msg']}.") from None
